"""What people do: they find the cycle in a list of starts by a formula that divides by t_mul - 1.

part: sgdr
loses: 1
hint: closed
"""

import numpy as np


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    starts = np.array([first_cycle * (t_mul**i - 1) / (t_mul - 1) for i in range(10)])
    cycle = np.searchsorted(starts, t, side="right") - 1
    share = (t - starts[cycle]) / (first_cycle * float(t_mul) ** cycle)
    fall = learning_rate - final_learning_rate
    return final_learning_rate + fall * (1 + np.cos(np.pi * share)) / 2
