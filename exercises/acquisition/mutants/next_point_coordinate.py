"""What people do: leave out every point that has a coordinate in common with a tried one.

part: next_point
loses: 2
hint: coordinate
"""

import numpy as np


def next_point(candidates, tried, acquisition):
    known = (candidates[:, None] == tried).any(axis=(1, 2))
    new = candidates[~known]
    return new[np.argmax(acquisition(new))]
