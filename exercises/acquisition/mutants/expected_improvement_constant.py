"""What people do: leave out the constant of the normal density.

part: expected_improvement
loses: 3
hint: constant
"""

import numpy as np
from scipy.special import ndtr


def expected_improvement(mean, deviation, best, xi):
    gain = best - xi - mean
    sigma = np.where(deviation > 0, deviation, 1)
    u = gain / sigma
    density = np.exp(-(u**2) / 2)
    return np.where(deviation > 0, sigma * (u * ndtr(u) + density), np.maximum(gain, 0))
