"""What people do: compute the whole covariance of the new places.

part: posterior
loses: 2
hint: covariance
"""

import numpy as np


def posterior(k_tried, k_new, values, noise):
    level, scale = values.mean(), values.std()
    known = k_new @ np.linalg.inv(k_tried + noise * np.eye(len(values)))
    mean = known @ ((values - level) / scale)
    variance = 1 - known @ k_new.T
    return level + scale * mean, scale * np.sqrt(np.maximum(variance, 0))
