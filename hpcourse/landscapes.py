"""Test functions with known minima, and gradient-based optimizers that descend them.

Optimizers are compared on artificial landscapes because there the answer is known and
an evaluation costs nothing. Formulas, domains and minima follow Jamil and Yang (2013)
and Surjanovic and Bingham (2013) [1]_ [2]_; every gradient is the analytic one.

>>> from hpcourse import landscapes
>>> beale = landscapes.get("beale")
>>> beale([4, 4])
68891.203125
>>> path = landscapes.descend(beale, start=[1, 1], optimizer="adam", steps=500, learning_rate=0.05)
>>> path.shape, bool(beale(path[-1]) < 1e-3)
((501, 2), True)

References
----------
.. [1] M. Jamil and X.-S. Yang, "A literature survey of benchmark functions for global
   optimisation problems", Int. J. of Mathematical Modelling and Numerical Optimisation
   4(2), 2013.
.. [2] S. Surjanovic and D. Bingham, "Virtual Library of Simulation Experiments: Test
   Functions and Datasets", Simon Fraser University, 2013.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hpcourse._validation import unknown_name

__all__ = ["OPTIMIZERS", "Landscape", "descend", "get", "names"]

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
        When called with points of another dimension, outside the bounds, or NaN.

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
        points = np.asarray(x, dtype=float)
        if points.ndim == 0 or points.shape[-1] != self.dimension:
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
            raise ValueError(
                f"{self.name} is defined on {box}; {what} point {bad.tolist()}"
            )
        return points


# A definition makes a Landscape of a given dimension; fixed ones accept only their own.
_DEFINITIONS: dict[str, tuple[int, bool, Callable[[int], tuple]]] = {}


def _define(dimension: int, scalable: bool = False):
    def register(make):
        _DEFINITIONS[make.__name__.lstrip("_")] = (dimension, scalable, make)
        return make

    return register


def names() -> list[str]:
    """Names that :func:`get` accepts, in alphabetical order.

    >>> "beale" in names(), len(names()) >= 10
    (True, True)
    """
    return sorted(_DEFINITIONS)


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
    if key not in _DEFINITIONS:
        raise unknown_name("landscape", name, names())
    default, scalable, make = _DEFINITIONS[key]
    d = default if dimension is None else dimension
    if d != default and not (scalable and isinstance(d, int) and d >= 1):
        accepted = "any dimension from 1" if scalable else f"dimension {default} only"
        raise ValueError(f"{key} has {accepted}, got dimension={dimension!r}")
    if key == "rosenbrock" and d < 2:
        raise ValueError(
            f"rosenbrock has any dimension from 2, got dimension={dimension!r}"
        )
    bounds, minimum, minimizers, value, gradient = make(d)
    bounds = np.broadcast_to(np.asarray(bounds, dtype=float), (d, 2)).copy()
    minimizers = np.atleast_2d(np.asarray(minimizers, dtype=float))
    bounds.flags.writeable = minimizers.flags.writeable = False
    return Landscape(key, bounds, float(minimum), minimizers, value, gradient)


def _plane(value, gradient):
    """Adapt functions of x and y to functions of points with shape (..., 2)."""
    return (
        lambda p: np.asarray(value(p[..., 0], p[..., 1])),
        lambda p: np.stack(gradient(p[..., 0], p[..., 1]), axis=-1),
    )


@_define(2)
def _beale(d):
    targets = (1.5, 2.25, 2.625)

    def value(x, y):
        return sum((c - x + x * y**k) ** 2 for k, c in enumerate(targets, 1))

    def gradient(x, y):
        terms = [(c - x + x * y**k, k) for k, c in enumerate(targets, 1)]
        return (
            sum(2 * r * (y**k - 1) for r, k in terms),
            sum(2 * r * k * x * y ** (k - 1) for r, k in terms),
        )

    return (-4.5, 4.5), 0.0, [3.0, 0.5], *_plane(value, gradient)


@_define(2)
def _booth(d):
    def value(x, y):
        return (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2

    def gradient(x, y):
        a, b = x + 2 * y - 7, 2 * x + y - 5
        return 2 * a + 4 * b, 4 * a + 2 * b

    return (-10, 10), 0.0, [1.0, 3.0], *_plane(value, gradient)


@_define(2)
def _branin(d):
    b, c, t = 5.1 / (4 * np.pi**2), 5 / np.pi, 1 / (8 * np.pi)

    def value(x, y):
        return (y - b * x**2 + c * x - 6) ** 2 + 10 * (1 - t) * np.cos(x) + 10

    def gradient(x, y):
        r = y - b * x**2 + c * x - 6
        return 2 * r * (c - 2 * b * x) - 10 * (1 - t) * np.sin(x), 2 * r

    minimizers = [[-np.pi, 12.275], [np.pi, 2.275], [3 * np.pi, 2.475]]
    return [(-5, 10), (0, 15)], 10 * t, minimizers, *_plane(value, gradient)


@_define(2)
def _goldstein_price(d):
    def parts(x, y):
        s, q = x + y + 1, 19 - 14 * x + 3 * x**2 - 14 * y + 6 * x * y + 3 * y**2
        u = 2 * x - 3 * y
        r = 18 - 32 * x + 12 * x**2 + 48 * y - 36 * x * y + 27 * y**2
        return s, q, u, r

    def value(x, y):
        s, q, u, r = parts(x, y)
        return (1 + s**2 * q) * (30 + u**2 * r)

    def gradient(x, y):
        s, q, u, r = parts(x, y)
        first, second = 1 + s**2 * q, 30 + u**2 * r
        dq = -14 + 6 * x + 6 * y  # the same with respect to x and y
        dfirst = 2 * s * q + s**2 * dq
        dx = 4 * u * r + u**2 * (-32 + 24 * x - 36 * y)
        dy = -6 * u * r + u**2 * (48 - 36 * x + 54 * y)
        return dfirst * second + first * dx, dfirst * second + first * dy

    return (-2, 2), 3.0, [0.0, -1.0], *_plane(value, gradient)


@_define(2)
def _himmelblau(d):
    def value(x, y):
        return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2

    def gradient(x, y):
        a, b = x**2 + y - 11, x + y**2 - 7
        return 4 * x * a + 2 * b, 2 * a + 4 * y * b

    minimizers = [
        [3.0, 2.0],
        [-2.805118086952745, 3.131312518250573],
        [-3.779310253377747, -3.283185991286170],
        [3.584428340330492, -1.848126526964404],
    ]
    return (-5, 5), 0.0, minimizers, *_plane(value, gradient)


@_define(2)
def _matyas(d):
    def value(x, y):
        return 0.26 * (x**2 + y**2) - 0.48 * x * y

    def gradient(x, y):
        return 0.52 * x - 0.48 * y, 0.52 * y - 0.48 * x

    return (-10, 10), 0.0, [0.0, 0.0], *_plane(value, gradient)


@_define(2)
def _mccormick(d):
    def value(x, y):
        return np.sin(x + y) + (x - y) ** 2 - 1.5 * x + 2.5 * y + 1

    def gradient(x, y):
        c = np.cos(x + y)
        return c + 2 * (x - y) - 1.5, c - 2 * (x - y) + 2.5

    minimizer = [0.5 - np.pi / 3, -0.5 - np.pi / 3]
    minimum = -np.sqrt(3) / 2 - np.pi / 3
    return [(-1.5, 4), (-3, 4)], minimum, minimizer, *_plane(value, gradient)


@_define(2)
def _six_hump_camel(d):
    def value(x, y):
        return (4 - 2.1 * x**2 + x**4 / 3) * x**2 + x * y + (-4 + 4 * y**2) * y**2

    def gradient(x, y):
        return 8 * x - 8.4 * x**3 + 2 * x**5 + y, x - 8 * y + 16 * y**3

    minimizer = np.array([0.08984201368301331, -0.7126564032704135])
    return (
        [(-3, 3), (-2, 2)],
        -1.031628453489877,
        [minimizer, -minimizer],
        *_plane(value, gradient),
    )


@_define(2)
def _three_hump_camel(d):
    def value(x, y):
        return 2 * x**2 - 1.05 * x**4 + x**6 / 6 + x * y + y**2

    def gradient(x, y):
        return 4 * x - 4.2 * x**3 + x**5 + y, x + 2 * y

    return (-5, 5), 0.0, [0.0, 0.0], *_plane(value, gradient)


@_define(2, scalable=True)
def _ackley(d):
    def parts(p):
        return np.sqrt(np.mean(p**2, axis=-1)), np.mean(np.cos(2 * np.pi * p), axis=-1)

    def value(p):
        norm, wave = parts(p)
        return -20 * np.expm1(-0.2 * norm) - (np.exp(wave) - np.e)

    def gradient(p):
        norm, wave = (part[..., None] for part in parts(p))
        # The cone at the origin has no gradient there; 0 is its one symmetric choice.
        slope = np.divide(
            4 * np.exp(-0.2 * norm), norm, where=norm > 0, out=np.zeros_like(norm)
        )
        return (slope * p + 2 * np.pi * np.sin(2 * np.pi * p) * np.exp(wave)) / d

    return (-32.768, 32.768), 0.0, np.zeros(d), value, gradient


@_define(2, scalable=True)
def _levy(d):
    def value(p):
        w = 1 + (p - 1) / 4
        middle = (w[..., :-1] - 1) ** 2 * (
            1 + 10 * np.sin(np.pi * w[..., :-1] + 1) ** 2
        )
        last = (w[..., -1] - 1) ** 2 * (1 + np.sin(2 * np.pi * w[..., -1]) ** 2)
        return np.sin(np.pi * w[..., 0]) ** 2 + middle.sum(axis=-1) + last

    def gradient(p):
        w = 1 + (p - 1) / 4
        out = np.empty_like(p)
        m, z = w[..., :-1] - 1, w[..., -1] - 1
        angle = np.pi * w[..., :-1] + 1
        out[..., :-1] = 2 * m * (1 + 10 * np.sin(angle) ** 2)
        out[..., :-1] += m**2 * 10 * np.pi * np.sin(2 * angle)
        turn = 2 * np.pi * w[..., -1]
        out[..., -1] = 2 * z * (1 + np.sin(turn) ** 2) + z**2 * 2 * np.pi * np.sin(
            2 * turn
        )
        out[..., 0] += np.pi * np.sin(2 * np.pi * w[..., 0])
        return out / 4

    return (-10, 10), 0.0, np.ones(d), value, gradient


@_define(2, scalable=True)
def _rastrigin(d):
    def value(p):
        return np.sum(p**2 + 10 * (1 - np.cos(2 * np.pi * p)), axis=-1)

    def gradient(p):
        return 2 * p + 20 * np.pi * np.sin(2 * np.pi * p)

    return (-5.12, 5.12), 0.0, np.zeros(d), value, gradient


@_define(2, scalable=True)
def _rosenbrock(d):
    def value(p):
        head, tail = p[..., :-1], p[..., 1:]
        return np.sum(100 * (tail - head**2) ** 2 + (1 - head) ** 2, axis=-1)

    def gradient(p):
        head, valley = p[..., :-1], p[..., 1:] - p[..., :-1] ** 2
        out = np.zeros_like(p)
        out[..., :-1] = -400 * head * valley - 2 * (1 - head)
        out[..., 1:] += 200 * valley
        return out

    return (-2.048, 2.048), 0.0, np.ones(d), value, gradient


@_define(2, scalable=True)
def _sphere(d):
    return (
        (-5.12, 5.12),
        0.0,
        np.zeros(d),
        lambda p: np.sum(p**2, axis=-1),
        lambda p: 2 * p,
    )


@_define(2, scalable=True)
def _styblinski_tang(d):
    def value(p):
        return np.sum(p**4 - 16 * p**2 + 5 * p, axis=-1) / 2

    def gradient(p):
        return 2 * p**3 - 16 * p + 2.5

    best = np.full(d, -2.903534027771177)
    return (-5, 5), value(best), best, value, gradient


@_define(2, scalable=True)
def _zakharov(d):
    weights = 0.5 * np.arange(1, d + 1)

    def value(p):
        s = p @ weights
        return np.sum(p**2, axis=-1) + s**2 + s**4

    def gradient(p):
        s = (p @ weights)[..., None]
        return 2 * p + (2 * s + 4 * s**3) * weights

    return (-5, 10), 0.0, np.zeros(d), value, gradient


def _hartmann(widths, centers, minimizer):
    heights = np.array([1.0, 1.2, 3.0, 3.2])
    widths, centers = np.array(widths), 1e-4 * np.array(centers)

    def bells(p):
        offset = p[..., None, :] - centers
        return offset, heights * np.exp(-np.sum(widths * offset**2, axis=-1))

    def value(p):
        return -np.sum(bells(p)[1], axis=-1)

    def gradient(p):
        offset, bell = bells(p)
        return 2 * np.einsum("...k,kd,...kd->...d", bell, widths, offset)

    return (0, 1), value(np.array(minimizer)), minimizer, value, gradient


@_define(3)
def _hartmann3(d):
    widths = [[3, 10, 30], [0.1, 10, 35], [3, 10, 30], [0.1, 10, 35]]
    centers = [
        [3689, 1170, 2673],
        [4699, 4387, 7470],
        [1091, 8732, 5547],
        [381, 5743, 8828],
    ]
    return _hartmann(widths, centers, [0.11458888, 0.55564889, 0.85254698])


@_define(6)
def _hartmann6(d):
    widths = [
        [10, 3, 17, 3.5, 1.7, 8],
        [0.05, 10, 17, 0.1, 8, 14],
        [3, 3.5, 1.7, 10, 17, 8],
        [17, 8, 0.05, 10, 0.1, 14],
    ]
    centers = [
        [1312, 1696, 5569, 124, 8283, 5886],
        [2329, 4135, 8307, 3736, 1004, 9991],
        [2348, 1451, 3522, 2883, 3047, 6650],
        [4047, 8828, 8732, 5743, 1091, 381],
    ]
    return _hartmann(
        widths,
        centers,
        [0.20168952, 0.15001069, 0.47687398, 0.27533243, 0.31165162, 0.65730053],
    )


# Each update rule gets the gradient g and its own memory, and returns the step to add to x.
# The formulas are those that Keras computes, so that both can be compared step by step.


def _gradient_descent(g, memory, *, learning_rate=0.01):
    return -learning_rate * g


def _momentum(g, memory, *, learning_rate=0.01, momentum=0.9):
    memory["v"] = momentum * memory.get("v", 0.0) - learning_rate * g
    return memory["v"]


def _nesterov(g, memory, *, learning_rate=0.01, momentum=0.9):
    memory["v"] = momentum * memory.get("v", 0.0) - learning_rate * g
    return momentum * memory["v"] - learning_rate * g


def _rmsprop(g, memory, *, learning_rate=0.001, rho=0.9, epsilon=1e-7):
    memory["s"] = rho * memory.get("s", 0.0) + (1 - rho) * g**2
    return -learning_rate * g / np.sqrt(memory["s"] + epsilon)


def _adam(g, memory, *, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    t = memory["t"] = memory.get("t", 0) + 1
    memory["m"] = beta_1 * memory.get("m", 0.0) + (1 - beta_1) * g
    memory["s"] = beta_2 * memory.get("s", 0.0) + (1 - beta_2) * g**2
    rate = learning_rate * np.sqrt(1 - beta_2**t) / (1 - beta_1**t)
    return -rate * memory["m"] / (np.sqrt(memory["s"]) + epsilon)


OPTIMIZERS = {
    "gradient_descent": _gradient_descent,
    "momentum": _momentum,
    "nesterov": _nesterov,
    "rmsprop": _rmsprop,
    "adam": _adam,
}


def descend(
    landscape: Landscape,
    start: ArrayLike,
    optimizer: str = "gradient_descent",
    steps: int = 100,
    **settings: ArrayLike,
) -> Array:
    r"""Follow an optimizer downhill and return its path.

    With the gradient :math:`g_t` at :math:`x_t`, learning rate :math:`\eta` and all
    operations on coordinates, the next point :math:`x_{t+1}` is, clipped to the bounds,

    ========================  =========================================================
    ``gradient_descent``      :math:`x_t - \eta g_t`
    ``momentum`` [1]_         :math:`v_{t+1} = \mu v_t - \eta g_t`, then
                              :math:`x_t + v_{t+1}`
    ``nesterov`` [2]_         the same :math:`v_{t+1}`, then
                              :math:`x_t + \mu v_{t+1} - \eta g_t`
    ``rmsprop`` [3]_          :math:`s_{t+1} = \rho s_t + (1-\rho) g_t^2`, then
                              :math:`x_t - \eta g_t / \sqrt{s_{t+1} + \epsilon}`
    ``adam`` [4]_             :math:`m_{t+1} = \beta_1 m_t + (1-\beta_1) g_t`,
                              :math:`s_{t+1} = \beta_2 s_t + (1-\beta_2) g_t^2`, then
                              :math:`x_t - \eta \frac{\sqrt{1-\beta_2^{t+1}}}
                              {1-\beta_1^{t+1}} m_{t+1} / (\sqrt{s_{t+1}} + \epsilon)`
    ========================  =========================================================

    Parameters
    ----------
    landscape : Landscape
    start : array of shape (d,) or (n, d)
        One start, or n starts that descend side by side.
    optimizer : {"gradient_descent", "momentum", "nesterov", "rmsprop", "adam"}
    steps : int
        Number of updates, at least 0.
    **settings
        ``learning_rate`` (a positive number, or one for each of the n starts; default
        0.01, for RMSprop and Adam 0.001) and, where the rule has them, ``momentum`` (0.9),
        ``rho`` (0.9), ``beta_1`` (0.9), ``beta_2`` (0.999), all in [0, 1), ``epsilon`` (1e-7).

    Returns
    -------
    array of shape (steps + 1, d) or (steps + 1, n, d)
        The start and the point after each update.

    Raises
    ------
    ValueError
        Before the first step, for an unknown optimizer or setting (the message suggests
        the nearest), a setting out of its range, or a start that is not in the bounds.

    References
    ----------
    .. [1] B. T. Polyak, "Some methods of speeding up the convergence of iteration
       methods", 1964.
    .. [2] Y. Nesterov, "A method of solving a convex programming problem with
       convergence rate O(1/k^2)", 1983; in the form of Sutskever et al., 2013.
    .. [3] T. Tieleman and G. Hinton, lecture 6.5, 2012.
    .. [4] D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", 2015,
       the efficient order of computation at the end of section 2.

    Examples
    --------
    >>> path = descend(get("booth"), [0, 0], "momentum", steps=200, learning_rate=0.02)
    >>> path[-1].round(3)
    array([1., 3.])
    """
    x = landscape.check(start)
    if optimizer not in OPTIMIZERS:
        raise unknown_name("optimizer", optimizer, OPTIMIZERS)
    if not isinstance(steps, int | np.integer) or steps < 0:
        raise ValueError(f"steps is a whole number from 0, got {steps!r}")
    rule = OPTIMIZERS[optimizer]
    settings = _check_settings(rule, optimizer, settings, x)
    low, high = landscape.bounds.T
    path, memory = np.empty((steps + 1, *x.shape)), {}
    path[0] = x
    for i in range(steps):
        step = rule(landscape._gradient(path[i]), memory, **settings)
        np.clip(path[i] + step, low, high, out=path[i + 1])
    return path


def _check_settings(rule, optimizer, settings, start):
    accepted = [
        p for p in inspect.signature(rule).parameters if p not in ("g", "memory")
    ]
    checked = {}
    for key, value in settings.items():
        if key not in accepted:
            raise unknown_name(f"setting of {optimizer}", key, accepted)
        number = np.asarray(value, dtype=float)
        if key == "learning_rate":
            if number.ndim and number.shape != start.shape[:-1]:
                raise ValueError(
                    f"learning_rate is one number or one for each start {start.shape[:-1]}, "
                    f"got an array of shape {number.shape}"
                )
            valid, range_ = np.isfinite(number) & (number > 0), "a positive number"
            checked[key] = number[..., None] if number.ndim else float(number)
        elif number.ndim:
            raise ValueError(
                f"{key} is one number, got an array of shape {number.shape}"
            )
        else:
            positive = key == "epsilon"
            valid = 0 < number < np.inf if positive else 0 <= number < 1
            range_ = "a positive number" if positive else "in [0, 1)"
            checked[key] = float(number)
        if not np.all(valid):
            raise ValueError(f"{key} is {range_}, got {value!r}")
    return checked
