"""Returns the first point within the tolerance.

part: steps_to_arrive
loses: 3
hint: first_entry, left_again
"""

import numpy as np


def steps_to_arrive(path, minimizer, tolerance):
    for k, x in enumerate(path):
        if np.linalg.norm(x - minimizer) <= tolerance:
            return k
    return None
