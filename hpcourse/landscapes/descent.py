"""Gradient-based optimizers that descend a landscape."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from hpcourse.arguments import array, instance, one_of, real, unknown_name, whole
from hpcourse.landscapes.catalog import Array, Landscape


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


UPDATE_RULES = {
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
        Any; its analytic gradient is followed.
    start : array of shape (d,) or (n, d)
        One start, or n starts that descend side by side.
    optimizer : {"gradient_descent", "momentum", "nesterov", "rmsprop", "adam"}
        The update rule, as in the table above.
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
        Before the first step, for what is no landscape, an unknown optimizer or setting (the
        message suggests the nearest), a setting out of its range, or a start that is not in
        the bounds.

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
    >>> from hpcourse import landscapes
    >>> booth = landscapes.get("booth")
    >>> path = descend(booth, [0, 0], "momentum", steps=200, learning_rate=0.02)
    >>> path[-1].round(3)
    array([1., 3.])
    """
    instance("landscape", landscape, Landscape, "a Landscape, such as get('beale')")
    x = landscape.check(start)
    rule = UPDATE_RULES[one_of("optimizer", optimizer, UPDATE_RULES)]
    steps = whole("steps", steps)
    settings = checked_settings(optimizer, settings, x)
    low, high = landscape.bounds.T
    path = np.empty((steps + 1, *x.shape))
    memory: dict[str, Any] = {}
    path[0] = x
    for i in range(steps):
        step = rule(landscape._gradient(path[i]), memory, **settings)
        np.clip(path[i] + step, low, high, out=path[i + 1])
    return path


def checked_settings(
    optimizer: str, settings: Mapping[str, ArrayLike], start: Array
) -> dict[str, Any]:
    """Return the settings of an optimizer as its update rule takes them, or say what is wrong."""
    rule = UPDATE_RULES[optimizer]
    accepted = [p for p in inspect.signature(rule).parameters if p not in ("g", "memory")]
    checked: dict[str, Any] = {}
    for key, value in settings.items():
        if key not in accepted:
            raise unknown_name(f"setting of {optimizer}", key, accepted)
        if key == "learning_rate" and isinstance(value, list | tuple | np.ndarray):
            rates = array(key, value, finite=False)
            if rates.shape != start.shape[:-1]:
                raise ValueError(
                    f"learning_rate is one number or one for each start {start.shape[:-1]}, "
                    f"got an array of shape {rates.shape}"
                )
            if not np.all(np.isfinite(rates) & (rates > 0)):
                raise ValueError(f"learning_rate holds numbers above 0, got {value!r}")
            checked[key] = rates[..., None]
        elif key in ("learning_rate", "epsilon"):
            checked[key] = float(real(key, value, above=0))
        else:
            checked[key] = float(real(key, value, 0, below=1))
    return checked
