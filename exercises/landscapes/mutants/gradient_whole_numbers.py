"""Changes a copy in place; a copy of whole numbers swallows the small step.

part: numerical_gradient
loses: 1
hint: whole_numbers
"""

import numpy as np


def numerical_gradient(f, x, h):
    gradient = np.zeros(len(x))
    for i in range(len(x)):
        up, down = x.copy(), x.copy()
        up[i] = x[i] + h
        down[i] = x[i] - h
        gradient[i] = (f(up) - f(down)) / (2 * h)
    return gradient
