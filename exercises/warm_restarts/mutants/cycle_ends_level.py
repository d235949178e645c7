"""What people do: they take rates that stay for a restart.

part: cycle_ends
loses: 1
hint: level
"""

import numpy as np


def cycle_ends(rates):
    return np.append(np.flatnonzero(np.diff(rates) >= 0) + 1, len(rates))
