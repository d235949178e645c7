"""One line without a loop, because NumPy does it for all coordinates; it moves all of them.

part: numerical_gradient
loses: 4
hint: all_at_once
"""

import numpy as np


def numerical_gradient(f, x, h):
    slope = (f(x + h) - f(x - h)) / (2 * h)
    return slope * np.ones(len(x))
