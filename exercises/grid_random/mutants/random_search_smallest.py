"""What people do: they minimize, as for a loss.

part: random_search
loses: 3
hint: smallest
"""

import math


def random_search(objective, sample, n_trials):
    best, best_value = None, None
    for _ in range(n_trials):
        configuration = sample()
        value = objective(configuration)
        if not math.isnan(value) and (best is None or value < best_value):
            best, best_value = configuration, value
    return best, best_value
