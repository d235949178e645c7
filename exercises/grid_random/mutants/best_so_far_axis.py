"""What people do: they accumulate along the first axis, which is NumPy's default.

part: best_so_far
loses: 4
hint: axis
"""

import numpy as np


def best_so_far(values, direction):
    values = np.where(np.isfinite(values), values, np.nan)
    better = np.fmax if direction == "maximize" else np.fmin
    return better.accumulate(values)
