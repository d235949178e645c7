"""What people do: they walk through the lists side by side.

part: grid
loses: 4
hint: pairs
"""


def grid(values):
    return [dict(zip(values, some, strict=True)) for some in zip(*values.values(), strict=False)]
