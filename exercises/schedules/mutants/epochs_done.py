# %% epochs_down: round the number of batches down
# loses 2, hint down
def epochs_done(update, n_samples, batch_size):
    return update / (n_samples // batch_size)

# %% epochs_extra: always add one for the last batch
# loses 1, hint extra
def epochs_done(update, n_samples, batch_size):
    return update / (n_samples // batch_size + 1)

# %% epochs_round: round the number of batches to the nearest
# loses 2, hint down
def epochs_done(update, n_samples, batch_size):
    return update / round(n_samples / batch_size)

# %% epochs_samples: count images, as if every batch were full
# loses 2, hint samples
def epochs_done(update, n_samples, batch_size):
    return update * batch_size / n_samples

# %% epochs_whole: return whole epochs
# loses 3, hint whole
def epochs_done(update, n_samples, batch_size):
    return update // -(-n_samples // batch_size)

# %% drop_last_batch: round the number of updates down, as if the smaller last batch were dropped
import numpy as np


def epochs_done(update, n_samples, batch_size):
    n = n_samples // batch_size
    return np.asarray(update) / n

# %% exact_ratio: divide the images by the batch size and do not round at all
import numpy as np


def epochs_done(update, n_samples, batch_size):
    return np.asarray(update) * batch_size / n_samples

# %% round_to_nearest: round the number of updates to the nearest whole number instead of up
import numpy as np


def epochs_done(update, n_samples, batch_size):
    n = round(n_samples / batch_size)
    return np.asarray(update) / max(n, 1)

# %% always_one_more: add one update even when the batch size divides the images
import numpy as np


def epochs_done(update, n_samples, batch_size):
    n = (n_samples + batch_size) // batch_size
    return np.asarray(update) / n

# %% add_almost_one: round up by adding 0.99 and cutting off, which misses a small last batch
import numpy as np


def epochs_done(update, n_samples, batch_size):
    n = int(n_samples / batch_size + 0.99)
    return np.asarray(update) / n

# %% whole_epochs: count only the whole epochs and lose the fraction
import numpy as np


def epochs_done(update, n_samples, batch_size):
    n = -(-n_samples // batch_size)
    return 1.0 * (np.asarray(update) // n)

# %% images_within_epoch: count whole epochs by updates but the begun one by its images
import math

import numpy as np


def epochs_done(update, n_samples, batch_size):
    n = math.ceil(n_samples / batch_size)
    epochs, begun = np.divmod(update, n)
    return epochs + begun * batch_size / n_samples

# %% at_least_one_full_batch: count at least one full batch and the rest as another, so that a batch beyond all images makes two updates
import numpy as np


def epochs_done(update, n_samples, batch_size):
    n = max(1, n_samples // batch_size)
    if n_samples % batch_size > 0:
        n += 1
    return np.asarray(update) / n

# %% number_of_the_epoch: give the place in the epochs counted from one, so that the start is 1
import math

import numpy as np


def epochs_done(update, n_samples, batch_size):
    n = math.ceil(n_samples / batch_size)
    return 1 + np.asarray(update) / n

# %% one_update_more: count the updates from one although the number is that of updates made
import math

import numpy as np


def epochs_done(update, n_samples, batch_size):
    n = math.ceil(n_samples / batch_size)
    return (np.asarray(update) + 1) / n

# %% part_of_this_epoch: give only the part of the running epoch that is done
import math

import numpy as np


def epochs_done(update, n_samples, batch_size):
    n = math.ceil(n_samples / batch_size)
    return np.asarray(update) % n / n

# %% cut_to_integers: fill an array made like the updates, which cuts the fractions for whole numbers
import math

import numpy as np


def epochs_done(update, n_samples, batch_size):
    n = math.ceil(n_samples / batch_size)
    if np.ndim(update) == 0:
        return update / n
    result = np.zeros_like(update)
    result[...] = update / n
    return result

# %% vectorize_first_zero: vectorize a function that returns a whole 0 first, so that all results are whole
import math

import numpy as np


def epochs_done(update, n_samples, batch_size):
    n = math.ceil(n_samples / batch_size)

    def one(u):
        if u == 0:
            return 0
        return u / n

    if np.ndim(update) == 0:
        return float(one(update))
    return np.vectorize(one)(update)

# %% divide_in_place: divide in place, which changes an array of floats that belongs to the caller
import math

import numpy as np


def epochs_done(update, n_samples, batch_size):
    n = math.ceil(n_samples / batch_size)
    update = np.asarray(update, dtype=float)
    update /= n
    return update

# %% flatten: run through the flattened array, so that an array with rows and columns loses its shape
import math

import numpy as np


def epochs_done(update, n_samples, batch_size):
    n = math.ceil(n_samples / batch_size)
    if np.ndim(update) == 0:
        return update / n
    return np.array([u / n for u in np.ravel(update)])

# %% at_least_one_dimension: turn a number into an array with one element
import math

import numpy as np


def epochs_done(update, n_samples, batch_size):
    n = math.ceil(n_samples / batch_size)
    return np.atleast_1d(update) / n

# %% squeeze: squeeze the result, so that arrays with an axis of length one lose it
import math

import numpy as np


def epochs_done(update, n_samples, batch_size):
    n = math.ceil(n_samples / batch_size)
    return np.squeeze(np.array(update) / n)

# %% round_to_hundredths: round the result to two digits
import math

import numpy as np


def epochs_done(update, n_samples, batch_size):
    n = math.ceil(n_samples / batch_size)
    return np.round(np.asarray(update) / n, 2)

# %% remember_by_images: keep the updates in an epoch from an earlier call with another batch size
import math

import numpy as np

steps = {}


def epochs_done(update, n_samples, batch_size):
    if n_samples not in steps:
        steps[n_samples] = math.ceil(n_samples / batch_size)
    return np.asarray(update) / steps[n_samples]
