"""What people do: they return the lengths of the cycles.

part: cycle_starts
loses: 3
hint: lengths
"""

import numpy as np


def cycle_starts(first_cycle, t_mul, n_cycles):
    return first_cycle * t_mul ** np.arange(n_cycles)
