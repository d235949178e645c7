"""What people do: their loops stand in the opposite order, so that the first name changes fastest.

part: grid
loses: 1
hint: order
"""


def grid(values):
    configurations = [{}]
    for name in values:
        longer = []
        for value in values[name]:
            for configuration in configurations:
                longer.append({**configuration, name: value})
        configurations = longer
    return configurations
