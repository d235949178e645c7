"""What people do: multiply by the length scale.

part: kernel
loses: 4
hint: multiplied
"""

import numpy as np


def kernel(a, b, length_scale):
    scaled = (a[:, None] - b) * length_scale
    return np.exp(-np.square(scaled).sum(axis=-1) / 2)
