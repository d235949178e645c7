"""What people do: they carry the best from one search over to the next.

part: best_so_far
loses: 4
hint: axis
"""

import math


def best_so_far(values, direction):
    best = math.nan
    rows = []
    for row in values:
        rows.append([])
        for value in row:
            if math.isfinite(value):
                if math.isnan(best):
                    best = value
                best = max(best, value) if direction == "maximize" else min(best, value)
            rows[-1].append(best)
    return rows
