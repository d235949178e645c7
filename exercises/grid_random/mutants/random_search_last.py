"""What people do: they keep the best value, but not its configuration.

part: random_search
loses: 3
hint: last
"""

import math


def random_search(objective, sample, n_trials):
    configuration, best_value = None, None
    failed = 0
    for _ in range(n_trials):
        configuration = sample()
        value = objective(configuration)
        if math.isnan(value):
            failed += 1
        elif best_value is None or value > best_value:
            best_value = value
    return (None, None) if failed == n_trials else (configuration, best_value)
