"""Schedules that only fall."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from hpcourse.arguments import real
from hpcourse.schedules.base import Array, Counted


@dataclass(frozen=True)
class TimeBased(Counted):
    """Time-based decay, η(t) = η₀ / (1 + decay · t).

    The inverse of the rate grows by the same amount, decay / η₀, in every unit of time, so
    the rate halves by t = 1 / decay and then ever more slowly: the sum of all rates is
    infinite and the sum of their squares is not, the two conditions under which stochastic
    approximation converges [1]_. Keras 2 had it built into its optimizers as ``decay``,
    counted in updates.

    Parameters
    ----------
    learning_rate : float
        η₀, above 0.
    decay : float
        Per unit of time, 0 or more.
    counts : {"updates", "epochs"}
        What the times count.

    References
    ----------
    .. [1] H. Robbins and S. Monro, "A stochastic approximation method", Annals of
       Mathematical Statistics 22, 1951, condition (6) and following.

    Examples
    --------
    >>> TimeBased(0.1, decay=0.01)([0, 100, 300])
    array([0.1  , 0.05 , 0.025])
    """

    decay: float
    _per_time = ("decay",)

    def _rate(self, t):
        return self.learning_rate / (1 + self.decay * t)

    def _keras(self, schedules):
        return schedules.InverseTimeDecay(float(self.learning_rate), 1.0, float(self.decay))


@dataclass(frozen=True)
class Exponential(Counted):
    """Exponential decay, η(t) = η₀ · exp(-decay · t).

    The rate loses the same share of itself in every unit of time: dη/dt = -decay · η, whose
    solution is the formula. It halves every ln 2 / decay [1]_.

    Parameters
    ----------
    learning_rate : float
        η₀, above 0.
    decay : float
        k, per unit of time, 0 or more.
    counts : {"updates", "epochs"}
        What the times count.

    References
    ----------
    .. [1] A. Senior et al., "An empirical study of learning rates in deep neural networks
       for speech recognition", ICASSP 2013, "exponential scheduling".

    Examples
    --------
    >>> Exponential(0.1, decay=np.log(2) / 10, counts="epochs")([0, 10, 20])
    array([0.1  , 0.05 , 0.025])
    """

    decay: float
    _per_time = ("decay",)

    def _rate(self, t):
        return self.learning_rate * np.exp(-self.decay * t)

    def _keras(self, schedules):
        # Time constant 1 / decay and rate 1 / e, rather than rate exp(-decay) and constant 1:
        # in single precision exp(-0.001) to the power 1,000 is wrong in the fifth digit.
        steps, rate = (1 / self.decay, math.exp(-1)) if self.decay else (1.0, 1.0)
        return schedules.ExponentialDecay(float(self.learning_rate), steps, rate)


@dataclass(frozen=True)
class Step(Counted):
    """Step decay, η(t) = η₀ · factor ** (number of boundaries reached by t).

    The rate is kept until progress stops and is then divided, by 10 in the residual networks
    that made it common [1]_. It changes at the boundary: with ``boundaries=[30]`` the times
    0 to 29 have the first rate. (Keras's class changes one update later; :meth:`to_keras`
    allows for that.)

    Parameters
    ----------
    learning_rate : float
        η₀, above 0.
    boundaries : sequence of float
        Times above 0, ascending, at least one.
    factor : float
        Above 0 and at most 1.
    counts : {"updates", "epochs"}
        What the times count.

    References
    ----------
    .. [1] K. He et al., "Deep residual learning for image recognition", CVPR 2016,
       section 3.4.

    Examples
    --------
    >>> Step(1.0, boundaries=[30, 60], factor=0.1, counts="epochs")([0, 29, 30, 60])
    array([1.  , 1.  , 0.1 , 0.01])
    """

    boundaries: Sequence[float]
    factor: float = 0.1

    def __post_init__(self):
        super().__post_init__()
        given = self.boundaries
        try:
            each = tuple(real("boundaries", b, above=0) for b in given)
        except (TypeError, ValueError):
            each = ()
        if not each or any(b <= a for a, b in pairwise(each)):
            accepted = f"at least one number of {self.counts} above 0, in ascending order"
            raise ValueError(f"boundaries are {accepted}, got {given!r}")
        object.__setattr__(self, "boundaries", each)
        self._check("factor", above=0, high=1)

    def _rate(self, t):
        return self._values()[np.searchsorted(self.boundaries, t, side="right")]

    def _values(self):
        return self.learning_rate * self.factor ** np.arange(len(self.boundaries) + 1.0)

    def _stretched(self, scale, counts):
        return replace(self, counts=counts, boundaries=tuple(map(scale, self.boundaries)))

    def _keras(self, schedules):
        last = [math.ceil(b) - 1 for b in self.boundaries]  # the last update at the old rate
        return schedules.PiecewiseConstantDecay(last, self._values().tolist())


@dataclass(frozen=True)
class Polynomial(Counted):
    """Polynomial decay, η(t) = η₁ + (η₀ - η₁) · (1 - t / T) ** power until T, then η₁.

    The share of the time that is left, raised to a power: 1 is a straight line, 0.9 the
    "poly" policy of segmentation networks [1]_, larger powers fall early and end flat.

    Parameters
    ----------
    learning_rate : float
        η₀, above 0.
    duration : float
        T, above 0.
    final_learning_rate : float
        η₁, from 0 to η₀.
    power : float
        Above 0. For powers below 1 Keras's single precision is off by up to 1e-5 of the rate
        just before the end, where the curve is steep.
    counts : {"updates", "epochs"}
        What the times count.

    References
    ----------
    .. [1] L.-C. Chen et al., "DeepLab: semantic image segmentation with deep convolutional
       nets, atrous convolution, and fully connected CRFs", IEEE TPAMI 40, 2018, equation 4.

    Examples
    --------
    >>> Polynomial(0.1, duration=10, power=2)([0, 5, 10, 11])
    array([0.1  , 0.025, 0.   , 0.   ])
    """

    duration: float
    final_learning_rate: float = 0.0
    power: float = 1.0
    _times = ("duration",)

    def __post_init__(self):
        super().__post_init__()
        self._check("power", above=0)

    def _rate(self, t):
        left = 1 - np.minimum(t / self.duration, 1)
        fall = self.learning_rate - self.final_learning_rate
        return self.final_learning_rate + fall * left**self.power

    def _keras(self, schedules):
        start, end = float(self.learning_rate), float(self.final_learning_rate)
        return schedules.PolynomialDecay(start, self.duration, end, float(self.power))


def half_wave(share: Array) -> Array:
    """Fall from 1 to 0 along half a cosine wave while ``share`` goes from 0 to 1."""
    return (1 + np.cos(np.pi * np.clip(share, 0, 1))) / 2


@dataclass(frozen=True)
class Cosine(Counted):
    """Cosine decay, η(t) = η₁ + (η₀ - η₁) · (1 + cos(π t / T)) / 2 until T, then η₁.

    Half a cosine wave, moved and scaled to run from η₀ to η₁: flat at both ends, steepest in
    the middle. It is one cycle of SGDR [1]_ without a restart.

    Parameters
    ----------
    learning_rate : float
        η₀, above 0.
    duration : float
        T, above 0.
    final_learning_rate : float
        η₁, from 0 to η₀.
    counts : {"updates", "epochs"}
        What the times count.

    References
    ----------
    .. [1] I. Loshchilov and F. Hutter, "SGDR: stochastic gradient descent with warm
       restarts", ICLR 2017, equation 5.

    Examples
    --------
    >>> Cosine(0.1, duration=100, final_learning_rate=0.02)([0, 50, 100, 200])
    array([0.1 , 0.06, 0.02, 0.02])
    """

    duration: float
    final_learning_rate: float = 0.0
    _times = ("duration",)

    def _rate(self, t):
        fall = self.learning_rate - self.final_learning_rate
        return self.final_learning_rate + fall * half_wave(t / self.duration)

    def _keras(self, schedules, **warm_up):
        arguments = {
            "initial_learning_rate": float(self.learning_rate),
            "decay_steps": self.duration,
            "alpha": self.final_learning_rate / self.learning_rate,
        }
        return schedules.CosineDecay(**arguments | warm_up)
