"""What people do: they average the accuracies.

part: snapshot_ensemble
loses: 3
hint: accuracies
"""


def snapshot_ensemble(probabilities, labels):
    accuracies = (probabilities.argmax(axis=2) == labels).mean(axis=1)
    return accuracies, accuracies.mean()
