"""Divides by the mean square itself.

part: adam_step
loses: 4
hint: no_root
"""


def adam_step(x, m, s, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m = beta_1 * m + (1 - beta_1) * gradient
    s = beta_2 * s + (1 - beta_2) * gradient**2
    m_hat = m / (1 - beta_1**t)
    s_hat = s / (1 - beta_2**t)
    return x - learning_rate * m_hat / (s_hat + epsilon), m, s
