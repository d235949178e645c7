"""What people do: forget the lowest rate.

part: plateau
loses: 1
hint: floor
"""

import numpy as np


def plateau(losses, learning_rate, factor, patience, min_learning_rate):
    rate, lowest, waited, rates = learning_rate, np.inf, 0, []
    for loss in losses:
        rates.append(rate)
        if loss < lowest:
            lowest, waited = loss, 0
        else:
            waited += 1
            if waited >= patience:
                rate, waited = rate * factor, 0
    return rates
