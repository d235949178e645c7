"""What people do: forget that a trial may have failed.

part: warp
loses: 1
hint: failed
"""

import numpy as np


def warp(values):
    distance = values - values.min()
    unit = np.median(distance)
    return np.log1p(distance / (unit or 1))
