"""What people do: let the wave go on after the end.

part: cosine
loses: 2
hint: swings
"""

import numpy as np


def cosine(t, learning_rate, duration, final_learning_rate):
    fall = learning_rate - final_learning_rate
    return final_learning_rate + fall * (1 + np.cos(np.pi * t / duration)) / 2
