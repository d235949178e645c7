"""What people do: make n_trials evaluations after the start.

part: bayesian_search
loses: 1
hint: more
"""

import numpy as np


def bayesian_search(objective, start, suggest, n_trials):
    x, y = list(start), [objective(point) for point in start]
    for _ in range(n_trials):
        point = suggest(np.array(x), np.array(y))
        x.append(point)
        y.append(objective(point))
    return np.array(x), np.array(y)
