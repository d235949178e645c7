"""What people do: return what was suggested, without the start.

part: bayesian_search
loses: 1
hint: only_new
"""

import numpy as np


def bayesian_search(objective, start, suggest, n_trials):
    x, y = list(start), [objective(point) for point in start]
    while len(y) < n_trials:
        point = suggest(np.array(x), np.array(y))
        x.append(point)
        y.append(objective(point))
    return np.array(x[len(start) :]), np.array(y[len(start) :])
