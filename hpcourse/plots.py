"""The course's figures. Each function draws on an Axes and returns it.

One palette for the whole course: Okabe and Ito's for categories (a method keeps its color
from chapter to chapter), viridis for magnitudes, one gray for what is only context.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from numpy.typing import ArrayLike

from hpcourse._curves import direct_labels, learning_curves, points, sweep
from hpcourse._study_plots import (
    best_so_far,
    optimization_history,
    parallel_coordinates,
    running_best,
    slices,
)
from hpcourse._style import COLORS, GRAY, PALETTE, _axes, color, use_style
from hpcourse.landscapes import Landscape

__all__ = [
    "COLORS",
    "GRAY",
    "PALETTE",
    "best_so_far",
    "color",
    "confusion_matrix",
    "direct_labels",
    "images",
    "landscape",
    "learning_curves",
    "optimization_history",
    "parallel_coordinates",
    "paths",
    "points",
    "running_best",
    "slices",
    "surface",
    "sweep",
    "use_style",
]


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
    ax = _axes(ax, figsize=(6.4, 5.2))
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
            ax.plot(
                x,
                y,
                "*",
                ms=16,
                color=PALETTE["yellow"],
                mec="black",
                mew=0.8,
                zorder=5,
            )


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
    ax.plot_surface(*np.meshgrid(x, y), z, cmap="viridis", rstride=2, cstride=2, linewidth=0)
    ax.set(xlabel="x", ylabel="y", zlabel="log10 f" if log else "f")
    return ax


def paths(
    function: Landscape,
    runs: Mapping[str, ArrayLike],
    *,
    ax: Axes | None = None,
    **kwargs,
) -> Axes:
    """Draw paths of :func:`hpcourse.landscapes.descend` on the contours, one color a method.

    Parameters
    ----------
    runs : mapping from a name to an array of shape (steps + 1, 2)
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


def images(
    pictures: ArrayLike,
    titles: Sequence[object] = (),
    *,
    columns: int = 10,
) -> np.ndarray:
    """Draw gray pictures side by side, dark on white, and return their Axes.

    Parameters
    ----------
    pictures : array of shape (n, height, width) or (n, height * width)
        All on one scale from 0 (white) to the largest value (black). Rows of pixels are
        taken to be square pictures.
    titles : sequence of n labels, optional
    columns : int
        Pictures in a row.

    Returns
    -------
    array of Axes, of shape (rows, columns)
        Those after the last picture are empty.
    """
    pictures = np.asarray(pictures)
    if pictures.ndim == 2:
        side = math.isqrt(pictures.shape[1])
        if side**2 != pictures.shape[1]:
            raise ValueError(f"{pictures.shape[1]} pixels are no square picture")
        pictures = pictures.reshape(-1, side, side)
    if pictures.ndim != 3 or not pictures.size:
        raise ValueError(f"pictures is an array of n pictures, got shape {pictures.shape}")
    if len(titles) not in (0, len(pictures)):
        raise ValueError(f"there are {len(titles)} titles for {len(pictures)} pictures")
    if columns < 1:
        raise ValueError(f"columns is at least 1, got {columns!r}")
    columns = min(columns, len(pictures))
    rows = -(-len(pictures) // columns)
    width = min(6.4 / columns, 1.2)
    height = width + (0.25 if len(titles) else 0)
    _, axes = plt.subplots(rows, columns, figsize=(width * columns, height * rows), squeeze=False)
    for ax in axes.flat:
        ax.axis("off")
    for position, (ax, picture) in enumerate(zip(axes.flat, pictures, strict=False)):
        ax.imshow(picture, cmap="gray_r", vmin=0, vmax=pictures.max())
        if len(titles):
            ax.set_title(titles[position], fontsize=12, pad=3)
    return axes


def confusion_matrix(matrix: ArrayLike, *, ax: Axes | None = None) -> Axes:
    """Draw a confusion matrix: rows are true digits, columns predictions.

    Colors show the mistakes only, darker where there are more; the diagonal, which would
    outshine them, is left gray.
    """
    matrix = np.asarray(matrix)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or len(matrix) < 2:
        raise ValueError(f"a confusion matrix is square, got shape {matrix.shape}")
    ax = _axes(ax, figsize=(6.4, 5.6))
    diagonal = np.eye(len(matrix), dtype=bool)
    mistakes = np.ma.masked_where(diagonal | (matrix == 0), matrix)
    most = max(1, mistakes.max() if mistakes.count() else 1)
    ax.imshow(np.where(diagonal, 0.9, 1), cmap="gray", vmin=0, vmax=1)
    drawn = ax.imshow(mistakes, cmap="viridis_r", vmin=0, vmax=most)
    for (row, column), count in np.ndenumerate(matrix):
        if count:
            light = row == column or count < 0.55 * most
            ax.text(
                column,
                row,
                f"{count:,}",
                ha="center",
                va="center",
                color="black" if light else "white",
                fontsize=11 if row != column else 9,
            )
    ax.set(
        xlabel="predicted",
        ylabel="true",
        xticks=range(len(matrix)),
        yticks=range(len(matrix)),
    )
    ax.grid(False)
    whole = mpl.ticker.MaxNLocator(integer=True)
    ax.figure.colorbar(drawn, ax=ax, label="mistakes", shrink=0.85, ticks=whole)
    return ax
