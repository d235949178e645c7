"""Figures of results over time, over a hyperparameter and over repeats."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.ticker import LogLocator
from numpy.typing import ArrayLike

from hpcourse.plots.style import COLORS, GRAY, PALETTE, axes, color

if TYPE_CHECKING:
    from hpcourse.compute import DeviceRecord
    from hpcourse.training import LRRangeTest


def direct_labels(ax: Axes, gap: float | None = None) -> Axes:
    """Write each labeled line's name at its right end, in its color, without overlap.

    Parameters
    ----------
    gap : float, optional
        Smallest distance between two labels, as a share of the height of the axes; default
        the height of a line of text.
    """
    ax.get_xlim(), ax.get_ylim()  # settles the limits, which matplotlib computes late
    if gap is None:
        line_height = 1.15 * mpl.rcParams["font.size"] * ax.figure.dpi / 72
        gap = line_height / ax.get_window_extent().height
    lines = [line for line in ax.get_lines() if not str(line.get_label()).startswith("_")]
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
    for upper, lower in itertools.pairwise([[1 + gap, None], *reversed(ends)]):
        lower[0] = min(lower[0], upper[0] - gap)
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
        with ``by``, of shape (epochs, K), as :meth:`hpcourse.Population.fit`
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
    ax = axes(ax)
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
        Those of the hyperparameter, in the order in which the line joins them.
    values : array of shape (n,) or (n, repeats)
        What came out for each setting.
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
    ax = axes(ax)
    values = values.reshape(len(settings), -1)
    hue = color(name or "", len([line for line in ax.get_lines() if line.get_linestyle() == "-"]))
    if values.shape[1] > 1:
        ax.plot(settings, values, "o", ms=4, alpha=0.4, color=hue, mew=0)
    ax.plot(settings, values.mean(axis=1), "-", color=hue, label=name)
    if log:
        ax.set_xscale("log")
    return ax


def points(groups: Mapping[str, ArrayLike], *, xlabel: str = "", ax: Axes | None = None) -> Axes:
    """Draw a row for each group: a point for each value, a bar at their mean; NaN is left out.

    For a handful of repeats this shows what a mean and its error hide.
    """
    ax = axes(ax, figsize=(6.4, 0.8 + 0.42 * max(2, len(groups))))
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


def range_test(test: LRRangeTest, *, ax: Axes | None = None) -> Axes:
    """Draw the losses of a range test over the rates, their running mean, and the suggestion.

    Parameters
    ----------
    test : LRRangeTest
        From :func:`hpcourse.training.lr_range_test`.
    """
    ax = axes(ax)
    smooth = test.smoothed
    mark = PALETTE["vermillion"]
    ax.semilogx(test.learning_rates, test.losses, ".", color=GRAY, alpha=0.5)
    ax.semilogx(test.learning_rates[: len(smooth)], smooth, color=COLORS["training"])
    ax.axvline(test.suggestion, color=mark, linestyle="--")
    ax.annotate(
        f" {test.suggestion:.2g}",
        (test.suggestion, 1),
        xycoords=("data", "axes fraction"),
        va="top",
        color=mark,
    )
    top = 1.2 * smooth[: smooth.argmin() + 1].max()
    ax.set(xlabel="learning rate", ylabel="training loss", ylim=(0, top))
    return ax


def device_costs(measured: Iterable[DeviceRecord], ax: Axes | None = None) -> Axes:
    """Draw the time of an epoch for each network over the size of the population.

    A cross marks one network with ``model.fit``.
    """
    ax = axes(ax)
    for position, record in enumerate(measured):
        hue = color(record.name, position)
        each = 1000 * record.seconds_per_network
        ax.loglog(record.members, each, "o-", ms=5, color=hue, label=record.name)
        ax.plot(1, 1000 * record.fit_epoch, "X", ms=10, color=hue, mec="white")
    sizes = sorted({k for record in measured for k in record.members})
    ax.set_xticks(sizes, [f"{k:,}" for k in sizes])
    ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    ax.yaxis.set_major_formatter("{x:g}")
    ax.minorticks_off()
    ax.set(xlabel="networks trained at once", ylabel="ms per epoch and network")
    ax.legend()
    return ax
