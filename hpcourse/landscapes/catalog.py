"""Functions with known minima, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hpcourse.arguments import array, unknown_name, whole
from hpcourse.landscapes.functions import DEFINITIONS

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Landscape:
    """A function of several variables with known bounds and known global minima.

    Obtain one with :func:`get`. Calling it with a point of shape ``(d,)`` gives a float,
    with points of shape ``(..., d)`` an array of shape ``(...)``.

    Attributes
    ----------
    name : str
    bounds : array of shape (d, 2)
        Lower and upper bound of each coordinate.
    minimum : float
        The smallest value within the bounds.
    minimizers : array of shape (m, d)
        The points at which the minimum is reached.

    Raises
    ------
    ValueError
        When called with points of another dimension, outside the bounds, NaN or no numbers.

    Examples
    --------
    >>> himmelblau = get("himmelblau")
    >>> himmelblau([3, 2]), himmelblau([[3, 2], [0, 0]]).shape
    (0.0, (2,))
    """

    name: str
    bounds: Array
    minimum: float
    minimizers: Array
    _value: Callable[[Array], Array] = field(repr=False)
    _gradient: Callable[[Array], Array] = field(repr=False)

    @property
    def dimension(self) -> int:
        """Number of coordinates, d."""
        return len(self.bounds)

    def __call__(self, x: ArrayLike) -> float | Array:
        """Value at ``x``: shape ``(d,)`` gives a float, ``(..., d)`` an array ``(...)``."""
        value = self._value(self.check(x))
        return float(value) if value.ndim == 0 else value

    def gradient(self, x: ArrayLike) -> Array:
        """Analytic gradient at ``x``, an array of the same shape ``(..., d)``.

        >>> get("sphere").gradient([1, -2])
        array([ 2., -4.])
        """
        return self._gradient(self.check(x))

    def check(self, x: ArrayLike) -> Array:
        """Return ``x`` as an array of floats, or raise the error that says what is wrong."""
        points = array(f"a point of dimension {self.dimension} of {self.name}", x, finite=False)
        if points.shape[-1] != self.dimension:
            raise ValueError(
                f"{self.name} takes points of dimension {self.dimension} "
                f"(last axis), got an array of shape {points.shape}"
            )
        low, high = self.bounds.T
        if not np.all((points >= low) & (points <= high)):  # NaN fails too
            flat = points.reshape(-1, self.dimension)
            bad = flat[~np.all((flat >= low) & (flat <= high), axis=1)][0]
            box = " x ".join(f"[{a:g}, {b:g}]" for a, b in self.bounds)
            what = "NaN in" if np.isnan(bad).any() else "outside the bounds:"
            raise ValueError(f"{self.name} is defined on {box}; {what} point {bad.tolist()}")
        return points


def names() -> list[str]:
    """Names that :func:`get` accepts, in alphabetical order.

    >>> "beale" in names(), len(names()) >= 10
    (True, True)
    """
    return sorted(DEFINITIONS)


def get(name: str, dimension: int | None = None) -> Landscape:
    """Return the landscape of that name.

    Parameters
    ----------
    name : str
        One of :func:`names`; case, spaces and hyphens do not matter.
    dimension : int, optional
        Number of coordinates, for the functions defined in any dimension (Ackley, Levy,
        Rastrigin, Rosenbrock, sphere, Styblinski-Tang, Zakharov). Default 2.

    Raises
    ------
    ValueError
        For an unknown name (the message suggests the nearest) or a dimension that the
        function does not have.

    Examples
    --------
    >>> get("Goldstein-Price").minimum
    3.0
    >>> get("ackley", dimension=5).bounds.shape
    (5, 2)
    """
    key = str(name).strip().lower().replace(" ", "_").replace("-", "_")
    if key not in DEFINITIONS:
        raise unknown_name("landscape", name, names())
    default, scalable, make = DEFINITIONS[key]
    low = default if not scalable else 2 if key == "rosenbrock" else 1
    high = None if scalable else default
    d = default if dimension is None else whole(f"the dimension of {key}", dimension, low, high)
    bounds, minimum, minimizers, value, gradient = make(d)
    bounds = np.broadcast_to(np.asarray(bounds, dtype=float), (d, 2)).copy()
    minimizers = np.atleast_2d(np.asarray(minimizers, dtype=float))
    bounds.flags.writeable = minimizers.flags.writeable = False
    return Landscape(key, bounds, float(minimum), minimizers, value, gradient)
