"""What people do: they average the digits that the snapshots choose.

part: snapshot_ensemble
loses: 3
hint: classes
"""

import numpy as np


def snapshot_ensemble(probabilities, labels):
    chosen = probabilities.argmax(axis=2)
    accuracies = (chosen == labels).mean(axis=1)
    return accuracies, np.mean(np.round(chosen.mean(axis=0)) == labels)
