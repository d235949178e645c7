"""What people do: leave the noise out.

part: posterior
loses: 1
hint: noise
"""

import numpy as np


def posterior(k_tried, k_new, values, noise):
    level, scale = values.mean(), values.std()
    known = k_new @ np.linalg.inv(k_tried)
    mean = known @ ((values - level) / scale)
    variance = 1 - (known * k_new).sum(axis=1)
    return level + scale * mean, scale * np.sqrt(variance)
