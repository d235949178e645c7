"""What people do: they start the best value at 0.

part: random_search
loses: 2
hint: zero
"""


def random_search(objective, sample, n_trials):
    best, best_value = None, 0
    for _ in range(n_trials):
        configuration = sample()
        value = objective(configuration)
        if value > best_value:
            best, best_value = configuration, value
    return best, None if best is None else best_value
