"""What people do: add the noise to every entry of the matrix.

part: posterior
loses: 1
hint: everywhere
"""

import numpy as np


def posterior(k_tried, k_new, values, noise):
    level, scale = values.mean(), values.std()
    known = k_new @ np.linalg.inv(k_tried + noise)
    mean = known @ ((values - level) / scale)
    variance = 1 - (known * k_new).sum(axis=1)
    return level + scale * mean, scale * np.sqrt(variance)
