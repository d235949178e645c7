"""Searches that do not learn: random, by hand, on a grid, evenly spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.stats import qmc

from hpcourse.arguments import flag, plain, whole
from hpcourse.search.searcher import Searcher, study_seed
from hpcourse.search.space import Space, same
from hpcourse.search.trial import Trial


class RandomSearch(Searcher):
    """Draw each configuration at random, whatever came before [1]_.

    Examples
    --------
    >>> from hpcourse import Float, Space
    >>> space = Space(learning_rate=Float(1e-4, 1, log=True))
    >>> params = RandomSearch().suggest(space, [], np.random.default_rng(0))
    >>> round(params["learning_rate"], 4)
    0.0353

    References
    ----------
    .. [1] J. Bergstra and Y. Bengio, "Random search for hyper-parameter optimization",
       Journal of Machine Learning Research 13, 2012.
    """

    def horizon(self, number: int, space: Space) -> int:
        """Wait for no result."""
        return 0

    def suggest(self, space: Space, trials: Sequence[Trial], rng: np.random.Generator) -> dict:
        """Return a configuration, each hyperparameter uniform on its scale."""
        return space.sample(rng)


class ManualSearch(Searcher):
    """Try the configurations of a list, one after the other.

    Parameters
    ----------
    configurations : sequence of dict
        Each must belong to the study's space.

    Examples
    --------
    >>> from hpcourse import Int, Space
    >>> searcher = ManualSearch([{"units": 16}, {"units": 64}])
    >>> searcher.suggest(Space(units=Int(1, 100)), [], None)
    {'units': 16}
    """

    def __init__(self, configurations: Sequence[Mapping[str, Any]]):
        dicts = isinstance(configurations, Sequence) and len(configurations) > 0
        if not (dicts and all(isinstance(params, Mapping) for params in configurations)):
            raise ValueError(f"configurations is a list of dicts, got {configurations!r}")
        self.configurations = [plain(dict(params)) for params in configurations]
        self._checked: Space | None = None  # the space that they are known to belong to
        self._own: list[dict] = []  # as that space has them

    def horizon(self, number: int, space: Space) -> int:
        """Wait for no result."""
        return 0

    def suggest(self, space: Space, trials: Sequence[Trial], rng: np.random.Generator) -> dict:
        """Return the next of the list that no trial has tried; all must belong to the space.

        One that is in the list twice is tried twice.
        """
        if self._checked is not space:
            self._own = [space.canonical(params) for params in self.configurations]
            self._checked = space
        return _untried(self._own, trials)


class GridSearch(Searcher):
    """Try every combination of a few values of each hyperparameter.

    Parameters
    ----------
    n : int or mapping from names to int, optional
        Values for each, as for :meth:`hpcourse.Space.grid`.
    shuffle : bool
        In random order, so that a grid that is not finished has seen all of its range; the
        seed is that of the order, not the study's.
    seed : int
        Of the order, from 0.

    Examples
    --------
    >>> from hpcourse import Choice, Float, Space, Study
    >>> space = Space(rate=Float(0.01, 1, log=True), optimizer=Choice(["sgd", "adam"]))
    >>> study = Study(space, GridSearch(3))
    >>> study.optimize(lambda trial: trial.params["rate"])
    >>> len(study.trials)
    6
    """

    def __init__(
        self, n: int | Mapping[str, int] | None = None, shuffle: bool = False, seed: int = 0
    ):
        for count in n.values() if isinstance(n, Mapping) else [n]:
            whole("n", count, 1, optional=True)
        self.n, self.shuffle, self.seed = plain(n), flag("shuffle", shuffle), whole("seed", seed)

    def horizon(self, number: int, space: Space) -> int:
        """Wait for no result."""
        return 0

    def suggest(self, space: Space, trials: Sequence[Trial], rng: np.random.Generator) -> dict:
        """Return the next point of the grid that no trial has tried."""
        n = tuple(self.n.items()) if isinstance(self.n, Mapping) else self.n
        return _untried(_grid(space, n, self.seed if self.shuffle else None), trials)


@lru_cache(maxsize=16)
def _grid(space, n, seed):
    """Return the points of a grid in the order in which they are tried."""
    grid = list(space.grid(dict(n) if isinstance(n, tuple) else n))
    order = range(len(grid)) if seed is None else np.random.default_rng(seed).permutation(len(grid))
    return [grid[i] for i in order]


def _untried(configurations: Sequence[dict], trials: Sequence[Trial]) -> dict[str, Any]:
    """Return the first of the configurations that no trial has tried, or raise StopIteration."""
    n = 0
    for trial, params in zip(trials, configurations, strict=False):  # mostly they agree
        if not same(trial.params, params):
            break
        n += 1
    others = [trial.params for trial in trials[n:]]
    for params in configurations[n:]:
        found = next((i for i, other in enumerate(others) if same(other, params)), None)
        if found is None:
            return plain(params)
        del others[found]
    raise StopIteration


class SobolSearch(Searcher):
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
    >>> from hpcourse import Float, Space, Study
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
        self.seed = whole("seed", seed, optional=True)

    def horizon(self, number: int, space: Space) -> int:
        """Wait for no result."""
        return 0

    def suggest(self, space: Space, trials: Sequence[Trial], rng: np.random.Generator) -> dict:
        """Return the configuration at the next point of the sequence.

        That is the one after those that trials have had, in order; a trial that came from
        elsewhere skips none.
        """
        seed = study_seed(rng) if self.seed is None else self.seed
        n = 0
        for trial in trials:
            n += same(trial.params, _sobol(space, seed, n // 256)[n % 256])
        return plain(_sobol(space, seed, n // 256)[n % 256])


@lru_cache(maxsize=64)
def _sobol(space, seed, block):
    """Return the 256 configurations of a block of the sequence."""
    sequence = qmc.Sobol(len(space), scramble=True, rng=seed)
    if block:
        sequence.fast_forward(256 * block)
    return [space.from_unit(point) for point in sequence.random(256)]
