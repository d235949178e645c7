"""What people do: they repeat the best of the whole search.

part: best_so_far
loses: 4
hint: whole
"""

import math


def best_so_far(values, direction):
    better = max if direction == "maximize" else min
    rows = []
    for row in values:
        best = better(filter(math.isfinite, row), default=math.nan)
        rows.append([best] * len(row))
    return rows
