"""What people do: divide the squared difference by the length scale, which is not squared.

part: kernel
loses: 4
hint: scale
"""

import numpy as np


def kernel(a, b, length_scale):
    square = np.square(a[:, None] - b)
    return np.exp(-0.5 * (square / length_scale).sum(axis=-1))
