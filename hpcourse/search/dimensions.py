"""One hyperparameter: its range, its scale, its values."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from numbers import Integral, Real
from typing import Any

import numpy as np

from hpcourse.arguments import is_number

When = Mapping[str, object] | None


class _Shown:
    """Write a hyperparameter as it is made: without what is at its default."""

    def __repr__(self) -> str:
        parts = []
        for given in fields(self):
            value = getattr(self, given.name)
            if given.default is MISSING:
                parts.append(repr(list(value) if isinstance(value, tuple) else value))
            elif value != given.default:
                parts.append(f"{given.name}={value!r}")
        return f"{type(self).__name__}({', '.join(parts)})"


@dataclass(frozen=True, repr=False)
class Float(_Shown):
    """A real number in [low, high].

    Parameters
    ----------
    low, high : float
        low < high; with ``log``, 0 < low.
    log : bool
        Uniform on a log scale: each factor of ten is as likely as the next.
    step : float, optional
        Only low, low + step, ..., high, equally likely; not together with ``log``.
    when : mapping, optional
        The hyperparameter exists only where others have these values: a name to a value or
        to a list of values, all of which must hold.

    Examples
    --------
    >>> Float(1e-4, 1, log=True).from_unit(0.5)
    0.01
    >>> Float(0, 0.5, step=0.25).values()
    [0.0, 0.25, 0.5]
    """

    low: float
    high: float
    log: bool = False
    step: float | None = None
    when: When = field(default=None, kw_only=True)

    def __post_init__(self):
        _check_range(self, Real)
        if self.step is not None:
            n = (self.high - self.low) / self.step
            if abs(n - round(n)) > 1e-9 * max(1.0, n):
                raise ValueError(f"step divides the range from low to high, got {self}")

    def values(self, n: int | None = None) -> list[float]:
        """Return n values, equally far apart on the scale; with a step, all or n of them."""
        if self.step is not None:
            count = round((self.high - self.low) / self.step) + 1
            steps = _spread(count, n)
            return [self._clip(float(f"{self.low + k * self.step:.12g}")) for k in steps]
        if n is None:
            raise ValueError(
                f"a grid over a continuous range needs n, the number of values: {self}"
            )
        return [self.from_unit(u) for u in (np.linspace(0, 1, n) if n > 1 else [0.5])]

    def from_unit(self, u: float) -> float:
        """Return the value at u in [0, 1]."""
        if self.step is not None:
            return _pick(self.values(), u)
        if self.log:
            value = math.exp(math.log(self.low) + u * math.log(self.high / self.low))
            return self._clip(float(f"{value:.15g}"))
        return self._clip(self.low + u * (self.high - self.low))

    def to_unit(self, value: float) -> float:
        """Return where a value lies in [0, 1]."""
        if self.step is not None:
            return _center(round((value - self.low) / self.step), len(self.values()))
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def contains(self, value: object) -> bool:
        """Whether a value is one that this hyperparameter can take."""
        if not is_number(value) or not self.low <= value <= self.high:
            return False
        return self.step is None or any(
            math.isclose(value, v, abs_tol=1e-12) for v in self.values()
        )

    def _clip(self, value: float) -> float:
        return float(min(max(value, self.low), self.high))


@dataclass(frozen=True, repr=False)
class Int(_Shown):
    """A whole number from low to high, both included.

    Parameters
    ----------
    low, high : int
        low < high; with ``log``, 1 <= low.
    log : bool
        Uniform on a log scale: from 16 to 32 is as likely as from 128 to 256.
    step : int
        Only low, low + step, ..., high; with ``log`` it must be 1.
    when : mapping, optional
        As for :class:`Float`.

    Examples
    --------
    >>> Int(16, 256, log=True).values(5)
    [16, 32, 64, 128, 256]
    >>> Int(1, 9, step=4).values()
    [1, 5, 9]
    """

    low: int
    high: int
    log: bool = False
    step: int = 1
    when: When = field(default=None, kw_only=True)

    def __post_init__(self):
        _check_range(self, Integral)
        if (self.high - self.low) % self.step:
            raise ValueError(f"step divides the range from low to high, got {self}")

    def values(self, n: int | None = None) -> list[int]:
        """Return all values, or n of them spread over the scale (fewer if they coincide)."""
        if n is not None and self.log and n > 1:
            spread = np.geomspace(self.low, self.high, n).round().astype(int)
            return np.unique(spread).tolist()
        count = (self.high - self.low) // self.step + 1
        return [int(self.low + k * self.step) for k in _spread(count, n)]

    def _logs(self) -> tuple[float, float]:
        return math.log(self.low - 0.5), math.log(self.high + 0.5)

    def from_unit(self, u: float) -> int:
        """Return the value at u in [0, 1]."""
        if self.log:
            low, high = self._logs()
            return min(max(round(math.exp(low + u * (high - low))), self.low), self.high)
        count = (self.high - self.low) // self.step + 1
        return int(self.low + self.step * min(int(u * count), count - 1))

    def to_unit(self, value: int) -> float:
        """Return where a value lies in [0, 1]: the middle of its share."""
        if self.log:
            low, high = self._logs()
            return (math.log(value) - low) / (high - low)
        count = (self.high - self.low) // self.step + 1
        return _center((value - self.low) // self.step, count)

    def contains(self, value: object) -> bool:
        """Whether a value is one that this hyperparameter can take."""
        whole = is_number(value, Integral) and self.low <= value <= self.high
        return bool(whole and (value - self.low) % self.step == 0)


@dataclass(frozen=True, repr=False)
class Choice(_Shown):
    """One of several values, equally likely.

    Parameters
    ----------
    options : sequence
        At least one; what JSON can hold (numbers, strings, True, False, None, lists of these),
        no two alike. Tuples are welcome: they are written as lists and read back as tuples.
    ordered : bool
        They stand in an order in which neighbors are alike, as batch sizes do: searches then
        treat them as they treat whole numbers.
    when : mapping, optional
        As for :class:`Float`.

    Examples
    --------
    >>> Choice(["relu", "tanh", None]).from_unit(0.5)
    'tanh'
    """

    options: Sequence[Any]
    ordered: bool = False
    when: When = field(default=None, kw_only=True)

    def __post_init__(self):
        if isinstance(self.options, str | bytes) or not isinstance(self.options, Sequence):
            raise ValueError(f"options is a list of values, got {self.options!r}")
        if not len(self.options):
            raise ValueError("options has at least one value, got none")
        object.__setattr__(self, "options", tuple(self.options))
        try:
            written = [json.dumps(option, allow_nan=False) for option in self.options]
        except (TypeError, ValueError) as error:
            raise ValueError(f"options are values that JSON can hold: {error}") from None
        if len(set(written)) < len(written):
            raise ValueError(f"options differ from one another, got {self.options!r}")
        object.__setattr__(self, "_written", written)

    def values(self, n: int | None = None) -> list:
        """Return all options, or n of ordered ones; a grid leaves out none of the others."""
        if self.ordered:
            return [self.options[k] for k in _spread(len(self.options), n)]
        return list(self.options)

    def from_unit(self, u: float) -> Any:
        """Return the option at u in [0, 1]."""
        return _pick(self.options, u)

    def to_unit(self, value: Any) -> float:
        """Return where an option lies in [0, 1]: the middle of its share."""
        return _center(self._index(value), len(self.options))

    def contains(self, value: object) -> bool:
        """Whether a value is one of the options."""
        return self._index(value) is not None

    def _index(self, value):
        value = value.item() if isinstance(value, np.generic) else value
        try:
            written = json.dumps(value)
        except (TypeError, ValueError):
            return None
        return self._written.index(written) if written in self._written else None


def _check_range(given: Float | Int, kind: type) -> None:
    kinds = {Real: "finite numbers", Integral: "whole numbers"}
    if not (is_number(given.low, kind) and is_number(given.high, kind)):
        raise ValueError(f"low and high are {kinds[kind]}, got {given}")
    if not given.low < given.high:
        raise ValueError(f"low is below high, got {given}")
    if given.log and given.low <= 0:
        raise ValueError(f"on a log scale low is above 0, got {given}")
    if given.step is not None and not (is_number(given.step, kind) and given.step > 0):
        raise ValueError(f"step is a positive number, got {given}")
    if given.log and given.step not in (None, 1):
        raise ValueError(f"step and log do not go together, got {given}")


def _spread(count: int, n: int | None) -> list[int]:
    """Return n of the numbers 0 ... count - 1, as evenly as they come."""
    if n is None or n >= count:
        return list(range(count))
    return sorted({round(k) for k in np.linspace(0, count - 1, n)}) if n > 1 else [(count - 1) // 2]


def _pick(values: Sequence, u: float):
    return values[min(int(u * len(values)), len(values) - 1)]


def _center(index: int, count: int) -> float:
    return (index + 0.5) / count
