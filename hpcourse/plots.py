"""The course's figures. Each function draws on an Axes and returns it.

One palette for the whole course: Okabe and Ito's for categories (a method keeps its color
from chapter to chapter), viridis for magnitudes, one gray for what is only context.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from numpy.typing import ArrayLike

from hpcourse.landscapes import Landscape

__all__ = [
    "COLORS",
    "GRAY",
    "PALETTE",
    "color",
    "confusion_matrix",
    "direct_labels",
    "images",
    "landscape",
    "learning_curves",
    "paths",
    "points",
    "surface",
    "sweep",
    "use_style",
]

# Okabe and Ito (2008), "Color universal design".
PALETTE = {
    "blue": "#0072B2",
    "vermillion": "#D55E00",
    "green": "#009E73",
    "purple": "#CC79A7",
    "orange": "#E69F00",
    "sky": "#56B4E9",
    "yellow": "#F0E442",
    "black": "#000000",
}
GRAY = "#8A8A8A"

# A method's color, everywhere in the course.
COLORS = {
    "gradient_descent": PALETTE["black"],
    "sgd": PALETTE["black"],
    "momentum": PALETTE["sky"],
    "nesterov": PALETTE["blue"],
    "rmsprop": PALETTE["orange"],
    "adam": PALETTE["vermillion"],
    "adagrad": PALETTE["purple"],
    "adamw": PALETTE["green"],
    "L-BFGS-B": PALETTE["green"],
    "training": PALETTE["sky"],
    "validation": PALETTE["vermillion"],
}


def use_style() -> None:
    """Set matplotlib's defaults for the course: font sizes, palette, light axes."""
    mpl.rcParams.update(
        {
            "axes.grid": True,
            "axes.labelsize": 13,
            "axes.prop_cycle": mpl.cycler(color=list(PALETTE.values())),
            "axes.spines.right": False,
            "axes.spines.top": False,
            "axes.titlesize": 13,
            "figure.constrained_layout.use": True,
            "figure.dpi": 120,
            "figure.figsize": (6.4, 4.0),
            "font.size": 13,
            "grid.alpha": 0.3,
            "image.cmap": "viridis",
            "legend.fontsize": 12,
            "legend.frameon": False,
            "lines.linewidth": 2,
        }
    )


def color(name: str, position: int = 0) -> str:
    """Return the color of a method, or the palette's at ``position`` for any other name."""
    return COLORS.get(name, list(PALETTE.values())[position % len(PALETTE)])


def _axes(ax: Axes | None, **kwargs) -> Axes:
    return plt.subplots(**kwargs)[1] if ax is None else ax


def direct_labels(ax: Axes, gap: float = 0.06) -> Axes:
    """Write each labeled line's name at its right end, in its color, without overlap.

    Parameters
    ----------
    gap : float
        Smallest distance between two labels, as a share of the height of the axes.
    """
    ax.get_xlim(), ax.get_ylim()  # settles the limits, which matplotlib computes late
    lines = [line for line in ax.get_lines() if not line.get_label().startswith("_")]
    ends = []
    for line in lines:
        x, y = (np.asarray(values, dtype=float) for values in line.get_data())
        finite = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        if len(finite):
            point = ax.transData.transform((x[finite[-1]], y[finite[-1]]))
            ends.append([ax.transAxes.inverted().transform(point)[1], line])
    ends.sort(key=lambda end: end[0])
    for lower, upper in itertools.pairwise(ends):
        upper[0] = max(upper[0], lower[0] + gap)
    for height, line in ends:
        ax.annotate(
            line.get_label(),
            (1.01, height),
            xycoords="axes fraction",
            va="center",
            color=line.get_color(),
            annotation_clip=False,
        )
    return ax


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


def learning_curves(
    history: Mapping[str, ArrayLike],
    metric: str = "accuracy",
    *,
    by: str | Sequence[object] | None = None,
    label: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a metric after each epoch: of one network, or of many side by side.

    Parameters
    ----------
    history : mapping from a metric's name to its values
        One an epoch, as ``model.fit(...).history``, drawn in training and in validation; or,
        with ``by``, of shape (epochs, K), as :meth:`hpcourse.population.Population.fit`
        returns, drawn in validation where that was recorded.
    metric : str
        ``"accuracy"``, ``"loss"`` or any other recorded one.
    by : str or sequence of K values, optional
        What tells the K networks apart: the name of a recorded quantity
        (``"learning_rate"``), or their values. Numbers become colors on a log scale,
        anything else a label at the line's end. Networks of equal value, such as repeats
        with other seeds, are drawn as their mean and a band from smallest to largest.
    label : str, optional
        Of the color scale; default the quantity's name.
    """
    ax = _axes(ax)
    if by is None:
        for prefix, name in (("", "training"), ("val_", "validation")):
            if prefix + metric in history:
                _curve(ax, history[prefix + metric], COLORS[name], name, marker="o", ms=4)
        ax.set(ylabel=metric)
        colored = False
    else:
        name = f"val_{metric}" if f"val_{metric}" in history else metric
        ax.set(ylabel=f"validation {metric}" if name != metric else metric)
        label = by if label is None and isinstance(by, str) else label
        colored = _many_curves(ax, np.asarray(history[name], dtype=float), by, history, label)
    ax.set_xlabel("epoch")
    ax.xaxis.set_major_locator(mpl.ticker.MaxNLocator(integer=True))
    return ax if colored else direct_labels(ax)


def _curve(ax, values, hue, label=None, **kwargs):
    """Draw values of shape (epochs,), or (epochs, repeats) as their mean and range."""
    values = np.asarray(values, dtype=float)
    epochs = np.arange(1, len(values) + 1)
    if values.ndim == 2:
        if values.shape[1] > 1:
            ax.fill_between(epochs, values.min(1), values.max(1), color=hue, alpha=0.2, lw=0)
        values = values.mean(1)
    ax.plot(epochs, values, color=hue, label=label, **kwargs)


def _many_curves(ax, values, by, history, label):
    """Draw one curve for each value of ``by``; return whether a color scale tells them apart."""
    which = list(np.asarray(history[by])[-1]) if isinstance(by, str) else list(by)
    if values.ndim != 2 or len(which) != values.shape[1]:
        raise ValueError(
            f"by has one value for each network, got {len(which)} for values of shape "
            f"{values.shape}, which should be (epochs, K)"
        )
    groups = list(dict.fromkeys(which))
    numbers = all(isinstance(value, int | float | np.number) and value > 0 for value in groups)
    scale = mpl.cm.ScalarMappable(LogNorm(min(groups), max(groups))) if numbers else None
    for position, group in enumerate(groups):
        members = values[:, [i for i, value in enumerate(which) if value == group]]
        if scale is not None:
            _curve(ax, members, scale.to_rgba(group), lw=1.6)
        else:
            _curve(ax, members, color(str(group), position), str(group).replace("_", " "))
    if scale is not None:
        ax.figure.colorbar(scale, ax=ax, label=(label or "").replace("_", " "))
    return scale is not None


def sweep(
    settings: ArrayLike,
    values: ArrayLike,
    *,
    name: str | None = None,
    log: bool = True,
    ax: Axes | None = None,
) -> Axes:
    """Draw a result over one hyperparameter: a point for each repeat, a line of the means.

    Parameters
    ----------
    settings : array of n numbers
    values : array of shape (n,) or (n, repeats)
    name : str, optional
        Of the line, in its color; :func:`direct_labels` writes it.
    log : bool
        Settings on a log scale.
    """
    settings, values = np.asarray(settings), np.asarray(values, dtype=float)
    if settings.ndim != 1 or values.shape[:1] != settings.shape or values.ndim > 2:
        raise ValueError(
            "settings has shape (n,) and values (n,) or (n, repeats), "
            f"got {settings.shape} and {values.shape}"
        )
    ax = _axes(ax)
    values = values.reshape(len(settings), -1)
    hue = color(name or "", len([line for line in ax.get_lines() if line.get_linestyle() == "-"]))
    if values.shape[1] > 1:
        ax.plot(settings, values, "o", ms=4, alpha=0.4, color=hue, mew=0)
    ax.plot(settings, values.mean(axis=1), "-", color=hue, label=name)
    if log:
        ax.set_xscale("log")
    return ax


def points(
    groups: Mapping[str, ArrayLike],
    *,
    xlabel: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw a row for each group: a point for each value, a bar at their mean; NaN is left out.

    For a handful of repeats this shows what a mean and its error hide.
    """
    ax = _axes(ax, figsize=(6.4, 0.8 + 0.42 * max(2, len(groups))))
    for row, (name, values) in enumerate(groups.items()):
        values = np.asarray(values, dtype=float)
        values = values[np.isfinite(values)]
        hue = color(name, row)
        ax.plot(values, np.full(len(values), row), "o", ms=6, alpha=0.5, color=hue, mew=0)
        if len(values):
            ax.plot([values.mean()] * 2, [row - 0.3, row + 0.3], color=hue, lw=2.5)
    ax.set(yticks=range(len(groups)), xlabel=xlabel)
    ax.set_yticklabels([name.replace("_", " ") for name in groups])
    ax.set_ylim(len(groups) - 0.5, -0.5)
    ax.grid(False, axis="y")
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
