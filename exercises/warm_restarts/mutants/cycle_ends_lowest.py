"""What people do: they look for the lowest rate of all.

part: cycle_ends
loses: 4
hint: lowest
"""

import numpy as np


def cycle_ends(rates):
    return np.flatnonzero(np.isclose(rates, np.min(rates))) + 1
