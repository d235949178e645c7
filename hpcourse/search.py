"""Search strategies: which configuration to try next.

A searcher is an object with ``suggest(space, trials, rng)``. It gets the search space, the
trials before this one (the number of which is this one's number; those still running have no
value) and a generator of its own, and returns a configuration, or raises StopIteration when
it has none left. It keeps nothing between calls that changes an answer, so
:class:`hpcourse.study.Study` can resume it, and run its trials in parallel.

``horizon(number)`` says how many finished trials the suggestion for trial ``number`` waits
for: 0 for a searcher that does not learn from results.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import islice
from numbers import Integral
from typing import Any

import numpy as np
from scipy.stats import qmc

from hpcourse._dimensions import is_number
from hpcourse._tpe import TPESearch
from hpcourse._validation import unknown_name
from hpcourse.space import Choice, Space
from hpcourse.study import Trial, TrialState

__all__ = [
    "EvolutionSearch",
    "GridSearch",
    "ManualSearch",
    "RandomSearch",
    "SobolSearch",
    "TPESearch",
    "study_seed",
]


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
    entropy = rng.bit_generator.seed_seq.entropy
    return int(entropy[0] if isinstance(entropy, Sequence) else entropy)


class RandomSearch:
    """Draw each configuration at random, whatever came before [1]_.

    Examples
    --------
    >>> from hpcourse.space import Float, Space
    >>> space = Space(learning_rate=Float(1e-4, 1, log=True))
    >>> params = RandomSearch().suggest(space, [], np.random.default_rng(0))
    >>> round(params["learning_rate"], 4)
    0.0353

    References
    ----------
    .. [1] J. Bergstra and Y. Bengio, "Random search for hyper-parameter optimization",
       Journal of Machine Learning Research 13, 2012.
    """

    def horizon(self, number: int) -> int:
        """Wait for no result."""
        return 0

    def suggest(self, space: Space, trials: Sequence[Trial], rng: np.random.Generator) -> dict:
        """Return a configuration, each hyperparameter uniform on its scale."""
        return space.sample(rng)


class ManualSearch:
    """Try the configurations of a list, one after the other.

    Parameters
    ----------
    configurations : sequence of dict

    Examples
    --------
    >>> from hpcourse.space import Int, Space
    >>> searcher = ManualSearch([{"units": 16}, {"units": 64}])
    >>> searcher.suggest(Space(units=Int(1, 100)), [], None)
    {'units': 16}
    """

    def __init__(self, configurations: Sequence[Mapping[str, Any]]):
        dicts = isinstance(configurations, Sequence) and len(configurations) > 0
        if not (dicts and all(isinstance(params, Mapping) for params in configurations)):
            raise ValueError(f"configurations is a list of dicts, got {configurations!r}")
        self.configurations = [dict(params) for params in configurations]
        self._checked: Space | None = None  # the space that they are known to belong to

    def horizon(self, number: int) -> int:
        """Wait for no result."""
        return 0

    def suggest(self, space: Space, trials: Sequence[Trial], rng: np.random.Generator) -> dict:
        """Return the next of the list; all of it must belong to the space."""
        if self._checked is not space:
            for params in self.configurations:
                space.check(params)
            self._checked = space
        if len(trials) >= len(self.configurations):
            raise StopIteration
        return dict(self.configurations[len(trials)])


class GridSearch:
    """Try every combination of a few values of each hyperparameter.

    Parameters
    ----------
    n : int or mapping from names to int, optional
        Values for each, as for :meth:`hpcourse.space.Space.grid`.
    shuffle : bool
        In random order, so that a grid that is not finished has seen all of its range; the
        seed is that of the order, not the study's.
    seed : int

    Examples
    --------
    >>> from hpcourse.space import Choice, Float, Space
    >>> from hpcourse.study import Study
    >>> space = Space(rate=Float(0.01, 1, log=True), optimizer=Choice(["sgd", "adam"]))
    >>> study = Study(space, GridSearch(3))
    >>> study.optimize(lambda trial: trial.params["rate"])
    >>> len(study.trials)
    6
    """

    def __init__(
        self, n: int | Mapping[str, int] | None = None, shuffle: bool = False, seed: int = 0
    ):
        _check_seed(seed)
        self.n, self.shuffle, self.seed = n, shuffle, seed
        self._grids: list[tuple[Space, list[dict]]] = []  # computed once for each space

    def horizon(self, number: int) -> int:
        """Wait for no result."""
        return 0

    def suggest(self, space: Space, trials: Sequence[Trial], rng: np.random.Generator) -> dict:
        """Return the next point of the grid."""
        grid = self._grid(space)
        if len(trials) >= len(grid):
            raise StopIteration
        return dict(grid[len(trials)])

    def _grid(self, space):
        for known, grid in self._grids:
            if known is space:
                return grid
        grid = list(space.grid(self.n))
        if self.shuffle:
            order = np.random.default_rng(self.seed).permutation(len(grid))
            grid = [grid[i] for i in order]
        self._grids.append((space, grid))
        return grid


class SobolSearch:
    """Fill the space evenly with a scrambled Sobol sequence.

    Random points leave gaps and form clusters. A Sobol sequence [1]_ is made so that any
    2**m points from the start fill the unit cube evenly in every direction; scrambling [2]_
    makes it random without losing that.

    Parameters
    ----------
    seed : int, optional
        Of the scrambling; None takes the study's, so that each study has its own sequence.

    Examples
    --------
    >>> from hpcourse.space import Float, Space
    >>> from hpcourse.study import Study
    >>> study = Study(Space(x=Float(0, 1)), SobolSearch())
    >>> study.optimize(lambda trial: trial.params["x"], n_trials=8)
    >>> sorted(int(8 * trial.value) for trial in study.trials)  # one in each eighth
    [0, 1, 2, 3, 4, 5, 6, 7]

    References
    ----------
    .. [1] I. M. Sobol, "On the distribution of points in a cube and the approximate evaluation
       of integrals", USSR Computational Mathematics and Mathematical Physics 7, 1967.
    .. [2] A. B. Owen, "Scrambling Sobol and Niederreiter-Xing points", Journal of
       Complexity 14, 1998.
    """

    def __init__(self, seed: int | None = None):
        if seed is not None:
            _check_seed(seed, " or None")
        self.seed = seed

    def horizon(self, number: int) -> int:
        """Wait for no result."""
        return 0

    def suggest(self, space: Space, trials: Sequence[Trial], rng: np.random.Generator) -> dict:
        """Return the configuration at the next point of the sequence."""
        seed = study_seed(rng) if self.seed is None else self.seed
        block, position = divmod(len(trials), 256)
        return space.from_unit(_sobol(len(space), seed, block)[position])


@lru_cache(maxsize=64)
def _sobol(dimension, seed, block):
    """Return the 256 points of a block of the sequence."""
    sequence = qmc.Sobol(dimension, scramble=True, rng=seed)
    if block:
        sequence.fast_forward(256 * block)
    return sequence.random(256)


class EvolutionSearch:
    """Breed configurations: select parents, cross them, mutate the child [1]_.

    The first ``population_size`` trials are drawn at random. Each later generation of that
    size is bred from the generation before it and the ``n_elite`` best of all trials:

    selection
        ``"tournament"``: the best of ``tournament_size`` drawn at random; ``"truncation"``:
        one of the better half.
    crossover
        Uniform: each hyperparameter from the first or the second parent, with equal chance;
        one that only one of them has, by a condition, from that one.
    mutation
        With probability ``mutation_rate``, each hyperparameter is moved by a normal step of
        deviation ``mutation_scale`` on its unit scale, reflected at the ends; a choice
        without order is drawn anew.

    Trials of a generation do not wait for each other, so they can run in parallel.

    Parameters
    ----------
    population_size : int
        At least 2.
    selection : {"tournament", "truncation"}
    tournament_size : int
        At least 1.
    n_elite : int
        From 0.
    mutation_rate, mutation_scale : float
        In [0, 1].

    References
    ----------
    .. [1] A. E. Eiben and J. E. Smith, "Introduction to evolutionary computing", 2nd edition,
       Springer, 2015, chapters 3 to 5.
    """

    def __init__(
        self,
        population_size: int = 10,
        selection: str = "tournament",
        tournament_size: int = 3,
        n_elite: int = 2,
        mutation_rate: float = 0.5,
        mutation_scale: float = 0.1,
    ):
        if selection not in ("tournament", "truncation"):
            raise unknown_name("selection", selection, ("tournament", "truncation"))
        least = {"population_size": 2, "tournament_size": 1, "n_elite": 0}
        given = {
            "population_size": population_size,
            "tournament_size": tournament_size,
            "n_elite": n_elite,
        }
        for name, low in least.items():
            if not is_number(given[name], Integral) or given[name] < low:
                raise ValueError(f"{name} is a whole number from {low}, got {given[name]!r}")
        for name, value in {
            "mutation_rate": mutation_rate,
            "mutation_scale": mutation_scale,
        }.items():
            if not is_number(value) or not 0 <= value <= 1:
                raise ValueError(f"{name} is in [0, 1], got {value!r}")
        self.population_size, self.selection = population_size, selection
        self.tournament_size, self.n_elite = tournament_size, n_elite
        self.mutation_rate, self.mutation_scale = mutation_rate, mutation_scale

    def horizon(self, number: int) -> int:
        """Wait for all generations before this trial's."""
        return number - number % self.population_size

    def suggest(self, space: Space, trials: Sequence[Trial], rng: np.random.Generator) -> dict:
        """Return a child of two trials of the generations before."""
        start = self.horizon(len(trials))
        if not start:
            return space.sample(rng)
        ranked = sorted(islice(trials, start), key=_loss)
        last = trials[start - self.population_size : start]
        elite = [trial for trial in ranked[: self.n_elite] if trial.number < last[0].number]
        pool = sorted([*elite, *last], key=_loss)
        parents = [self._select(pool, rng) for _ in range(2)]
        points = np.array([space.to_unit(parent.params) for parent in parents])
        points = np.where(np.isnan(points), points[::-1], points)  # what only one parent has
        points = np.where(np.isnan(points), rng.random(len(space)), points)  # or neither
        child = np.where(rng.random(len(space)) < 0.5, *points)
        steps = rng.normal(scale=self.mutation_scale, size=len(space))
        moved = 1 - np.abs(1 - np.abs(child + steps) % 2)
        fresh = rng.random(len(space))
        choices = [isinstance(space[name], Choice) and not space[name].ordered for name in space]
        mutated = rng.random(len(space)) < self.mutation_rate
        return space.from_unit(np.where(mutated, np.where(choices, fresh, moved), child))

    def _select(self, pool, rng):
        """Draw a parent from a pool that is sorted from best to worst."""
        if self.selection == "truncation":
            return pool[rng.integers((len(pool) + 1) // 2)]
        return pool[min(rng.integers(len(pool), size=self.tournament_size))]


def _check_seed(seed, more=""):
    if not is_number(seed, Integral) or seed < 0:
        raise ValueError(f"seed is a whole number from 0{more}, got {seed!r}")


def _loss(trial):
    """Order trials: failures, and whatever has no value, come last."""
    usable = trial.value is not None and trial.state is not TrialState.FAIL
    return trial.value if usable else np.inf
