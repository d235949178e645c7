"""What people do: evaluate all points anew for each suggestion.

part: bayesian_search
loses: 1
hint: again
"""

import numpy as np


def bayesian_search(objective, start, suggest, n_trials):
    x = list(start)
    while len(x) < n_trials:
        y = [objective(point) for point in x]
        x.append(suggest(np.array(x), np.array(y)))
    return np.array(x), np.array([objective(point) for point in x])
