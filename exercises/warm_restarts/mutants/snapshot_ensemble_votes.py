"""What people do: they let the snapshots vote.

part: snapshot_ensemble
loses: 3
hint: votes
"""

import numpy as np


def snapshot_ensemble(probabilities, labels):
    chosen = probabilities.argmax(axis=2)
    accuracies = (chosen == labels).mean(axis=1)
    votes = np.array([np.bincount(image).argmax() for image in chosen.T])
    return accuracies, (votes == labels).mean()
