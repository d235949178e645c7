"""What a searcher and a pruner are: the contract between a study and whatever chooses for it.

A searcher gets the search space, the trials before this one (the number of which is this one's
number; those still running have no value) and a generator of its own, and returns a configuration,
or raises StopIteration when it has none left. It keeps nothing between calls that changes an
answer, so a study can resume it, and run its trials in parallel.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np

from hpcourse.arguments import instance, takes
from hpcourse.search.reports import Reports
from hpcourse.search.space import Space
from hpcourse.search.trial import Trial


@runtime_checkable
class Searcher(Protocol):
    """Says which configuration to try next. Inherit from it to have the default ``horizon``.

    What it sees is always to be minimized: a study that maximizes shows it the negatives.

    Examples
    --------
    >>> from hpcourse import Float, Space, Study
    >>> class Halves(Searcher):
    ...     def suggest(self, space, trials, rng):
    ...         return space.from_unit(rng.random(len(space)) / 2)
    >>> study = Study(Space(x=Float(0, 1)), Halves(), seed=0)
    >>> study.optimize(lambda trial: trial.params["x"], n_trials=5)
    >>> max(trial.value for trial in study.trials) <= 0.5
    True
    """

    def suggest(
        self, space: Space, trials: Sequence[Trial], rng: np.random.Generator
    ) -> Mapping[str, Any]:
        """Return the next configuration.

        Parameters
        ----------
        space : Space
            What is searched.
        trials : sequence of Trial
            Those before this one, by number.
        rng : numpy.random.Generator
            Made from the study's seed and the trial's number.

        Raises
        ------
        StopIteration
            When there is none left.
        """
        ...

    def horizon(self, number: int, space: Space) -> int:
        """Return h: trial ``number`` is suggested once the trials 0 ... h - 1 are finished.

        What came after them it sees without values, as running. The default waits for all.
        """
        return number


@runtime_checkable
class Pruner(Protocol):
    """Says whether a trial is worth going on with.

    What it sees is always to be minimized: a study that maximizes shows it the negatives.

    Examples
    --------
    >>> from hpcourse import Float, RandomSearch, Space, Study
    >>> from hpcourse.search import TrialPruned
    >>> class Worst(Pruner):
    ...     def prune(self, reports, trial):
    ...         step, value = max(trial.intermediate_values.items())
    ...         rivals = reports.at(step)
    ...         return len(rivals) > 3 and value == max(rivals.values())
    >>> def objective(trial):
    ...     for step in range(5):
    ...         trial.report(trial.params["x"], step)
    ...         if trial.should_prune():
    ...             raise TrialPruned
    ...     return trial.params["x"]
    >>> study = Study(Space(x=Float(0, 1)), RandomSearch(), pruner=Worst(), seed=0)
    >>> study.optimize(objective, n_trials=10)
    >>> sum(trial.state.name == "PRUNED" for trial in study.trials) > 0
    True
    """

    def prune(self, reports: Reports, trial: Trial) -> bool:
        """Return whether to end a trial.

        Parameters
        ----------
        reports : Reports
            What all trials have reported so far, this one too.
        trial : Trial
            The one that runs, with what it has reported.
        """
        ...


Suggest = Callable[[Space, Sequence[Trial], np.random.Generator], Mapping[str, Any]]
Prune = Callable[[Reports, Trial], bool]


def function_of(name: str, given: Any, method: str, of: Sequence[str]) -> Callable:
    """Return an object's method, or the function that was given in its place.

    Raises
    ------
    ValueError
        For an object that has no such method, or one that takes other arguments; a class.
    """
    found = getattr(given, method, given)
    wanted = f"{method}({', '.join(of)})"
    if type(given).__module__.split(".")[0] == "optuna":
        raise ValueError(
            f"{name} has a method {wanted} or is such a function, got Optuna's {given!r}: see "
            "hpcourse.bridges.optuna"
        )
    if takes(found, *of) and not isinstance(given, type):
        return found
    own = ""
    if callable(found) and not isinstance(given, type):
        own = f" with {getattr(found, '__name__', found)}{inspect.signature(found)}"
    raise ValueError(f"{name} has a method {wanted} or is such a function, got {given!r}{own}")


def study_seed(rng: np.random.Generator) -> int:
    """Return what the generators of all trials of one study share: the study's seed.

    A study gives its trial k a generator seeded with the pair (seed, k), so that a searcher
    can draw something once for all trials, and differently in each study. Of a generator that
    was seeded with a single number, that number is returned.

    Examples
    --------
    >>> [study_seed(np.random.default_rng((7, k))) for k in range(3)]
    [7, 7, 7]
    """
    instance("rng", rng, np.random.Generator, "a numpy.random.Generator")
    sequence: Any = rng.bit_generator.seed_seq
    entropy = sequence.entropy
    return int(entropy[0] if isinstance(entropy, Sequence) else entropy)
