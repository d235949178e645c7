"""What people do: forget the final rate.

part: cosine
loses: 3
hint: ignored
"""

import numpy as np


def cosine(t, learning_rate, duration, final_learning_rate):
    share = np.minimum(t / duration, 1)
    return learning_rate * (1 + np.cos(np.pi * share)) / 2
