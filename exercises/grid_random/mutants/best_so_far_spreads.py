"""What people do: they accumulate the maximum, and NaN spreads.

part: best_so_far
loses: 1
hint: spreads
"""

import numpy as np


def best_so_far(values, direction):
    better = np.maximum if direction == "maximize" else np.minimum
    return better.accumulate(values, axis=1)
