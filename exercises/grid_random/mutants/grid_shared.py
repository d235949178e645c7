"""What people do: they change one dict in the loop and append it each time.

part: grid
loses: 4
hint: shared
"""

import itertools


def grid(values):
    configurations = []
    configuration = {}
    for some in itertools.product(*values.values()):
        for name, value in zip(values, some, strict=True):
            configuration[name] = value
        configurations.append(configuration)
    return configurations
