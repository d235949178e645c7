"""What people do: forget to add the mean of the values back.

part: posterior
loses: 3
hint: level
"""

import numpy as np


def posterior(k_tried, k_new, values, noise):
    level, scale = values.mean(), values.std()
    known = k_new @ np.linalg.inv(k_tried + noise * np.eye(len(values)))
    mean = known @ ((values - level) / scale)
    variance = 1 - (known * k_new).sum(axis=1)
    return scale * mean, scale * np.sqrt(variance)
