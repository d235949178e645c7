"""What people do: they divide by the length of the first cycle.

part: sgdr
loses: 4
hint: first
"""

import numpy as np


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    since, length = np.array(t, dtype=float), np.full(np.shape(t), float(first_cycle))
    while (done := since >= length).any():
        since = np.where(done, since - length, since)
        length = np.where(done, length * t_mul, length)
    fall = learning_rate - final_learning_rate
    return final_learning_rate + fall * (1 + np.cos(np.pi * since / first_cycle)) / 2
