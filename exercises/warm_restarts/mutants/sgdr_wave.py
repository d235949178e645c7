"""What people do: they let the rate go down and up again.

part: sgdr
loses: 6
hint: wave
"""

import numpy as np


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    since, length = np.array(t, dtype=float), np.full(np.shape(t), float(first_cycle))
    while (done := since >= length).any():
        since = np.where(done, since - length, since)
        length = np.where(done, length * t_mul, length)
    fall = learning_rate - final_learning_rate
    return final_learning_rate + fall * (1 + np.cos(2 * np.pi * since / length)) / 2
