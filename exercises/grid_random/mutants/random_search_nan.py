"""What people do: they take the largest of all values, and NaN stays when it comes first.

part: random_search
loses: 2
hint: nan
"""


def random_search(objective, sample, n_trials):
    configurations = [sample() for _ in range(n_trials)]
    values = [objective(configuration) for configuration in configurations]
    best = max(range(n_trials), key=values.__getitem__)
    return configurations[best], values[best]
