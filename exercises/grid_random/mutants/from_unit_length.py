"""What people do: they take high for a length, as SciPy's uniform does.

part: from_unit
loses: 1
hint: length
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
            configuration[name] = np.exp(np.log(low) + x * np.log(high / low))
        elif kind == "linear":
            configuration[name] = low + x * high
        else:
            configuration[name] = low + int(x * (high - low + 1))
    return configuration
