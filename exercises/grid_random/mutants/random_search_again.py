"""What people do: they train the winner a second time to get its value.

part: random_search
loses: 1
hint: again
"""

import math


def random_search(objective, sample, n_trials):
    best, best_value = None, None
    for _ in range(n_trials):
        configuration = sample()
        value = objective(configuration)
        if not math.isnan(value) and (best is None or value > best_value):
            best, best_value = configuration, value
    if best is None:
        return None, None
    return best, objective(best)
