"""What people do: they try every combination.

part: one_at_a_time
loses: 3
hint: grid
"""

import itertools


def one_at_a_time(objective, values, start):
    best, best_value = start, objective(start)
    for some in itertools.product(*values.values()):
        trial = dict(zip(values, some, strict=True))
        if trial == start:
            continue
        trial_value = objective(trial)
        if trial_value > best_value:
            best, best_value = trial, trial_value
    return best, best_value
