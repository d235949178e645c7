"""What people do: they find the jumps and forget the end of the training.

part: cycle_ends
loses: 2
hint: last
"""

import numpy as np


def cycle_ends(rates):
    return np.flatnonzero(np.diff(rates) > 0) + 1
