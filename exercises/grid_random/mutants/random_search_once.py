"""What people do: they draw a configuration before the loop, and not in it.

part: random_search
loses: 5
hint: once
"""

import math


def random_search(objective, sample, n_trials):
    configuration = sample()
    best, best_value = None, None
    for _ in range(n_trials):
        value = objective(configuration)
        if not math.isnan(value) and (best is None or value > best_value):
            best, best_value = configuration, value
    return best, best_value
