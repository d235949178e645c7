"""What people do: they average over the snapshots, and get a share for each image.

part: snapshot_ensemble
loses: 2
hint: axis
"""

import numpy as np


def snapshot_ensemble(probabilities, labels):
    accuracies = (probabilities.argmax(axis=2) == labels).mean(axis=0)
    chosen = probabilities.mean(axis=0).argmax(axis=1)
    return accuracies, np.mean(chosen == labels)
