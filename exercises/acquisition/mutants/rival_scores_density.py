"""What people do: take the density for the probability.

part: rival_scores
loses: 2
hint: density
"""

import numpy as np


def rival_scores(mean, deviation, best, xi, kappa):
    u = (best - xi - mean) / deviation
    return np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi), kappa * deviation - mean
