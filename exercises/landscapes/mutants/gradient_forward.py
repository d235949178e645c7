"""A forward difference: f(x) is there already, so why ask twice.

part: numerical_gradient
loses: 4
hint: forward, center
"""

import numpy as np


def numerical_gradient(f, x, h):
    x = np.array(x, dtype=float)
    here = f(x)
    gradient = np.zeros_like(x)
    for i in range(len(x)):
        moved = x.copy()
        moved[i] += h
        gradient[i] = (f(moved) - here) / h
    return gradient
