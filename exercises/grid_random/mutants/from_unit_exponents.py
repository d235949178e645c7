"""What people do: they take low and high for exponents.

part: from_unit
loses: 2
hint: exponents
"""


def from_unit(space, u):
    configuration = {}
    for (name, (kind, *given)), x in zip(space.items(), u, strict=True):
        if kind == "choice":
            options = given[0]
            configuration[name] = options[int(x * len(options))]
            continue
        low, high = given
        if kind == "log":
            configuration[name] = 10 ** (low + x * (high - low))
        elif kind == "linear":
            configuration[name] = low + x * (high - low)
        else:
            configuration[name] = low + int(x * (high - low + 1))
    return configuration
