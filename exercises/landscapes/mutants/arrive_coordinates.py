"""Looks at each coordinate by itself, in a square instead of a circle.

part: steps_to_arrive
loses: 1
hint: coordinates
"""

import numpy as np


def steps_to_arrive(path, minimizer, tolerance):
    inside = (np.abs(path - minimizer) <= tolerance).all(axis=1)
    if not inside[-1]:
        return None
    k = len(inside) - 1
    while k > 0 and inside[k - 1]:
        k -= 1
    return k
