"""What all schedules have in common: time, its two units, the way to Keras."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hpcourse.arguments import one_of, real, takes, whole

if TYPE_CHECKING:
    from keras.optimizers.schedules import LearningRateSchedule


Array = NDArray[np.float64]


class Schedule(ABC):
    """What all schedules have in common; write your own by adding ``_rate`` to a dataclass.

    Attributes
    ----------
    counts : {"updates", "epochs"}
        What the time of this schedule counts; "updates" where a class says nothing else.
    """

    counts: str = "updates"

    @abstractmethod
    def _rate(self, t: Array) -> Array:
        """Rate at the times t, all of them 0 or more."""

    @abstractmethod
    def _stretched(self, scale: Callable[[float], float], counts: str) -> Self:
        """Return this schedule with every time t replaced by scale(t)."""

    def _keras(self, schedules) -> LearningRateSchedule:
        """Return the equal of this schedule, given Keras's module of schedules."""
        raise NotImplementedError(f"{type(self).__name__} has no counterpart in Keras")

    def _check(self, name: str, *bounds: float, **limits: Any) -> None:
        """Require a field to be a number in a range, as :func:`hpcourse.arguments.real` does."""
        object.__setattr__(self, name, real(name, getattr(self, name), *bounds, **limits))

    def __call__(
        self, step: ArrayLike | None = None, learning_rate: float | None = None
    ) -> float | Array:
        """Return the rate at a time: a float for a number, an array for an array.

        Parameters
        ----------
        step : number or array
            Updates or epochs done, as ``counts`` says; 0 or more, fractions too. Only a Keras
            optimizer that was given this schedule as it is calls it without one.
        learning_rate : float, optional
            The current rate, which Keras's ``LearningRateScheduler`` passes with the
            epoch. It is not used.

        Raises
        ------
        ValueError
            For no step, as a Keras optimizer asks: it needs :meth:`to_keras`; for a negative,
            infinite or NaN step; for a schedule of updates that a ``LearningRateScheduler``
            calls with an epoch.
        """
        if learning_rate is not None and self.counts != "epochs":
            raise ValueError(
                "LearningRateScheduler counts epochs, this schedule counts updates: make it "
                "with counts='epochs', convert it with .to_epochs(steps_per_epoch), or give "
                ".to_keras() to the optimizer"
            )
        if step is None:
            way = ".to_updates(steps_per_epoch)" if self.counts == "epochs" else ""
            raise ValueError(
                "step is a number from 0, or an array of them, got None; a Keras optimizer, which "
                f"calls its learning_rate without a step, takes {way}.to_keras() of a schedule"
            )
        rate = self._rate(_times(step))
        return float(rate) if np.ndim(rate) == 0 else rate

    def to_updates(self, steps_per_epoch: int) -> Self:
        """Return the schedule of updates that equals this schedule of epochs.

        Parameters
        ----------
        steps_per_epoch : int
            Updates in an epoch: the number of samples divided by the batch size, rounded
            up.

        Examples
        --------
        >>> from hpcourse.schedules import Step
        >>> Step(0.1, [30, 60], counts="epochs").to_updates(100).boundaries
        (3000, 6000)
        """
        return self._converted(steps_per_epoch, "epochs", "updates", lambda n: lambda t: t * n)

    def to_epochs(self, steps_per_epoch: int) -> Self:
        """Return the schedule of epochs that equals this schedule of updates.

        >>> from hpcourse.schedules import Exponential
        >>> Exponential(0.1, decay=0.001).to_epochs(100)
        Exponential(learning_rate=0.1, counts='epochs', decay=0.1)
        """
        return self._converted(steps_per_epoch, "updates", "epochs", lambda n: lambda t: t / n)

    def _converted(self, steps_per_epoch, before, after, make) -> Self:
        n = whole("steps_per_epoch", steps_per_epoch, 1)
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
            For a schedule of epochs: convert it with :meth:`to_updates` first.
        """
        if self.counts != "updates":
            raise ValueError(
                "Keras's schedules count updates, this one counts epochs: convert it with "
                ".to_updates(steps_per_epoch) first"
            )
        return self._keras(import_module("keras.optimizers.schedules"))


@dataclass(frozen=True)
class Counted(Schedule):
    """A schedule with a rate and a unit of time of its own."""

    learning_rate: float
    counts: str = field(default="updates", kw_only=True)
    # Names of the fields that are times, and of those that are shares per unit of time.
    _times: ClassVar[Sequence[str]] = ()
    _per_time: ClassVar[Sequence[str]] = ()

    def __post_init__(self):
        self._check("learning_rate", above=0)
        counts = str(one_of("counts", self.counts, ("updates", "epochs")))
        object.__setattr__(self, "counts", counts)
        for name in self._per_time:
            self._check(name, 0)
        for name in self._times:
            self._check(name, above=0)
        if "final_learning_rate" in self.__dataclass_fields__:
            self._check("final_learning_rate", 0, self.learning_rate)

    def _stretched(self, scale, counts):
        times = {name: scale(getattr(self, name)) for name in self._times}
        shares = {name: getattr(self, name) / scale(1) for name in self._per_time}
        return replace(self, counts=counts, **times, **shares)


def _times(step: ArrayLike) -> Array:
    """Return the times as an array of floats, or say what they are."""
    try:
        given = np.asarray(step)
        t = given.astype(float) if given.dtype.kind in "iufO" else np.array(np.nan)
    except (TypeError, ValueError):  # lists of other lengths in a list, objects
        t = np.array(np.nan)
    if not np.all((t >= 0) & (t < np.inf)):
        raise ValueError(f"step is a number from 0, or an array of them, got {step!r}")
    return t


def counting(counts: str, name: str, given: Any) -> Callable:
    """Return a function of the time that is wanted, or say how a schedule becomes one.

    Parameters
    ----------
    counts : {"updates", "epochs"}
        What its time must count.
    name : str
        Of the argument.
    given : Schedule, or a function of one number
        A function that is no :class:`Schedule` does not tell what it counts.

    Raises
    ------
    ValueError
        For a schedule that counts the other unit; a class; what takes no single argument.

    Examples
    --------
    >>> from hpcourse.schedules import Cosine
    >>> counting("updates", "learning_rate", Cosine(0.1, 10, counts="epochs"))
    Traceback (most recent call last):
    ...
    ValueError: learning_rate counts updates, got one that counts epochs: \
Cosine(learning_rate=0.1, counts='epochs', duration=10, final_learning_rate=0.0); \
convert it with .to_updates(steps_per_epoch)
    """
    if isinstance(given, Schedule) and given.counts != counts:
        raise ValueError(
            f"{name} counts {counts}, got one that counts {given.counts}: {given!r}; "
            f"convert it with .to_{counts}(steps_per_epoch)"
        )
    if takes(given, 0) and not isinstance(given, type):
        return given
    raise ValueError(f"{name} is a function of the {counts} done, got {given!r}")
