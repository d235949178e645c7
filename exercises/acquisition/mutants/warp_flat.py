"""What people do: divide by a median of zero.

part: warp
loses: 1
hint: flat
"""

import numpy as np


def warp(values):
    finite = np.isfinite(values)
    values = np.where(finite, values, values[finite].max())
    distance = values - values.min()
    unit = np.median(distance)
    return np.log1p(distance / unit)
