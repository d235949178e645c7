"""What people do: go down in a straight line.

part: cosine
loses: 3
hint: line
"""

import numpy as np


def cosine(t, learning_rate, duration, final_learning_rate):
    share = np.minimum(t / duration, 1)
    return learning_rate + (final_learning_rate - learning_rate) * share
