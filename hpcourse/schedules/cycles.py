"""Schedules that rise too: restarts, one cycle, warm-up."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from importlib import import_module

import numpy as np

from hpcourse.arguments import whole
from hpcourse.schedules.base import Counted, Schedule
from hpcourse.schedules.decays import Cosine, Step, half_wave


@dataclass(frozen=True)
class WarmRestarts(Counted):
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
        What the times count.

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
        object.__setattr__(self, "t_mul", whole("t_mul", self.t_mul, 1))
        self._check("m_mul", above=0, high=1)

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
        return self.final_learning_rate + fall * self.m_mul**cycle * half_wave(share)

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
class OneCycle(Counted):
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
        What the times count.

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
        self._check("peak", above=0, below=1)
        for name in ("div_factor", "final_div_factor"):
            self._check(name, 1)

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
        up = (self.initial_learning_rate, 1 - half_wave(t / top))
        down = (self.final_learning_rate, half_wave((t - top) / (self.duration - top)))
        low, share = (np.where(t < top, a, b) for a, b in zip(up, down, strict=True))
        return low + (self.learning_rate - low) * share

    def _keras(self, schedules):
        ours, top = import_module("hpcourse.schedules.keras_classes"), self.peak * self.duration
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
        self._check("duration", above=0)
        longest = getattr(self.schedule, "duration", math.inf)
        if self.duration > longest:
            raise ValueError(
                f"duration is at most that of the schedule that follows ({longest!r} "
                f"{self.counts}), got {self.duration!r}"
            )
        self._check("initial_learning_rate", 0, self.learning_rate)

    @property
    def counts(self) -> str:  # type: ignore[override]
        """What the schedule counts, and so the warm-up: "updates" or "epochs"."""
        return self.schedule.counts

    @property
    def learning_rate(self) -> float:
        """Rate that the warm-up leads to."""
        return float(self.schedule(0))

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
        ours = import_module("hpcourse.schedules.keras_classes")
        return ours.WarmUp(schedule._keras(schedules), self.duration, start, target, delay)
