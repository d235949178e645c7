"""What people do: they try each name around the start, and put the winners together.

part: one_at_a_time
loses: 3
hint: separately
"""


def one_at_a_time(objective, values, start):
    start_value = objective(start)
    best = dict(start)
    for name in values:
        best_of_name = start_value
        for value in values[name]:
            if value != start[name]:
                found = objective({**start, name: value})
                if found > best_of_name:
                    best_of_name = found
                    best[name] = value
    return best, objective(best)
