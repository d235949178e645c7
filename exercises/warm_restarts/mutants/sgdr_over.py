"""What people do: they add the whole wave to the final rate.

part: sgdr
loses: 6
hint: over
"""

import numpy as np


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    since, length = np.array(t, dtype=float), np.full(np.shape(t), float(first_cycle))
    while (done := since >= length).any():
        since = np.where(done, since - length, since)
        length = np.where(done, length * t_mul, length)
    return final_learning_rate + learning_rate * (1 + np.cos(np.pi * since / length)) / 2
