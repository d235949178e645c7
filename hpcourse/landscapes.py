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
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hpcourse._formulas import DEFINITIONS
from hpcourse._validation import unknown_name

__all__ = ["OPTIMIZERS", "Landscape", "compare", "descend", "get", "names"]

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
    d = default if dimension is None else dimension
    if d != default and not (scalable and isinstance(d, int) and d >= 1):
        accepted = "any dimension from 1" if scalable else f"dimension {default} only"
        raise ValueError(f"{key} has {accepted}, got dimension={dimension!r}")
    if key == "rosenbrock" and d < 2:
        raise ValueError(f"rosenbrock has any dimension from 2, got dimension={dimension!r}")
    bounds, minimum, minimizers, value, gradient = make(d)
    bounds = np.broadcast_to(np.asarray(bounds, dtype=float), (d, 2)).copy()
    minimizers = np.atleast_2d(np.asarray(minimizers, dtype=float))
    bounds.flags.writeable = minimizers.flags.writeable = False
    return Landscape(key, bounds, float(minimum), minimizers, value, gradient)


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
    accepted = [p for p in inspect.signature(rule).parameters if p not in ("g", "memory")]
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
            raise ValueError(f"{key} is one number, got an array of shape {number.shape}")
        else:
            positive = key == "epsilon"
            valid = 0 < number < np.inf if positive else 0 <= number < 1
            range_ = "a positive number" if positive else "in [0, 1)"
            checked[key] = float(number)
        if not np.all(valid):
            raise ValueError(f"{key} is {range_}, got {value!r}")
    return checked


# Comparing optimizers: what a fair contest measures.


def compare(
    landscapes: Iterable[Landscape],
    optimizers: Sequence[str] = tuple(OPTIMIZERS),
    *,
    learning_rates: ArrayLike = (0.001, 0.01, 0.1, 1.0),
    settings: Mapping[str, Sequence[Mapping[str, float]]] | None = None,
    n_starts: int = 30,
    steps: int = 500,
    tolerance: float = 0.01,
    seed: int = 0,
) -> list[dict[str, object]]:
    """Measure four criteria for each optimizer on each landscape.

    Distances are measured in the unit cube to which the bounds are scaled, to the nearest
    global minimizer. A start *arrives* when its path ends within ``tolerance`` of it; the
    steps it needs are those after which the path leaves that neighborhood no more.

    The learning rate, and what ``settings`` lists, are tuned for each pair by the performance
    on ``n_starts`` tuning starts (ties: by the mean final distance). The criteria are then
    measured on other starts, the same for all optimizers: ``default_rng(seed)`` draws the starts
    of the evaluation uniformly in the bounds, ``default_rng(seed + 1)`` those of the tuning.

    Parameters
    ----------
    landscapes : iterable of Landscape
    optimizers : sequence of names
        As for :func:`descend`.
    learning_rates : array of shape (k,)
        The candidates.
    settings : mapping of names of optimizers to sequences of mappings, optional
        Further settings of :func:`descend` that are tried with every learning rate, as
        ``{"adam": [{"beta_2": 0.9}, {"beta_2": 0.999}]}``; default its defaults alone.
    n_starts, steps : int
        Starts for each pair, and updates of each path; at least 1.
    tolerance : float
        Share of the width of the domain, above 0.
    seed : int

    Returns
    -------
    list of dict, one for each landscape and optimizer, as ``pandas.DataFrame`` takes it
        ``landscape``, ``optimizer``, ``learning_rate``, ``settings`` (those chosen),
        ``convergence`` (median steps of the starts that arrive), ``precision`` (their median
        final distance; both NaN where none arrives), ``robustness`` (share of starts that
        arrive) and ``performance`` (mean steps, where a start that does not arrive counts as
        ``steps``).

    Examples
    --------
    >>> row, = compare([get("booth")], ["momentum"], steps=200)
    >>> row["learning_rate"], row["robustness"], row["convergence"] < 100
    (0.01, 1.0, True)
    """
    rates = np.atleast_1d(np.asarray(learning_rates, dtype=float))
    if n_starts < 1 or steps < 1 or not tolerance > 0 or rates.ndim != 1 or not rates.size:
        raise ValueError(
            "n_starts and steps are at least 1, tolerance is above 0, learning_rates is a list "
            f"with at least one; got {n_starts!r}, {steps!r}, {tolerance!r}, {learning_rates!r}"
        )
    if unknown := set(settings or {}) - set(optimizers):
        raise unknown_name("optimizer", min(unknown), optimizers)
    rows = []
    for landscape in landscapes:
        low, high = landscape.bounds.T
        shape = (n_starts, landscape.dimension)
        starts, tuning = (
            np.random.default_rng(s).uniform(low, high, shape) for s in (seed, seed + 1)
        )
        for name in optimizers:
            tries = []
            for more in (settings or {}).get(name, [{}]):
                path = descend(
                    landscape,
                    np.tile(tuning, (len(rates), 1)),
                    name,
                    steps,
                    learning_rate=np.repeat(rates, n_starts),
                    **more,
                )
                needed, final = (
                    part.reshape(len(rates), n_starts).mean(axis=1)
                    for part in _arrivals(landscape, path, tolerance)
                )
                tries += zip(needed, final, rates.tolist(), [dict(more)] * len(rates), strict=True)
            *_, rate, more = min(tries, key=lambda each: each[:2])
            path = descend(landscape, starts, name, steps, learning_rate=rate, **more)
            needed, final = _arrivals(landscape, path, tolerance)
            arrived = final <= tolerance
            rows.append(
                {
                    "landscape": landscape.name,
                    "optimizer": name,
                    "learning_rate": rate,
                    "settings": more,
                    "convergence": float(np.median(needed[arrived])) if arrived.any() else np.nan,
                    "precision": float(np.median(final[arrived])) if arrived.any() else np.nan,
                    "robustness": float(arrived.mean()),
                    "performance": float(needed.mean()),
                }
            )
    return rows


def _arrivals(landscape: Landscape, path: Array, tolerance: float) -> tuple[Array, Array]:
    """Return the steps each path needs to arrive for good, and its final distance."""
    scale = 1 / np.ptp(landscape.bounds, axis=1)
    distance = np.min(
        [np.linalg.norm((path - best) * scale, axis=-1) for best in landscape.minimizers], axis=0
    )
    # The last step outside is the first one found from the end; the next one arrives.
    outside = (distance > tolerance)[::-1]
    needed = np.where(outside.any(axis=0), len(path) - outside.argmax(axis=0), 0)
    return np.minimum(needed, len(path) - 1), distance[-1]
