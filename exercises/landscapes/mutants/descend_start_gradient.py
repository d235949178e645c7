"""Asks for the gradient once, before the loop.

part: descend
loses: 5
hint: start_gradient
"""

import numpy as np


def descend(gradient, step, start, n_steps, low, high):
    g = gradient(start)
    path = [start]
    for _ in range(n_steps):
        path.append(np.clip(step(path[-1], g), low, high))
    return np.array(path)
