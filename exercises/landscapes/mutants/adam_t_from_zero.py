"""Takes t as counted from 0 and adds one.

part: adam_step
loses: 4
hint: t_shifted
"""

import numpy as np


def adam_step(x, m, s, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    t = t + 1
    m = beta_1 * m + (1 - beta_1) * gradient
    s = beta_2 * s + (1 - beta_2) * gradient**2
    m_hat = m / (1 - beta_1**t)
    s_hat = s / (1 - beta_2**t)
    return x - learning_rate * m_hat / (np.sqrt(s_hat) + epsilon), m, s
