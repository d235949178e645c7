"""What people do: take the sample's standard deviation, with n - 1.

part: posterior
loses: 2
hint: sample
"""

import numpy as np


def posterior(k_tried, k_new, values, noise):
    level, scale = values.mean(), values.std(ddof=1)
    known = k_new @ np.linalg.inv(k_tried + noise * np.eye(len(values)))
    mean = known @ ((values - level) / scale)
    variance = 1 - (known * k_new).sum(axis=1)
    return level + scale * mean, scale * np.sqrt(variance)
