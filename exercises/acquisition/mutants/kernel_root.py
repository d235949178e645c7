"""What people do: take the distance where its square belongs.

part: kernel
loses: 4
hint: root
"""

import numpy as np


def kernel(a, b, length_scale):
    distance = np.linalg.norm((a[:, None] - b) / length_scale, axis=-1)
    return np.exp(-distance / 2)
