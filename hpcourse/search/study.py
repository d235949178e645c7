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
that maximizes shows it the negatives of the values, and one of several directions their mean
rank. What a study hands out, to objectives and to whoever asks, are copies.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from numbers import Integral
from typing import TYPE_CHECKING, Any, overload

import joblib
import numpy as np

from hpcourse.arguments import (
    flag,
    function,
    functions,
    instance,
    is_number,
    mapping,
    one_of,
    plain,
    real,
    whole,
)
from hpcourse.search.ledger import Ledger
from hpcourse.search.reports import Reports
from hpcourse.search.searcher import Prune, Pruner, Searcher, Suggest, function_of
from hpcourse.search.space import VALUES, Space
from hpcourse.search.storage import absolute
from hpcourse.search.trial import Trial, TrialState, finish, numbers, run

if TYPE_CHECKING:
    import pandas as pd

POLL = 0.05  # seconds between two looks at what other processes have finished


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
    pruner : Pruner, or a function ``prune(reports, trial)``, optional
        Whether to end a trial, given what all trials have reported. With ``n_jobs`` above 1 the
        configurations stay the same, its decisions may not; each trial keeps what they rested on.
    seed : int, optional
        The same seed gives the same trials. None draws one, which ``storage`` keeps.
    storage : path, optional
        A file on a local disk in which every trial is kept; a study made with the same file goes
        on where the last one stopped, and several processes may do so at once. A trial whose
        process has died is run again, under its number.
    directions : sequence of {"minimize", "maximize"}, optional
        In place of ``direction``, for an objective that returns a list with a value for each.

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
        *,
        directions: Sequence[str] | None = None,
    ):
        self.directions = _directions(direction, directions)
        instance("space", space, Space, "a Space")
        suggest = function_of("searcher", searcher, "suggest", ("space", "trials", "rng"))
        prune = None
        if pruner is not None:
            prune = function_of("pruner", pruner, "prune", ("reports", "trial"))
            if len(self.directions) > 1:
                raise ValueError("a pruner compares single values, got several directions")
        self.space, self.searcher, self.pruner = space, searcher, pruner
        self._ledger = Ledger(
            space,
            self.directions,
            suggest,
            getattr(searcher, "horizon", _all_before),
            prune,
            whole("seed", seed, optional=True),
            None if storage is None else absolute(storage),
        )
        self._stopped = False

    @property
    def seed(self) -> int:
        """What all random numbers of the study are made from."""
        return self._ledger.seed

    # What is known

    @property
    def direction(self) -> str:
        """The direction of a study that has one."""
        if len(self.directions) > 1:
            raise ValueError(f"this study has several directions: {self.directions}")
        return self.directions[0]

    @property
    def trials(self) -> list[Trial]:
        """The finished trials, by number."""
        return [trial.copy() for trial in self._ledger.history.finished()]

    @property
    def best_trial(self) -> Trial:
        """The complete trial with the best value, the first one of equals.

        Raises
        ------
        ValueError
            When no trial is complete, or there are several directions.
        """
        sign = 1 if self.direction == "minimize" else -1
        finished = self._ledger.history.finished()
        complete = [trial for trial in finished if trial.state is TrialState.COMPLETE]
        if not complete:
            failed = [trial for trial in finished if trial.state is TrialState.FAIL]
            why = f"; trial {failed[0].number} failed: {failed[0].reason}" if failed else ""
            raise ValueError(f"none of {len(finished)} trials is complete{why}")
        return min(complete, key=lambda trial: sign * _value(trial)).copy()

    @property
    def best_trials(self) -> list[Trial]:
        """The complete trials that no other one dominates, by number.

        One dominates another if it is better in one of the directions and not worse in any.
        """
        return [trial.copy() for trial in self._ledger.history.front()]

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

        trials, several = self.trials, len(self.directions) > 1
        names = [f"values_{i}" for i in range(len(self.directions))] if several else ["value"]
        attributes = sorted({key for trial in trials for key in trial.user_attrs})
        rows = [
            {
                "number": trial.number,
                **dict(zip(names, trial.values or [trial.value] * len(names), strict=True)),
                "datetime_start": trial.datetime_start,
                "duration": trial.duration,
                **{f"params_{name}": trial.params.get(name) for name in self.space},
                **{f"user_attrs_{key}": trial.user_attrs.get(key) for key in attributes},
                "state": trial.state.name,
            }
            for trial in trials
        ]
        columns = ["number", *names, "datetime_start", "duration"]
        columns += [f"params_{name}" for name in self.space]
        columns += [*(f"user_attrs_{key}" for key in attributes), "state"]
        return pd.DataFrame(rows, columns=columns)

    def reports(self, n_events: int | None = None) -> Reports:
        """Return what trials have reported, as a pruner sees it.

        Parameters
        ----------
        n_events : int, optional
            What it was after so many events, as :attr:`Trial.judgments` counts them.

        Raises
        ------
        ValueError
            For a study without a pruner, which keeps no such journal.
        """
        if self._ledger.journal is None:
            raise ValueError("a study without a pruner keeps no journal of reports")
        return self._ledger.journal.reports(whole("n_events", n_events, optional=True))

    # One trial at a time

    def enqueue_trial(self, params: Mapping[str, Any]) -> None:
        """Have this configuration tried next, before what the searcher suggests.

        Parameters
        ----------
        params : mapping
            Of all hyperparameters, or of some: the searcher chooses the rest. 32.0 is welcome for
            a whole number, and NaN for what does not exist, as in a row of a table.

        Raises
        ------
        ValueError
            For values that belong to no configuration of the space.
        """
        given = _mapping("params", params)
        for name, value in list(given.items()):
            absent = isinstance(value, float) and math.isnan(value)
            if absent and name in self.space.parameters and self.space[name].when:
                del given[name]
        self.space.completed(given, {}, np.random.default_rng(0))
        complete = True
        try:
            self.space.check(given)
        except ValueError:
            complete = False
        self._ledger.enqueue(given, complete)

    def add_trial(
        self,
        params: Mapping[str, Any],
        value: float | Sequence[float] | None = None,
        state: TrialState | None = None,
        *,
        intermediate_values: Mapping[int, float] | None = None,
        user_attrs: Mapping[str, Any] | None = None,
    ) -> Trial:
        """Take a result that is already there as the next trial.

        Parameters
        ----------
        params : mapping
            A configuration of the space.
        value, state
            As for :meth:`tell`.
        intermediate_values : mapping, optional
            What was reported, by step.
        user_attrs : mapping, optional
            As for :meth:`Trial.set_user_attr`.

        Examples
        --------
        >>> from hpcourse import Float, RandomSearch
        >>> study = Study(Space(x=Float(0, 1)), RandomSearch())
        >>> study.add_trial({"x": 0.5}, 0.25).number, study.best_value
        (0, 0.25)
        """
        made = Trial(0, self.space.canonical(_mapping("params", params)))
        reports = {} if intermediate_values is None else intermediate_values
        for step, reported in mapping("intermediate_values", reports, "steps to values").items():
            made.report(reported, step)
        attributes = {} if user_attrs is None else user_attrs
        for key, attribute in mapping("user_attrs", attributes, "names to values").items():
            made.set_user_attr(key, attribute)
        self._finish(made, value, state)
        with self._ledger.current():
            made.number = len(self._ledger.history)
            return self._ledger.record(made).copy()

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
        with self._ledger.current():
            return self._ledger.begin()

    def ask_ready(self, n: int) -> list[Trial]:
        """Return the next trials, at most n, that need no result that is not there yet.

        For evaluating a batch at once: a searcher that does not learn gives all n, one that
        breeds generations the rest of the present one, any other a single trial. The list is
        empty when the searcher has no configuration left.
        """
        self._stopped = False
        return list(self._ready(whole("n", n, 1), math.inf))

    def tell(
        self,
        trial: Trial | int,
        value: float | Sequence[float] | None = None,
        state: TrialState | None = None,
    ) -> Trial:
        """Finish a trial that was asked for, and record it.

        Parameters
        ----------
        trial : Trial or its number
            As :meth:`ask` returned it.
        value : float, or a sequence of them for several directions
            NaN and infinity make the trial fail; None does too, or, with the state PRUNED,
            stands for what was reported last.
        state : TrialState, optional
            COMPLETE, PRUNED or FAIL; a failed trial has no value.

        Raises
        ------
        ValueError
            For a trial that is not running, or another state.
        TypeError
            For a value that is none.
        """
        number = trial.number if isinstance(trial, Trial) else whole("trial", trial)
        if number not in self._ledger.running:
            raise ValueError(f"trial {number} is not running: ask for it first, and tell once")
        told = trial if isinstance(trial, Trial) else self._ledger.running[number]
        finished = told.copy()
        self._finish(finished, value, state)
        return self._ledger.record(finished).copy()

    def _finish(self, trial, value, state):
        if state not in (None, TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAIL):
            raise ValueError(f"state is TrialState.COMPLETE, PRUNED or FAIL, got {state!r}")
        values = None if value is None else numbers(value, "a value", len(self.directions))
        finish(trial, values, state)

    def _ready(self, left, end, aside=()):
        """Ask for trials as long as they need no result that is not there yet."""
        while left > 0 and not self._stopped and time.monotonic() < end:
            with self._ledger.current():
                if self._ledger.waits(aside):
                    return
                try:
                    trial = self._ledger.begin()
                except StopIteration:
                    return
            left -= 1
            yield trial

    # Many trials

    def stop(self) -> None:
        """Let the present :meth:`optimize` end after the trials that are running."""
        self._stopped = True

    def optimize(
        self,
        objective: Callable[[Trial], float | Sequence[float]],
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
            Of a :class:`Trial`; it returns a number, or a list of them for several directions.
            With ``n_jobs`` above 1 it runs in other processes, so it must not rely on changing
            variables of this one.
        n_trials : int, optional
            How many more, from 0; None goes on until the searcher has no configuration left,
            the time is up or a callback stops it.
        n_jobs : int
            As joblib's; ``joblib.parallel_config`` chooses where the work is done.
        timeout : float, optional
            No trial begins after so many seconds.
        catch : exception classes
            An objective that raises one of these fails; any other ends the study, after the
            failure has been recorded. When the study goes on, that trial is tried again, once,
            under a new number (``retry_of`` of the new one).
        callbacks : functions of (study, trial)
            Called after each trial; they may call :meth:`stop`.
        show_progress_bar : bool
            On standard error, or as a widget in a notebook.

        Raises
        ------
        TypeError
            For an objective that returns no number.
        """
        n_trials = whole("n_trials", n_trials, optional=True)
        timeout = real("timeout", timeout, above=0, optional=True)
        if not is_number(n_jobs, Integral) or n_jobs == 0:
            raise ValueError(f"n_jobs is a whole number, not 0, got {n_jobs!r}")
        show_progress_bar = flag("show_progress_bar", show_progress_bar)
        function("objective", objective, "a trial")
        catch = _exceptions(catch)
        callbacks = functions("callbacks", callbacks, "study", "trial")
        end = math.inf if timeout is None else time.monotonic() + timeout
        self._stopped, left = False, math.inf if n_trials is None else n_trials
        self._ledger.resume()
        aside = set(self._ledger.running)
        work = partial(run, objective, catch, len(self.directions), n_jobs != 1)
        shared = (
            self._ledger.journal.shared() if self._ledger.journal and n_jobs != 1 else nullcontext()
        )
        with shared, _bar(show_progress_bar, n_trials) as bar:
            try:
                while left > 0 and not self._stopped:
                    before, failure = left, None
                    ready = self._ready(left, end, aside)
                    if n_jobs == 1:
                        results = self._in_turn(work, ready, go_on=not callbacks)
                    else:
                        results = self._at_once(work, ready, n_jobs)
                    for recorded, error in results:
                        left -= 1
                        if bar is not None:
                            bar.update()
                        for callback in callbacks:
                            callback(self, recorded.copy())
                        if error is not None:  # what others have finished is recorded first
                            failure, self._stopped = failure or error, True
                    if failure is not None:
                        raise failure
                    if left == before and not self._wait(end, aside):
                        break
            finally:
                self._ledger.give_back(set(self._ledger.running) - aside)

    def _in_turn(self, work, ready, go_on):
        """Run the trials that can be suggested now one after the other; give their records.

        Unless something is to be done in between, a result is written and the next trial begun
        under one hold of the file.
        """
        trial = next(ready, None)
        while trial is not None:
            finished, error = work(trial)
            begin = go_on and error is None
            with self._ledger.current():
                recorded = self._ledger.record(finished)
                trial = next(ready, None) if begin else None
            yield recorded, error
            if not begin:
                trial = next(ready, None)

    def _at_once(self, work, ready, n_jobs):
        """Run them in several processes; give their records in the order of finishing."""
        parallel = joblib.Parallel(n_jobs, return_as="generator_unordered")
        for finished, error in parallel(joblib.delayed(work)(trial) for trial in ready):
            yield self._ledger.record(finished), error

    def _wait(self, end, aside):
        """Wait a moment for results of other processes, if that is what keeps this one."""
        if self._ledger.log is None or time.monotonic() > end:
            return False
        with self._ledger.current():
            waits = self._ledger.waits(aside)
        if waits:
            time.sleep(POLL)
        return waits


def _all_before(number: int, space: Space) -> int:
    """Return the horizon of a searcher that has none of its own."""
    return number


def _directions(direction: str, directions: Sequence[str] | None) -> list[str]:
    if directions is None:
        directions = [direction]
    elif (
        isinstance(directions, str | bytes)
        or not isinstance(directions, Sequence)
        or not directions
    ):
        raise ValueError(f"directions is a list with one for each value, got {directions!r}")
    elif direction != "minimize":
        raise ValueError("give either direction or directions, got both")
    return [one_of("direction", given, ("minimize", "maximize")) for given in directions]


def _mapping(name: str, given: Any) -> dict[str, Any]:
    """Return a mapping, or a row of a table, as a dict of its own."""
    if isinstance(given, Mapping) or hasattr(given, "to_dict"):
        return plain(dict(given))
    return mapping(name, given, VALUES)


def _exceptions(catch: Any) -> tuple[type[Exception], ...]:
    given = (catch,) if isinstance(catch, type) else catch
    if isinstance(given, Iterable):
        given = tuple(given)
        if all(isinstance(one, type) and issubclass(one, Exception) for one in given):
            return given
    raise ValueError(f"catch is a class of exceptions or a list of them, got {catch!r}")


def _value(trial: Trial) -> float:
    """Return the value of a complete trial."""
    assert trial.value is not None
    return trial.value


def _bar(show, total):
    if not show:
        return nullcontext()
    from tqdm.auto import tqdm

    return tqdm(total=total, unit="trial")
