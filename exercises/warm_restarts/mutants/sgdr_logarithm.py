"""What people do: they find the cycle with a logarithm, which is rounded.

part: sgdr
loses: 2
hint: old, closed
"""

import numpy as np


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    t = np.asarray(t, dtype=float)
    cycle = np.floor(np.log(t / first_cycle * (t_mul - 1) + 1) / np.log(t_mul))
    length = first_cycle * t_mul**cycle
    start = first_cycle * (t_mul**cycle - 1) / (t_mul - 1)
    fall = learning_rate - final_learning_rate
    return final_learning_rate + fall * (1 + np.cos(np.pi * (t - start) / length)) / 2
