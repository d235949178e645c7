"""What people do: they take the axes in the wrong order.

part: snapshot_ensemble
loses: 5
hint: axis
"""


def snapshot_ensemble(probabilities, labels):
    accuracies = (probabilities.argmax(axis=1) == labels).mean(axis=1)
    chosen = probabilities.mean(axis=1).argmax(axis=1)
    return accuracies, (chosen == labels).mean()
