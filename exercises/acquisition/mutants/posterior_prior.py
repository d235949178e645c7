"""What people do: do not subtract the mean of the values.

part: posterior
loses: 3
hint: prior
"""

import numpy as np


def posterior(k_tried, k_new, values, noise):
    scale = values.std()
    known = k_new @ np.linalg.inv(k_tried + noise * np.eye(len(values)))
    variance = 1 - (known * k_new).sum(axis=1)
    return known @ values, scale * np.sqrt(variance)
