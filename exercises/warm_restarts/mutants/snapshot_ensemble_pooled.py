"""What people do: they average over all snapshots at once.

part: snapshot_ensemble
loses: 2
hint: pooled
"""

import numpy as np


def snapshot_ensemble(probabilities, labels):
    accuracies = (probabilities.argmax(axis=2) == labels).mean()
    chosen = probabilities.mean(axis=0).argmax(axis=1)
    return accuracies, np.mean(chosen == labels)
