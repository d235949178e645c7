"""What people do: they forget to sort.

part: expected_best
loses: 1
hint: order
"""

import math


def expected_best(values, n):
    weights = [math.comb(i, n - 1) / math.comb(len(values), n) for i in range(len(values))]
    return sum(weight * value for weight, value in zip(weights, values, strict=True))
