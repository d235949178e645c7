"""The look of the course's figures: palette, colors of the methods, defaults."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from numpy.typing import NDArray

from hpcourse.arguments import instance, whole

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
    # strategies of search, often all in one figure
    "random": PALETTE["black"],
    "grid": PALETTE["orange"],
    "sobol": PALETTE["sky"],
    "evolution": PALETTE["green"],
    "manual": PALETTE["purple"],
    "tpe": PALETTE["blue"],
    "bayesian": PALETTE["vermillion"],
}


def use_style() -> None:
    """Set matplotlib's defaults for the course: font sizes, palette, light axes."""
    mpl.rcParams.update(
        {
            "axes.grid": True,
            "axes.labelsize": 13,
            "axes.prop_cycle": mpl.cycler(color=list(PALETTE.values())),  # type: ignore[attr-defined]
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
    """Return the color of a method, or the palette's at ``position`` for any other name.

    >>> color("adam"), color("mine", position=1)
    ('#D55E00', '#D55E00')
    """
    position = whole("position", position)
    own = COLORS.get(instance("name", name, str, "a text"))
    return own or list(PALETTE.values())[position % len(PALETTE)]


def axes(ax: Axes | None, **kwargs) -> Axes:
    """Return the axes that were given, or those of a new figure made with ``kwargs``."""
    instance("ax", ax, Axes, "an Axes of matplotlib", optional=True)
    return plt.subplots(**kwargs)[1] if ax is None else ax


def drawable(values: NDArray, log: bool = False) -> NDArray[np.float64]:
    """Return values that matplotlib can draw: it fails on the largest of all floats.

    They are drawn where what it can draw ends; what is not finite is not drawn.

    >>> drawable(np.array([1.0, 1e308, -np.inf])).tolist()
    [1.0, 1e+300, nan]
    """
    ends = (1e-200, 1e100) if log else (-1e300, 1e300)
    return np.where(np.isfinite(values), np.clip(values, *ends), np.nan)
