"""One hyperparameter: its range, its scale, its values; the unit scale, of single values and many.

What the methods for many values return is, to the last bit, what those for one return.
"""

from __future__ import annotations

import json
import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from decimal import Decimal
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpcourse.arguments import flag, is_number, plain, whole

Array = NDArray[Any]
When = Mapping[str, object] | None


class Dimension(ABC):
    """What :class:`Float`, :class:`Int` and :class:`Choice` have in common.

    Attributes
    ----------
    when : mapping or None
        The condition on which it exists.
    """

    when: When

    def __repr__(self: Any) -> str:
        """Write it as it is made: without what is at its default."""
        parts = []
        for given in (part for part in fields(self) if part.init):
            value = getattr(self, given.name)
            if given.default is MISSING:
                parts.append(repr(list(value) if isinstance(value, tuple) else value))
            elif value != given.default:
                parts.append(f"{given.name}={value!r}")
        return f"{type(self).__name__}({', '.join(parts)})"

    @property
    @abstractmethod
    def n_values(self) -> float:
        """How many values there are; infinity for a continuous range."""

    @property
    def width(self) -> int:
        """Columns that :meth:`encode` gives."""
        return 1

    @property
    def is_continuous(self) -> bool:
        """Whether it takes any value of a range."""
        return False

    @abstractmethod
    def values(self, n: int | None = None) -> list:
        """Return all values, or n of them, from 1, spread over the scale."""

    @abstractmethod
    def from_unit(self, u: float) -> Any:
        """Return the value at u in [0, 1]."""

    @abstractmethod
    def to_unit(self, value: Any) -> float:
        """Return where a value lies in [0, 1]: the middle of its share."""

    @abstractmethod
    def own(self, value: Any) -> Any:
        """Return a value as this hyperparameter has it.

        So 32.0, as a row of a table has it, becomes the whole number 32, a number of NumPy's
        Python's, a value of a step the one without rounding errors; of an option, a copy.

        Raises
        ------
        ValueError
            For a value that it cannot take.
        """

    def contains(self, value: Any) -> bool:
        """Whether a value is one that this hyperparameter can take."""
        try:
            self.own(value)
        except ValueError:
            return False
        return True

    def from_units(self, u: Array) -> list:
        """Return the values at places of the unit scale, shape (n,)."""
        return [self.from_unit(x) for x in u.tolist()]

    def to_units(self, values: Sequence[Any]) -> Array:
        """Return where values lie on the unit scale, shape (n,)."""
        return np.array([self.to_unit(value) for value in values], dtype=float)

    def snap(self, u: Array) -> Array:
        """Return where the values at places of the unit scale lie: the middles of their shares."""
        return (self._index(u) + 0.5) / self.n_values

    def share(self, u: Array) -> tuple[Array, Array]:
        """Return the ends of the shares of the unit scale that belong to the values at u."""
        half = 0.5 / self.n_values
        return u - half, u + half

    def encode(self, u: Array) -> Array:
        """Return columns as a model sees values: from 0 to 1, shape (n, width).

        They are those of scikit-optimize's normalized space: a choice among more than two
        without an order has a column for each option. NaN, for what does not exist, becomes the
        middle.
        """
        absent = np.isnan(u)
        column = self._scaled(np.where(absent, 0.5, u))
        return np.where(absent, 0.5, column)[:, None]

    def _scaled(self, u: Array) -> Array:
        return self._index(u) / max(self.n_values - 1, 1)

    def _index(self, u: Array) -> NDArray[np.int_]:
        """Return which of the values lie there."""
        return np.minimum((u * self.n_values).astype(int), int(self.n_values) - 1)


@dataclass(frozen=True, repr=False)
class Float(Dimension):
    """A real number in [low, high].

    Parameters
    ----------
    low, high : float
        low <= high; with ``log``, 0 < low.
    log : bool
        Uniform on a log scale: each factor of ten is as likely as the next.
    step : float, optional
        Only low, low + step, ..., high, equally likely; not together with ``log``. Its multiples
        are those of decimal numbers: after 0.2 comes 0.3, not 0.30000000000000004.
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
        if math.isinf(self.high / self.low if self.log else self.high - self.low):
            raise ValueError(f"high {'over' if self.log else 'minus'} low is finite, got {self}")
        if self.step is None:
            return
        n = (self.high - self.low) / self.step
        if abs(n - round(n)) > 1e-9 * max(1.0, n):
            raise ValueError(f"step divides the range from low to high, got {self}")
        if (n and self._at(0) == self._at(1)) or self._at(round(n) - 1) == self._at(
            round(n)
        ) != self._at(0):
            raise ValueError(f"step tells neighboring values apart, got {self}")

    @property
    def is_continuous(self) -> bool:
        """Whether it takes any value of a range."""
        return self.step is None and self.low != self.high

    @property
    def n_values(self) -> float:
        """How many values there are; infinity without a step, 1 where low is high."""
        if self.low == self.high:
            return 1
        return math.inf if self.step is None else round((self.high - self.low) / self.step) + 1

    def values(self, n: int | None = None) -> list[float]:
        """Return n values, equally far apart on the scale; with a step, all or n of them."""
        n = whole("n", n, 1, optional=True)
        if not self.is_continuous:
            return [self._at(k) for k in _spread(int(self.n_values), n)]
        if n is None:
            raise ValueError(
                f"a grid over a continuous range needs n, the number of values, got None: {self}"
            )
        return [self.from_unit(u) for u in (np.linspace(0, 1, n) if n > 1 else [0.5])]

    def from_unit(self, u: float) -> float:
        """Return the value at u in [0, 1]."""
        if not self.is_continuous:
            return self._at(min(int(u * self.n_values), int(self.n_values) - 1))
        if self.log:
            value = math.exp(math.log(self.low) + u * math.log(self.high / self.low))
            return self._clip(float(f"{value:.15g}"))
        return self._clip(self.low + u * (self.high - self.low))

    def to_unit(self, value: float) -> float:
        """Return where a value lies in [0, 1]."""
        if not self.is_continuous:
            return (self._place(value) + 0.5) / self.n_values
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def own(self, value: Any) -> float:
        """Return a value as this hyperparameter has it, or raise a ValueError."""
        if is_number(value := plain(value)) and self.low <= value <= self.high:
            if self.is_continuous:
                return float(value)
            nearest = self._at(self._place(value))
            if abs(value - nearest) <= max(1e-9 * (self.step or 0), 4 * math.ulp(nearest)):
                return nearest
        raise ValueError(f"a value is in {self}, got {value!r}")

    def snap(self, u: Array) -> Array:
        """Return where the values at places of the unit scale lie."""
        if not self.is_continuous:
            return super().snap(u)
        if self.log:
            return np.array([self.to_unit(self.from_unit(x)) for x in u.tolist()])
        width = self.high - self.low
        return (np.clip(self.low + u * width, self.low, self.high) - self.low) / width

    def share(self, u: Array) -> tuple[Array, Array]:
        """Return the ends of the shares of the unit scale that belong to the values at u."""
        return (u, u) if self.is_continuous else super().share(u)

    def _scaled(self, u):
        return u if self.is_continuous else super()._scaled(u)

    def _place(self, value: float) -> int:
        """Return which of the values is the nearest."""
        return round((value - self.low) / self.step) if self.step else 0

    def _at(self, k: int) -> float:
        if k == 0 or self.step is None:
            return float(self.low)
        if k == self.n_values - 1:
            return float(self.high)
        return float(Decimal(repr(self.low)) + k * Decimal(repr(self.step)))

    def _clip(self, value: float) -> float:
        return float(min(max(value, self.low), self.high))


@dataclass(frozen=True, repr=False)
class Int(Dimension):
    """A whole number from low to high, both included.

    Parameters
    ----------
    low, high : int
        low <= high; with ``log``, 1 <= low.
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

    @property
    def n_values(self) -> int:
        """How many values there are."""
        return (self.high - self.low) // self.step + 1

    def values(self, n: int | None = None) -> list[int]:
        """Return all values, or n of them spread over the scale (fewer if they coincide)."""
        n = whole("n", n, 1, optional=True)
        if n is not None and self.log:
            low, high = (self.low, self.high) if n > 1 else (math.sqrt(self.low * self.high),) * 2
            return np.unique(np.geomspace(low, high, n).round().astype(int)).tolist()
        return [self.low + k * self.step for k in _spread(self.n_values, n)]

    def _ends(self) -> tuple[float, float]:
        """Return the logarithms at which the unit scale begins and ends."""
        return math.log(self.low - 0.5), math.log(self.high + 0.5)

    def from_unit(self, u: float) -> int:
        """Return the value at u in [0, 1]."""
        if self.log:
            low, high = self._ends()
            return min(max(round(math.exp(low + u * (high - low))), self.low), self.high)
        return int(self.low + self.step * min(int(u * self.n_values), self.n_values - 1))

    def to_unit(self, value: float) -> float:
        """Return where a value lies in [0, 1]: the middle of its share."""
        if self.log:
            low, high = self._ends()
            return (math.log(value) - low) / (high - low)
        return ((value - self.low) // self.step + 0.5) / self.n_values

    def own(self, value: Any) -> int:
        """Return a value as this hyperparameter has it, or raise a ValueError."""
        inside = is_number(value := plain(value)) and self.low <= value <= self.high
        if inside and (value - self.low) % self.step == 0:
            return int(value)
        raise ValueError(f"a value is in {self}, got {value!r}")

    def snap(self, u: Array) -> Array:
        """Return where the values at places of the unit scale lie."""
        return self.to_units(self.from_units(u)) if self.log else super().snap(u)

    def share(self, u: Array) -> tuple[Array, Array]:
        """Return the ends of the shares of the unit scale that belong to the values at u."""
        if not self.log:
            return super().share(u)
        values = np.array(self.from_units(u))
        return self.to_units((values - 0.5).tolist()), self.to_units((values + 0.5).tolist())

    def _scaled(self, u):
        if not self.log:
            return super()._scaled(u)
        low, high = self._ends()
        value = np.clip(np.round(np.exp(low + u * (high - low))), self.low, self.high)
        return np.log(value / self.low) / (np.log(self.high / self.low) or 1.0)


@dataclass(frozen=True, repr=False)
class Choice(Dimension):
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
    _own: tuple = field(init=False, compare=False)  # whatever users do to ``options``
    _places: dict[str, int] = field(init=False, compare=False)

    def __post_init__(self):
        if isinstance(self.options, str | bytes) or not isinstance(self.options, Sequence):
            raise ValueError(f"options is a list of values, got {self.options!r}")
        if not len(self.options):
            raise ValueError("options has at least one value, got none")
        _check_when(self)
        object.__setattr__(self, "ordered", flag("ordered", self.ordered))
        object.__setattr__(self, "options", plain(tuple(self.options)))
        try:
            written = [json.dumps(option, allow_nan=False) for option in self.options]
        except (TypeError, ValueError) as error:
            raise ValueError(f"options are values that JSON can hold: {error}") from None
        if len(set(written)) < len(written):
            raise ValueError(f"options differ from one another, got {self.options!r}")
        places = {text: place for place, text in enumerate(written)}
        object.__setattr__(self, "_places", places)
        object.__setattr__(self, "_own", plain(self.options))

    @property
    def n_values(self) -> int:
        """How many options there are."""
        return len(self._own)

    @property
    def log(self) -> bool:
        """Whether they are numbers in order that span a factor of ten, all above 0."""
        numbers = self.ordered and all(is_number(option) and option > 0 for option in self._own)
        return bool(numbers and max(self._own) / min(self._own) >= 10)

    @property
    def width(self) -> int:
        """Columns that :meth:`encode` gives."""
        return self.n_values if not self.ordered and self.n_values > 2 else 1

    def values(self, n: int | None = None) -> list:
        """Return all options, or n of ordered ones; a grid leaves out none of the others."""
        n = whole("n", n, 1, optional=True)
        if self.ordered:
            return [plain(self._own[k]) for k in _spread(self.n_values, n)]
        return list(plain(self._own))

    def from_unit(self, u: float) -> Any:
        """Return the option at u in [0, 1]."""
        return plain(self._own[min(int(u * self.n_values), self.n_values - 1)])

    def to_unit(self, value: Any) -> float:
        """Return where an option lies in [0, 1]: the middle of its share."""
        return (self.place(value) + 0.5) / self.n_values

    def own(self, value: Any) -> Any:
        """Return a copy of the option that a value is, or raise a ValueError."""
        return plain(self._own[self.place(value)])

    def place(self, value: object) -> int:
        """Return which of the options a value is, counted from 0; True is not 1.

        Raises
        ------
        ValueError
            For a value that is none of them.
        """
        if type(value) is str and (place := self._places.get(f'"{value}"')) is not None:
            return place
        given = plain(value)
        alike = [given]
        if is_number(given) and given == int(given):  # 32.0 is 32, and 1 is 1.0
            alike += [int(given), float(given)]
        for one in alike:
            try:
                if (place := self._places.get(json.dumps(one))) is not None:
                    return place
            except (TypeError, ValueError):
                break
        raise ValueError(f"a value is one of {list(self._own)!r}, got {value!r}")

    def encode(self, u: Array) -> Array:
        """Return columns as a model sees the options, shape (n, width)."""
        if self.width == 1:
            return super().encode(u)
        absent = np.isnan(u)
        columns = np.eye(self.n_values)[self._index(np.where(absent, 0.5, u))]
        return np.where(absent[:, None], 1 / self.n_values, columns)


def to_units(
    dimensions: Mapping[str, Dimension], configurations: Sequence[Mapping[str, Any]]
) -> Array:
    """Return configurations as points of the unit cube, NaN for what one does not have.

    Parameters
    ----------
    dimensions : mapping from names to Float, Int or Choice
        A column for each, in this order.
    configurations : sequence of mappings
        From names to values; names without a dimension are not looked at.

    Returns
    -------
    array of shape (len(configurations), len(dimensions))
    """
    points = np.full((len(configurations), len(dimensions)), math.nan)
    for column, (name, given) in enumerate(dimensions.items()):
        rows = [row for row, params in enumerate(configurations) if name in params]
        points[rows, column] = given.to_units([configurations[row][name] for row in rows])
    return points


def _check_when(given: Dimension) -> None:
    if given.when is not None and not (isinstance(given.when, Mapping) and given.when):
        raise ValueError(f"when maps names of hyperparameters to values, got {given.when!r}")
    if given.when is not None:
        object.__setattr__(given, "when", plain(dict(given.when)))


def _check_range(given: Float | Int, kind: type) -> None:
    _check_when(given)
    kinds: dict[type, str] = {Real: "finite numbers", Integral: "whole numbers"}
    for name in ("low", "high", "step"):
        object.__setattr__(given, name, plain(getattr(given, name)))
    object.__setattr__(given, "log", flag("log", given.log))
    if not (is_number(given.low, kind) and is_number(given.high, kind)):
        raise ValueError(f"low and high are {kinds[kind]}, got {given}")
    if not given.low <= given.high:
        raise ValueError(f"low is not above high, got {given}")
    if given.log and given.low <= 0:
        raise ValueError(f"on a log scale low is above 0, got {given}")
    step: Any = given.step
    if not (kind is Real and step is None) and not (is_number(step, kind) and step > 0):
        raise ValueError(f"step is a positive number, got {step!r} in {given}")
    if given.log and given.step not in (None, 1):
        raise ValueError(f"step and log do not go together, got {given}")


def _spread(count: int, n: int | None) -> list[int]:
    """Return n of the numbers 0 ... count - 1, as evenly as they come."""
    if n is None or n >= count:
        return list(range(count))
    return sorted({round(k) for k in np.linspace(0, count - 1, n)}) if n > 1 else [(count - 1) // 2]
