"""What people do: take the upper bound, and turn its sign.

part: rival_scores
loses: 2
hint: pessimist
"""

from scipy.special import ndtr


def rival_scores(mean, deviation, best, xi, kappa):
    return ndtr((best - xi - mean) / deviation), -(mean + kappa * deviation)
