"""The course's figures. Each function draws on an Axes and returns it.

One palette for the whole course: Okabe and Ito's for categories (a method keeps its color
from chapter to chapter), viridis for magnitudes, one gray for what is only context.
"""

from hpcourse.plots.curves import (
    device_costs,
    direct_labels,
    learning_curves,
    lr_range,
    points,
    sweep,
)
from hpcourse.plots.landscapes import landscape, paths, surface
from hpcourse.plots.pictures import confusion_matrix, images
from hpcourse.plots.studies import (
    best_so_far,
    optimization_history,
    parallel_coordinates,
    slices,
)
from hpcourse.plots.style import COLORS, GRAY, PALETTE, color, use_style

__all__ = [
    "COLORS",
    "GRAY",
    "PALETTE",
    "best_so_far",
    "color",
    "confusion_matrix",
    "device_costs",
    "direct_labels",
    "images",
    "landscape",
    "learning_curves",
    "lr_range",
    "optimization_history",
    "parallel_coordinates",
    "paths",
    "points",
    "slices",
    "surface",
    "sweep",
    "use_style",
]
