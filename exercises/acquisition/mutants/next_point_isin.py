"""What people do: look for the coordinates of a point among all coordinates that were tried.

part: next_point
loses: 2
hint: coordinate
"""

import numpy as np


def next_point(candidates, tried, acquisition):
    new = candidates[~np.isin(candidates, tried).all(axis=1)]
    return new[np.argmax(acquisition(new))]
