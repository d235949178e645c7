"""What people do: do not begin to count anew after an improvement.

part: plateau
loses: 2
hint: total
"""

import numpy as np


def plateau(losses, learning_rate, factor, patience, min_learning_rate):
    rate, lowest, waited, rates = learning_rate, np.inf, 0, []
    for loss in losses:
        rates.append(rate)
        if loss < lowest:
            lowest = loss
        else:
            waited += 1
            if waited >= patience:
                rate, waited = max(rate * factor, min_learning_rate), 0
    return rates
