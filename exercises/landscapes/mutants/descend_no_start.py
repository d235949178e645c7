"""Keeps the point after each step and forgets the start.

part: descend
loses: 4
hint: no_start
"""

import numpy as np


def descend(gradient, step, start, n_steps, low, high):
    x, path = start, []
    for _ in range(n_steps):
        x = np.clip(step(x, gradient(x)), low, high)
        path.append(x)
    return np.array(path)
