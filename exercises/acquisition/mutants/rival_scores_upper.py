"""What people do: add the deviation to the mean, as one does to maximize.

part: rival_scores
loses: 2
hint: pessimist
"""

from scipy.special import ndtr


def rival_scores(mean, deviation, best, xi, kappa):
    return ndtr((best - xi - mean) / deviation), mean + kappa * deviation
