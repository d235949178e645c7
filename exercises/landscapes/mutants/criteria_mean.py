"""Means instead of medians.

part: four_criteria
loses: 3
hint: mean
"""

import numpy as np


def four_criteria(steps, distances, n_steps):
    arrived = [k for k in steps if k is not None]
    final = [distance for k, distance in zip(steps, distances, strict=True) if k is not None]
    counted = [n_steps if k is None else k for k in steps]
    return {
        "robustness": len(arrived) / len(steps),
        "convergence": np.mean(arrived) if arrived else None,
        "precision": np.mean(final) if arrived else None,
        "performance": np.mean(counted),
    }
