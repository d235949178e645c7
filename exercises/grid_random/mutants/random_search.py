# %% again: they train the winner a second time to get its value
# loses 1, hint again
import math


def random_search(objective, sample, n_trials):
    best, best_value = None, None
    for _ in range(n_trials):
        configuration = sample()
        value = objective(configuration)
        if not math.isnan(value) and (best is None or value > best_value):
            best, best_value = configuration, value
    if best is None:
        return None, None
    return best, objective(best)

# %% last: they keep the best value, but not its configuration
# loses 3, hint last
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

# %% nan: they take the largest of all values, and NaN stays when it comes first
# loses 2, hint nan
def random_search(objective, sample, n_trials):
    configurations = [sample() for _ in range(n_trials)]
    values = [objective(configuration) for configuration in configurations]
    best = max(range(n_trials), key=values.__getitem__)
    return configurations[best], values[best]

# %% once: they draw a configuration before the loop, and not in it
# loses 5, hint once
import math


def random_search(objective, sample, n_trials):
    configuration = sample()
    best, best_value = None, None
    for _ in range(n_trials):
        value = objective(configuration)
        if not math.isnan(value) and (best is None or value > best_value):
            best, best_value = configuration, value
    return best, best_value

# %% smallest: they minimize, as for a loss
# loses 3, hint smallest
import math


def random_search(objective, sample, n_trials):
    best, best_value = None, None
    for _ in range(n_trials):
        configuration = sample()
        value = objective(configuration)
        if not math.isnan(value) and (best is None or value < best_value):
            best, best_value = configuration, value
    return best, best_value

# %% zero: they start the best value at 0
# loses 2, hint zero
def random_search(objective, sample, n_trials):
    best, best_value = None, 0
    for _ in range(n_trials):
        configuration = sample()
        value = objective(configuration)
        if value > best_value:
            best, best_value = configuration, value
    return best, None if best is None else best_value

# %% best_starts_at_zero: begin with a best value of zero, so that negative values never win
import math


def random_search(objective, sample, n_trials):
    best, best_value = None, 0
    for _ in range(n_trials):
        configuration = sample()
        value = objective(configuration)
        if not math.isnan(value) and value > best_value:
            best, best_value = configuration, value
    if best is None:
        return None, None
    return best, best_value

# %% minus_infinity_when_all_failed: return minus infinity instead of None when all trials have failed
def random_search(objective, sample, n_trials):
    best, best_value = None, float("-inf")
    for _ in range(n_trials):
        configuration = sample()
        value = objective(configuration)
        if value > best_value:
            best, best_value = configuration, value
    return best, best_value

# %% first_trial_sticks: begin with the first trial, which nothing beats when it is NaN
import math


def random_search(objective, sample, n_trials):
    best = sample()
    best_value = objective(best)
    for _ in range(n_trials - 1):
        configuration = sample()
        value = objective(configuration)
        if value > best_value:
            best, best_value = configuration, value
    if math.isnan(best_value):
        return None, None
    return best, best_value

# %% not_worse_wins: take over what is not worse, and a NaN is never worse
import math


def random_search(objective, sample, n_trials):
    best, best_value = None, float("-inf")
    for _ in range(n_trials):
        configuration = sample()
        value = objective(configuration)
        if not value <= best_value:
            best, best_value = configuration, value
    if best is None or math.isnan(best_value):
        return None, None
    return best, best_value

# %% failed_trial_not_counted: draw and train another configuration in place of a failed one
import math


def random_search(objective, sample, n_trials):
    best, best_value = None, None
    for _ in range(n_trials):
        configuration = sample()
        value = objective(configuration)
        if math.isnan(value):
            configuration = sample()
            value = objective(configuration)
        if math.isnan(value):
            continue
        if best is None or value > best_value:
            best, best_value = configuration, value
    return best, best_value

# %% failed_trial_again: train a failed configuration a second time
# loses 1, hint retry
import math


def random_search(objective, sample, n_trials):
    best, best_value = None, None
    for _ in range(n_trials):
        configuration = sample()
        value = objective(configuration)
        if math.isnan(value):
            value = objective(configuration)
        if not math.isnan(value) and (best is None or value > best_value):
            best, best_value = configuration, value
    return best, best_value

# %% is_nan: look for NaN with "is np.nan", which misses every NaN that has been computed
import numpy as np


def random_search(objective, sample, n_trials):
    best, best_value = None, None
    for _ in range(n_trials):
        configuration = sample()
        value = objective(configuration)
        if value is np.nan:
            continue
        if best is None or value > best_value:
            best, best_value = configuration, value
    return best, best_value

# %% final_training: train the best configuration once more to return its value
import math


def random_search(objective, sample, n_trials):
    best, best_value = None, None
    for _ in range(n_trials):
        configuration = sample()
        value = objective(configuration)
        if math.isnan(value):
            continue
        if best is None or value > best_value:
            best, best_value = configuration, value
    if best is None:
        return None, None
    return best, objective(best)

# %% nanargmax: let np.nanargmax decide, which raises an error when all have failed
import numpy as np


def random_search(objective, sample, n_trials):
    configurations = [sample() for _ in range(n_trials)]
    values = [objective(configuration) for configuration in configurations]
    k = int(np.nanargmax(values))
    return configurations[k], values[k]

# %% zero_counts_as_no_best: test whether there is a best value with "not", so that a best of zero is replaced by anything
# loses 2, hint falsy
import math


def random_search(objective, sample, n_trials):
    best, best_value = None, None
    for _ in range(n_trials):
        configuration = sample()
        value = objective(configuration)
        if math.isnan(value):
            continue
        if not best_value or value > best_value:
            best, best_value = configuration, value
    return best, best_value

# %% zero_is_a_failure: take a value of zero for a failed training
# loses 2, hint falsy
import math


def random_search(objective, sample, n_trials):
    best, best_value = None, None
    for _ in range(n_trials):
        configuration = sample()
        value = objective(configuration)
        if not value or math.isnan(value):
            continue
        if best is None or value > best_value:
            best, best_value = configuration, value
    return best, best_value

# %% stops_at_a_failure: end the search at the first failure after a success
import math


def random_search(objective, sample, n_trials):
    best, best_value = None, None
    for _ in range(n_trials):
        configuration = sample()
        value = objective(configuration)
        if math.isnan(value):
            if best is None:
                continue
            break
        if best is None or value > best_value:
            best, best_value = configuration, value
    return best, best_value

# %% stops_at_one: end the search when a value reaches 1, as if all values were accuracies
# loses 1, hint early
import math


def random_search(objective, sample, n_trials):
    best, best_value = None, None
    for _ in range(n_trials):
        configuration = sample()
        value = objective(configuration)
        if math.isnan(value):
            continue
        if best is None or value > best_value:
            best, best_value = configuration, value
        if best_value >= 1:
            break
    return best, best_value

# %% one_trial_too_few: count the trials from 1 and leave out the last
import math


def random_search(objective, sample, n_trials):
    best, best_value = None, None
    for _ in range(1, n_trials):
        configuration = sample()
        value = objective(configuration)
        if math.isnan(value):
            continue
        if best is None or value > best_value:
            best, best_value = configuration, value
    return best, best_value

# %% failed_is_zero: replace NaN by zero, which is better than all negative values
import math

import numpy as np


def random_search(objective, sample, n_trials):
    configurations, values = [], []
    for _ in range(n_trials):
        configuration = sample()
        configurations.append(configuration)
        values.append(objective(configuration))
    if all(math.isnan(value) for value in values):
        return None, None
    k = int(np.argmax(np.nan_to_num(values)))
    return configurations[k], values[k]

# %% single_none: return one None instead of two when all have failed
import math


def random_search(objective, sample, n_trials):
    trials = []
    for _ in range(n_trials):
        configuration = sample()
        value = objective(configuration)
        if not math.isnan(value):
            trials.append((configuration, value))
    if not trials:
        return None
    return max(trials, key=lambda trial: trial[1])

# %% best_survives_the_call: keep the best in a default argument, so that the next search begins with it
import math


def random_search(objective, sample, n_trials, best={"configuration": None, "value": None}):
    for _ in range(n_trials):
        configuration = sample()
        value = objective(configuration)
        if math.isnan(value):
            continue
        if best["value"] is None or value > best["value"]:
            best["configuration"], best["value"] = configuration, value
    return best["configuration"], best["value"]

# %% patience: end the search after ten trials without a better one
# loses 1, hint early
import math


def random_search(objective, sample, n_trials):
    best, best_value = None, None
    waited = 0
    for _ in range(n_trials):
        configuration = sample()
        value = objective(configuration)
        waited += 1
        if not math.isnan(value) and (best is None or value > best_value):
            best, best_value = configuration, value
            waited = 0
        if waited == 10:
            break
    return best, best_value

# %% rounded_to_two_digits: compare values rounded to two digits, so that the last of those that round alike wins
import math


def random_search(objective, sample, n_trials):
    found = {}
    for _ in range(n_trials):
        configuration = sample()
        value = objective(configuration)
        if not math.isnan(value):
            found[round(value, 2)] = configuration, value
    if not found:
        return None, None
    return found[max(found)]

# %% index_after_filtering: remove the failed values but not their configurations, and index these with the place among the successes
import numpy as np


def random_search(objective, sample, n_trials):
    configurations = [sample() for _ in range(n_trials)]
    values = np.array([objective(configuration) for configuration in configurations])
    values = values[~np.isnan(values)]
    if len(values) == 0:
        return None, None
    k = int(np.argmax(values))
    return configurations[k], float(values[k])
