"""What people do: forget to multiply the density by the deviation.

part: expected_improvement
loses: 3
hint: scale
"""

import numpy as np
from scipy.special import ndtr


def expected_improvement(mean, deviation, best, xi):
    gain = best - xi - mean
    sigma = np.where(deviation > 0, deviation, 1)
    u = gain / sigma
    density = np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi)
    return np.where(deviation > 0, gain * ndtr(u) + density, np.maximum(gain, 0))
