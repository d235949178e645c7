"""What people do: they take any change for a restart.

part: cycle_ends
loses: 4
hint: falls
"""

import numpy as np


def cycle_ends(rates):
    return [*np.flatnonzero(np.diff(rates)) + 1, len(rates)]
