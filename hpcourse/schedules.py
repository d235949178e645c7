"""Learning-rate schedules: the rate as a function of time.

A schedule is a small frozen object that you call with a time and that returns a rate.

>>> from hpcourse.schedules import Cosine
>>> schedule = Cosine(learning_rate=0.1, duration=10, counts="epochs")
>>> schedule(0), round(schedule(5), 6), schedule(10)
(0.1, 0.05, 0.0)

Time is counted in one of two units, and ``counts`` says which: ``"updates"`` (the default;
one for each batch, which is what Keras calls a step) or ``"epochs"``. Nothing converts
silently, because a schedule in the wrong unit is wrong by a factor of hundreds:

- ``schedule.per_epoch(391)`` makes a schedule of epochs one of updates, at 391 updates an
  epoch, and ``schedule.in_epochs(391)`` does the reverse;
- ``schedule.to_keras()``, for the ``learning_rate`` of a Keras optimizer, accepts only
  updates, since optimizers count updates;
- ``keras.callbacks.LearningRateScheduler(schedule)`` accepts only epochs, since the
  callback counts epochs.

>>> schedule.per_epoch(391)
Cosine(learning_rate=0.1, counts='updates', duration=3910, final_learning_rate=0.0)

Notation: t is the time, from 0 at the first update; η(t) the rate; η₀ the start and η₁ the
end, T the duration. A schedule that ends keeps its last rate.

``to_keras()`` returns Keras's own class where there is one, and a model saved with it loads
anywhere. For :class:`OneCycle`, and for :class:`WarmUp` of anything but :class:`Cosine`,
import this module before ``keras.saving.load_model``.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hpcourse import _register_with_keras  # noqa: F401 - so that saved models load

if TYPE_CHECKING:
    from keras.optimizers.schedules import LearningRateSchedule

__all__ = [
    "Cosine",
    "Exponential",
    "OneCycle",
    "Polynomial",
    "Schedule",
    "Step",
    "TimeBased",
    "WarmRestarts",
    "WarmUp",
]

Array = NDArray[np.float64]


def _number(name: str, given: object, accepted: str, fits: Callable[[float], bool]) -> float:
    """Return ``given`` as a plain number, or raise the error that says what is accepted."""
    number = given.item() if isinstance(given, np.generic) else given
    plain = isinstance(number, int | float) and not isinstance(number, bool)
    if not (plain and math.isfinite(number) and fits(number)):
        raise ValueError(f"{name} is {accepted}, got {given!r}")
    return number


def _half_wave(share: Array) -> Array:
    """Fall from 1 to 0 along half a cosine wave while ``share`` goes from 0 to 1."""
    return (1 + np.cos(np.pi * np.clip(share, 0, 1))) / 2


class Schedule(ABC):
    """What all schedules have in common; write your own by adding ``_rate`` to a dataclass.

    Attributes
    ----------
    counts : {"updates", "epochs"}
        What the time of this schedule counts.
    """

    counts: str

    @abstractmethod
    def _rate(self, t: Array) -> Array:
        """Rate at the times t, all of them 0 or more."""

    @abstractmethod
    def _stretched(self, scale: Callable[[float], float], counts: str) -> Self:
        """Return this schedule with every time t replaced by scale(t)."""

    def _keras(self, schedules) -> LearningRateSchedule:
        """Return the equal of this schedule, given Keras's module of schedules."""
        raise NotImplementedError(f"{type(self).__name__} has no counterpart in Keras")

    def _check(self, name: str, accepted: str, fits: Callable[[float], bool]) -> None:
        object.__setattr__(self, name, _number(name, getattr(self, name), accepted, fits))

    def __call__(self, step: ArrayLike, learning_rate: float | None = None) -> float | Array:
        """Return the rate at a time: a float for a number, an array for an array.

        Parameters
        ----------
        step : number or array
            Updates or epochs done, as ``counts`` says; 0 or more, fractions too.
        learning_rate : float, optional
            The current rate, which Keras's ``LearningRateScheduler`` passes with the
            epoch. It is not used.

        Raises
        ------
        ValueError
            For a negative, infinite or NaN step; for a schedule of updates that a
            ``LearningRateScheduler`` calls with an epoch.
        """
        if learning_rate is not None and self.counts != "epochs":
            raise ValueError(
                "LearningRateScheduler counts epochs, this schedule counts updates: make it "
                "with counts='epochs', or give .to_keras() to the optimizer"
            )
        t = np.asarray(step, dtype=float)
        if not np.all((t >= 0) & (t < np.inf)):
            raise ValueError(f"step is a number from 0, or an array of them, got {step!r}")
        rate = self._rate(t)
        return float(rate) if np.ndim(rate) == 0 else rate

    def per_epoch(self, steps_per_epoch: int) -> Self:
        """Return the schedule of updates that equals this schedule of epochs.

        Parameters
        ----------
        steps_per_epoch : int
            Updates in an epoch: the number of samples divided by the batch size, rounded
            up.

        >>> Step(0.1, [30, 60], counts="epochs").per_epoch(100).boundaries
        (3000, 6000)
        """
        return self._converted(steps_per_epoch, "epochs", "updates", lambda n: lambda t: t * n)

    def in_epochs(self, steps_per_epoch: int) -> Self:
        """Return the schedule of epochs that equals this schedule of updates.

        >>> Exponential(0.1, decay=0.001).in_epochs(100)
        Exponential(learning_rate=0.1, counts='epochs', decay=0.1)
        """
        return self._converted(steps_per_epoch, "updates", "epochs", lambda n: lambda t: t / n)

    def _converted(self, steps_per_epoch, before, after, make) -> Self:
        accepted = "a whole number of updates from 1"
        n = _number("steps_per_epoch", steps_per_epoch, accepted, lambda n: n >= 1 and n == int(n))
        if self.counts != before:
            raise ValueError(f"counts is {before!r} in what this converts, got {self!r}")
        return self._stretched(make(n), after)

    def to_keras(self) -> LearningRateSchedule:
        """Return an equal Keras schedule, for the ``learning_rate`` of an optimizer.

        Keras computes in single precision; the two agree to a millionth of the rate over
        ten thousand updates (:class:`Polynomial` and :class:`WarmRestarts` name the
        exceptions).

        Raises
        ------
        ValueError
            For a schedule of epochs: convert it with :meth:`per_epoch` first.
        """
        if self.counts != "updates":
            raise ValueError(
                "Keras's schedules count updates, this one counts epochs: convert it with "
                ".per_epoch(steps_per_epoch) first"
            )
        return self._keras(import_module("keras.optimizers.schedules"))


@dataclass(frozen=True)
class _Counted(Schedule):
    """A schedule with a rate and a unit of time of its own."""

    learning_rate: float
    counts: str = field(default="updates", kw_only=True)
    # Names of the fields that are times, and of those that are shares per unit of time.
    _times: ClassVar[Sequence[str]] = ()
    _per_time: ClassVar[Sequence[str]] = ()

    def __post_init__(self):
        self._check("learning_rate", "a number above 0", lambda rate: rate > 0)
        if self.counts not in ("updates", "epochs"):
            raise ValueError(f"counts is 'updates' or 'epochs', got {self.counts!r}")
        for name in self._per_time:
            self._check(name, f"0 or more (a share in one of the {self.counts})", lambda k: k >= 0)
        for name in self._times:
            self._check(name, f"a number of {self.counts} above 0", lambda t: t > 0)
        if "final_learning_rate" in self.__dataclass_fields__:
            self._check(
                "final_learning_rate",
                f"from 0 to learning_rate ({self.learning_rate!r})",
                lambda rate: 0 <= rate <= self.learning_rate,
            )

    def _stretched(self, scale, counts):
        times = {name: scale(getattr(self, name)) for name in self._times}
        shares = {name: getattr(self, name) / scale(1) for name in self._per_time}
        return replace(self, counts=counts, **times, **shares)


@dataclass(frozen=True)
class TimeBased(_Counted):
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
class Exponential(_Counted):
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
class Step(_Counted):
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
        accepted = f"at least one number of {self.counts} above 0, in ascending order"
        given = self.boundaries
        try:
            each = tuple(_number("boundaries", b, accepted, lambda b: b > 0) for b in given)
        except (TypeError, ValueError):
            each = ()
        if not each or any(b <= a for a, b in pairwise(each)):
            raise ValueError(f"boundaries are {accepted}, got {given!r}")
        object.__setattr__(self, "boundaries", each)
        self._check("factor", "a number above 0 and at most 1", lambda f: 0 < f <= 1)

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
class Polynomial(_Counted):
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
        self._check("power", "a number above 0", lambda power: power > 0)

    def _rate(self, t):
        left = 1 - np.minimum(t / self.duration, 1)
        fall = self.learning_rate - self.final_learning_rate
        return self.final_learning_rate + fall * left**self.power

    def _keras(self, schedules):
        start, end = float(self.learning_rate), float(self.final_learning_rate)
        return schedules.PolynomialDecay(start, self.duration, end, float(self.power))


@dataclass(frozen=True)
class Cosine(_Counted):
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
        return self.final_learning_rate + fall * _half_wave(t / self.duration)

    def _keras(self, schedules, **warm_up):
        arguments = {
            "initial_learning_rate": float(self.learning_rate),
            "decay_steps": self.duration,
            "alpha": self.final_learning_rate / self.learning_rate,
        }
        return schedules.CosineDecay(**arguments | warm_up)


@dataclass(frozen=True)
class WarmRestarts(_Counted):
    """Cosine decay that starts anew, each time longer: SGDR [1]_.

    Cycle i = 0, 1, 2 ... lasts Tᵢ = first_cycle · t_mul ** i and starts at
    Sᵢ = T₀ + ... + Tᵢ₋₁ = first_cycle · (t_mul ** i - 1) / (t_mul - 1) (a geometric sum; for
    t_mul = 1 it is i · first_cycle). Within it

        η(t) = η₁ + (η₀ - η₁) · m_mul ** i · (1 + cos(π (t - Sᵢ) / Tᵢ)) / 2.

    At t = Sᵢ the rate is already that of the new cycle. The restarts go on for ever; stop at
    the end of a cycle, where the rate is lowest.

    Parameters
    ----------
    learning_rate : float
        η₀, above 0.
    first_cycle : float
        Length of the first cycle, above 0.
    final_learning_rate : float
        η₁, approached at the end of every cycle; from 0 to η₀.
    t_mul : int
        How many times longer each cycle is than the one before; 1 or more.
    m_mul : float
        How many times higher each cycle starts above η₁ than the one before; above 0, at
        most 1.
    counts : {"updates", "epochs"}

    Notes
    -----
    For ``t_mul=1`` Keras's single precision is off by up to 2e-7 of the rate for every cycle
    done: by 1e-6 after five, by 2e-5 after a hundred. For ``t_mul`` above 5 its restarts may
    come one update late.

    References
    ----------
    .. [1] I. Loshchilov and F. Hutter, "SGDR: stochastic gradient descent with warm
       restarts", ICLR 2017, equation 5 and section 3.

    Examples
    --------
    >>> WarmRestarts(0.1, first_cycle=10, t_mul=2)([0, 5, 10, 20, 30])
    array([0.1 , 0.05, 0.1 , 0.05, 0.1 ])
    """

    first_cycle: float
    final_learning_rate: float = 0.0
    t_mul: int = 2
    m_mul: float = 1.0
    _times = ("first_cycle",)

    def __post_init__(self):
        super().__post_init__()
        self._check("t_mul", "a whole number from 1", lambda m: m >= 1 and m == int(m))
        self._check("m_mul", "a number above 0 and at most 1", lambda m: 0 < m <= 1)

    def _rate(self, t):
        x, m = t / self.first_cycle, float(self.t_mul)
        if m == 1:
            cycle = np.floor(x)
            share = x - cycle
        else:

            def start(cycle):
                return (m**cycle - 1) / (m - 1)

            cycle = np.floor(np.log1p(x * (m - 1)) / np.log(m))
            # The logarithm rounds: step to the neighbor where it came out on the wrong side.
            cycle = cycle + (x >= start(cycle + 1)) - (x < start(cycle))
            share = (x - start(cycle)) / m**cycle
        fall = self.learning_rate - self.final_learning_rate
        return self.final_learning_rate + fall * self.m_mul**cycle * _half_wave(share)

    def _keras(self, schedules):
        start, alpha = float(self.learning_rate), self.final_learning_rate / self.learning_rate
        t_mul, m_mul = float(self.t_mul), float(self.m_mul)
        # In single precision t / first_cycle, which TensorFlow turns into a product, may fall
        # short of the whole number at which a cycle begins, and the restart come one update
        # late. A cycle shorter by the last bit prevents that.
        cycle, done = np.float32(self.first_cycle), np.arange(1, 1000, dtype=np.float32)
        if t_mul > 1 or np.any(cycle * done * (1 / cycle) < done):
            cycle = np.nextafter(cycle, np.float32(0))
        return schedules.CosineDecayRestarts(start, float(cycle), t_mul, m_mul, alpha)


@dataclass(frozen=True)
class OneCycle(_Counted):
    """One cycle: up to the highest rate, then down to almost nothing.

    Large rates regularize, but a network bears them only after a slow start [1]_ [2]_. With
    P = peak · T the time of the highest rate and h(s) = (1 + cos π s) / 2, which falls from
    1 to 0,

        η(t) = η₀ + (η_max - η₀) · (1 - h(t / P))              until P,
        η(t) = η₁ + (η_max - η₁) · h((t - P) / (T - P))        from P to T,

    where η₀ = η_max / div_factor and η₁ = η₀ / final_div_factor. Smith draws straight lines,
    up and down in equal time, and a third phase that goes below the start; the half waves
    that PyTorch and fastai use reach the same end without it.

    Parameters
    ----------
    learning_rate : float
        η_max, the highest rate, above 0.
    duration : float
        T, above 0.
    peak : float
        Where in the cycle the rate is highest, as a share of it between 0 and 1.
    div_factor, final_div_factor : float
        How many times lower the start is than the peak, and the end than the start; 1 or
        more.
    counts : {"updates", "epochs"}

    References
    ----------
    .. [1] L. N. Smith, "A disciplined approach to neural network hyper-parameters: part 1",
       arXiv:1803.09820, 2018, section 4.1.
    .. [2] L. N. Smith and N. Topin, "Super-convergence: very fast training of neural
       networks using large learning rates", SPIE 11006, 2019, section 3.

    Examples
    --------
    >>> OneCycle(0.5, duration=100)([0, 15, 30, 65, 100]).round(4)
    array([0.02, 0.26, 0.5 , 0.25, 0.  ])
    """

    duration: float
    peak: float = 0.3
    div_factor: float = 25.0
    final_div_factor: float = 1e4
    _times = ("duration",)

    def __post_init__(self):
        super().__post_init__()
        self._check("peak", "a share of the cycle, between 0 and 1", lambda p: 0 < p < 1)
        for name in ("div_factor", "final_div_factor"):
            self._check(name, "a number from 1", lambda factor: factor >= 1)

    @property
    def initial_learning_rate(self) -> float:
        """Rate at time 0, η₀."""
        return self.learning_rate / self.div_factor

    @property
    def final_learning_rate(self) -> float:
        """Rate at the end, η₁."""
        return self.initial_learning_rate / self.final_div_factor

    def _rate(self, t):
        top = self.peak * self.duration
        up = (self.initial_learning_rate, 1 - _half_wave(t / top))
        down = (self.final_learning_rate, _half_wave((t - top) / (self.duration - top)))
        low, share = (np.where(t < top, a, b) for a, b in zip(up, down, strict=True))
        return low + (self.learning_rate - low) * share

    def _keras(self, schedules):
        ours, top = import_module("hpcourse._keras_schedules"), self.peak * self.duration
        rates = self.initial_learning_rate, self.final_learning_rate
        return ours.OneCycle(float(self.learning_rate), self.duration, top, *rates)


@dataclass(frozen=True)
class WarmUp(Schedule):
    """A straight rise that leads to another schedule.

    η(t) = a + (η₀ - a) · t / W until W, where η₀ is the other schedule's first rate, and from
    then on the other schedule, moved by W. Right after initialization the weights change
    fastest, and a large rate does lasting damage; large batches, whose rate grows with the
    batch, need it most [1]_.

    Parameters
    ----------
    schedule : Schedule
        What follows; any but another warm-up. The warm-up counts what it counts.
    duration : float
        W, above 0 and at most the duration of ``schedule`` (if that has one).
    initial_learning_rate : float
        a, from 0 to η₀. With 0 the first update changes nothing.

    References
    ----------
    .. [1] P. Goyal et al., "Accurate, large minibatch SGD: training ImageNet in 1 hour",
       arXiv:1706.02677, 2017, section 2.2.

    Examples
    --------
    >>> schedule = WarmUp(Cosine(0.1, duration=10, counts="epochs"), duration=2)
    >>> schedule([0, 1, 2, 7, 12]), schedule.counts
    (array([0.  , 0.05, 0.1 , 0.05, 0.  ]), 'epochs')
    """

    schedule: Schedule
    duration: float
    initial_learning_rate: float = 0.0

    def __post_init__(self):
        if not isinstance(self.schedule, Schedule) or isinstance(self.schedule, WarmUp):
            raise ValueError(
                f"schedule is a schedule of this module other than WarmUp, got {self.schedule!r}"
            )
        self._check("duration", f"a number of {self.counts} above 0", lambda t: t > 0)
        longest = getattr(self.schedule, "duration", math.inf)
        if self.duration > longest:
            raise ValueError(
                f"duration is at most that of the schedule that follows ({longest!r} "
                f"{self.counts}), got {self.duration!r}"
            )
        self._check(
            "initial_learning_rate",
            f"from 0 to the first rate of the schedule ({self.learning_rate!r})",
            lambda rate: 0 <= rate <= self.learning_rate,
        )

    @property
    def counts(self) -> str:
        """What the schedule counts, and so the warm-up: "updates" or "epochs"."""
        return self.schedule.counts

    @property
    def learning_rate(self) -> float:
        """Rate that the warm-up leads to."""
        return self.schedule(0)

    def _rate(self, t):
        rise = (self.learning_rate - self.initial_learning_rate) * t / self.duration
        after = self.schedule(np.maximum(t - self.duration, 0))
        return np.where(t < self.duration, self.initial_learning_rate + rise, after)

    def _stretched(self, scale, counts):
        longer = self.schedule._stretched(scale, counts)
        return replace(self, schedule=longer, duration=scale(self.duration))

    def _keras(self, schedules):
        start, target = float(self.initial_learning_rate), float(self.learning_rate)
        if isinstance(self.schedule, Cosine):
            names = ("initial_learning_rate", "warmup_target", "warmup_steps")
            warm_up = zip(names, (start, target, self.duration), strict=True)
            return self.schedule._keras(schedules, **dict(warm_up))
        schedule, delay = self.schedule, self.duration
        if isinstance(schedule, Step):
            # Its counterpart knows whole updates only, and the warm-up may end between two.
            schedule = schedule._stretched(lambda t: t + self.duration, "updates")
            delay = 0
        ours = import_module("hpcourse._keras_schedules")
        return ours.WarmUp(schedule._keras(schedules), self.duration, start, target, delay)
