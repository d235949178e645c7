"""An array of n_steps points, the start among them.

part: descend
loses: 5
hint: one_short
"""

import numpy as np


def descend(gradient, step, start, n_steps, low, high):
    path = np.zeros((n_steps, len(start)))
    path[0] = start
    for t in range(1, n_steps):
        x = path[t - 1]
        path[t] = np.clip(step(x, gradient(x)), low, high)
    return path
