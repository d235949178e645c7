"""What people do: return 0 after the end.

part: cosine
loses: 2
hint: zero
"""

import numpy as np


def cosine(t, learning_rate, duration, final_learning_rate):
    fall = learning_rate - final_learning_rate
    rate = final_learning_rate + fall * (1 + np.cos(np.pi * t / duration)) / 2
    return np.where(t <= duration, rate, 0.0)
