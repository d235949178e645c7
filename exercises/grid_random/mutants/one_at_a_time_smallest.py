"""What people do: they minimize, as for a loss.

part: one_at_a_time
loses: 4
hint: smallest
"""


def one_at_a_time(objective, values, start):
    best, best_value = start, objective(start)
    for name in values:
        before = best
        for value in values[name]:
            if value != before[name]:
                trial = {**before, name: value}
                trial_value = objective(trial)
                if trial_value < best_value:
                    best, best_value = trial, trial_value
    return best, best_value
