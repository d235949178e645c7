"""Leaves out the correction of the means, as in RMSprop with momentum.

part: adam_step
loses: 4
hint: no_correction
"""

import numpy as np


def adam_step(x, m, s, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m = beta_1 * m + (1 - beta_1) * gradient
    s = beta_2 * s + (1 - beta_2) * gradient**2
    x = x - learning_rate * m / (np.sqrt(s) + epsilon)
    return x, m, s
