"""Optuna, there and back: objectives that it runs, studies that it shows, samplers as searchers."""

from __future__ import annotations

import copy
import importlib.util
import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from numbers import Integral
from typing import TYPE_CHECKING, Any

import numpy as np

from hpcourse.search import (
    Choice,
    Int,
    Searcher,
    Space,
    Study,
    Trial,
    TrialPruned,
    TrialState,
    study_seed,
)

if TYPE_CHECKING:
    import optuna

__all__ = ["OptunaSearch", "objective_to_optuna", "space_to_optuna", "study_to_optuna"]


class _BridgedTrial(Trial):
    """A trial that hands its reports to Optuna's, and its pruner's judgments back."""

    def __init__(self, trial: optuna.Trial, params: dict[str, Any]):
        super().__init__(trial.number, params)
        self._optuna = trial

    def report(self, value, step):
        super().report(value, step)
        self._optuna.report(self.intermediate_values[int(step)], int(step))

    def should_prune(self):
        return self._optuna.should_prune()


def objective_to_optuna(
    objective: Callable[[Trial], float], space: Space
) -> Callable[[optuna.Trial], float]:
    """Return an objective for ``optuna.Study.optimize`` from one for a study of this package.

    Optuna's sampler chooses the values. It is asked for each hyperparameter that exists, those
    that conditions depend on first, as Optuna's define-by-run expects.

    Parameters
    ----------
    objective : function of a Trial
        It may use ``params``, ``number``, ``report`` and ``should_prune``, and raise
        ``TrialPruned``.
    space : Space

    Examples
    --------
    >>> import optuna
    >>> from hpcourse import Float
    >>> optuna.logging.set_verbosity(optuna.logging.WARNING)
    >>> def objective(trial):
    ...     return (trial.params["x"] - 2) ** 2
    >>> study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0))
    >>> study.optimize(objective_to_optuna(objective, Space(x=Float(-5, 5))), n_trials=20)
    >>> study.best_value < 1
    True
    """
    if not callable(objective):
        raise ValueError(f"objective is a function of a trial, got {objective!r}")

    def bridged(trial: optuna.Trial) -> float:
        from optuna import TrialPruned as OptunaPruned

        try:
            return objective(_BridgedTrial(trial, _suggested(trial, space)))
        except TrialPruned as pruned:
            raise OptunaPruned(*pruned.args) from pruned

    return bridged


def _suggested(trial: optuna.Trial, space: Space) -> dict[str, Any]:
    """Return the configuration that Optuna's sampler gives a trial."""

    def suggest(name):
        given = space[name]
        if isinstance(given, Choice):
            return trial.suggest_categorical(name, given.options)
        ask = trial.suggest_int if isinstance(given, Int) else trial.suggest_float
        return ask(name, given.low, given.high, step=given.step, log=given.log)

    return space.assemble(suggest)


def space_to_optuna(space: Space) -> dict[str, Any]:
    """Return Optuna's distributions, by name; Optuna knows no conditions and no order."""
    from optuna import distributions as d

    made: dict[str, Any] = {}
    for name, given in space.parameters.items():
        if isinstance(given, Choice):
            made[name] = d.CategoricalDistribution(given.options)
        elif isinstance(given, Int):
            made[name] = d.IntDistribution(given.low, given.high, given.log, given.step)
        else:
            made[name] = d.FloatDistribution(given.low, given.high, given.log, given.step)
    return made


def study_to_optuna(study: Study) -> optuna.Study:
    """Return a study of Optuna with the same trials, for its plots and importances."""
    import optuna

    distributions = space_to_optuna(study.space)
    made = optuna.create_study(direction=study.direction)
    for trial in study.trials:
        frozen = optuna.trial.create_trial(
            state=optuna.trial.TrialState[trial.state.name],
            value=trial.value,
            params=trial.params,
            distributions={name: distributions[name] for name in trial.params},
            intermediate_values=trial.intermediate_values,
            system_attrs={"fail_reason": trial.reason} if trial.reason else {},
        )
        frozen.datetime_start = trial.datetime_start.astimezone().replace(tzinfo=None)
        frozen.datetime_complete = frozen.datetime_start + trial.duration
        made.add_trial(frozen)
    return made


class OptunaSearch(Searcher):
    """Any of Optuna's samplers as a searcher for :class:`hpcourse.Study`.

    A sampler keeps state: random numbers, and what it notes in Optuna's trials. So that a
    suggestion is nevertheless a function of the trials before it, and a study that is resumed
    goes on as if it had never stopped, these trials are replayed in a study of Optuna's: a copy
    of the sampler is asked for each, with random numbers made from the study's seed and the
    trial's number, and told what came of it. That study is kept, so that a trial costs one
    question, not a replay of all.

    What a trial sees in the replay is what is known of the earlier trials now: one that was
    asked for while others were running is replayed with their results.

    Parameters
    ----------
    sampler : optuna.samplers.BaseSampler
        It is copied, never changed. Its own seed plays no part.

    Raises
    ------
    ImportError
        When Optuna, or a package that the sampler needs, is not installed.
    ValueError
        For anything but a sampler, such as its class.

    Examples
    --------
    >>> import optuna
    >>> from hpcourse import Float, Study
    >>> searcher = OptunaSearch(optuna.samplers.TPESampler())
    >>> study = Study(Space(x=Float(-5, 5)), searcher, seed=0)
    >>> study.optimize(lambda trial: (trial.params["x"] - 2) ** 2, n_trials=30)
    >>> study.best_value < 0.1
    True
    """

    def __init__(self, sampler: optuna.samplers.BaseSampler):
        try:
            import optuna
        except ImportError as error:
            message = 'OptunaSearch needs Optuna: pip install "hpcourse[optuna]"'
            raise ImportError(message) from error
        if not isinstance(sampler, optuna.samplers.BaseSampler):
            raise ValueError(
                "sampler is one of Optuna's samplers, such as optuna.samplers.TPESampler(), "
                f"got {sampler!r}"
            )
        for part in _parts(sampler):  # asked only after a few random trials, too late to learn it
            package = {"CmaEsSampler": "cmaes", "GPSampler": "torch"}.get(type(part).__name__)
            if package and importlib.util.find_spec(package) is None:
                raise _missing(part, package)
        self.sampler = sampler
        self._replay: _Replay | None = None

    def __getstate__(self):
        """A copy replays for itself."""
        return vars(self) | {"_replay": None}

    def suggest(self, space: Space, trials: Sequence[Trial], rng: np.random.Generator) -> dict:
        """Return what the sampler suggests after these trials.

        Raises
        ------
        StopIteration
            When the sampler ends the study, as Optuna's for grids do.
        """
        seed, replay = study_seed(rng), self._replay
        self._replay = None  # an error on the way leaves no half of a replay behind
        with _quiet():
            if replay is None or not replay.leads_to(space, trials, seed):
                replay = _Replay(copy.deepcopy(self.sampler), space, seed)
            try:
                params = replay.go_on(trials)
            except ImportError as error:
                raise _missing(self.sampler, error.name or str(error)) from error
        self._replay = replay
        return params


class _Replay:
    """A study of Optuna's in which a history is repeated, trial by trial."""

    def __init__(self, sampler, space, seed):
        import optuna

        self.space, self.seed = space, seed
        self.sampler = _Guided(sampler, space)
        self.study = optuna.create_study(sampler=self.sampler, pruner=optuna.pruners.NopPruner())
        self.stopped = False
        self.study.stop = self._stop  # Optuna's own is for its own loop
        self.asked: list[dict] = []
        self.results: list[tuple] = []  # of all but the last that was asked for
        self.trial: optuna.Trial | None = None  # that one

    def _stop(self):
        self.stopped = True

    def leads_to(self, space, trials, seed):
        """Whether a new replay of these trials would begin as this one did."""
        return (
            space is self.space
            and seed == self.seed
            and len(self.results) <= len(trials)
            and all(a == b.params for a, b in zip(self.asked, trials, strict=False))
            and all(a == _result(b) for a, b in zip(self.results, trials, strict=False))
        )

    def go_on(self, trials):
        """Replay what is missing of the trials; return the configuration after them."""
        while len(self.asked) <= len(trials):
            number = len(self.asked)
            if number:
                self._tell(trials[number - 1])
            known = trials[number].params if number < len(trials) else None
            if known is None and self.stopped:
                raise StopIteration
            self._ask(number, known)
        return dict(self.asked[-1])

    def _ask(self, number, known):
        _seed(self.sampler.sampler, self.seed, number)
        self.sampler.known = known or {}
        self.trial = self.study.ask()
        found = _suggested(self.trial, self.space)
        self.asked.append(dict(known or found))

    def _tell(self, trial):
        import optuna

        state, value, step = result = _result(trial)
        if state is TrialState.COMPLETE:
            self.study.tell(self.trial, value)
        elif state is not TrialState.RUNNING:
            if value is not None:  # Optuna takes a pruned trial's value from its last report
                self.trial.report(value, step)
            self.study.tell(self.trial, state=optuna.trial.TrialState[state.name])
        self.results.append(result)


class _Guided:
    """A sampler that does all that another does, and then gives the values that are known."""

    def __init__(self, sampler, space):
        self.sampler, self.space, self.known = sampler, space, {}

    def __getattr__(self, name):
        return getattr(vars(self)["sampler"], name)

    def sample_relative(self, study, trial, search_space):
        params = self.sampler.sample_relative(study, trial, search_space)
        return {name: self._own(name, value) for name, value in params.items()}

    def sample_independent(self, study, trial, name, distribution):
        value = self.sampler.sample_independent(study, trial, name, distribution)
        return self._own(name, value)

    def _own(self, name, value):
        """Return what is known, or the space's own value, without the rounding errors of steps."""
        given = self.space[name]
        if name in self.known:
            return self.known[name]
        if isinstance(given, Choice) or given.step is None or not given.contains(value):
            return value
        return given.from_unit(given.to_unit(value))


def _result(trial: Trial) -> tuple[TrialState, float | None, int]:
    """Return what there is to tell of a trial: state, value, step of the last report."""
    value = trial.value
    if trial.state is TrialState.COMPLETE and not (value is not None and math.isfinite(value)):
        return TrialState.FAIL, None, 0
    if trial.state in (TrialState.FAIL, TrialState.RUNNING):
        return trial.state, None, 0
    return trial.state, value, max(trial.intermediate_values, default=0)


def _parts(sampler: Any) -> list:
    """Return a sampler and all objects that it is made of."""
    found, seen, waiting = [], set(), [sampler]
    while waiting:
        part = waiting.pop(0)
        if id(part) in seen or isinstance(part, type):
            continue
        seen.add(id(part))
        found.append(part)
        if isinstance(part, Mapping):
            waiting += part.values()
        elif isinstance(part, list | tuple):
            waiting += part
        elif hasattr(part, "__dict__"):
            rng = getattr(part, "rng", None)  # Optuna makes some only when they are asked for
            waiting += [*vars(part).values(), rng]
    return found


def _seed(sampler: Any, seed: int, number: int) -> None:
    """Make all random numbers of a sampler those of a trial."""
    sequence = np.random.SeedSequence((seed, number))
    fixed = int(np.random.SeedSequence(seed).generate_state(1)[0])
    for part in _parts(sampler):
        if isinstance(part, np.random.RandomState):
            part.seed(sequence.spawn(1)[0].generate_state(4))
        elif isinstance(part, np.random.Generator):
            bits = part.bit_generator
            bits.state = type(bits)(sequence.spawn(1)[0]).state
        elif isinstance(vars(part).get("_seed") if hasattr(part, "__dict__") else None, Integral):
            part._seed = fixed  # QMCSampler: that of its one sequence


def _missing(sampler: Any, package: str) -> ImportError:
    return ImportError(f"{type(sampler).__name__} needs {package}: pip install {package}")


@contextmanager
def _quiet():
    """Keep back Optuna's log and its warnings of experimental features."""
    import optuna

    level = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        with warnings.catch_warnings():
            for kind in (optuna.exceptions.ExperimentalWarning, FutureWarning, UserWarning):
                warnings.simplefilter("ignore", kind)
            yield
    finally:
        optuna.logging.set_verbosity(level)
