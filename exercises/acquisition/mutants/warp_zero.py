"""What people do: take the logarithm of the distance, which is zero at the best.

part: warp
loses: 4
hint: zero
"""

import numpy as np


def warp(values):
    finite = np.isfinite(values)
    values = np.where(finite, values, values[finite].max())
    distance = values - values.min()
    unit = np.median(distance)
    return np.log(distance / (unit or 1))
