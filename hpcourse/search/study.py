"""A study: trials of configurations, run, recorded, resumed.

>>> from hpcourse import Float, Space, Study
>>> def draw(space, trials, rng):
...     return space.sample(rng)
>>> study = Study(Space(x=Float(-5, 5)), draw, seed=1)
>>> study.optimize(lambda trial: (trial.params["x"] - 2) ** 2, n_trials=20)
>>> study.best_value < 1
True

The names are Optuna's. What differs is that a searcher keeps no state: it is a function
``suggest(space, trials, rng)`` of the history. Trial number k gets a generator made from
``(seed, k)`` and the trials before it, so a study that is resumed from its log goes on as if
it had never stopped, and the same seed gives the same trials however many run at once.

A searcher that learns from results says how many of them it waits for: its method
``horizon(number, space)`` returns h, and trial ``number`` is not suggested before the trials
0 ... h - 1 are finished; what came after them it sees without values, as running. A searcher
without that method waits for all. What a searcher sees is always to be minimized: a study
that maximizes shows it the negatives of the values.
"""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from numbers import Integral
from typing import TYPE_CHECKING, Any, overload

import joblib
import numpy as np

from hpcourse.arguments import is_number, one_of, real, whole
from hpcourse.search.searcher import Prune, Pruner, Searcher, Suggest, function_of
from hpcourse.search.space import Space
from hpcourse.search.storage import Log
from hpcourse.search.trial import Trial, TrialState, finish, from_json, judge, run, to_json

if TYPE_CHECKING:
    import pandas as pd


class Study:
    """Run trials of a searcher's configurations, and keep what came of them.

    Parameters
    ----------
    space : Space
        What is searched; a file that ``storage`` names must be of the same.
    searcher : Searcher, or a function ``suggest(space, trials, rng)``
        It returns the next configuration, or raises StopIteration when there is none left.
    direction : {"minimize", "maximize"}
        Whether small or large values are good.
    pruner : Pruner, or a function ``prune(trials, trial, direction)``, optional
        Whether to end a trial, given the finished ones and its own reports.
    seed : int, optional
        The same seed gives the same trials. None draws one, which ``storage`` keeps.
    storage : path, optional
        A file in which every finished trial is kept; a study made with the same file goes on
        where the last one stopped.

    Raises
    ------
    ValueError
        For another direction, or a file that belongs to another study.

    Examples
    --------
    >>> from hpcourse import Choice, Space
    >>> space = Space(x=Choice([3, 1, 2]))
    >>> def in_order(space, trials, rng):
    ...     return {"x": space["x"].options[len(trials)]}
    >>> study = Study(space, in_order, direction="maximize")
    >>> study.optimize(lambda trial: trial.params["x"], n_trials=3)
    >>> study.best_params, study.best_value, study.best_trial.number
    ({'x': 3}, 3.0, 0)
    """

    def __init__(
        self,
        space: Space,
        searcher: Searcher | Suggest,
        direction: str = "minimize",
        pruner: Pruner | Prune | None = None,
        seed: int | None = None,
        storage: str | os.PathLike | None = None,
    ):
        one_of("direction", direction, ("minimize", "maximize"))
        if not isinstance(space, Space):
            raise ValueError(f"space is a Space, got {space!r}")
        takes = ("space", "trials", "rng")
        self._suggest = function_of("searcher", searcher, "suggest", takes)
        if pruner is not None:
            takes = ("trials", "trial", "direction")
            self._prune = function_of("pruner", pruner, "prune", takes)
        seed = whole("seed", seed, optional=True)
        self.space, self.searcher, self.direction, self.pruner = space, searcher, direction, pruner
        self._known: dict[int, _Known] = {}
        self._n_settled = 0  # so many trials, from the first, are finished
        self._running: dict[int, Trial] = {}
        self._enqueued: dict[int, dict] = {}
        self._unwritten: list[Trial] = []
        self._stopped, self._mutex = False, threading.RLock()
        drawn = int(np.random.SeedSequence().generate_state(1)[0])
        self.seed = drawn if seed is None else int(seed)
        self._log = None
        if storage is not None:
            header = {"study": 1, "direction": direction, "space": space.to_dict()}
            header["seed"] = self.seed
            self._log = Log(storage, header, adopt=["seed"] if seed is None else [])
            self._read(self._log.new())
            self.seed = self._log.header["seed"]

    def __getstate__(self):
        """A pickled study has no file: two would write to it."""
        return {key: value for key, value in vars(self).items() if key != "_mutex"} | {"_log": None}

    def __setstate__(self, state):
        vars(self).update(state, _mutex=threading.RLock())

    # What is known

    @property
    def trials(self) -> list[Trial]:
        """The finished trials, by number."""
        known = (self._known[number].finished for number in sorted(self._known))
        return [trial for trial in known if trial is not None]

    @property
    def best_trial(self) -> Trial:
        """The complete trial with the best value, the first one of equals.

        Raises
        ------
        ValueError
            When no trial is complete.
        """
        complete = [trial for trial in self.trials if trial.state is TrialState.COMPLETE]
        if not complete:
            failed = [trial for trial in self.trials if trial.state is TrialState.FAIL]
            why = f"; trial {failed[0].number} failed: {failed[0].reason}" if failed else ""
            raise ValueError(f"none of {len(self.trials)} trials is complete{why}")
        sign = 1 if self.direction == "minimize" else -1
        return min(complete, key=lambda trial: sign * _value(trial))

    @property
    def best_params(self) -> dict[str, Any]:
        """The best trial's configuration."""
        return self.best_trial.params

    @property
    def best_value(self) -> float:
        """The best trial's value."""
        return _value(self.best_trial)

    def trials_dataframe(self) -> pd.DataFrame:
        """Return a row for each finished trial, with Optuna's column names."""
        import pandas as pd

        rows = [
            {
                "number": trial.number,
                "value": trial.value,
                "datetime_start": trial.datetime_start,
                "duration": trial.duration,
                **{f"params_{name}": trial.params.get(name) for name in self.space},
                "state": trial.state.name,
            }
            for trial in self.trials
        ]
        names = ["number", "value", "datetime_start", "duration"]
        return pd.DataFrame(rows, columns=[*names, *(f"params_{n}" for n in self.space), "state"])

    # One trial at a time

    def enqueue_trial(self, params: Mapping[str, Any]) -> None:
        """Have this configuration tried next, before what the searcher suggests.

        Raises
        ------
        ValueError
            For values that are no configuration of the space.
        """
        self.space.check(params)
        with self._mutex:
            number = self._first_without(self._enqueued, self._known)
            self._enqueued[number] = dict(params)

    @overload
    def ask(self, n: None = None) -> Trial: ...

    @overload
    def ask(self, n: int) -> list[Trial]: ...

    def ask(self, n=None):
        """Return the next trial, or a list of n of them; :meth:`tell` their values later.

        Raises
        ------
        StopIteration
            When the searcher has no configuration left.
        """
        if n is not None:
            return [self.ask() for _ in range(whole("n", n, 1, optional=True))]
        with self._mutex:
            number = self._first_without(self._known)
            if number in self._enqueued:
                params = self._enqueued[number]
            else:
                rng = np.random.default_rng((self.seed, number))
                params = self._suggest(self.space, self._history(number), rng)
                if not isinstance(params, Mapping):
                    raise TypeError(f"the searcher returns a dict of values, got {params!r}")
            trial = Trial(number, self.space.canonical(params))
            self._known[number] = _Known(trial)
            if self.pruner is not None:
                trial._prune = partial(judge, self._prune, self.trials, self.direction)
            self._running[number] = trial
            return trial

    def ask_ready(self, n: int) -> list[Trial]:
        """Return the next trials, at most n, that need no result that is not there yet.

        For evaluating a batch at once: a searcher that does not learn gives all n, one that
        breeds generations the rest of the present one, any other a single trial. The list is
        empty when the searcher has no configuration left.
        """
        return list(self._ready(n, math.inf))

    def _first_without(self, *taken) -> int:
        number = self._n_settled
        while any(number in numbers for numbers in taken):
            number += 1
        return number

    def _history(self, number: int) -> list[Trial]:
        """Return what the searcher may know: finished trials, and later ones without values."""
        horizon = min(self._horizon(number), self._n_settled)
        return [self._known[k].seen if k < horizon else self._known[k].asked for k in range(number)]

    def _horizon(self, number: int) -> int:
        """Return how many trials must be finished before the searcher is asked for this one."""
        known = getattr(self.searcher, "horizon", None)
        return number if known is None else known(number, self.space)

    def tell(
        self, trial: Trial | int, value: float | None = None, state: TrialState | None = None
    ) -> Trial:
        """Finish a trial that was asked for, and record it.

        Parameters
        ----------
        trial : Trial or its number
            As :meth:`ask` returned it.
        value : float
            NaN and infinity make the trial fail; None does too, or, with the state PRUNED,
            stands for what was reported last.
        state : TrialState, optional
            COMPLETE, PRUNED or FAIL; a failed trial has no value.

        Raises
        ------
        ValueError
            For a trial that is not running, or the state RUNNING.
        """
        if state is TrialState.RUNNING:
            raise ValueError("state is COMPLETE, PRUNED or FAIL, got RUNNING")
        number = trial.number if isinstance(trial, Trial) else trial
        running = self._running.get(number)
        if running is None:
            raise ValueError(f"trial {number} is not running: ask for it first, and tell once")
        finish(running, value, state)
        return self._record(running)

    def _record(self, trial: Trial) -> Trial:
        """Take a finished trial into the study and its file; if that fails, the next one does."""
        with self._mutex:
            self._running.pop(trial.number, None)
            self._take(trial)
            self._unwritten.append(trial)
            while self._log is not None and self._unwritten:
                others = self._log.append(to_json(self._unwritten[0]))
                del self._unwritten[0]
                self._read(others)
            return trial

    def _take(self, trial: Trial) -> None:
        known = self._known.setdefault(trial.number, _Known(trial))
        if known.finished is not None:
            raise RuntimeError(f"another process has finished trial {trial.number} meanwhile")
        known.finished = known.seen = trial
        if self.direction == "maximize" and trial.value is not None:
            known.seen = replace(trial, value=-trial.value)
        while self._n_settled in self._known and self._known[self._n_settled].finished:
            self._n_settled += 1

    def _read(self, records: list[dict]) -> None:
        for record in records:
            self._take(from_json(record, self.space))

    # Many trials

    def stop(self) -> None:
        """Let the present :meth:`optimize` end after the trials that are running."""
        self._stopped = True

    def optimize(
        self,
        objective: Callable[[Trial], float],
        n_trials: int | None = None,
        n_jobs: int = 1,
        timeout: float | None = None,
        catch: Iterable[type[Exception]] | type[Exception] = (),
        callbacks: Iterable[Callable[[Study, Trial], None]] = (),
        show_progress_bar: bool = False,
    ) -> None:
        """Run trials, one after the other or several at once.

        Parameters
        ----------
        objective : function
            Of a :class:`Trial`; it returns a number. With ``n_jobs`` above 1 it runs in other
            processes, so it must not rely on changing variables of this one.
        n_trials : int, optional
            How many more; None goes on until the searcher has no configuration left, the
            time is up or a callback stops it.
        n_jobs : int
            As joblib's; ``joblib.parallel_config`` chooses where the work is done.
        timeout : float, optional
            No trial begins after so many seconds.
        catch : exception classes
            An objective that raises one of these fails; any other ends the study, after the
            failure has been recorded.
        callbacks : functions of (study, trial)
            Called after each trial; they may call :meth:`stop`.
        show_progress_bar : bool
            On standard error, or as a widget in a notebook.

        Raises
        ------
        TypeError
            For an objective that returns no number.
        """
        n_trials = whole("n_trials", n_trials, 1, optional=True)
        timeout = real("timeout", timeout, above=0, optional=True)
        if not is_number(n_jobs, Integral) or n_jobs == 0:
            raise ValueError(f"n_jobs is a whole number, not 0, got {n_jobs!r}")
        if not callable(objective):
            raise ValueError(f"objective is a function of a trial, got {objective!r}")
        catch = (catch,) if isinstance(catch, type) else tuple(catch)
        end = math.inf if timeout is None else time.monotonic() + timeout
        self._stopped, left = False, math.inf if n_trials is None else n_trials
        work = partial(run, objective, catch)
        held = self._log.writing() if self._log else nullcontext()
        with held, _bar(show_progress_bar, n_trials) as bar:
            if self._log:
                self._read(self._log.new())
            try:
                while left > 0 and not self._stopped:
                    before, failure = left, None
                    for trial, error in self._evaluate(work, left, n_jobs, end):
                        left -= 1
                        self._record(trial)
                        if bar is not None:
                            bar.update()
                        for callback in callbacks:
                            callback(self, trial)
                        if error is not None:  # what others have finished is recorded first
                            failure, self._stopped = failure or error, True
                    if failure is not None:
                        raise failure
                    if left == before:
                        break
            finally:
                for number in self._running:
                    self._known.pop(number, None)
                self._running.clear()

    def _evaluate(self, work, left, n_jobs, end):
        """Give the trials that can be suggested now, finished, in the order of finishing."""
        ready = self._ready(left, end)
        if n_jobs == 1:
            return map(work, ready)
        parallel = joblib.Parallel(n_jobs, return_as="generator_unordered")
        return parallel(joblib.delayed(work)(trial) for trial in ready)

    def _ready(self, left, end):
        """Ask for trials as long as they need no result that is not there yet."""
        while left > 0 and not self._stopped and time.monotonic() < end:
            with self._mutex:
                if self._horizon(self._first_without(self._known)) > self._n_settled:
                    return
                try:
                    trial = self.ask()
                except StopIteration:
                    return
            left -= 1
            yield trial


def _value(trial: Trial) -> float:
    """Return the value of a complete trial."""
    assert trial.value is not None
    return trial.value


class _Known:
    """What is known of a trial, and what searchers may see of it."""

    def __init__(self, trial: Trial):
        self.asked = Trial(trial.number, trial.params, datetime_start=trial.datetime_start)
        self.finished: Trial | None = None
        self.seen = self.asked  # once it has finished, with its value, to be minimized


def _bar(show, total):
    if not show:
        return nullcontext()
    from tqdm.auto import tqdm

    return tqdm(total=total, unit="trial")
