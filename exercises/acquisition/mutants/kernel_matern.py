"""What people do: copy the kernel of the chapter.

part: kernel
loses: 4
hint: matern
"""

import numpy as np


def kernel(a, b, length_scale):
    s = np.sqrt(5 * np.square((a[:, None] - b) / length_scale).sum(axis=-1))
    return (1 + s + s**2 / 3) * np.exp(-s)
