"""What people do: replace NaN but not infinity.

part: warp
loses: 1
hint: failed
"""

import numpy as np


def warp(values):
    values = np.where(np.isnan(values), np.nanmax(values), values)
    distance = values - values.min()
    unit = np.median(distance)
    return np.log1p(distance / (unit or 1))
