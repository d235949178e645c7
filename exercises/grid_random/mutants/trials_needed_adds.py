"""What people do: they add up the probabilities of the draws.

part: trials_needed
loses: 3
hint: adds
"""

import math


def trials_needed(n_good, n_all, confidence):
    return math.ceil(confidence * n_all / n_good)
