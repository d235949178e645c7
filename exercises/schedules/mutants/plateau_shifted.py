"""What people do: lower the rate in the epoch whose loss is to be seen first.

part: plateau
loses: 5
hint: shifted
"""

import numpy as np


def plateau(losses, learning_rate, factor, patience, min_learning_rate):
    rate, lowest, waited, rates = learning_rate, np.inf, 0, []
    for loss in losses:
        if loss < lowest:
            lowest, waited = loss, 0
        else:
            waited += 1
            if waited >= patience:
                rate, waited = max(rate * factor, min_learning_rate), 0
        rates.append(rate)
    return rates
