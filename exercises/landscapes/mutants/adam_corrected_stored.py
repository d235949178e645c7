"""Reuses the names, so that the corrected means are returned.

part: adam_step
loses: 2
hint: corrected_stored
"""

import numpy as np


def adam_step(x, m, s, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m = beta_1 * m + (1 - beta_1) * gradient
    s = beta_2 * s + (1 - beta_2) * gradient**2
    m = m / (1 - beta_1**t)
    s = s / (1 - beta_2**t)
    x = x - learning_rate * m / (np.sqrt(s) + epsilon)
    return x, m, s
