"""Bend the values of an objective until a model fits them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

Array = NDArray[np.float64]


LAMBDA = (-2.0, 3.0)


FARTHEST = 1e12  # scaled values beyond are cut, or their powers would overflow


def yeo_johnson(z: Array, power: float) -> tuple[Array, Array]:
    r"""Return the transform [3]_ of z and its derivative by the power.

    With :math:`b_\lambda(x) = (x^\lambda - 1) / \lambda` (and :math:`\log x` for 0), it is
    :math:`b_\lambda(1 + z)` for z from 0, and :math:`-b_{2 - \lambda}(1 - z)` below.
    """
    sign = np.where(z < 0, -1.0, 1.0)
    exponent = np.where(z < 0, 2 - power, power)
    log = np.log1p(np.abs(z))
    t = exponent * log
    near = np.abs(t) < 1e-5
    safe = np.where(np.abs(exponent) < 1e-300, 1.0, exponent)
    value = np.where(near, log * (1 + t / 2 + t * t / 6), np.expm1(t) / safe)
    slope = np.where(near, log * log * (0.5 + t / 3), (np.exp(t) * log - np.expm1(t) / safe) / safe)
    return sign * value, slope  # below 0 the exponent falls as the power grows: both signs turn


@dataclass
class Warp:
    """Center, scale and bend values; ``power`` 1 does not bend."""

    center: float
    scale: float
    power: float = 1.0

    @classmethod
    def of(cls, y: Array, kind: str) -> Warp:
        """Return a warp for these values; for "auto" the power is still to be found."""
        with np.errstate(over="ignore", invalid="ignore"):
            spreads = np.subtract(*np.percentile(y, [75, 25])), np.std(y)
        scale = next((float(s) for s in spreads if s > 0 and np.isfinite(s)), 1.0)
        if kind == "log":
            return cls(float(np.min(y)), scale, 0.0)
        warp = cls(float(np.median(y)), scale)
        if kind == "yeo-johnson":
            warp.power = warp.normalizing_power(y)
        return warp

    def scaled(self, y: Array) -> Array:
        return np.clip((np.asarray(y, float) - self.center) / self.scale, -FARTHEST, FARTHEST)

    def __call__(self, y: Array) -> Array:
        return yeo_johnson(self.scaled(y), self.power)[0]

    def normalizing_power(self, y: Array) -> float:
        """Return the power that makes the values as normal as they get: greatest likelihood."""
        scaled = self.scaled(y)
        jacobian = (np.sign(scaled) * np.log1p(np.abs(scaled))).sum()

        def cost(power):
            variance = np.var(yeo_johnson(scaled, power)[0])
            return len(y) / 2 * np.log(max(variance, 1e-300)) - (power - 1) * jacobian

        return float(minimize_scalar(cost, bounds=LAMBDA, method="bounded").x)

    def inverse(self, z: Array) -> Array:
        """Return what is warped to z; beyond the image of the warp, the farthest value."""
        z = np.asarray(z, float)
        sign = np.where(z < 0, -1.0, 1.0)
        exponent = np.where(z < 0, 2 - self.power, self.power)
        safe = np.where(np.abs(exponent) < 1e-12, 1.0, exponent)
        with np.errstate(divide="ignore"):
            inside = np.log1p(np.maximum(exponent * np.abs(z), -1))
        log = np.where(np.abs(exponent) < 1e-12, np.abs(z), inside / safe)
        scaled = sign * np.expm1(np.minimum(log, np.log(FARTHEST)))
        return self.center + self.scale * scaled
