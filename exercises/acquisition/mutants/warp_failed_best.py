"""What people do: put in the smallest value for a failed trial.

part: warp
loses: 1
hint: failed_best
"""

import numpy as np


def warp(values):
    finite = np.isfinite(values)
    values = np.where(finite, values, values[finite].min())
    distance = values - values.min()
    unit = np.median(distance)
    return np.log1p(distance / (unit or 1))
