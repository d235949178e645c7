"""Acquisition functions: all to be maximized, with u = (best - mean) / deviation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import erfcx, log_ndtr, ndtr

Array = NDArray[np.float64]


def _log_h(u: Array) -> tuple[Array, Array]:
    r"""Return the log of :math:`h(u) = \phi(u) + u \Phi(u)`, and its derivative.

    For u far below 0 both terms cancel; there :math:`h = \phi(u) (1 + u r)` with
    :math:`r = \Phi(u) / \phi(u)`, for which the scaled complementary error function is exact,
    and beyond that the asymptotic series of the bracket.
    """
    phi = np.exp(-u * u / 2) / np.sqrt(2 * np.pi)
    ratio = np.sqrt(np.pi / 2) * erfcx(-np.minimum(u, 0) / np.sqrt(2))
    inverse = 1 / np.minimum(u, -1) ** 2
    bracket = np.where(
        u < -50, inverse * (1 - 3 * inverse * (1 - 5 * inverse)), 1 + np.minimum(u, 0) * ratio
    )
    bracket = np.maximum(bracket, 1e-300)
    far = u < -1
    h = np.where(far, 1.0, phi + u * ndtr(u))
    log = np.where(far, -u * u / 2 - 0.5 * np.log(2 * np.pi) + np.log(bracket), np.log(h))
    return log, np.where(far, ratio / bracket, ndtr(u) / h)


def log_expected_improvement(mean, std, best, slopes=None):
    r"""Return :math:`\log E[\max(best - f, 0)] = \log \sigma + \log h(u)`.

    With ``slopes``, the derivatives of mean and deviation by x, also its own.
    """
    u = (best - mean) / std
    log, by_u = _log_h(u)
    if slopes is None:
        return np.log(std) + log
    mean_by_x, std_by_x = slopes
    u_by_x = -(mean_by_x + u[:, None] * std_by_x) / std[:, None]
    return np.log(std) + log, std_by_x / std[:, None] + by_u[:, None] * u_by_x


def log_probability_of_improvement(mean, std, best, slopes=None):
    r"""Return :math:`\log P(f < best) = \log \Phi(u)`, with ``slopes`` also its derivative."""
    u = (best - mean) / std
    log = log_ndtr(u)
    if slopes is None:
        return log
    mean_by_x, std_by_x = slopes
    below = np.sqrt(2 / np.pi) / erfcx(-np.minimum(u, 0) / np.sqrt(2))  # exact far from the best
    by_u = np.where(u < 0, below, np.exp(-u * u / 2 - 0.5 * np.log(2 * np.pi) - log))
    return log, -by_u[:, None] * (mean_by_x + u[:, None] * std_by_x) / std[:, None]


def lower_confidence_bound(mean, std, kappa, slopes=None):
    """Return minus the bound, ``kappa * std - mean``, with ``slopes`` also its derivative."""
    if slopes is None:
        return kappa * std - mean
    return kappa * std - mean, kappa * slopes[1] - slopes[0]
