"""What people do: they leave out NaN and forget infinity.

part: best_so_far
loses: 1
hint: infinite
"""

import numpy as np


def best_so_far(values, direction):
    better = np.fmax if direction == "maximize" else np.fmin
    return better.accumulate(values, axis=1)
