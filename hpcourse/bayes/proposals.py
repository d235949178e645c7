"""Where a search that has a model looks: points of the unit cube that are not tried yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import qmc

from hpcourse.search import Space, Trial

Array = NDArray[np.float64]

FINITE = 2000  # spaces with at most so many configurations are searched completely
SAME = 1e-9  # points closer than this are the same
REACH = 3.0  # how far, over the number of dimensions, an acquisition is climbed from its start:
# far from all points in many dimensions a model knows nothing, and promises most in corners


def to_points(space: Space, trials: Sequence[Trial]) -> Array:
    """Return the trials in the unit cube, NaN for what a configuration does not have."""
    return space.to_units([trial.params for trial in trials])


def to_params(space: Space, point: Array) -> dict[str, Any]:
    """Return the configuration at a point that may have NaN for what does not exist there."""
    return space.from_unit(np.where(np.isnan(point), 0.5, point))


def features(space: Space, points: Array) -> Array:
    """Return the points as models see them: the columns of each hyperparameter, side by side."""
    dimensions = space.parameters.values()
    return np.hstack([given.encode(u) for given, u in zip(dimensions, points.T, strict=True)])


@lru_cache(maxsize=16)
def finite_grid(space: Space) -> Array | None:
    """Return every point of a small finite space, None of another space."""
    if np.prod([float(given.n_values) for given in space.parameters.values()]) > FINITE:
        return None
    return space.to_units(list(space.grid()))


class Proposals:
    """Points that a search may try next.

    Parameters
    ----------
    space : Space
        What is searched.
    trials : sequence of Trial
        None of their configurations is proposed again.
    grid : array, optional
        All points of a finite space.
    constraint : function of a configuration, optional
        Only configurations of which it is true are proposed.
    """

    def __init__(
        self,
        space: Space,
        trials: Sequence[Trial],
        grid: Array | None = None,
        constraint: Callable[[dict], bool] | None = None,
    ):
        self.space, self.trials, self.grid, self.constraint = space, trials, grid, constraint
        self.tried = to_points(space, trials)
        given = list(space.parameters.values())
        self.free = [i for i, one in enumerate(given) if one.is_continuous]
        ends = np.cumsum([one.width for one in given])
        self.columns = [int(ends[i]) - 1 for i in self.free]  # of these, among the features

    @cached_property
    def _plain(self):
        """Whether every point of the unit cube is a configuration of its own."""
        conditions = any(given.when for given in self.space.parameters.values())
        return len(self.free) == len(self.space) and not conditions

    def allowed(self, points: Array) -> Array:
        """Return what the points stand for, without what is tried or not allowed."""
        if not self._plain and points is not self.grid:
            points = self.space.snap(points)
        if self.constraint is not None:
            kept = [bool(self.constraint(to_params(self.space, point))) for point in points]
            points = points[np.array(kept, dtype=bool)]
        if not len(self.tried) or not len(points):
            return points
        one, other = np.nan_to_num(points, nan=-1), np.nan_to_num(self.tried, nan=-1)
        return points[(np.abs(one[:, None] - other[None]).max(axis=-1) > SAME).all(axis=1)]

    def start(self, n: int, seed: int) -> Array:
        """Return what is left of the first n points of a scrambled Sobol sequence."""
        sequence = qmc.Sobol(len(self.space), scramble=True, rng=np.random.default_rng(seed))
        points = sequence.random_base2(int(np.ceil(np.log2(max(n, 2)))))
        return self.allowed(points)

    def candidates(self, n: int, rng: np.random.Generator) -> Array:
        """Return n points from anywhere and some near the best; of a small space, all.

        Raises
        ------
        StopIteration
            When there is none left.
        """
        if self.grid is not None:
            points = self.allowed(self.grid)
            if not len(points):
                raise StopIteration
            return points
        order = sorted((t.value, i) for i, t in enumerate(self.trials) if t.value is not None)
        near = [self._neighbors(self.tried[i], rng) for _, i in order[:3]]
        points = self.allowed(np.vstack([rng.random((n, len(self.space))), *near]))
        for _ in range(100):
            if len(points):
                return points
            points = self.allowed(rng.random((n, len(self.space))))
        raise StopIteration

    def _neighbors(self, point, rng):
        """Return points around one, at four distances; what has no order changes now and then."""
        scales = np.repeat([0.1, 0.03, 0.01, 0.001], 20)[:, None]
        shape = (len(scales), len(self.space))
        moved = rng.random(shape) < max(0.5, min(1, 3 / len(self.space)))
        steps = np.where(moved, scales * rng.normal(size=shape), 0)
        near = np.clip(np.nan_to_num(point, nan=0.5) + steps, 0, 1)
        jumps = np.isnan(point) | ~np.isin(np.arange(len(point)), self.free)
        return np.where(jumps & (rng.random(shape) < 0.3), rng.random(shape), near)

    def best(self, candidates: Array, model: Any, acquisition: Callable) -> Array:
        """Return the best of the candidates and of what lies uphill of the most promising.

        Parameters
        ----------
        candidates : array of shape (n, len(space))
            From :meth:`candidates`.
        model : object with ``posterior(x)``, and ``gradients(x)`` if it has a gradient
            Of the objective, at features x.
        acquisition : function of mean, deviation and, optionally, their derivatives
            What is to be maximized; with derivatives it returns its own too.
        """
        x = features(self.space, candidates)
        order = np.argsort(-acquisition(*model.posterior(x)), kind="stable")
        if not (self.free and hasattr(model, "gradients")):
            return candidates[order[0]]
        starts: list[int] = []
        for i in order[:200]:
            if len(starts) < 6 and all(np.abs(x[i] - x[j]).max() > 0.02 for j in starts):
                starts.append(i)
        climbed, x = candidates[starts], x[starts]
        exists = ~np.isnan(climbed[:, self.free])

        def downhill(u):
            x[:, self.columns] = np.where(exists, u.reshape(exists.shape), x[:, self.columns])
            mean, std, *slopes = model.gradients(x)
            value, slope = acquisition(mean, std, slopes)
            return -value.sum(), -np.where(exists, slope[:, self.columns], 0).ravel()

        begin = x[:, self.columns].ravel()
        reach = min(1.0, REACH / len(self.free))
        bounds = np.column_stack([np.maximum(begin - reach, 0), np.minimum(begin + reach, 1)])
        options = {"maxiter": 30}
        end = minimize(downhill, begin, jac=True, method="L-BFGS-B", bounds=bounds, options=options)
        top = np.clip(end.x, 0, 1).reshape(exists.shape)
        climbed[:, self.free] = np.where(exists, top, climbed[:, self.free])
        points = np.vstack([self.allowed(climbed), candidates[order[:1]]])
        return points[np.argmax(acquisition(*model.posterior(features(self.space, points))))]
