"""What people do: add the final rate instead of interpolating.

part: cosine
loses: 3
hint: added
"""

import numpy as np


def cosine(t, learning_rate, duration, final_learning_rate):
    share = np.minimum(t / duration, 1)
    return final_learning_rate + learning_rate * (1 + np.cos(np.pi * share)) / 2
