"""What people do: take a full wave instead of half a wave.

part: cosine
loses: 4
hint: full
"""

import numpy as np


def cosine(t, learning_rate, duration, final_learning_rate):
    share = np.minimum(t / duration, 1)
    fall = learning_rate - final_learning_rate
    return final_learning_rate + fall * (1 + np.cos(2 * np.pi * share)) / 2
