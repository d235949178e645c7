# %% order: their loops stand in the opposite order, so that the first name changes fastest
# loses 1, hint order
def grid(values):
    configurations = [{}]
    for name in values:
        longer = []
        for value in values[name]:
            for configuration in configurations:
                longer.append({**configuration, name: value})
        configurations = longer
    return configurations

# %% pairs: they walk through the lists side by side
# loses 4, hint pairs
def grid(values):
    return [dict(zip(values, some, strict=True)) for some in zip(*values.values(), strict=False)]

# %% shared: they change one dict in the loop and append it each time
# loses 4, hint shared
import itertools


def grid(values):
    configurations = []
    configuration = {}
    for some in itertools.product(*values.values()):
        for name, value in zip(values, some, strict=True):
            configuration[name] = value
        configurations.append(configuration)
    return configurations

# %% single: they leave out what is not varied
# loses 1, hint single
import itertools


def grid(values):
    varied = {name: some for name, some in values.items() if len(some) > 1}
    return [dict(zip(varied, some, strict=True)) for some in itertools.product(*varied.values())]

# %% texts: they build the grid as one array, in which numbers beside texts become texts
# loses 2, hint texts
import numpy as np


def grid(values):
    axes = np.meshgrid(*values.values(), indexing="ij")
    rows = np.stack(axes, axis=-1).reshape(-1, len(values))
    return [dict(zip(values, row.tolist(), strict=True)) for row in rows]

# %% first_name_fastest: append a new innermost loop over the old configurations, so that the first name changes fastest
def grid(values):
    configurations = [{}]
    for name, options in values.items():
        configurations = [{**c, name: v} for v in options for c in configurations]
    return configurations

# %% sorted_names: loop over the names in alphabetical order instead of the order of the dict
import itertools


def grid(values):
    names = sorted(values)
    return [
        dict(zip(names, combination))
        for combination in itertools.product(*[values[name] for name in names])
    ]

# %% sorted_values: sort the values of each name before they loop over them
import itertools


def grid(values):
    lists = [sorted(options) for options in values.values()]
    return [dict(zip(values, combination)) for combination in itertools.product(*lists)]

# %% one_array: put all combinations into one NumPy array, which turns numbers beside texts into texts and whole numbers into floats
import itertools

import numpy as np


def grid(values):
    combinations = np.array(list(itertools.product(*values.values())))
    return [dict(zip(values, row.tolist())) for row in combinations]

# %% meshgrid_xy: use meshgrid with its default indexing, which makes the second name the outermost
import numpy as np


def grid(values):
    lists = [np.array(options, dtype=object) for options in values.values()]
    columns = [some.ravel() for some in np.meshgrid(*lists)]
    return [dict(zip(values, row)) for row in zip(*columns)]

# %% array_per_name: make an array of the list of each name, so that a list that mixes numbers and texts comes out as texts
# loses 2, hint texts
import itertools

import numpy as np


def grid(values):
    lists = [np.array(options).tolist() for options in values.values()]
    return [dict(zip(values, combination)) for combination in itertools.product(*lists)]

# %% set_of_values: pass the values through a set, which loses their order
import itertools


def grid(values):
    lists = [list(set(options)) for options in values.values()]
    return [dict(zip(values, combination)) for combination in itertools.product(*lists)]

# %% shared_dict: append the same dict again and again, so that all configurations are the last one
import itertools


def grid(values):
    configuration = {}
    configurations = []
    for combination in itertools.product(*values.values()):
        for name, value in zip(values, combination):
            configuration[name] = value
        configurations.append(configuration)
    return configurations

# %% empties_the_input: pop the names off the caller's dict in a recursion, so that it is empty afterwards
def grid(values):
    if not values:
        return [{}]
    name, options = values.popitem()
    return [{**c, name: v} for c in grid(values) for v in options]

# %% generator: return a generator instead of a list
import itertools


def grid(values):
    return (dict(zip(values, combination)) for combination in itertools.product(*values.values()))

# %% drops_zero: leave names out of a configuration when their value is zero or an empty text
# loses 2, hint zero
import itertools


def grid(values):
    configurations = []
    for combination in itertools.product(*values.values()):
        configuration = {}
        for name, value in zip(values, combination):
            if value:
                configuration[name] = value
        configurations.append(configuration)
    return configurations

# %% three_names_only: write exactly three nested loops, as the example needs
def grid(values):
    first, second, third = values
    configurations = []
    for a in values[first]:
        for b in values[second]:
            for c in values[third]:
                configurations.append({first: a, second: b, third: c})
    return configurations

# %% strides_from_the_wrong_side: compute the strides from the sizes of the earlier names instead of the later ones
import math


def grid(values):
    sizes = [len(options) for options in values.values()]
    configurations = []
    for k in range(math.prod(sizes)):
        configuration = {}
        for place, (name, options) in enumerate(values.items()):
            stride = math.prod(sizes[: len(sizes) - 1 - place])
            configuration[name] = options[k // stride % len(options)]
        configurations.append(configuration)
    return configurations

# %% longest_outermost: put the names with the most values outermost
import itertools


def grid(values):
    names = sorted(values, key=lambda name: len(values[name]), reverse=True)
    return [
        dict(zip(names, combination))
        for combination in itertools.product(*[values[name] for name in names])
    ]

# %% everything_to_float: turn into a float whatever can be read as a number, texts such as "2" included
# loses 2, hint numbers
import itertools


def to_number(value):
    try:
        return float(value)
    except ValueError:
        return value


def grid(values):
    lists = [[to_number(v) for v in options] for options in values.values()]
    return [dict(zip(values, combination)) for combination in itertools.product(*lists)]

# %% mutable_default: collect the configurations in a default argument that survives the call
def grid(values, configuration={}, found=[]):
    if len(configuration) == len(values):
        found.append(dict(configuration))
        return found
    name = list(values)[len(configuration)]
    for value in values[name]:
        grid(values, {**configuration, name: value}, found)
    return found

# %% remembered_by_names: keep the grid for the names seen before, and return it again for other values of the same names
import itertools

_grids = {}


def grid(values):
    names = tuple(values)
    if names not in _grids:
        _grids[names] = [dict(zip(names, c)) for c in itertools.product(*values.values())]
    return [dict(c) for c in _grids[names]]

# %% last_name_first_value: end the recursion at the last name with only its first value
def grid(values):
    names = list(values)
    if len(names) == 1:
        return [{names[0]: values[names[0]][0]}]
    rest = grid({name: values[name] for name in names[1:]})
    return [{names[0]: value, **c} for value in values[names[0]] for c in rest]

# %% names_sorted_lists_not: sort the names but not the lists, so that names get the values of others
import itertools


def grid(values):
    names = sorted(values.keys())
    lists = values.values()
    return [dict(zip(names, combination)) for combination in itertools.product(*lists)]

# %% single_values_left_out: leave out names that have a single value, since there is nothing to try
import itertools


def grid(values):
    several = {name: options for name, options in values.items() if len(options) > 1}
    return [dict(zip(several, c)) for c in itertools.product(*several.values())]
