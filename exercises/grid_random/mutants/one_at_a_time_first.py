"""What people do: they go on to the next name as soon as a value is better.

part: one_at_a_time
loses: 5
hint: first
"""


def one_at_a_time(objective, values, start):
    best, best_value = dict(start), objective(start)
    for name in values:
        for value in values[name]:
            if value == best[name]:
                continue
            trial = {**best, name: value}
            trial_value = objective(trial)
            if trial_value > best_value:
                best, best_value = trial, trial_value
                break
    return best, best_value
