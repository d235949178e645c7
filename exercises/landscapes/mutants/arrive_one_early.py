"""Returns the last point outside instead of the one after it.

part: steps_to_arrive
loses: 3
hint: one_early
"""

import numpy as np


def steps_to_arrive(path, minimizer, tolerance):
    outside = np.linalg.norm(path - minimizer, axis=1) > tolerance
    if outside[-1]:
        return None
    if not outside.any():
        return 0
    return int(np.flatnonzero(outside)[-1])
