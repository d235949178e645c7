"""Leaves the starts that do not arrive out of the performance.

part: four_criteria
loses: 2
hint: giving_up
"""

import numpy as np


def four_criteria(steps, distances, n_steps):
    arrived = np.array([k is not None for k in steps])
    counted = np.array([k for k in steps if k is not None])
    return {
        "robustness": arrived.mean(),
        "convergence": np.median(counted) if arrived.any() else None,
        "precision": np.median(distances[arrived]) if arrived.any() else None,
        "performance": counted.mean() if arrived.any() else n_steps,
    }
