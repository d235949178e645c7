"""The two points are 2h apart; people divide by h.

part: numerical_gradient
loses: 3
hint: divided_by_h
"""

import numpy as np


def numerical_gradient(f, x, h):
    gradient = []
    for direction in np.eye(len(x)):
        gradient.append((f(x + h * direction) - f(x - h * direction)) / h)
    return np.array(gradient)
