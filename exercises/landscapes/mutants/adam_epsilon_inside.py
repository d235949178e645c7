"""Adds epsilon inside of the root, as RMSprop does here.

part: adam_step
loses: 1
hint: epsilon_inside
"""

import numpy as np


def adam_step(x, m, s, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m = beta_1 * m + (1 - beta_1) * gradient
    s = beta_2 * s + (1 - beta_2) * gradient**2
    m_hat = m / (1 - beta_1**t)
    s_hat = s / (1 - beta_2**t)
    return x - learning_rate * m_hat / np.sqrt(s_hat + epsilon), m, s
