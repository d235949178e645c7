"""What people do: they let the rate fall to 0.

part: sgdr
loses: 6
hint: floor
"""

import numpy as np


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    since, length = np.array(t, dtype=float), np.full(np.shape(t), float(first_cycle))
    while (done := since >= length).any():
        since = np.where(done, since - length, since)
        length = np.where(done, length * t_mul, length)
    return learning_rate * (1 + np.cos(np.pi * since / length)) / 2
