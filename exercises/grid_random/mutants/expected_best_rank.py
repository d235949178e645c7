"""What people do: they count from 1, and take the value itself for one of those below it.

part: expected_best
loses: 4
hint: rank
"""

import math


def expected_best(values, n):
    n_all = len(values)
    total = 0
    for rank, value in enumerate(sorted(values), start=1):
        total += value * math.comb(rank, n - 1) / math.comb(n_all, n)
    return total
