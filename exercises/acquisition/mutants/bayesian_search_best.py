"""What people do: return the best trial.

part: bayesian_search
loses: 1
hint: best
"""

import numpy as np


def bayesian_search(objective, start, suggest, n_trials):
    x, y = list(start), [objective(point) for point in start]
    while len(y) < n_trials:
        point = suggest(np.array(x), np.array(y))
        x.append(point)
        y.append(objective(point))
    return x[np.argmin(y)], min(y)
