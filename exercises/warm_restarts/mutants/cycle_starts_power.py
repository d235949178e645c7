"""What people do: they multiply the starts instead of the lengths.

part: cycle_starts
loses: 3
hint: power
"""

import numpy as np


def cycle_starts(first_cycle, t_mul, n_cycles):
    starts = first_cycle * float(t_mul) ** (np.arange(n_cycles) - 1)
    starts[0] = 0
    return starts
