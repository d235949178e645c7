"""What people do: forget what was tried.

part: next_point
loses: 2
hint: tried
"""

import numpy as np


def next_point(candidates, tried, acquisition):
    return candidates[np.argmax(acquisition(candidates))]
