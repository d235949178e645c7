"""What is written for this package, run by Optuna.

The other direction is :meth:`hpcourse.study.Study.to_optuna`: a finished study in Optuna's
plots, importances and dashboard.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hpcourse._trial import Trial, TrialPruned
from hpcourse.space import Choice, Int, Space

if TYPE_CHECKING:
    import optuna

__all__ = ["to_optuna"]


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


def to_optuna(objective: Callable[[Trial], float], space: Space) -> Callable[[optuna.Trial], float]:
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
    >>> from hpcourse.space import Float
    >>> optuna.logging.set_verbosity(optuna.logging.WARNING)
    >>> def objective(trial):
    ...     return (trial.params["x"] - 2) ** 2
    >>> study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0))
    >>> study.optimize(to_optuna(objective, Space(x=Float(-5, 5))), n_trials=20)
    >>> study.best_value < 1
    True
    """
    if not callable(objective):
        raise ValueError(f"objective is a function of a trial, got {objective!r}")

    def bridged(trial: optuna.Trial) -> float:
        from optuna import TrialPruned as OptunaPruned

        def suggest(name):
            given = space[name]
            if isinstance(given, Choice):
                return trial.suggest_categorical(name, given.options)
            ask = trial.suggest_int if isinstance(given, Int) else trial.suggest_float
            return ask(name, given.low, given.high, step=given.step, log=given.log)

        try:
            return objective(_BridgedTrial(trial, space.assemble(suggest)))
        except TrialPruned as pruned:
            raise OptunaPruned(*pruned.args) from pruned

    return bridged
