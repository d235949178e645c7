"""What people do: leave out the factor ½.

part: kernel
loses: 4
hint: half
"""

import numpy as np


def kernel(a, b, length_scale):
    scaled = (a[:, None] - b) / length_scale
    return np.exp(-(scaled**2).sum(axis=-1))
