"""What people do: return the index of the last update, not how many there are.

part: updates_until
loses: 4
hint: index
"""

import numpy as np


def updates_until(rates, share):
    sums = np.cumsum(rates)
    return int(np.argmax(sums >= share * sums[-1]))
