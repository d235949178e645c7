"""Pictures of landscapes, and of paths that descend them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from numpy.typing import ArrayLike

from hpcourse.arguments import whole
from hpcourse.landscapes import Landscape
from hpcourse.plots.style import PALETTE, axes, color


def landscape(
    function: Landscape,
    *,
    bounds: ArrayLike | None = None,
    log: bool = True,
    levels: int = 25,
    minimizers: bool = True,
    ax: Axes | None = None,
) -> Axes:
    """Draw the contours of a landscape of two coordinates, its minima as stars.

    Parameters
    ----------
    function : Landscape
        Of dimension 2.
    bounds : array of shape (2, 2), optional
        Part of the domain to show; default the whole.
    log : bool
        Contours at equal ratios of the height above the minimum rather than at equal
        differences.
    levels : int
        How many contours.
    """
    if function.dimension != 2:
        raise ValueError(
            f"a contour plot needs two coordinates, {function.name} has {function.dimension}"
        )
    levels = whole("levels", levels, 2)
    ax = axes(ax, figsize=(6.4, 5.2))
    x, y, z = _grid(function, bounds)
    if log:
        z = z - function.minimum
        low, high = max(z[z > 0].min(), z.max() * 1e-7), z.max()
        contours = np.geomspace(low, high, levels)
        drawn = ax.contourf(x, y, np.maximum(z, low), contours, norm=LogNorm(low, high))
        ax.contour(x, y, z, contours, colors="white", linewidths=0.4, alpha=0.5)
        label = "f" if function.minimum == 0 else "f − minimum"
        ticks = 10.0 ** np.arange(np.ceil(np.log10(low)), np.floor(np.log10(high)) + 1)
        bar = ax.figure.colorbar(drawn, ax=ax, label=f"{label} (log scale)", ticks=ticks)
        bar.ax.minorticks_off()
    else:
        drawn = ax.contourf(x, y, z, levels)
        ax.figure.colorbar(drawn, ax=ax, label="f")
    if minimizers:
        _stars(ax, function, (x[0], x[-1]), (y[0], y[-1]))
    ax.set(xlabel="x", ylabel="y")
    ax.grid(False)
    return ax


def _grid(function, bounds, n=241):
    (x0, x1), (y0, y1) = function.bounds if bounds is None else np.asarray(bounds, dtype=float)
    x, y = np.linspace(x0, x1, n), np.linspace(y0, y1, n)
    return x, y, function(np.stack(np.meshgrid(x, y), axis=-1))


def _stars(ax, function, x_range, y_range):
    for x, y in function.minimizers:
        if x_range[0] <= x <= x_range[1] and y_range[0] <= y <= y_range[1]:
            ax.plot(x, y, "*", ms=16, color=PALETTE["yellow"], mec="black", mew=0.8, zorder=5)


def surface(
    function: Landscape,
    *,
    bounds: ArrayLike | None = None,
    log: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """Draw a landscape of two coordinates as a surface in three dimensions.

    With ``log``, the height is log10 of the height above the minimum plus 1e-3.
    """
    if ax is None:
        ax = plt.figure(figsize=(6.4, 5.2)).add_subplot(projection="3d")
    x, y, z = _grid(function, bounds, n=121)
    if log:
        z = np.log10(z - function.minimum + 1e-3)
    ax.plot_surface(*np.meshgrid(x, y), z, cmap="viridis", rstride=2, cstride=2, linewidth=0)  # type: ignore[union-attr]
    ax.set(xlabel="x", ylabel="y", zlabel="log10 f" if log else "f")
    return ax


def paths(
    function: Landscape, runs: Mapping[str, ArrayLike], *, ax: Axes | None = None, **kwargs
) -> Axes:
    """Draw paths of :func:`hpcourse.landscapes.descend` on the contours, one color a method.

    Parameters
    ----------
    runs : mapping from a name to an array of shape (steps + 1, 2)
        The paths by their names; a method's name gives its color.
    **kwargs
        For :func:`landscape`.
    """
    ax = landscape(function, ax=ax, **kwargs)
    for position, (name, path) in enumerate(runs.items()):
        path = np.asarray(path)
        hue = color(name, position)
        ax.plot(*path.T, color="white", lw=4, alpha=0.7, zorder=3)
        ax.plot(*path.T, color=hue, label=name.replace("_", " "), zorder=4)
        ax.plot(*path[0], "o", color="white", mec="black", ms=7, zorder=6)
        ax.plot(*path[-1], "s", color=hue, mec="white", ms=7, zorder=6)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=3)
    return ax
