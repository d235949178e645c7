"""What people do: copy the formula for maximization.

part: expected_improvement
loses: 5
hint: maximize
"""

import numpy as np
from scipy.special import ndtr


def expected_improvement(mean, deviation, best, xi):
    gain = mean - best - xi
    sigma = np.where(deviation > 0, deviation, 1)
    u = gain / sigma
    density = np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi)
    return np.where(deviation > 0, sigma * (u * ndtr(u) + density), np.maximum(gain, 0))
