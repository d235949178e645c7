"""What people do: look for the lowest score, because everything else is minimized.

part: next_point
loses: 4
hint: minimum
"""

import numpy as np


def next_point(candidates, tried, acquisition):
    new = np.array([c for c in candidates if not (c == tried).all(axis=1).any()])
    return new[np.argmin(acquisition(new))]
