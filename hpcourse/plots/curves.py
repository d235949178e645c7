"""Figures of results over time, over a hyperparameter and over repeats."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.ticker import LogLocator
from numpy.typing import ArrayLike

from hpcourse.arguments import array, flag, instance, is_number, mapping, plain, real, unknown_name
from hpcourse.compute import DeviceRecord
from hpcourse.plots.style import COLORS, GRAY, PALETTE, axes, color, drawable

if TYPE_CHECKING:
    from hpcourse.training import LRRangeTest


def direct_labels(ax: Axes, gap: float | None = None) -> Axes:
    """Write each labeled line's name at its right end, in its color, without overlap.

    Parameters
    ----------
    ax : Axes
        On which the lines are.
    gap : float, optional
        Smallest distance between two labels, as a share of the height of the axes, from 0;
        default the height of a line of text.

    Raises
    ------
    ValueError
        For what is no Axes, and another gap.
    """
    instance("ax", ax, Axes, "an Axes of matplotlib")
    gap = real("gap", gap, 0, optional=True)
    ax.get_xlim(), ax.get_ylim()  # settles the limits, which matplotlib computes late
    if gap is None:
        line_height = 1.15 * mpl.rcParams["font.size"] * ax.figure.dpi / 72
        gap = line_height / ax.get_window_extent().height
    lines = [line for line in ax.get_lines() if not str(line.get_label()).startswith("_")]
    ends = []
    for line in lines:
        x, y = (np.asarray(values, dtype=float) for values in line.get_data(orig=False))
        finite = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        if len(finite):
            point = ax.transData.transform((x[finite[-1]], y[finite[-1]]))
            ends.append([ax.transAxes.inverted().transform(point)[1], line])
    if len(ends) > 1:
        gap = min(gap, 1 / (len(ends) - 1))  # more than that there is no room for
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
    ax : Axes, optional
        To draw on; by default on a new figure.

    Raises
    ------
    ValueError
        For a metric that was not recorded, values that are no numbers, or another number of
        values than of networks.
    """
    accepted = "names of metrics to values, as model.fit(...).history does"
    if not mapping("history", history, accepted):
        raise ValueError(f"history maps {accepted}, at least one, got {history!r}")
    instance("metric", metric, str, "a text")
    instance("label", label, str, "a text", optional=True)
    names = [name for name in (metric, f"val_{metric}") if name in history]
    if not names:
        raise unknown_name("metric", metric, map(str, history))
    if by is None:
        curves = {name: _recorded(history, name) for name in names}
        ax = axes(ax)
        for name, values in curves.items():
            kind = "training" if name == metric else "validation"
            _curve(ax, values, COLORS[kind], kind, marker="o", ms=4)
        ax.set(ylabel=metric)
        colored = False
    else:
        name = names[-1]
        values = _recorded(history, name)
        which = _which(by, values, history)
        ax = axes(ax)
        ax.set(ylabel=f"validation {metric}" if name != metric else metric)
        label = by if label is None and isinstance(by, str) else label
        colored = _many_curves(ax, values, which, label)
    ax.set_xlabel("epoch")
    ax.xaxis.set_major_locator(mpl.ticker.MaxNLocator(integer=True))
    return ax if colored else direct_labels(ax)


def _recorded(history, name):
    """Return what was recorded under a name, shape (epochs,) or (epochs, networks)."""
    values = array(f"history[{name!r}]", history[name], finite=False)
    if values.ndim > 2 or not values.size:
        raise ValueError(
            f"history[{name!r}] has the shape (epochs,) or (epochs, K), got {values.shape}"
        )
    return drawable(values)


def _curve(ax, values, hue, label=None, **kwargs):
    """Draw values of shape (epochs,), or (epochs, repeats) as their mean and range."""
    epochs = np.arange(1, len(values) + 1)
    if values.ndim == 2:
        if values.shape[1] > 1:
            ax.fill_between(epochs, values.min(1), values.max(1), color=hue, alpha=0.2, lw=0)
        values = values.mean(1)
    ax.plot(epochs, values, color=hue, label=label, **kwargs)


def _which(by, values, history):
    """Return what tells the networks apart, a value for each."""
    if isinstance(by, str):
        if by not in history:
            raise unknown_name("by", by, map(str, history))
        which = array(f"history[{by!r}]", history[by], finite=False)[-1].tolist()
    else:
        which = plain(by) if isinstance(by, Sequence | np.ndarray) else None
    count = len(which) if isinstance(which, Sequence) else 0
    if values.ndim != 2 or count != values.shape[1]:
        raise ValueError(
            f"by has one value for each network, got {by!r} with {count} for values of shape "
            f"{values.shape}, which should be (epochs, K)"
        )
    return which


def _many_curves(ax, values, which, label):
    """Draw one curve for each value of ``which``; return whether colors tell them apart."""
    if all(is_number(value) and value > 0 for value in which):
        keys: list[Any] = which
        scale = mpl.cm.ScalarMappable(LogNorm(*drawable(np.array([min(keys), max(keys)]), True)))
    else:
        keys, scale = [str(value) for value in which], None
    for position, group in enumerate(dict.fromkeys(keys)):
        members = values[:, [i for i, key in enumerate(keys) if key == group]]
        if scale is not None:
            _curve(ax, members, scale.to_rgba(group), lw=1.6)
        else:
            _curve(ax, members, color(group, position), group.replace("_", " "))
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
        Those of the hyperparameter, in the order in which the line joins them; at least one.
    values : array of shape (n,) or (n, repeats)
        What came out for each setting; NaN and infinity are left out.
    name : str, optional
        Of the line, in its color; :func:`direct_labels` writes it.
    log : bool
        Settings on a log scale; they must be above 0.
    ax : Axes, optional
        To draw on; by default on a new figure.

    Raises
    ------
    ValueError
        For other shapes, what is no number, and settings from 0 downward on a log scale.
    """
    settings = array("settings", settings, finite=False)
    values = array("values", values, finite=False)
    fits = settings.ndim == 1 and values.shape[:1] == settings.shape and values.ndim <= 2
    if not fits or not values.size:
        raise ValueError(
            "settings has shape (n,) and values (n,) or (n, repeats), "
            f"got {settings.shape} and {values.shape}"
        )
    log = flag("log", log)
    if not np.isfinite(settings).all() or (log and settings.min() <= 0):
        above = " above 0" if log else ""
        raise ValueError(f"settings holds finite numbers{above}, got {settings!r}")
    instance("name", name, str, "a text", optional=True)
    ax = axes(ax)
    settings, values = drawable(settings, log), drawable(values).reshape(len(settings), -1)
    hue = color(name or "", len([line for line in ax.get_lines() if line.get_linestyle() == "-"]))
    if values.shape[1] > 1:
        ax.plot(settings, values, "o", ms=4, alpha=0.4, color=hue, mew=0)
    ax.plot(settings, values.mean(axis=1), "-", color=hue, label=name)
    if log:
        ax.set_xscale("log")
    return ax


def points(groups: Mapping[str, ArrayLike], *, xlabel: str = "", ax: Axes | None = None) -> Axes:
    """Draw a row for each group: a point for each value, a bar at their mean.

    For a handful of repeats this shows what a mean and its error hide.

    Parameters
    ----------
    groups : mapping from a name to an array of numbers
        At least one; NaN and infinity are left out.
    xlabel : str
        What the values are.
    ax : Axes, optional
        To draw on; by default on a new figure.

    Raises
    ------
    ValueError
        For no groups, and what is no number.
    """
    if not mapping("groups", groups, "names to arrays of numbers"):
        raise ValueError(f"groups maps at least one name to numbers, got {groups!r}")
    instance("xlabel", xlabel, str, "a text")
    rows = {
        str(name): drawable(
            array(f"groups[{name!r}]", [values] if is_number(values) else values, finite=False)
        )
        for name, values in groups.items()
    }
    ax = axes(ax, figsize=(6.4, 0.8 + 0.42 * max(2, len(rows))))
    for row, (name, values) in enumerate(rows.items()):
        values = values[np.isfinite(values)]
        hue = color(name, row)
        ax.plot(values, np.full(len(values), row), "o", ms=6, alpha=0.5, color=hue, mew=0)
        if len(values):
            ax.plot([values.mean()] * 2, [row - 0.3, row + 0.3], color=hue, lw=2.5)
    ax.set(yticks=range(len(rows)), xlabel=xlabel)
    ax.set_yticklabels([name.replace("_", " ") for name in rows])
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.grid(False, axis="y")
    return ax


def range_test(test: LRRangeTest, *, ax: Axes | None = None) -> Axes:
    """Draw the losses of a range test over the rates, their running mean, and the suggestion.

    Parameters
    ----------
    test : LRRangeTest
        From :func:`hpcourse.training.lr_range_test`.
    ax : Axes, optional
        To draw on; by default on a new figure.

    Raises
    ------
    ValueError
        For what is no result of a range test, or one without a finite loss.
    """
    needs = ("learning_rates", "losses", "suggestion", "smoothed")
    if isinstance(test, type) or not all(hasattr(test, name) for name in needs):
        raise ValueError(f"test is an LRRangeTest, got {test!r}")
    smooth = drawable(test.smoothed)
    if not len(smooth):
        raise ValueError(f"test has at least one finite loss, got {test!r}")
    ax = axes(ax)
    mark = PALETTE["vermillion"]
    rates = drawable(test.learning_rates, log=True)
    suggestion = float(drawable(np.array(test.suggestion), log=True))
    ax.semilogx(rates, drawable(test.losses), ".", color=GRAY, alpha=0.5)
    ax.semilogx(rates[: len(smooth)], smooth, color=COLORS["training"])
    ax.axvline(suggestion, color=mark, linestyle="--")
    ax.annotate(
        f" {test.suggestion:.2g}",
        (suggestion, 1),
        xycoords=("data", "axes fraction"),
        va="top",
        color=mark,
    )
    top = 1.2 * smooth[: smooth.argmin() + 1].max()
    ax.set(xlabel="learning rate", ylabel="training loss")
    if top > 0:
        ax.set_ylim(0, top)
    return ax


def device_costs(measured: Iterable[DeviceRecord], ax: Axes | None = None) -> Axes:
    """Draw the time of an epoch for each network over the size of the population.

    A cross marks one network with ``model.fit``.

    Parameters
    ----------
    measured : iterable of DeviceRecord
        At least one.
    ax : Axes, optional
        To draw on; by default on a new figure.

    Raises
    ------
    ValueError
        For no records, and what is none.
    """
    records = list(measured) if isinstance(measured, Iterable) else []
    if not records or not all(isinstance(record, DeviceRecord) for record in records):
        raise ValueError(f"measured holds one or more DeviceRecords, got {measured!r}")
    ax = axes(ax)
    for position, record in enumerate(records):
        hue = color(record.name, position)
        each = 1000 * drawable(record.seconds_per_network, log=True)
        alone = 1000 * drawable(np.array(record.fit_epoch), log=True)
        ax.loglog(record.members, each, "o-", ms=5, color=hue, label=record.name)
        ax.plot(1, alone, "X", ms=10, color=hue, mec="white")
    sizes = sorted({k for record in records for k in record.members})
    ax.set_xticks(sizes, [f"{k:,}" for k in sizes])
    ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    ax.yaxis.set_major_formatter("{x:g}")
    ax.minorticks_off()
    ax.set(xlabel="networks trained at once", ylabel="ms per epoch and network")
    ax.legend()
    return ax
