"""What people do: they let infinity stand for no success yet.

part: best_so_far
loses: 1
hint: start
"""

import numpy as np


def best_so_far(values, direction):
    if direction == "maximize":
        return np.maximum.accumulate(np.where(np.isfinite(values), values, -np.inf), axis=1)
    return np.minimum.accumulate(np.where(np.isfinite(values), values, np.inf), axis=1)
