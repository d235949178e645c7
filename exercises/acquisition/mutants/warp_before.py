"""What people do: take the median before the failed trials have their values.

part: warp
loses: 1
hint: before
"""

import numpy as np


def warp(values):
    finite = np.isfinite(values)
    distance = values - values[finite].min()
    unit = np.median(distance[finite])
    distance[~finite] = distance[finite].max()
    return np.log1p(distance / (unit or 1))
