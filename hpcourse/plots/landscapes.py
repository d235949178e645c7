"""Pictures of landscapes, and of paths that descend them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from numpy.typing import ArrayLike

from hpcourse.arguments import array, flag, instance, mapping, whole
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
        Part of the domain to show, the lower and the upper bound of each coordinate; default
        the whole.
    log : bool
        Contours at equal ratios of the height above the minimum rather than at equal
        differences.
    levels : int
        How many contours, from 2.
    minimizers : bool
        Whether to mark the minima.
    ax : Axes, optional
        To draw on; by default on a new figure.

    Raises
    ------
    ValueError
        For what is no landscape of two coordinates, bounds outside its domain, and fewer levels.
    """
    x, y, z = _grid(function, bounds)
    levels, log = whole("levels", levels, 2), flag("log", log)
    minimizers = flag("minimizers", minimizers)
    ax = axes(ax, figsize=(6.4, 5.2))
    above = z - function.minimum
    if log and above.max() > 2 * np.finfo(float).tiny:
        z = above
        low, high = max(z[z > 0].min(), z.max() * 1e-7), z.max()
        low = min(low, high / 2)
        contours = np.geomspace(low, high, levels)
        drawn = ax.contourf(x, y, np.maximum(z, low), contours, norm=LogNorm(low, high))
        ax.contour(x, y, z, contours, colors="white", linewidths=0.4, alpha=0.5)
        label = "f" if function.minimum == 0 else "f − minimum"
        ticks = 10.0 ** np.arange(np.ceil(np.log10(low)), np.floor(np.log10(high)) + 1)
        bar = ax.figure.colorbar(drawn, ax=ax, label=f"{label} (log scale)", ticks=ticks)
        bar.ax.minorticks_off()
    else:
        near = 1e-9 * (np.abs(z).max() or 1.0)
        if np.ptp(z) < near:  # contours need values that differ
            levels = np.linspace(z.min() - near, z.max() + near, levels)
        drawn = ax.contourf(x, y, z, levels)
        ax.figure.colorbar(drawn, ax=ax, label="f")
    if minimizers:
        _stars(ax, function, (x[0], x[-1]), (y[0], y[-1]))
    ax.set(xlabel="x", ylabel="y")
    ax.grid(False)
    return ax


def _check_function(given):
    instance("function", given, Landscape, "a Landscape")
    if given.dimension != 2:
        raise ValueError(
            f"function is a Landscape of two coordinates, {given.name} has {given.dimension}"
        )


def _grid(function, bounds, n=241):
    """Return the coordinates of a grid and the values there, or say what cannot be drawn."""
    _check_function(function)
    given = function.bounds if bounds is None else array("bounds", bounds, 2, 2)
    if not (given[:, 0] < given[:, 1]).all():
        raise ValueError(f"bounds are a lower and a higher one for each coordinate, got {bounds!r}")
    (x0, x1), (y0, y1) = given
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

    Parameters
    ----------
    function : Landscape
        Of dimension 2.
    bounds : array of shape (2, 2), optional
        Part of the domain to show, the lower and the upper bound of each coordinate; default
        the whole.
    log : bool
        Whether the height is log10 of the height above the minimum plus 1e-3.
    ax : Axes, optional
        To draw on, of three dimensions; by default on a new figure.

    Raises
    ------
    ValueError
        For what is no landscape of two coordinates, bounds outside its domain, and other Axes.
    """
    x, y, z = _grid(function, bounds, n=121)
    if flag("log", log):
        z = np.log10(np.maximum(z - function.minimum, 0) + 1e-3)
    if ax is None:
        ax = plt.figure(figsize=(6.4, 5.2)).add_subplot(projection="3d")
    elif not hasattr(instance("ax", ax, Axes, "an Axes of matplotlib"), "plot_surface"):
        raise ValueError(f"ax is an Axes of three dimensions (projection='3d'), got {ax!r}")
    ax.plot_surface(*np.meshgrid(x, y), z, cmap="viridis", rstride=2, cstride=2, linewidth=0)  # type: ignore[union-attr]
    ax.set(xlabel="x", ylabel="y", zlabel="log10 f" if log else "f")
    return ax


def paths(
    function: Landscape, runs: Mapping[str, ArrayLike], *, ax: Axes | None = None, **kwargs
) -> Axes:
    """Draw paths of :func:`hpcourse.landscapes.descend` on the contours, one color a method.

    Parameters
    ----------
    function : Landscape
        Of dimension 2.
    runs : mapping from a name to an array of shape (steps + 1, 2)
        The paths by their names, at least one; a method's name gives its color.
    ax : Axes, optional
        To draw on; by default on a new figure.
    **kwargs
        For :func:`landscape`.

    Raises
    ------
    ValueError
        For no paths, paths of another shape, and what :func:`landscape` refuses.
    """
    _check_function(function)
    if not mapping("runs", runs, "names to paths"):
        raise ValueError(f"runs maps at least one name to a path, got {runs!r}")
    lines = {
        str(name): array(f"runs[{name!r}]", path, "steps + 1", 2, finite=False)
        for name, path in runs.items()
    }
    if empty := [name for name, path in lines.items() if not len(path)]:
        raise ValueError(f"runs[{empty[0]!r}] has at least one point, got none")
    ax = landscape(function, ax=ax, **kwargs)
    for position, (name, path) in enumerate(lines.items()):
        hue = color(name, position)
        ax.plot(*path.T, color="white", lw=4, alpha=0.7, zorder=3)
        ax.plot(*path.T, color=hue, label=name.replace("_", " "), zorder=4)
        ax.plot(*path[0], "o", color="white", mec="black", ms=7, zorder=6)
        ax.plot(*path[-1], "s", color=hue, mec="white", ms=7, zorder=6)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=3)
    return ax
