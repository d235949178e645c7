"""What people do: they take the formula of the geometric sum in NumPy, which only warns.

part: cycle_starts
loses: 1
hint: closed
"""

import numpy as np


def cycle_starts(first_cycle, t_mul, n_cycles):
    i = np.arange(n_cycles)
    return first_cycle * (t_mul**i - 1) // (t_mul - 1)
