# %% again: evaluate all points anew for each suggestion
# loses 1, hint again
import numpy as np


def bayesian_search(objective, start, suggest, n_trials):
    x = list(start)
    while len(x) < n_trials:
        y = [objective(point) for point in x]
        x.append(suggest(np.array(x), np.array(y)))
    return np.array(x), np.array([objective(point) for point in x])

# %% best: return the best trial
# loses 1, hint best
import numpy as np


def bayesian_search(objective, start, suggest, n_trials):
    x, y = list(start), [objective(point) for point in start]
    while len(y) < n_trials:
        point = suggest(np.array(x), np.array(y))
        x.append(point)
        y.append(objective(point))
    return x[np.argmin(y)], min(y)

# %% extra: go on while the number of trials is not above n_trials
# loses 1, hint extra
import numpy as np


def bayesian_search(objective, start, suggest, n_trials):
    x, y = list(start), [objective(point) for point in start]
    while len(y) <= n_trials:
        point = suggest(np.array(x), np.array(y))
        x.append(point)
        y.append(objective(point))
    return np.array(x), np.array(y)

# %% forgets: ask again and again with the trials of the start
# loses 2, hint forgets
import numpy as np


def bayesian_search(objective, start, suggest, n_trials):
    x, y = list(start), [objective(point) for point in start]
    while len(y) < n_trials:
        point = suggest(start, np.array(y[: len(start)]))
        x.append(point)
        y.append(objective(point))
    return np.array(x), np.array(y)

# %% more: make n_trials evaluations after the start
# loses 1, hint more
import numpy as np


def bayesian_search(objective, start, suggest, n_trials):
    x, y = list(start), [objective(point) for point in start]
    for _ in range(n_trials):
        point = suggest(np.array(x), np.array(y))
        x.append(point)
        y.append(objective(point))
    return np.array(x), np.array(y)

# %% only_new: return what was suggested, without the start
# loses 1, hint only_new
import numpy as np


def bayesian_search(objective, start, suggest, n_trials):
    x, y = list(start), [objective(point) for point in start]
    while len(y) < n_trials:
        point = suggest(np.array(x), np.array(y))
        x.append(point)
        y.append(objective(point))
    return np.array(x[len(start) :]), np.array(y[len(start) :])

# %% trials_besides_the_start: make n_trials evaluations besides those of the start
import numpy as np


def bayesian_search(objective, start, suggest, n_trials):
    x = [np.array(p, dtype=float) for p in start]
    y = [objective(p) for p in x]
    for _ in range(n_trials):
        point = suggest(np.array(x), np.array(y))
        x.append(point)
        y.append(objective(point))
    return np.array(x), np.array(y)

# %% one_too_few: stop one evaluation too early
import numpy as np


def bayesian_search(objective, start, suggest, n_trials):
    x = [np.array(p, dtype=float) for p in start]
    y = [objective(p) for p in x]
    for _ in range(len(start) + 1, n_trials):
        point = suggest(np.array(x), np.array(y))
        x.append(point)
        y.append(objective(point))
    return np.array(x), np.array(y)

# %% one_suggestion_too_many: ask for one more suggestion at the end, which is never evaluated
# loses 1, hint unused
import numpy as np


def bayesian_search(objective, start, suggest, n_trials):
    x = [np.array(p, dtype=float) for p in start]
    y = [objective(p) for p in x]
    point = suggest(np.array(x), np.array(y))
    while len(y) < n_trials:
        x.append(point)
        y.append(objective(point))
        point = suggest(np.array(x), np.array(y))
    return np.array(x), np.array(y)

# %% all_evaluated_again: evaluate all points anew after each suggestion
import numpy as np


def bayesian_search(objective, start, suggest, n_trials):
    x = np.array(start, dtype=float)
    y = np.array([objective(p) for p in x])
    while len(x) < n_trials:
        x = np.vstack([x, suggest(x, y)])
        y = np.array([objective(p) for p in x])
    return x, y

# %% best_confirmed: evaluate the best point once more at the end, to confirm it
import numpy as np


def bayesian_search(objective, start, suggest, n_trials):
    x = [np.array(p, dtype=float) for p in start]
    y = [objective(p) for p in x]
    while len(y) < n_trials:
        point = suggest(np.array(x), np.array(y))
        x.append(point)
        y.append(objective(point))
    best = int(np.argmin(y))
    y[best] = objective(x[best])
    return np.array(x), np.array(y)

# %% asked_from_the_start_only: show the suggestion nothing but the start, each time
import numpy as np


def bayesian_search(objective, start, suggest, n_trials):
    x0 = np.array(start, dtype=float)
    y0 = np.array([objective(p) for p in x0])
    x, y = list(x0), list(y0)
    for _ in range(n_trials - len(x0)):
        point = suggest(x0, y0)
        x.append(point)
        y.append(objective(point))
    return np.array(x), np.array(y)

# %% asked_too_early: ask for the next suggestion before the value of the last one is added
import numpy as np


def bayesian_search(objective, start, suggest, n_trials):
    x = [np.array(p, dtype=float) for p in start]
    y = [objective(p) for p in x]
    point = suggest(np.array(x), np.array(y))
    while len(y) < n_trials:
        value = objective(point)
        following = suggest(np.array(x), np.array(y)) if len(y) + 1 < n_trials else None
        x.append(point)
        y.append(value)
        point = following
    return np.array(x), np.array(y)

# %% newest_first: put each new trial in front of the others
import numpy as np


def bayesian_search(objective, start, suggest, n_trials):
    x = np.array(start, dtype=float)
    y = np.array([objective(p) for p in x])
    while len(y) < n_trials:
        point = suggest(x, y)
        x = np.vstack([point, x])
        y = np.append(objective(point), y)
    return x, y

# %% sorted_for_the_suggestion: show the trials to the suggestion from the best to the worst
import numpy as np


def bayesian_search(objective, start, suggest, n_trials):
    x = [np.array(p, dtype=float) for p in start]
    y = [objective(p) for p in x]
    while len(y) < n_trials:
        order = np.argsort(y)
        point = suggest(np.array(x)[order], np.array(y)[order])
        x.append(point)
        y.append(objective(point))
    return np.array(x), np.array(y)

# %% best_so_far_for_the_suggestion: show the suggestion the lowest value so far in place of each value
import numpy as np


def bayesian_search(objective, start, suggest, n_trials):
    x = [np.array(p, dtype=float) for p in start]
    y = [objective(p) for p in x]
    while len(y) < n_trials:
        point = suggest(np.array(x), np.minimum.accumulate(y))
        x.append(point)
        y.append(objective(point))
    return np.array(x), np.array(y)

# %% best_so_far_returned: return the lowest value so far in place of the values
import numpy as np


def bayesian_search(objective, start, suggest, n_trials):
    x = [np.array(p, dtype=float) for p in start]
    y = [objective(p) for p in x]
    while len(y) < n_trials:
        point = suggest(np.array(x), np.array(y))
        x.append(point)
        y.append(objective(point))
    return np.array(x), np.minimum.accumulate(y)

# %% column_of_values: show the values to the suggestion as a column
import numpy as np


def bayesian_search(objective, start, suggest, n_trials):
    x = np.array(start, dtype=float)
    y = np.array([[objective(p)] for p in x], dtype=float)
    while len(y) < n_trials:
        point = suggest(x, y)
        x = np.vstack([x, point])
        y = np.vstack([y, [[objective(point)]]])
    return x, y[:, 0]

# %% type_of_the_start: keep the points in an array of the type of the start, so that a start of integers rounds all suggestions
import numpy as np


def bayesian_search(objective, start, suggest, n_trials):
    n, d = start.shape
    x, y = np.empty((n_trials, d), dtype=start.dtype), np.empty(n_trials)
    x[:n] = start
    y[:n] = [objective(p) for p in start]
    for i in range(n, n_trials):
        x[i] = suggest(x[:i], y[:i])
        y[i] = objective(x[i])
    return x, y

# %% type_of_the_first_values: keep the values in an array of the type of the first ones, so that whole numbers at the start round all others
import numpy as np


def bayesian_search(objective, start, suggest, n_trials):
    n = len(start)
    x = np.array(start, dtype=float)
    y = np.resize(np.array([objective(p) for p in x]), n_trials)
    for i in range(n, n_trials):
        point = suggest(x, y[:i])
        x = np.vstack([x, point])
        y[i] = objective(point)
    return x, y

# %% two_in_the_start: take the number of points in the start from the example
import numpy as np


def bayesian_search(objective, start, suggest, n_trials):
    x = [np.array(p, dtype=float) for p in start[:2]]
    y = [objective(p) for p in x]
    for _ in range(2, n_trials):
        point = suggest(np.array(x), np.array(y))
        x.append(point)
        y.append(objective(point))
    return np.array(x), np.array(y)

# %% one_coordinate: append the point to the flat list of coordinates and make a column of it, as if there were one coordinate
import numpy as np


def bayesian_search(objective, start, suggest, n_trials):
    x = np.array(start, dtype=float)
    y = np.array([objective(p) for p in x])
    while len(y) < n_trials:
        point = suggest(x, y)
        x = np.append(x, point).reshape(-1, 1)
        y = np.append(y, objective(point))
    return x, y

# %% start_sorted: remove repeated points from the start with np.unique, which sorts it as well
import numpy as np


def bayesian_search(objective, start, suggest, n_trials):
    x = [np.array(p, dtype=float) for p in np.unique(start, axis=0)]
    y = [objective(p) for p in x]
    while len(y) < n_trials:
        point = suggest(np.array(x), np.array(y))
        x.append(point)
        y.append(objective(point))
    return np.array(x), np.array(y)

# %% values_remembered: remember the value of each point from call to call, also for another objective
# loses 1, hint remembered
import numpy as np

_values = {}


def bayesian_search(objective, start, suggest, n_trials):
    def once(point):
        key = tuple(np.ravel(point).tolist())
        if key not in _values:
            _values[key] = objective(point)
        return _values[key]

    x = [np.array(p, dtype=float) for p in start]
    y = [once(p) for p in x]
    while len(y) < n_trials:
        point = suggest(np.array(x), np.array(y))
        x.append(point)
        y.append(once(point))
    return np.array(x), np.array(y)

# %% kept_in_the_box_of_the_start: clip each suggestion to the range of the points of the start
import numpy as np


def bayesian_search(objective, start, suggest, n_trials):
    low, high = start.min(axis=0), start.max(axis=0)
    x = [np.array(p, dtype=float) for p in start]
    y = [objective(p) for p in x]
    while len(y) < n_trials:
        point = np.clip(suggest(np.array(x), np.array(y)), low, high)
        x.append(point)
        y.append(objective(point))
    return np.array(x), np.array(y)

# %% failed_trials_left_out: leave trials whose value is not finite out of what is known and returned
# loses 1, hint failed
import numpy as np


def bayesian_search(objective, start, suggest, n_trials):
    x, y = [], []
    for i in range(n_trials):
        point = start[i] if i < len(start) else suggest(np.array(x), np.array(y))
        value = objective(point)
        if np.isfinite(value):
            x.append(point)
            y.append(value)
    return np.array(x), np.array(y)
