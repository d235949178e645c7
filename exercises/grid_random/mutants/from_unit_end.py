"""What people do: they truncate and forget that both ends are included.

part: from_unit
loses: 2
hint: end
"""

import numpy as np


def from_unit(space, u):
    configuration = {}
    for (name, (kind, *given)), x in zip(space.items(), u, strict=True):
        if kind == "choice":
            options = given[0]
            configuration[name] = options[int(x * (len(options) - 1))]
            continue
        low, high = given
        if kind == "log":
            configuration[name] = np.exp(np.log(low) + x * np.log(high / low))
        elif kind == "linear":
            configuration[name] = low + x * (high - low)
        else:
            configuration[name] = low + int(x * (high - low))
    return configuration
