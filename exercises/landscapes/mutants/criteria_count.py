"""The number of starts that arrive, not their share.

part: four_criteria
loses: 2
hint: count
"""

import numpy as np


def four_criteria(steps, distances, n_steps):
    arrived = np.array([k is not None for k in steps])
    counted = np.array([n_steps if k is None else k for k in steps])
    return {
        "robustness": int(arrived.sum()),
        "convergence": np.median(counted[arrived]) if arrived.any() else None,
        "precision": np.median(distances[arrived]) if arrived.any() else None,
        "performance": counted.mean(),
    }
