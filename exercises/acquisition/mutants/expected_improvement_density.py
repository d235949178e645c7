"""What people do: stop after the first term.

part: expected_improvement
loses: 3
hint: density
"""

import numpy as np
from scipy.special import ndtr


def expected_improvement(mean, deviation, best, xi):
    gain = best - xi - mean
    sigma = np.where(deviation > 0, deviation, 1)
    u = gain / sigma
    return np.where(deviation > 0, gain * ndtr(u), np.maximum(gain, 0))
