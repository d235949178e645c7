"""What people do: return the place of the point.

part: next_point
loses: 4
hint: index
"""

import numpy as np


def next_point(candidates, tried, acquisition):
    new = np.array([c for c in candidates if not (c == tried).all(axis=1).any()])
    return int(np.argmax(acquisition(new)))
