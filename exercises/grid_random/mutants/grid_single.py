"""What people do: they leave out what is not varied.

part: grid
loses: 1
hint: single
"""

import itertools


def grid(values):
    varied = {name: some for name, some in values.items() if len(some) > 1}
    return [dict(zip(varied, some, strict=True)) for some in itertools.product(*varied.values())]
