"""What people do: wait until patience is exceeded.

part: plateau
loses: 5
hint: late
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
            if waited > patience:
                rate, waited = max(rate * factor, min_learning_rate), 0
    return rates
