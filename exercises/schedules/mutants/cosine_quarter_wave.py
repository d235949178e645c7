"""What people do: take a quarter of a wave.

part: cosine
loses: 3
hint: quarter
"""

import numpy as np


def cosine(t, learning_rate, duration, final_learning_rate):
    share = np.minimum(t / duration, 1)
    fall = learning_rate - final_learning_rate
    return final_learning_rate + fall * np.cos(np.pi / 2 * share)
