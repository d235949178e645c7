"""Optuna, there and back: objectives that it runs, studies that it shows, samplers as searchers."""

from __future__ import annotations

import copy
import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from hpcourse.arguments import function, instance
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

    def set_user_attr(self, key, value):
        super().set_user_attr(key, value)
        self._optuna.set_user_attr(key, self.user_attrs[key])


def objective_to_optuna(
    objective: Callable[[Trial], float], space: Space
) -> Callable[[optuna.Trial], float]:
    """Return an objective for ``optuna.Study.optimize`` from one for a study of this package.

    Optuna's sampler chooses the values. It is asked for each hyperparameter that exists, those
    that conditions depend on first, as Optuna's define-by-run expects.

    Parameters
    ----------
    objective : function of a Trial
        It may use ``params``, ``number``, ``report``, ``should_prune`` and ``set_user_attr``, and
        raise ``TrialPruned``.
    space : Space
        The hyperparameters that Optuna's sampler is asked for.

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
    function("objective", objective, "a trial")
    instance("space", space, Space, "a Space")

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
    instance("space", space, Space, "a Space")
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
    instance("study", study, Study, "a Study")
    import optuna

    distributions = space_to_optuna(study.space)
    made = optuna.create_study(directions=study.directions)  # type: ignore[arg-type]
    for trial in study.trials:
        frozen = optuna.trial.create_trial(
            state=optuna.trial.TrialState[trial.state.name],
            value=trial.value,
            values=trial.values,
            params=trial.params,
            distributions={name: distributions[name] for name in trial.params},
            intermediate_values=trial.intermediate_values,
            user_attrs=trial.user_attrs,
            system_attrs={"fail_reason": trial.reason} if trial.reason else {},
        )
        frozen.datetime_start = trial.datetime_start.astimezone().replace(tzinfo=None)
        frozen.datetime_complete = frozen.datetime_start + (trial.duration or timedelta())
        made.add_trial(frozen)
    return made


class OptunaSearch(Searcher):
    """One of Optuna's samplers as a searcher for :class:`hpcourse.Study`.

    For samplers whose suggestion is a function of the trials so far and of random numbers:
    ``RandomSampler``, ``TPESampler``, ``GPSampler``, ``PartialFixedSampler`` of these, your own.
    They are asked in a study of Optuna's that has these trials, with random numbers made from the
    study's seed and the trial's number; so a study that is resumed goes on as if it had never
    stopped. Samplers that keep notes in Optuna's trials (``CmaEsSampler``, ``NSGAIISampler``,
    ``QMCSampler``, ``GridSampler``, ``BruteForceSampler``) would find none there, and are refused:
    run the objective in Optuna, with :func:`objective_to_optuna`.

    Parameters
    ----------
    sampler : optuna.samplers.BaseSampler
        It is copied, never changed. Its own seed plays no part.

    Raises
    ------
    ImportError
        When Optuna is not installed.
    ValueError
        For anything but such a sampler, its class for instance.

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
        for part in _parts(sampler):
            if type(part).__name__ in _KEEP_NOTES:
                raise ValueError(
                    f"{type(part).__name__} keeps notes in Optuna's own trials and is no function "
                    "of the history: run the objective in Optuna, with objective_to_optuna"
                )
        self.sampler = sampler

    def suggest(self, space: Space, trials: Sequence[Trial], rng: np.random.Generator) -> dict:
        """Return what the sampler suggests after these trials."""
        import optuna

        sampler = copy.deepcopy(self.sampler)
        _seed(sampler, study_seed(rng), len(trials))
        with _quiet():
            study = optuna.create_study(sampler=sampler, pruner=optuna.pruners.NopPruner())
            study.add_trials([_frozen(trial, space) for trial in trials])
            params = _suggested(study.ask(), space)
        return {name: _without_rounding(space[name], value) for name, value in params.items()}


_KEEP_NOTES = ("BruteForceSampler", "CmaEsSampler", "GridSampler", "NSGAIIISampler")
_KEEP_NOTES += ("NSGAIISampler", "QMCSampler")


def _frozen(trial: Trial, space: Space) -> optuna.trial.FrozenTrial:
    """Return a trial as Optuna has it: one whose value is no finite number has failed."""
    import optuna

    distributions = space_to_optuna(space)
    state, value = trial.state, trial.value
    if state is TrialState.COMPLETE and not (value is not None and math.isfinite(value)):
        state = TrialState.FAIL
    known = state in (TrialState.COMPLETE, TrialState.PRUNED)
    last = max(trial.intermediate_values, default=0)
    reported = {last: value} if state is TrialState.PRUNED and value is not None else {}
    return optuna.trial.create_trial(
        state=optuna.trial.TrialState[state.name],
        value=value if known else None,
        params=trial.params,
        distributions={name: distributions[name] for name in trial.params},
        intermediate_values=reported,
    )


def _without_rounding(given, value):
    """Return the space's own value for one with the rounding errors of steps."""
    if isinstance(given, Choice) or given.step is None or not given.contains(value):
        return value
    return given.from_unit(given.to_unit(value))


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
    for part in _parts(sampler):
        if isinstance(part, np.random.RandomState):
            part.seed(sequence.spawn(1)[0].generate_state(4))
        elif isinstance(part, np.random.Generator):
            bits = part.bit_generator
            bits.state = type(bits)(sequence.spawn(1)[0]).state


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
