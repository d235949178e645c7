"""What people do: think of one coordinate only.

part: kernel
loses: 3
hint: first
"""

import numpy as np


def kernel(a, b, length_scale):
    length = np.ravel(length_scale)[0]
    return np.exp(-0.5 * ((a[:, [0]] - b[:, 0]) / length) ** 2)
