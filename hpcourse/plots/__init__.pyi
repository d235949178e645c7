from .curves import device_costs, direct_labels, learning_curves, points, range_test, sweep
from .landscapes import landscape, paths, surface
from .pictures import confusion_matrix, images
from .studies import best_so_far, optimization_history, parallel_coordinates, slices
from .style import COLORS, GRAY, PALETTE, color, use_style

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
    "optimization_history",
    "parallel_coordinates",
    "paths",
    "points",
    "range_test",
    "slices",
    "surface",
    "sweep",
    "use_style",
]
