"""What people do: they look for the image that is surest of a class.

part: snapshot_ensemble
loses: 5
hint: axis
"""

import numpy as np


def snapshot_ensemble(probabilities, labels):
    accuracies = (probabilities.argmax(axis=2) == labels).mean(axis=1)
    chosen = probabilities.mean(axis=0).argmax(axis=0)
    return accuracies, np.mean(chosen == labels)
