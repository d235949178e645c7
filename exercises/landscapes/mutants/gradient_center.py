"""f(x) is computed for safety, once, and not used.

part: numerical_gradient
loses: 1
hint: center
"""

import numpy as np


def numerical_gradient(f, x, h):
    value = f(x)
    gradient = np.zeros(len(x))
    for i in range(len(x)):
        e = np.zeros(len(x))
        e[i] = h
        right = f(x + e) - value
        left = value - f(x - e)
        gradient[i] = (right + left) / (2 * h)
    return gradient
