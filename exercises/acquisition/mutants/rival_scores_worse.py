"""What people do: take the probability of a higher value.

part: rival_scores
loses: 2
hint: worse
"""

from scipy.special import ndtr


def rival_scores(mean, deviation, best, xi, kappa):
    return ndtr((mean - best + xi) / deviation), kappa * deviation - mean
