"""Figures of a study: how it went, where it looked, and how strategies compare."""

from __future__ import annotations

import math
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from hpcourse.analysis import running_best
from hpcourse.arguments import (
    array,
    flag,
    instance,
    is_number,
    mapping,
    one_of,
    real,
    unknown_name,
)
from hpcourse.plots.curves import direct_labels
from hpcourse.plots.style import COLORS, GRAY, PALETTE, axes, color, drawable
from hpcourse.search import Choice, Int, Study, Trial, TrialState


def optimization_history(study: Study, *, log: bool = False, ax: Axes | None = None) -> Axes:
    """Draw each trial's value over its number, and the best value so far as a line.

    Complete trials are dots, pruned ones crosses at what they reported last (those that
    reported nothing are left out), failed ones ticks at the edge where the worst values are.
    Only complete trials count for the line.

    Parameters
    ----------
    study : Study
        Of one direction, with at least one complete trial.
    log : bool
        Values on a log scale; they must be above 0.
    ax : Axes, optional
        To draw on; by default on a new figure.

    Raises
    ------
    ValueError
        When no trial is complete, for several directions, or for values that are not above 0
        on a log scale.

    Examples
    --------
    >>> from hpcourse import Float, Space
    >>> study = Study(Space(x=Float(-5, 5)), lambda space, trials, rng: space.sample(rng), seed=1)
    >>> study.optimize(lambda trial: trial.params["x"] ** 2, n_trials=20)
    >>> optimization_history(study, log=True).get_ylabel()
    'value'
    >>> plt.close()
    """
    _complete(study)
    trials, log = study.trials, flag("log", log)
    numbers = np.array([trial.number for trial in trials])
    values = np.array([trial.value for trial in trials], dtype=float)
    states = np.array([trial.state.name for trial in trials])
    complete, pruned, failed = states == "COMPLETE", states == "PRUNED", states == "FAIL"
    lowest = np.nanmin(values[~failed])
    if log and lowest <= 0:
        raise ValueError(f"a log scale needs values above 0, got {lowest:g}")
    values = drawable(values, log)
    ax = axes(ax)
    ax.plot(numbers[complete], values[complete], "o", color=PALETTE["sky"], label="complete")
    if pruned.any():
        ax.plot(numbers[pruned], values[pruned], "x", color=PALETTE["purple"], label="pruned")
    if failed.any():
        heights = [0.025 if study.direction == "maximize" else 0.975] * failed.sum()
        look: dict[str, Any] = {"color": PALETTE["vermillion"]}
        look["transform"] = ax.get_xaxis_transform()
        ax.plot(numbers[failed], heights, "|", mew=1.5, label="failed", **look)
    best = running_best(np.where(complete, values, np.nan), study.direction)
    ax.plot(numbers, best, drawstyle="steps-post", color=PALETTE["blue"], label="best so far")
    ax.set(xlabel="trial", ylabel="value", yscale="log" if log else "linear")
    ax.margins(y=0.08)  # room for the ticks at the edge
    ax.xaxis.set_major_locator(_round())
    ncols = 4 if ax.bbox.width > 4.5 * ax.figure.dpi else 2
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=ncols, handletextpad=0.4)
    return ax


def _round(n: int = 5, integer: bool = True) -> mpl.ticker.Locator:
    """Make a locator of about n round numbers."""
    return mpl.ticker.MaxNLocator(n, steps=[1, 2, 5, 10], integer=integer)


def _complete(study: Study) -> list[Trial]:
    """Return the complete trials, of which there must be one."""
    if not isinstance(study, Study):
        raise ValueError(f"study is a hpcourse.Study, got {study!r}")
    if len(study.directions) > 1:
        raise ValueError(f"study has one direction in a figure, got {study.directions}")
    complete = [trial for trial in study.trials if trial.state is TrialState.COMPLETE]
    if not complete:
        given = dict(Counter(trial.state.name for trial in study.trials)) or "no trials"
        raise ValueError(f"a figure of a study needs a trial that is COMPLETE, got {given}")
    return complete


def slices(study: Study, names: Sequence[str] | None = None) -> np.ndarray:
    """Draw the value over each hyperparameter, one panel each, and return their Axes.

    Each dot is a complete trial that has the hyperparameter; later trials are brighter. An
    axis is logarithmic where the hyperparameter is, and for ordered numbers that span a
    factor of ten. Other options are categories, their dots spread sideways.

    Parameters
    ----------
    study : Study
        Of one direction, with at least one complete trial.
    names : sequence of str, optional
        Which hyperparameters, in this order; default all.

    Returns
    -------
    array of Axes, of shape (rows, columns)
        At most three columns; those after the last panel are empty.

    Raises
    ------
    ValueError
        When no trial is complete, for several directions, or for names that are not in the space.
    """
    complete, space = _complete(study), study.space
    names = list(space) if names is None else names
    if not isinstance(names, list | tuple | np.ndarray) or not len(names):
        raise ValueError(f"names is a list of at least one hyperparameter, got {names!r}")
    for name in names:
        if not isinstance(name, str) or name not in space.parameters:
            raise unknown_name("hyperparameter", name, space)
    columns = min(3, len(names))
    rows = -(-len(names) // columns)
    size = (6.4, 2.7 * rows if columns > 1 else 4.0)
    figure = plt.figure(figsize=size, layout="constrained")
    axes = figure.subplots(rows, columns, sharey=True, squeeze=False)
    norm = mpl.colors.Normalize(0, max(1, complete[-1].number))
    for ax, name in zip(axes.flat, names, strict=False):
        chosen = [trial for trial in complete if name in trial.params]
        numbers = np.array([trial.number for trial in chosen], dtype=int)
        x = _slice_axis(ax, name, space[name], [trial.params[name] for trial in chosen], numbers)
        values = drawable(np.array([trial.value for trial in chosen], dtype=float))
        drawn = ax.scatter(x, values, c=numbers, norm=norm, s=26, ec="k", lw=0.3)
    for ax in axes.flat[len(names) :]:
        ax.axis("off")
    for ax in axes[:, 0]:
        ax.set_ylabel("value")
    figure.colorbar(drawn, ax=axes, label="trial", ticks=_round(), aspect=14 * rows)
    return axes


def _slice_axis(ax, name, given, values, numbers):
    """Set up the axis of a hyperparameter; return where the values lie on it."""
    ax.set_xlabel(_wrap(name, 14))
    log = given.log
    if isinstance(given, Choice) and not log:
        labels = _texts(given.options)
        slant = {"rotation": 35, "ha": "right", "rotation_mode": "anchor"}
        slant = slant if len("".join(labels)) > 12 else {}
        ax.set_xticks([given.to_unit(option) for option in given.options], labels, **slant)
        ax.set_xlim(0, 1)
        ax.grid(False, axis="x")
        # Multiples of the golden ratio spread evenly, however many there are.
        jitter = (numbers * (math.sqrt(5) - 1) / 2 % 1 - 0.5) * 0.5 / len(labels)
        return [given.to_unit(value) for value in values] + jitter
    ends = given.options if isinstance(given, Choice) else (given.low, given.high)
    values, ends = (drawable(np.array(some, dtype=float), log) for some in (values, ends))
    low, high = float(min(ends)), float(max(ends))
    if low == high:
        ax.set_xlim(low - (abs(low) or 1) / 2, high + (abs(high) or 1) / 2)
        ax.set_xticks([low], _texts([low]))
    elif not log:
        ax.set_xlim(low - 0.06 * (high - low), high + 0.06 * (high - low))
        ax.xaxis.set_major_locator(_round(3, integer=isinstance(given, Int)))
    else:
        width = 0.06 * (math.log(high) - math.log(low))
        ax.set(xscale="log", xlim=(low * math.exp(-width), high * math.exp(width)))
        if high / low >= 100:
            decades = np.arange(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1)
            ax.set_xticks(10.0 ** decades[:: math.ceil(len(decades) / 3)])
        else:
            ax.set_xticks(given.values(3), _texts(given.values(3)))
            ax.minorticks_off()
    return values


def _wrap(name: str, width: int) -> str:
    return textwrap.fill(name.replace("_", " "), width, break_long_words=False)


def _texts(values: Iterable[object]) -> list[str]:
    """Return short texts; of numbers, as many digits as it takes to tell them apart."""
    values = list(values)
    for digits in (3, 4, 5, 6):
        texts = [f"{value:.{digits}g}" if is_number(value) else str(value) for value in values]
        if len(set(texts)) == len(values):
            break
    return [text if len(text) <= 12 else text[:11] + "…" for text in texts]


def parallel_coordinates(study: Study, *, best: float = 0.1, ax: Axes | None = None) -> Axes:
    """Draw each complete trial as a line from hyperparameter to hyperparameter to its value.

    Each vertical axis is a hyperparameter on its unit scale, with its values written beside
    it. The best trials are in color, the best of all darkest, and the others gray; a line has
    a gap at a hyperparameter that its trial does not have.

    Parameters
    ----------
    study : Study
        Of one direction, with at least one complete trial.
    best : float
        Share of the trials to color, above 0 and at most 1; at least one is.
    ax : Axes, optional
        To draw on; by default on a new figure.

    Raises
    ------
    ValueError
        When no trial is complete, for several directions, or for another share.
    """
    complete, space = _complete(study), study.space
    best = real("best", best, above=0, high=1)
    values = drawable(np.array([trial.value for trial in complete]))
    order = np.argsort(values if study.direction == "minimize" else -values, kind="stable")
    colored = order[: max(1, round(best * len(values)))]
    low, high = values.min(), values.max()
    height = (values - low) / (high - low) if high > low else np.full(len(values), 0.5)
    worse = np.abs(height - height[order[0]])
    # The brightest part of viridis is hard to see on white.
    shades = 0.85 * worse / (worse[colored].max() or 1)

    scales = list(space.parameters.values())
    ticks: list[Any] = [
        given.options if isinstance(given, Choice) else given.values(3) for given in scales
    ]
    places = [list(map(given.to_unit, some)) for given, some in zip(scales, ticks, strict=True)]
    ticks.append([low, low / 2 + high / 2, high] if high > low else [low])
    places.append([0, 0.5, 1] if high > low else [0.5])
    texts = [_texts(some) for some in ticks]
    names = [*(_wrap(name, 9) for name in space), "value"]
    longest = max(len(word) for some in [*texts, " ".join(names).split()] for word in some)
    between = 0.6 / 72 * mpl.rcParams["font.size"] * (longest + 1.5)  # inches
    ax = axes(ax, figsize=(max(6.4, between * (len(names) + 0.3)), 4.2))

    for k in order[::-1]:  # the best on top
        look = {"color": GRAY, "lw": 0.8, "alpha": 0.35, "zorder": 1.5}
        if k in colored:
            look = {"color": mpl.colormaps["viridis"](shades[k]), "lw": 2, "zorder": 2}
        line = [*space.to_unit(complete[k].params), height[k]]
        ax.plot(line, marker="o", ms=3, mew=0, **look)
    ax.vlines(range(len(names)), 0, 1, color="black", lw=1, zorder=2.5)
    box = {"fc": ax.get_facecolor(), "ec": "none", "alpha": 0.75, "pad": 1}
    for x, (some, written) in enumerate(zip(places, texts, strict=True)):
        side, align = (1, "left") if x == len(space) else (-1, "right")
        for y, text in zip(some, written, strict=True):
            ax.plot([x, x + 0.05 * side], [y, y], color="black", lw=1, zorder=2.5)
            ax.text(x + 0.08 * side, y, text, ha=align, va="center", bbox=box, zorder=3)
    ax.set_xticks(range(len(names)), names)
    ax.set(xlim=(-0.65, len(names) - 0.35), ylim=(-0.04, 1.04), yticks=[])
    ax.tick_params(axis="x", length=0)
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.grid(False)
    return ax


def best_so_far(
    curves: Mapping[str, ArrayLike],
    *,
    direction: str = "maximize",
    interval: float = 0.9,
    xlabel: str = "trials",
    ax: Axes | None = None,
) -> Axes:
    """Compare strategies: the median of the best value so far, and a band of most seeds.

    A seed that has had no success yet counts as worse than all others. The median is drawn
    from where it is a number, the band from where both of its ends are.

    Parameters
    ----------
    curves : mapping from a strategy's name to an array of shape (n_seeds, n_trials)
        Each seed's values in the order of its trials, NaN for a failed one.
    direction : {"minimize", "maximize"}
        Whether small or large values are good.
    interval : float
        Share of the seeds inside the band, above 0 and at most 1.
    xlabel : str
        What a step along the axis is.
    ax : Axes, optional
        To draw on; by default on a new figure.

    Raises
    ------
    ValueError
        For no curves, other shapes, another direction or share, or a strategy of which most
        seeds have no success.

    Examples
    --------
    >>> values = np.random.default_rng(0).random((20, 50))
    >>> ax = best_so_far({"random": values, "sobol": values + 0.1})
    >>> [text.get_text() for text in ax.texts]
    ['random', 'sobol']
    >>> plt.close()
    """
    interval = real("interval", interval, above=0, high=1)
    one_of("direction", direction, ("minimize", "maximize"))
    instance("xlabel", xlabel, str, "a text")
    if not mapping("curves", curves, "names to arrays, at least one"):
        raise ValueError(f"curves maps names to arrays, at least one, got {curves!r}")
    lines = {name: _quantiles(name, values, direction, interval) for name, values in curves.items()}
    ax = axes(ax)
    for name, hue in _hues(lines).items():
        lower, median, upper = lines[name]
        trials = np.arange(1, len(median) + 1)
        ax.fill_between(trials, lower, upper, step="post", color=hue, alpha=0.2, lw=0)
        label = str(name).replace("_", " ")
        ax.plot(trials, median, drawstyle="steps-post", color=hue, label=label)
    ax.set(xlabel=xlabel, ylabel="best value so far")
    ax.xaxis.set_major_locator(_round())
    return direct_labels(ax)


def _quantiles(name, values, direction, interval):
    """Return the low end of the band, the median and the high end, after each trial."""
    values = drawable(array(f"curves[{name!r}]", values, finite=False))
    if values.ndim != 2 or not values.size:
        raise ValueError(f"{name!r} has values of shape (n_seeds, n_trials), got {values.shape}")
    sign = -1 if direction == "maximize" else 1
    # NaN is sorted to the end, which is the worst one.
    ordered = np.sort(sign * running_best(values, direction), axis=0)
    found = []
    for share in ((1 - interval) / 2, 0.5, (1 + interval) / 2):
        place = share * (len(ordered) - 1)
        low, high = ordered[math.floor(place)], ordered[math.ceil(place)]
        found.append(sign * (low + (high - low) * (place % 1)))
    if np.isnan(found[1][-1]):
        without = f"{np.isnan(ordered[:, -1]).sum()} of {len(ordered)}"
        raise ValueError(f"{name!r} has a finite value for most seeds; {without} have none")
    return found[::sign]


def _hues(names: Iterable[str]) -> dict[str, str]:
    """Return each strategy's own color; names without one avoid those of the others."""
    hues: dict[str, Any] = {name: COLORS.get(name) for name in names}
    for position, name in enumerate(hues):
        if hues[name] is None:
            options = [color("", position + k) for k in range(len(PALETTE))]
            free = [hue for hue in options if hue not in hues.values()]
            hues[name] = (free or options)[0]
    return hues
