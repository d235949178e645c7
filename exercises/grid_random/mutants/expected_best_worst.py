"""What people do: they sort from large to small and give the largest weights to the smallest.

part: expected_best
loses: 4
hint: worst
"""

import math


def expected_best(values, n):
    total = 0
    for i, value in enumerate(sorted(values, reverse=True)):
        total += value * math.comb(i, n - 1) / math.comb(len(values), n)
    return total
