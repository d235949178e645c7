"""What people do: they train the current configuration again with each name.

part: one_at_a_time
loses: 1
hint: again
"""


def one_at_a_time(objective, values, start):
    best = dict(start)
    for name in values:
        best[name] = max(values[name], key=lambda value: objective({**best, name: value}))
    return best, objective(best)
