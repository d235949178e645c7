"""Asks `if k`, so that an arrival after 0 steps counts as none.

part: four_criteria
loses: 1
hint: zero
"""

import numpy as np


def four_criteria(steps, distances, n_steps):
    arrived = [k for k in steps if k]
    final = [distance for k, distance in zip(steps, distances, strict=True) if k]
    return {
        "robustness": len(arrived) / len(steps),
        "convergence": np.median(arrived) if arrived else None,
        "precision": np.median(final) if arrived else None,
        "performance": np.mean([k if k else n_steps for k in steps]),
    }
