# %% again: they train the current configuration again with each name
# loses 1, hint again
def one_at_a_time(objective, values, start):
    best = dict(start)
    for name in values:
        best[name] = max(values[name], key=lambda value: objective({**best, name: value}))
    return best, objective(best)

# %% alias: they forget to copy the dict, and change the best configuration with each trial
# loses 4, hint alias
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

# %% first: they go on to the next name as soon as a value is better
# loses 5, hint first
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

# %% grid: they try every combination
# loses 3, hint grid
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

# %% separately: they try each name around the start, and put the winners together
# loses 3, hint separately
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

# %% smallest: they minimize, as for a loss
# loses 4, hint smallest
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

# %% tie_moves: move on a tie
# loses 1, hint tie
def one_at_a_time(objective, values, start):
    best = dict(start)
    best_value = objective(best)
    for name, options in values.items():
        current = best[name]
        for option in options:
            if option == current:
                continue
            trial = {**best, name: option}
            value = objective(trial)
            if value >= best_value:
                best, best_value = trial, value
    return best, best_value

# %% final_training: train the final configuration once more to return its value
def one_at_a_time(objective, values, start):
    best = dict(start)
    best_value = objective(best)
    for name, options in values.items():
        current = best[name]
        for option in options:
            if option == current:
                continue
            trial = {**best, name: option}
            value = objective(trial)
            if value > best_value:
                best, best_value = trial, value
    return best, objective(best)

# %% changes_start: write the best values into the caller's start
def one_at_a_time(objective, values, start):
    best_value = objective(dict(start))
    for name, options in values.items():
        current = start[name]
        for option in options:
            if option == current:
                continue
            value = objective({**start, name: option})
            if value > best_value:
                start[name], best_value = option, value
    return start, best_value

# %% alias_of_the_trial: keep a reference to the trial that is changed in place afterwards, instead of a copy
def one_at_a_time(objective, values, start):
    trial = dict(start)
    best = dict(start)
    best_value = objective(dict(trial))
    for name, options in values.items():
        current = trial[name]
        for option in options:
            if option == current:
                continue
            trial[name] = option
            value = objective(dict(trial))
            if value > best_value:
                best = trial
                best_value = value
        trial[name] = best[name]
    return best, best_value

# %% around_the_start: vary each name around the start instead of the best so far, and put the winners together
def one_at_a_time(objective, values, start):
    start_value = objective(dict(start))
    best = dict(start)
    best_value = start_value
    for name, options in values.items():
        here = start_value
        for option in options:
            if option == start[name]:
                continue
            value = objective({**start, name: option})
            if value > here:
                here = value
                best[name] = option
        best_value = max(best_value, here)
    return best, best_value

# %% order_of_start: go through the names in the order of the start instead of the order of values
# loses 2, hint names
def one_at_a_time(objective, values, start):
    best = dict(start)
    best_value = objective(best)
    for name in start:
        current = best[name]
        for option in values[name]:
            if option == current:
                continue
            trial = {**best, name: option}
            value = objective(trial)
            if value > best_value:
                best, best_value = trial, value
    return best, best_value

# %% until_nothing_improves: repeat the pass until nothing improves any more
def one_at_a_time(objective, values, start):
    known = {}

    def train(configuration):
        key = tuple(configuration[name] for name in values)
        if key not in known:
            known[key] = objective(dict(configuration))
        return known[key]

    best = dict(start)
    best_value = train(best)
    improved = True
    while improved:
        improved = False
        for name, options in values.items():
            for option in options:
                trial = {**best, name: option}
                value = train(trial)
                if value > best_value:
                    best, best_value = trial, value
                    improved = True
    return best, best_value

# %% first_improvement: go on to the next name as soon as one value is better
def one_at_a_time(objective, values, start):
    best = dict(start)
    best_value = objective(best)
    for name, options in values.items():
        for option in options:
            if option == best[name]:
                continue
            trial = {**best, name: option}
            value = objective(trial)
            if value > best_value:
                best, best_value = trial, value
                break
    return best, best_value

# %% start_not_trained: do not train the start, and let the best value of the first name win even where the start ties with it
def one_at_a_time(objective, values, start):
    best = dict(start)
    best_value = float("-inf")
    for k, (name, options) in enumerate(values.items()):
        current = best[name]
        for option in options:
            if k > 0 and option == current:
                continue
            trial = {**best, name: option}
            value = objective(trial)
            if value > best_value:
                best, best_value = trial, value
    return best, best_value

# %% global_memory: remember trained configurations in a global dict, also when the objective is another one
_trained = {}


def one_at_a_time(objective, values, start):
    def train(configuration):
        key = tuple(configuration.items())
        if key not in _trained:
            _trained[key] = objective(configuration)
        return _trained[key]

    best = dict(start)
    best_value = train(best)
    for name, options in values.items():
        for option in options:
            trial = {**best, name: option}
            value = train(trial)
            if value > best_value:
                best, best_value = trial, value
    return best, best_value

# %% argmax_takes_the_first: take argmax over all values of a name, which on a tie moves to the first of the list
# loses 1, hint tie
import numpy as np


def one_at_a_time(objective, values, start):
    best = dict(start)
    best_value = objective(dict(best))
    for name, options in values.items():
        scores = [
            best_value if option == best[name] else objective({**best, name: option})
            for option in options
        ]
        k = int(np.argmax(scores))
        best = {**best, name: options[k]}
        best_value = scores[k]
    return best, best_value

# %% must_move: begin each name without a best value, so that they leave the current value even when it is better
def one_at_a_time(objective, values, start):
    best = dict(start)
    best_value = objective(dict(best))
    for name, options in values.items():
        others = [option for option in options if option != best[name]]
        if not others:
            continue
        best_value = float("-inf")
        winner = None
        for option in others:
            value = objective({**best, name: option})
            if value > best_value:
                winner, best_value = option, value
        best = {**best, name: winner}
    return best, best_value

# %% key_without_names: remember values by the set of numbers in a configuration, which forgets which name has which
def one_at_a_time(objective, values, start):
    known = {}

    def train(configuration):
        key = frozenset(configuration.values())
        if key not in known:
            known[key] = objective(configuration)
        return known[key]

    best = dict(start)
    best_value = train(best)
    for name, options in values.items():
        for option in options:
            trial = {**best, name: option}
            value = train(trial)
            if value > best_value:
                best, best_value = trial, value
    return best, best_value

# %% is_instead_of_equal: look for the current value with "is", so that equal numbers are trained again
def one_at_a_time(objective, values, start):
    best = dict(start)
    best_value = objective(dict(best))
    for name, options in values.items():
        current = best[name]
        for option in options:
            if option is current:
                continue
            trial = {**best, name: option}
            value = objective(trial)
            if value > best_value:
                best, best_value = trial, value
    return best, best_value

# %% isclose_to_current: skip every number that np.isclose calls equal to the current one, which it does with all very small ones
# loses 2, hint tiny
import numpy as np


def one_at_a_time(objective, values, start):
    best = dict(start)
    best_value = objective(dict(best))
    for name, options in values.items():
        current = best[name]
        for option in options:
            if option == current or (not isinstance(option, str) and np.isclose(option, current)):
                continue
            trial = {**best, name: option}
            value = objective(trial)
            if value > best_value:
                best, best_value = trial, value
    return best, best_value

# %% needs_a_clear_gain: move only when the gain is larger than 0.001
# loses 2, hint stays
def one_at_a_time(objective, values, start):
    best = dict(start)
    best_value = objective(dict(best))
    for name, options in values.items():
        current = best[name]
        for option in options:
            if option == current:
                continue
            trial = {**best, name: option}
            value = objective(trial)
            if value - best_value > 1e-3:
                best, best_value = trial, value
    return best, best_value

# %% skips_the_first: skip the first value of each list as the one that is trained already, wherever the start is
def one_at_a_time(objective, values, start):
    best = dict(start)
    best_value = objective(dict(best))
    for name, options in values.items():
        for option in options[1:]:
            trial = {**best, name: option}
            value = objective(trial)
            if value > best_value:
                best, best_value = trial, value
    return best, best_value

# %% zero_is_unknown: take a remembered value of zero for a missing one and train again
def one_at_a_time(objective, values, start):
    known = {}

    def train(configuration):
        key = tuple(configuration[name] for name in values)
        known[key] = known.get(key) or objective(configuration)
        return known[key]

    best = dict(start)
    best_value = train(best)
    for name, options in values.items():
        for option in options:
            trial = {**best, name: option}
            value = train(trial)
            if value > best_value:
                best, best_value = trial, value
    return best, best_value

# %% removes_from_the_lists: remove the current value from the caller's list to skip it
def one_at_a_time(objective, values, start):
    best = dict(start)
    best_value = objective(dict(best))
    for name, options in values.items():
        options.remove(best[name])
        for option in options:
            trial = {**best, name: option}
            value = objective(trial)
            if value > best_value:
                best, best_value = trial, value
    return best, best_value

# %% best_starts_at_zero: begin with a best value of zero, so that a negative objective never improves on it
# loses 2, hint stays
def one_at_a_time(objective, values, start):
    best = dict(start)
    best_value = max(0, objective(dict(best)))
    for name, options in values.items():
        current = best[name]
        for option in options:
            if option == current:
                continue
            trial = {**best, name: option}
            value = objective(trial)
            if value > best_value:
                best, best_value = trial, value
    return best, best_value
