"""What people do: add xi to the target.

part: rival_scores
loses: 1
hint: xi
"""

from scipy.special import ndtr


def rival_scores(mean, deviation, best, xi, kappa):
    return ndtr((best + xi - mean) / deviation), kappa * deviation - mean
