"""Models of an objective, fitted to its warped values: scikit-optimize's, and what they lack."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import partial

import numpy as np
from skopt.learning import ExtraTreesRegressor, GaussianProcessRegressor, RandomForestRegressor
from skopt.learning.gaussian_process.kernels import ConstantKernel, Matern

from hpcourse.arguments import array, flag
from hpcourse.bayes.gaussian_process import Evidence, Fit
from hpcourse.bayes.warp import Array, Warp


class Surrogate(ABC):
    """A model of the objective, fitted to what is known of it.

    ``BayesianSearch.surrogate`` makes them, and ``result.models`` of ``gp_minimize`` holds them.

    Parameters
    ----------
    warp : {"auto", "yeo-johnson", "log", "none"}
        As for :class:`hpcourse.BayesianSearch`.
    seed : int
        Of what a forest draws; a Gaussian process draws nothing.

    Attributes
    ----------
    regressor : scikit-optimize's, fitted to the warped values
    warp : Warp
        Its ``power`` is the lambda of Yeo and Johnson, 1 for none.
    best : float
        The best mean of the points that have a value, warped.
    n_features : int
        Of the points that it was fitted to.
    """

    regressor: GaussianProcessRegressor | RandomForestRegressor | ExtraTreesRegressor
    warp: Warp
    best: float
    n_features: int

    def __init__(self, warp: str, seed: int):
        self.kind, self.seed = warp, seed

    @abstractmethod
    def fit(self, x: Array, y: Array, failed: Array) -> None:
        """Fit to points of shape (n, n_features) and their values; failed ones stand in."""

    @abstractmethod
    def believe(self, x: Array) -> None:
        """Take what is predicted for points that are being evaluated as if it were seen."""

    @abstractmethod
    def posterior(self, x: Array) -> tuple[Array, Array]:
        """Return mean and standard deviation of the warped objective at x."""

    def predict(self, x: Array, return_std: bool = False) -> Array | tuple[Array, Array]:
        """Return the median of the objective at x, in its own units.

        Parameters
        ----------
        x : array of shape (n_points, n_features)
            On the scale of scikit-optimize's normalized space.
        return_std : bool
            Also return half the width of the interval that has a probability of 68 %.

        Raises
        ------
        ValueError
            For points with another number of features, or not finite.
        """
        return_std = flag("return_std", return_std)
        mean, std = self.posterior(array("x", x, "n", self.n_features))
        median = self.warp.inverse(mean)
        if not return_std:
            return median
        return median, (self.warp.inverse(mean + std) - self.warp.inverse(mean - std)) / 2


class GaussianProcess(Surrogate):
    """A Gaussian process with the hyperparameters of the greatest evidence."""

    process: Fit

    def fit(self, x, y, failed):
        self.n_features = x.shape[1]
        self.process = Evidence(x, y, failed, self.kind).fit()
        self.warp = self.process.warp

    @property
    def regressor(self) -> GaussianProcessRegressor:
        """The same process as scikit-optimize's, made when it is asked for."""
        p = self.process
        kernel = ConstantKernel(p.variance, "fixed") * Matern(p.length_scales, "fixed", nu=2.5)
        made = GaussianProcessRegressor(kernel, p.noise * p.variance, optimizer=None)
        return made.fit(p.x, p.z - p.mean)

    def believe(self, x):
        self.process = self.process.believing(x)

    def posterior(self, x):
        return self.process.posterior(x)

    def gradients(self, x: Array) -> tuple[Array, Array, Array, Array]:
        """Return mean and deviation of the warped objective, and their derivatives by x."""
        return self.process.gradients(x)


class Forest(Surrogate):
    """A forest of regression trees; the trees' spread is the deviation."""

    def __init__(self, warp, seed, *, regressor):
        super().__init__("yeo-johnson" if warp == "auto" else warp, seed)
        self._make = regressor

    def fit(self, x, y, failed):
        self.n_features = x.shape[1]
        self.warp = Warp.of(y[~failed], self.kind)
        self._x, self._z = x, self.warp(y)
        self._grow()

    def _grow(self):
        settings = {"n_estimators": 100, "min_samples_leaf": 3, "min_variance": 1e-6}
        self.regressor = self._make(**settings, random_state=self.seed).fit(self._x, self._z)

    def believe(self, x):
        z = self.posterior(x)[0]
        self._x, self._z = np.vstack([self._x, x]), np.append(self._z, z)
        self._grow()

    def posterior(self, x):
        return self.regressor.predict(x, return_std=True)


SURROGATES: dict[str, Callable[..., Surrogate]] = {
    "GP": GaussianProcess,
    "RF": partial(Forest, regressor=RandomForestRegressor),
    "ET": partial(Forest, regressor=ExtraTreesRegressor),
}
