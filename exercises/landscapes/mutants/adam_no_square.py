"""Forgets the square, and takes the size so that the root exists.

part: adam_step
loses: 6
hint: no_square
"""

import numpy as np


def adam_step(x, m, s, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m = beta_1 * m + (1 - beta_1) * gradient
    s = beta_2 * s + (1 - beta_2) * np.abs(gradient)
    m_hat = m / (1 - beta_1**t)
    s_hat = s / (1 - beta_2**t)
    return x - learning_rate * m_hat / (np.sqrt(s_hat) + epsilon), m, s
