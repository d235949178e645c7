"""What people do: they average over random draws.

part: expected_best
loses: 4
hint: near
"""

import numpy as np


def expected_best(values, n):
    rng = np.random.default_rng(0)
    drawn = rng.permuted(np.tile(values, (4000, 1)), axis=1)[:, :n]
    return drawn.max(axis=1).mean()
