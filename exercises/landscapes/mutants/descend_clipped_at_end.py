"""Clips the finished path in one line.

part: descend
loses: 2
hint: clipped_at_end
"""

import numpy as np


def descend(gradient, step, start, n_steps, low, high):
    path = [start]
    for _ in range(n_steps):
        path.append(step(path[-1], gradient(path[-1])))
    return np.clip(np.array(path), low, high)
