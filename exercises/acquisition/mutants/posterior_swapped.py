"""What people do: return the deviation first.

part: posterior
loses: 5
hint: swapped
"""

import numpy as np


def posterior(k_tried, k_new, values, noise):
    level, scale = values.mean(), values.std()
    known = k_new @ np.linalg.inv(k_tried + noise * np.eye(len(values)))
    mean = known @ ((values - level) / scale)
    variance = 1 - (known * k_new).sum(axis=1)
    return scale * np.sqrt(variance), level + scale * mean
