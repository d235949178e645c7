"""What people do: forget xi.

part: rival_scores
loses: 1
hint: ignored
"""

from scipy.special import ndtr


def rival_scores(mean, deviation, best, xi, kappa):
    return ndtr((best - mean) / deviation), kappa * deviation - mean
