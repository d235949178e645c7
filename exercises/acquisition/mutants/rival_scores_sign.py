"""What people do: return the bound as it is.

part: rival_scores
loses: 2
hint: sign
"""

from scipy.special import ndtr


def rival_scores(mean, deviation, best, xi, kappa):
    return ndtr((best - xi - mean) / deviation), mean - kappa * deviation
