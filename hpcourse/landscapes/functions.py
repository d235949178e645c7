"""The formulas of the landscapes: bounds, minima, values and analytic gradients.

Each function below takes the dimension d and returns ``(bounds, minimum, minimizers, value,
gradient)``, where value and gradient take points of shape ``(..., d)``. Its name, without the
underscore, is the landscape's. :mod:`hpcourse.landscapes` names the sources.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

# name: (default dimension, whether any dimension will do, the function that makes it)
DEFINITIONS: dict[str, tuple[int, bool, Callable[[int], tuple]]] = {}


def _define(dimension: int, scalable: bool = False):
    def register(make):
        DEFINITIONS[make.__name__.lstrip("_")] = (dimension, scalable, make)
        return make

    return register


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
        slope = np.divide(4 * np.exp(-0.2 * norm), norm, where=norm > 0, out=np.zeros_like(norm))
        return (slope * p + 2 * np.pi * np.sin(2 * np.pi * p) * np.exp(wave)) / d

    return (-32.768, 32.768), 0.0, np.zeros(d), value, gradient


@_define(2, scalable=True)
def _levy(d):
    def value(p):
        w = 1 + (p - 1) / 4
        middle = (w[..., :-1] - 1) ** 2 * (1 + 10 * np.sin(np.pi * w[..., :-1] + 1) ** 2)
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
        out[..., -1] = 2 * z * (1 + np.sin(turn) ** 2) + z**2 * 2 * np.pi * np.sin(2 * turn)
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
