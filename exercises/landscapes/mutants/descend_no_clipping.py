"""Forgets the bounds.

part: descend
loses: 2
hint: no_clipping
"""

import numpy as np


def descend(gradient, step, start, n_steps, low, high):
    path = [start]
    for _ in range(n_steps):
        path.append(step(path[-1], gradient(path[-1])))
    return np.array(path)
