"""What people do: turn the sign, so that good values become large.

part: warp
loses: 4
hint: reversed
"""

import numpy as np


def warp(values):
    finite = np.isfinite(values)
    values = np.where(finite, values, values[finite].max())
    distance = values - values.min()
    unit = np.median(distance)
    return -np.log1p(distance / (unit or 1))
