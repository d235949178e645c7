"""What people do: they take natural logarithms and undo them with powers of 10.

part: from_unit
loses: 2
hint: logs
"""

import numpy as np


def from_unit(space, u):
    configuration = {}
    for (name, (kind, *given)), x in zip(space.items(), u, strict=True):
        if kind == "choice":
            options = given[0]
            configuration[name] = options[int(x * len(options))]
            continue
        low, high = given
        if kind == "log":
            configuration[name] = 10 ** (np.log(low) + x * (np.log(high) - np.log(low)))
        elif kind == "linear":
            configuration[name] = low + x * (high - low)
        else:
            configuration[name] = low + int(x * (high - low + 1))
    return configuration
