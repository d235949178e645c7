"""What people do: divide by the median of the values.

part: warp
loses: 4
hint: raw
"""

import numpy as np


def warp(values):
    finite = np.isfinite(values)
    values = np.where(finite, values, values[finite].max())
    distance = values - values.min()
    unit = np.median(values)
    return np.log1p(distance / (unit or 1))
