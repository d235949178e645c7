"""What people do: they count draws with repetition.

part: expected_best
loses: 4
hint: repetition
"""

import numpy as np


def expected_best(values, n):
    n_all = len(values)
    below = (np.arange(n_all + 1) / n_all) ** n
    return np.diff(below) @ np.sort(values)
