# %% accuracies: they average the accuracies
# loses 3, hint accuracies
def snapshot_ensemble(probabilities, labels):
    accuracies = (probabilities.argmax(axis=2) == labels).mean(axis=1)
    return accuracies, accuracies.mean()

# %% axis: they take the axes in the wrong order
# loses 5, hint axis
def snapshot_ensemble(probabilities, labels):
    accuracies = (probabilities.argmax(axis=1) == labels).mean(axis=1)
    chosen = probabilities.mean(axis=1).argmax(axis=1)
    return accuracies, (chosen == labels).mean()

# %% classes: they average the digits that the snapshots choose
# loses 3, hint classes
import numpy as np


def snapshot_ensemble(probabilities, labels):
    chosen = probabilities.argmax(axis=2)
    accuracies = (chosen == labels).mean(axis=1)
    return accuracies, np.mean(np.round(chosen.mean(axis=0)) == labels)

# %% image: they look for the image that is surest of a class
# loses 5, hint axis
import numpy as np


def snapshot_ensemble(probabilities, labels):
    accuracies = (probabilities.argmax(axis=2) == labels).mean(axis=1)
    chosen = probabilities.mean(axis=0).argmax(axis=0)
    return accuracies, np.mean(chosen == labels)

# %% images: they average over the snapshots, and get a share for each image
# loses 2, hint axis
import numpy as np


def snapshot_ensemble(probabilities, labels):
    accuracies = (probabilities.argmax(axis=2) == labels).mean(axis=0)
    chosen = probabilities.mean(axis=0).argmax(axis=1)
    return accuracies, np.mean(chosen == labels)

# %% pooled: they average over all snapshots at once
# loses 2, hint pooled
import numpy as np


def snapshot_ensemble(probabilities, labels):
    accuracies = (probabilities.argmax(axis=2) == labels).mean()
    chosen = probabilities.mean(axis=0).argmax(axis=1)
    return accuracies, np.mean(chosen == labels)

# %% votes: they let the snapshots vote
# loses 3, hint votes
import numpy as np


def snapshot_ensemble(probabilities, labels):
    chosen = probabilities.argmax(axis=2)
    accuracies = (chosen == labels).mean(axis=1)
    votes = np.array([np.bincount(image).argmax() for image in chosen.T])
    return accuracies, (votes == labels).mean()

# %% majority: let the snapshots vote instead of averaging their probabilities
import numpy as np


def snapshot_ensemble(probabilities, labels):
    chosen = probabilities.argmax(axis=2)
    accuracies = (chosen == labels).mean(axis=1)
    votes = [np.bincount(c, minlength=probabilities.shape[2]).argmax() for c in chosen.T]
    return accuracies, float(np.mean(np.array(votes) == labels))

# %% mean_of_accuracies: average the accuracies of the snapshots
import numpy as np


def snapshot_ensemble(probabilities, labels):
    chosen = probabilities.argmax(axis=2)
    accuracies = (chosen == labels).mean(axis=1)
    return accuracies, accuracies.mean()

# %% most_confident: take the largest probability of any snapshot instead of the mean
import numpy as np


def snapshot_ensemble(probabilities, labels):
    accuracies = np.mean(np.argmax(probabilities, axis=-1) == labels, axis=-1)
    best = np.max(probabilities, axis=0)
    return accuracies, np.mean(np.argmax(best, axis=-1) == labels)

# %% product: multiply the probabilities of the snapshots instead of averaging them
import numpy as np


def snapshot_ensemble(probabilities, labels):
    accuracies = np.mean(np.argmax(probabilities, axis=-1) == labels, axis=-1)
    joint = np.prod(probabilities, axis=0)
    joint = joint / np.maximum(joint.sum(axis=-1, keepdims=True), 1e-300)
    return accuracies, np.mean(np.argmax(joint, axis=-1) == labels)

# %% median: take the median over the snapshots instead of the mean
import numpy as np


def snapshot_ensemble(probabilities, labels):
    accuracies = np.mean(np.argmax(probabilities, axis=-1) == labels, axis=-1)
    middle = np.median(probabilities, axis=0)
    return accuracies, np.mean(np.argmax(middle, axis=-1) == labels)

# %% weighted_by_accuracy: weight the snapshots with their accuracies
import numpy as np


def snapshot_ensemble(probabilities, labels):
    accuracies = np.mean(np.argmax(probabilities, axis=-1) == labels, axis=-1)
    mean = np.tensordot(accuracies, probabilities, axes=1) / max(accuracies.sum(), 1e-12)
    return accuracies, np.mean(np.argmax(mean, axis=-1) == labels)

# %% first_and_last: average only the first and the last snapshot
import numpy as np


def snapshot_ensemble(probabilities, labels):
    accuracies = np.array([np.mean(p.argmax(axis=1) == labels) for p in probabilities])
    mean = (probabilities[0] + probabilities[-1]) / 2
    return accuracies, np.mean(mean.argmax(axis=1) == labels)

# %% any_right: count an image as right if any of the snapshots is right
import numpy as np


def snapshot_ensemble(probabilities, labels):
    right = np.argmax(probabilities, axis=-1) == labels
    return right.mean(axis=1), right.any(axis=0).mean()

# %% divides_by_classes: divide the number of right images by the number of classes
import numpy as np


def snapshot_ensemble(probabilities, labels):
    n = probabilities.shape[2]
    accuracies = (probabilities.argmax(axis=2) == labels).sum(axis=1) / n
    accuracy = (probabilities.mean(axis=0).argmax(axis=1) == labels).sum() / n
    return accuracies, accuracy

# %% balanced: average the accuracies of the classes instead of counting all images alike
import numpy as np


def share(chosen, labels):
    return np.mean([np.mean(chosen[labels == c] == c) for c in np.unique(labels)])


def snapshot_ensemble(probabilities, labels):
    accuracies = np.array([share(p.argmax(axis=1), labels) for p in probabilities])
    return accuracies, share(probabilities.mean(axis=0).argmax(axis=1), labels)

# %% above_half: take an image to be right only if its label has a probability above one half
import numpy as np


def snapshot_ensemble(probabilities, labels):
    of_label = probabilities[:, np.arange(len(labels)), labels]
    accuracies = (of_label > 0.5).mean(axis=1)
    accuracy = (of_label.mean(axis=0) > 0.5).mean()
    return accuracies, accuracy

# %% sums_into_first: add all the snapshots up in the first of them, which changes the array that they were given
import numpy as np


def snapshot_ensemble(probabilities, labels):
    accuracies = np.array([np.mean(p.argmax(axis=1) == labels) for p in probabilities])
    mean = probabilities[0]
    for p in probabilities[1:]:
        mean += p
    mean /= len(probabilities)
    return accuracies, float(np.mean(mean.argmax(axis=1) == labels))

# %% later_weigh_more: give later snapshots more weight because they have trained longer
import numpy as np


def snapshot_ensemble(probabilities, labels):
    accuracies = np.mean(np.argmax(probabilities, axis=-1) == labels, axis=-1)
    weights = np.arange(1, len(probabilities) + 1)
    mean = np.average(probabilities, axis=0, weights=weights)
    return accuracies, np.mean(np.argmax(mean, axis=-1) == labels)

# %% confident_votes: let each snapshot vote for its class alone, with its probability as the weight
import numpy as np


def snapshot_ensemble(probabilities, labels):
    chosen = probabilities.argmax(axis=2)
    accuracies = (chosen == labels).mean(axis=1)
    largest = probabilities.max(axis=2)
    votes = np.zeros(probabilities.shape[1:])
    images = np.arange(len(labels))
    for c, p in zip(chosen, largest):
        votes[images, c] += p
    return accuracies, (votes.argmax(axis=1) == labels).mean()

# %% vote_then_mean: let the snapshots vote and use the mean only when votes are equal
import numpy as np


def snapshot_ensemble(probabilities, labels):
    n_classes = probabilities.shape[2]
    chosen = probabilities.argmax(axis=2)
    accuracies = (chosen == labels).mean(axis=1)
    votes = np.eye(n_classes)[chosen].sum(axis=0)
    mean = probabilities.mean(axis=0)
    tied = votes == votes.max(axis=1, keepdims=True)
    ensemble = np.where(tied, mean, -1).argmax(axis=1)
    return accuracies, (ensemble == labels).mean()

# %% softmax_again: apply softmax to the probabilities before they average, as if they were logits
import numpy as np
from scipy.special import softmax


def snapshot_ensemble(probabilities, labels):
    p = softmax(probabilities, axis=-1)
    accuracies = (p.argmax(axis=-1) == labels).mean(axis=-1)
    return accuracies, (p.mean(axis=0).argmax(axis=-1) == labels).mean()

# %% squeeze: squeeze the array, which takes away the axis of the snapshots if there is only one
import numpy as np


def snapshot_ensemble(probabilities, labels):
    p = np.squeeze(probabilities)
    accuracies = (p.argmax(axis=-1) == labels).mean(axis=-1)
    accuracy = (probabilities.mean(axis=0).argmax(axis=-1) == labels).mean()
    return accuracies, accuracy

# %% running_ensembles: give for each snapshot the accuracy of the ensemble of all snapshots so far
import numpy as np


def snapshot_ensemble(probabilities, labels):
    sums = np.cumsum(probabilities, axis=0)
    accuracies = (sums.argmax(axis=2) == labels).mean(axis=1)
    return accuracies, accuracies[-1]

# %% rounds: round the accuracies to three decimals, as in the output shown
import numpy as np


def snapshot_ensemble(probabilities, labels):
    accuracies = np.mean(np.argmax(probabilities, axis=-1) == labels, axis=-1)
    accuracy = np.mean(np.argmax(probabilities.mean(axis=0), axis=-1) == labels)
    return np.round(accuracies, 3), round(float(accuracy), 3)

# %% reshape_order: reshape to images by snapshots where they should transpose
import numpy as np


def snapshot_ensemble(probabilities, labels):
    n_snapshots, n_images, n_classes = probabilities.shape
    chosen = probabilities.reshape(-1, n_classes).argmax(axis=1)
    chosen = chosen.reshape(n_images, n_snapshots)
    accuracies = (chosen == labels[:, np.newaxis]).mean(axis=0)
    accuracy = (probabilities.mean(axis=0).argmax(axis=1) == labels).mean()
    return accuracies, accuracy
