r"""What a Gaussian process of a warped objective has to compute.

=====================  ==================================================================
:math:`x_i, y_i`       the n points tried, in F features between 0 and 1, and their values
:math:`z_i`            the warped values, :math:`z = w_\lambda((y - c) / s)`
:math:`k(x, x')`       Matern's correlation with :math:`\nu = 5/2` and a length scale
                       :math:`\ell_j` for each feature
:math:`\eta`           variance of the noise, as a share of the signal's
:math:`R`              :math:`k(x_i, x_j)` with :math:`\eta` added on the diagonal
:math:`m, \sigma^2`    mean and variance of the process
=====================  ==================================================================

The likelihood of the values that were seen, known as the evidence, is

.. math::
    \log p(y) = -\tfrac n2 \log \sigma^2 - \tfrac 12 \log |R|
    - \tfrac 1{2 \sigma^2} (z - m)^\top R^{-1} (z - m)
    + \sum_i \log \frac{dz_i}{dy_i} + \text{const}.

The last sum is the Jacobian of the warp: a warp that squeezes all values together makes them
easy to predict, and pays here for what it has thrown away. Given the rest, the best mean and
variance are known [1]_, section 2.7:
:math:`m = 1^\top R^{-1} z / 1^\top R^{-1} 1`, and :math:`\sigma^2` is the mean square that is
left. What remains, :math:`\theta = (\log \ell, \log \eta, \log \eta_f, \lambda)`, is found by
following the gradient uphill, with

.. math::
    \frac{\partial \log p}{\partial \theta} =
    \tfrac 12 \operatorname{tr}\Bigl(\bigl(\sigma^{-2} a a^\top - R^{-1}\bigr)
    \frac{\partial R}{\partial \theta}\Bigr), \qquad a = R^{-1} (z - m).

Weak priors say what to believe while there are few values: length scales grow with the square
root of the number of features [2]_, noise is very small (but its prior is Cauchy's, with tails so
heavy that noisy values soon say otherwise), a warp squeezes somewhat. Failed trials
stand in with the worst value seen and a noise :math:`\eta_f` of their own: where failures lie
together the evidence makes it small and the region is avoided, where they come by chance it
makes it large and they are not believed.

.. [1] C. E. Rasmussen and C. K. I. Williams, "Gaussian processes for machine learning", 2006.
.. [2] C. Hvarfner, E. O. Hellsten and L. Nardi, "Vanilla Bayesian optimization performs great
   in high dimensions", 2024.
.. [3] I.-K. Yeo and R. A. Johnson, "A new family of power transformations to improve normality
   or symmetry", Biometrika 87, 2000.
.. [4] E. Snelson, C. E. Rasmussen and Z. Ghahramani, "Warped Gaussian processes", 2003.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack
from scipy.optimize import minimize
from scipy.spatial.distance import cdist

from hpcourse.bayes.warp import LAMBDA, Array, Warp, yeo_johnson

NOISE = (1e-10, 1.0)  # of the values, as a share of the signal's variance


FAILURE = (1e-10, 1e6)  # of the values that failed trials get


def matern(squares: Array) -> tuple[Array, Array]:
    """Return the correlation at squared scaled distances, and its derivative by them."""
    s = np.sqrt(5 * squares)
    decay = np.exp(-s)
    return (1 + s + s * s / 3) * decay, -5 / 6 * (1 + s) * decay


@dataclass
class Fit:
    """A Gaussian process of warped values: its hyperparameters, and what they predict."""

    x: Array
    z: Array
    warp: Warp
    length_scales: Array
    noise: Array  # of each value, as a share of the variance
    variance: float
    mean: float
    log_evidence: float
    factor: Array = field(repr=False)  # of R, lower triangular
    weights: Array = field(repr=False)  # a

    def believing(self, x: Array) -> Fit:
        """Return the process that has seen its own mean at further points, almost without noise."""
        noise = np.append(self.noise, np.full(len(x), self.noise.min()))
        z = np.append(self.z, self.posterior(x)[0])
        x = np.vstack([self.x, x])
        scaled = x / self.length_scales
        correlations = matern(cdist(scaled, scaled, "sqeuclidean"))[0]
        correlations.flat[:: len(x) + 1] += noise
        factor, wrong = lapack.dpotrf(correlations, lower=1)
        if wrong:
            raise np.linalg.LinAlgError("points lie too close to each other for the process")
        weights = lapack.dpotrs(factor, z - self.mean, lower=1)[0]
        return replace(self, x=x, z=z, noise=noise, factor=factor, weights=weights)

    def posterior(self, x: Array) -> tuple[Array, Array]:
        """Return mean and standard deviation of the noiseless warped values at x."""
        squares = cdist(x / self.length_scales, self.x / self.length_scales, "sqeuclidean")
        k = matern(squares)[0]
        v = lapack.dtrtrs(self.factor, k.T, lower=1)[0]
        variance = np.maximum(1 - (v * v).sum(axis=0), 1e-14)
        return self.mean + k @ self.weights, np.sqrt(self.variance * variance)

    def gradients(self, x: Array) -> tuple[Array, Array, Array, Array]:
        """Return the posterior's mean and deviation, and their derivatives by x."""
        away = (x[:, None, :] - self.x[None]) / self.length_scales
        k, slope = matern((away * away).sum(axis=-1))
        v = lapack.dtrtrs(self.factor, k.T, lower=1)[0]
        w = lapack.dtrtrs(self.factor, v, lower=1, trans=1)[0]
        variance = np.maximum(1 - (v * v).sum(axis=0), 1e-14)
        deviation = np.sqrt(self.variance * variance)
        by_x = 2 * slope[:, :, None] * away / self.length_scales
        mean_by_x = np.einsum("mnd,n->md", by_x, self.weights)
        variance_by_x = -2 * np.einsum("mnd,nm->md", by_x, w)
        deviation_by_x = self.variance * variance_by_x / (2 * deviation[:, None])
        return self.mean + k @ self.weights, deviation, mean_by_x, deviation_by_x


class Solved(NamedTuple):
    """What one set of hyperparameters amounts to."""

    cost: float  # minus the log posterior, up to a constant
    fit: Fit
    more: dict[str, float]  # noise, failure, power: as far as they are hyperparameters
    slope: Array  # of the correlations, by the squared scaled distances
    by_power: Array  # the derivative of z
    t: Array  # the hyperparameters, standardized by their priors


class Evidence:
    """The evidence of a data set, to be maximized over the hyperparameters.

    Parameters
    ----------
    x : array of shape (n, F)
        The points tried, as features between 0 and 1.
    y : array of shape (n,)
        Their values; any finite one for those that failed.
    failed : array of bool of shape (n,)
        Which values stand in for failed trials.
    kind : {"auto", "yeo-johnson", "log", "none"}
        The warp; with "auto" its power is one of the hyperparameters.
    """

    # Centers and scales of the priors on the logarithms of noise, and on the power.
    NOISE_PRIOR, FAILURE_PRIOR, POWER_PRIOR = (-20.0, 2.0), (3.0, 4.0), (0.5, 0.7)

    def __init__(self, x: Array, y: Array, failed: NDArray[np.bool_], kind: str):
        self.x, self.n, self.d = x, *x.shape
        self.failed, self.warp = failed.astype(float), Warp.of(y[~failed], kind)
        self.scaled = self.warp.scaled(y)
        self.jacobian = np.sign(self.scaled) * np.log1p(np.abs(self.scaled))
        self.squares = (x.T[:, :, None] - x.T[:, None, :]).reshape(self.d, -1) ** 2
        root = 0.5 * np.log(self.d)
        self.names = ["noise", *(["failure"] if failed.any() else [])]
        self.names += ["power"] if kind == "auto" else []
        extra = {
            "noise": (np.log(NOISE), self.NOISE_PRIOR),
            "failure": (np.log(FAILURE), self.FAILURE_PRIOR),
            "power": (LAMBDA, self.POWER_PRIOR),
        }
        scales = [(np.log(0.01), np.log(30) + root)] * self.d
        self.bounds = scales + [extra[name][0] for name in self.names]
        priors = [(np.sqrt(2) + root, np.sqrt(3))] * self.d
        self.prior_mean, self.prior_std = np.transpose(
            priors + [extra[name][1] for name in self.names]
        )
        # Priors of standardized hyperparameters are normal, or Cauchy's.
        self.heavy = np.array([False] * self.d + [name == "noise" for name in self.names])
        self.starts = [
            np.array([np.log(scale) + root] * self.d + [start[name] for name in self.names])
            for scale, start in (
                (0.3, {"noise": np.log(1e-6), "failure": np.log(1e-2), "power": 0.3}),
                (0.1, {"noise": np.log(1e-3), "failure": 0.0, "power": 1.0}),
            )
        ]

    def _solve(self, theta: Array) -> Solved | None:
        """Return what one set of hyperparameters amounts to, None if R is not positive."""
        lengths = np.exp(theta[: self.d])
        more = dict(zip(self.names, theta[self.d :], strict=True))
        k, slope = matern((lengths**-2 @ self.squares).reshape(self.n, self.n))
        noise = np.exp(more["noise"]) + np.exp(more.get("failure", -np.inf)) * self.failed
        k.flat[:: self.n + 1] += noise
        factor, wrong = lapack.dpotrf(k, lower=1)
        if wrong:
            return None
        power = more.get("power", self.warp.power)
        z, by_power = yeo_johnson(self.scaled, power)
        solved = lapack.dpotrs(factor, np.column_stack([z, np.ones(self.n)]), lower=1)[0]
        mean = solved[:, 0].sum() / solved[:, 1].sum()
        weights = solved[:, 0] - mean * solved[:, 1]
        variance = max((z - mean) @ weights / self.n, 1e-20)
        t = (theta - self.prior_mean) / self.prior_std
        prior = float(np.where(self.heavy, np.log1p(t * t), t * t / 2).sum())  # minus its log
        cost = self.n / 2 * np.log(variance) + np.log(np.diag(factor)).sum() + prior
        cost -= (power - 1) * self.jacobian.sum()
        warp = Warp(self.warp.center, self.warp.scale, power)
        constant = self.n * (np.log(self.warp.scale) + 0.5 * np.log(2 * np.pi) + 0.5)
        evidence = float(prior - cost - constant)
        fit = Fit(self.x, z, warp, lengths, noise, variance, mean, evidence, factor, weights)
        return Solved(cost, fit, more, slope, by_power, t)

    def cost(self, theta: Array) -> tuple[float, Array]:
        """Return minus the log posterior of the hyperparameters, and its gradient."""
        solved = self._solve(theta)
        if solved is None:
            return 1e10, np.zeros_like(theta)
        fit, t = solved.fit, solved.t
        inverse = np.tril(lapack.dpotri(fit.factor, lower=1)[0])
        inverse += inverse.T
        inverse.flat[:: self.n + 1] *= 0.5
        middle = inverse - np.outer(fit.weights, fit.weights) / fit.variance
        heavy = 2 * t / (1 + t * t)
        gradient = np.where(self.heavy, heavy, t) / self.prior_std
        gradient[: self.d] -= self.squares @ (middle * solved.slope).ravel() / fit.length_scales**2
        diagonal = np.diag(middle)
        for position, name in enumerate(self.names, start=self.d):
            if name == "power":
                gradient[position] += (
                    fit.weights @ solved.by_power / fit.variance - self.jacobian.sum()
                )
            else:
                which = 1.0 if name == "noise" else self.failed
                gradient[position] += 0.5 * np.exp(solved.more[name]) * (diagonal * which).sum()
        return solved.cost, gradient

    def fit(self) -> Fit:
        """Return the process with the hyperparameters of the greatest posterior found."""
        options = {"maxiter": 40, "ftol": 1e-7, "gtol": 1e-4}
        ends = [
            minimize(self.cost, s, jac=True, method="L-BFGS-B", bounds=self.bounds, options=options)
            for s in self.starts
        ]
        solved = self._solve(min(ends, key=lambda end: end.fun).x)
        assert solved is not None
        return solved.fit
