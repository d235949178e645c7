"""What people do: they always maximize.

part: best_so_far
loses: 2
hint: direction
"""

import numpy as np


def best_so_far(values, direction):
    return np.fmax.accumulate(np.where(np.isfinite(values), values, np.nan), axis=1)
