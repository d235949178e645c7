"""What people do: divide by the mean of the distances.

part: warp
loses: 4
hint: mean
"""

import numpy as np


def warp(values):
    finite = np.isfinite(values)
    values = np.where(finite, values, values[finite].max())
    distance = values - values.min()
    unit = distance.mean()
    return np.log1p(distance / (unit or 1))
