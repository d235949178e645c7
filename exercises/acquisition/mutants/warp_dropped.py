"""What people do: leave the failed trials out.

part: warp
loses: 1
hint: dropped
"""

import numpy as np


def warp(values):
    values = values[np.isfinite(values)]
    distance = values - values.min()
    unit = np.median(distance)
    return np.log1p(distance / (unit or 1))
