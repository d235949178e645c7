"""What people do: they forget to copy the dict, and change the best configuration with each trial.

part: one_at_a_time
loses: 4
hint: alias
"""


def one_at_a_time(objective, values, start):
    best = dict(start)
    best_value = objective(best)
    for name in values:
        for value in values[name]:
            if value == start[name]:
                continue
            trial = best
            trial[name] = value
            trial_value = objective(trial)
            if trial_value > best_value:
                best, best_value = trial, trial_value
    return best, best_value
