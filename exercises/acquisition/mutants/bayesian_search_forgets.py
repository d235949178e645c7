"""What people do: ask again and again with the trials of the start.

part: bayesian_search
loses: 2
hint: forgets
"""

import numpy as np


def bayesian_search(objective, start, suggest, n_trials):
    x, y = list(start), [objective(point) for point in start]
    while len(y) < n_trials:
        point = suggest(start, np.array(y[: len(start)]))
        x.append(point)
        y.append(objective(point))
    return np.array(x), np.array(y)
