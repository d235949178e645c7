"""Takes the medians over all starts, a failure counted as n_steps.

part: four_criteria
loses: 3
hint: over_all
"""

import numpy as np


def four_criteria(steps, distances, n_steps):
    counted = [n_steps if k is None else k for k in steps]
    return {
        "robustness": sum(k is not None for k in steps) / len(steps),
        "convergence": np.median(counted),
        "precision": np.median(distances),
        "performance": np.mean(counted),
    }
