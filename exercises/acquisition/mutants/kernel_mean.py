"""What people do: average over the coordinates, as for a mean squared error.

part: kernel
loses: 3
hint: mean
"""

import numpy as np


def kernel(a, b, length_scale):
    scaled = (a[:, None] - b) / length_scale
    return np.exp(-0.5 * (scaled**2).mean(axis=-1))
