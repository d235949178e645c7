"""What people do: they return indices.

part: cycle_ends
loses: 4
hint: index
"""

import numpy as np


def cycle_ends(rates):
    return np.append(np.flatnonzero(np.diff(rates) > 0), len(rates) - 1)
