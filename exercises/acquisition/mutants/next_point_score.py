"""What people do: return the score.

part: next_point
loses: 4
hint: score
"""

import numpy as np


def next_point(candidates, tried, acquisition):
    new = np.array([c for c in candidates if not (c == tried).all(axis=1).any()])
    return acquisition(new).max()
