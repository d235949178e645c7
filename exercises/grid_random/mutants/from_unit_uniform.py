"""What people do: they forget the logarithm.

part: from_unit
loses: 2
hint: uniform
"""


def from_unit(space, u):
    configuration = {}
    for (name, (kind, *given)), x in zip(space.items(), u, strict=True):
        if kind == "choice":
            options = given[0]
            configuration[name] = options[int(x * len(options))]
        elif kind == "whole":
            low, high = given
            configuration[name] = low + int(x * (high - low + 1))
        else:
            low, high = given
            configuration[name] = low + x * (high - low)
    return configuration
