"""What people do: they add up the lengths, which gives the ends.

part: cycle_starts
loses: 3
hint: ends
"""

import numpy as np


def cycle_starts(first_cycle, t_mul, n_cycles):
    return np.cumsum(first_cycle * t_mul ** np.arange(n_cycles))
