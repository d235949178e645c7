"""What people do: divide by a deviation of zero.

part: expected_improvement
loses: 2
hint: nan
"""

import numpy as np
from scipy.special import ndtr


def expected_improvement(mean, deviation, best, xi):
    u = (best - xi - mean) / deviation
    density = np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi)
    return deviation * (u * ndtr(u) + density)
