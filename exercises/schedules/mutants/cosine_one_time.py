"""What people do: write it for a single time, with an if.

part: cosine
loses: 2
hint: swings
"""

import numpy as np


def cosine(t, learning_rate, duration, final_learning_rate):
    fall = learning_rate - final_learning_rate
    rate = final_learning_rate + fall * (1 + np.cos(np.pi * t / duration)) / 2
    return np.maximum(rate, final_learning_rate)
