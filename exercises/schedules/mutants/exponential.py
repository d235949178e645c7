# %% base: take the decay itself as the base of the power
# loses 4, hint base
def exponential(update, learning_rate, decay, steps_per_epoch):
    return learning_rate * decay ** (update / steps_per_epoch)

# %% grows: forget the minus sign
# loses 4, hint grows
import numpy as np


def exponential(update, learning_rate, decay, steps_per_epoch):
    return learning_rate * np.exp(decay * update / steps_per_epoch)

# %% per_update: decay per update instead of per epoch
# loses 4, hint update
import numpy as np


def exponential(update, learning_rate, decay, steps_per_epoch):
    return learning_rate * np.exp(-decay * update)

# %% share: lose the share decay in each epoch
# loses 4, hint share
def exponential(update, learning_rate, decay, steps_per_epoch):
    return learning_rate * (1 - decay) ** (update / steps_per_epoch)

# %% whole_epochs: count whole epochs where fractions are wanted
# loses 2, hint whole
import numpy as np


def exponential(update, learning_rate, decay, steps_per_epoch):
    epoch = update // steps_per_epoch
    return learning_rate * np.exp(-decay * epoch)

# %% staircase: count whole epochs only, so that the rate falls in steps
import numpy as np


def exponential(update, learning_rate, decay, steps_per_epoch):
    return learning_rate * np.exp(-decay * (update // steps_per_epoch))

# %% nearest_epoch: round to the nearest whole epoch
import numpy as np


def exponential(update, learning_rate, decay, steps_per_epoch):
    epoch = np.round(update / steps_per_epoch)
    return learning_rate * np.exp(-decay * epoch)

# %% begun_epochs: count epochs that have begun, rounded up
import numpy as np


def exponential(update, learning_rate, decay, steps_per_epoch):
    epoch = np.ceil(update / steps_per_epoch)
    return learning_rate * np.exp(-decay * epoch)

# %% constant_first_epoch: keep the first rate through the whole first epoch
import numpy as np


def exponential(update, learning_rate, decay, steps_per_epoch):
    update = np.asarray(update)
    falling = learning_rate * np.exp(-decay * update / steps_per_epoch)
    return np.where(update < steps_per_epoch, learning_rate, falling)

# %% per_update_again: take the decay per update and ignore the updates in an epoch
import numpy as np


def exponential(update, learning_rate, decay, steps_per_epoch):
    return learning_rate * np.exp(-decay * update)

# %% first_rate_as_decay: put the first rate into the exponent where the decay belongs
import numpy as np


def exponential(update, learning_rate, decay, steps_per_epoch):
    return learning_rate * np.exp(-learning_rate * update / steps_per_epoch)

# %% decay_as_first_rate: begin with the decay as the first rate
import numpy as np


def exponential(update, learning_rate, decay, steps_per_epoch):
    return decay * np.exp(-decay * update / steps_per_epoch)

# %% swap_rate_and_decay: exchange the first rate and the decay
import numpy as np


def exponential(update, learning_rate, decay, steps_per_epoch):
    return decay * np.exp(-learning_rate * update / steps_per_epoch)

# %% steps_of_the_report: take the 307 updates of the report for every training
import numpy as np

STEPS = 307


def exponential(update, learning_rate, decay, steps_per_epoch):
    epoch = np.asarray(update) / STEPS
    return learning_rate * np.exp(-decay * epoch)

# %% share_lost_per_epoch: multiply by one minus the decay in each epoch
import numpy as np


def exponential(update, learning_rate, decay, steps_per_epoch):
    return learning_rate * (1 - decay) ** (np.asarray(update) / steps_per_epoch)

# %% share_lost_per_update: multiply by one minus the decay of an update in each update
import numpy as np


def exponential(update, learning_rate, decay, steps_per_epoch):
    return learning_rate * (1 - decay / steps_per_epoch) ** np.asarray(update)

# %% time_based: divide by one plus the decay times the epochs
import numpy as np


def exponential(update, learning_rate, decay, steps_per_epoch):
    return learning_rate / (1 + decay * np.asarray(update) / steps_per_epoch)

# %% rate_of_the_next_update: take one update more than have been made
import numpy as np


def exponential(update, learning_rate, decay, steps_per_epoch):
    return learning_rate * np.exp(-decay * (np.asarray(update) + 1) / steps_per_epoch)

# %% lowest_rate: do not let the rate fall below a ten-thousandth
import numpy as np


def exponential(update, learning_rate, decay, steps_per_epoch):
    rate = learning_rate * np.exp(-decay * update / steps_per_epoch)
    return np.maximum(rate, 1e-4)

# %% stop_after_sixty: let the decay end after the sixty epochs of the report
import numpy as np


def exponential(update, learning_rate, decay, steps_per_epoch):
    epoch = np.minimum(np.asarray(update) / steps_per_epoch, 60)
    return learning_rate * np.exp(-decay * epoch)

# %% places_not_values: use the places in the array instead of the updates that stand there
import math

import numpy as np


def exponential(update, learning_rate, decay, steps_per_epoch):
    factor = math.exp(-decay / steps_per_epoch)
    if np.ndim(update) == 0:
        return learning_rate * factor**update
    return learning_rate * factor ** np.arange(len(update))

# %% numbers_only: use the exponential function of math, which takes no arrays
import math


def exponential(update, learning_rate, decay, steps_per_epoch):
    return learning_rate * math.exp(-decay * update / steps_per_epoch)

# %% one_axis_only: run through the array with the function of math, which fails with two axes
import math

import numpy as np


def exponential(update, learning_rate, decay, steps_per_epoch):
    if np.ndim(update) == 0:
        return learning_rate * math.exp(-decay * update / steps_per_epoch)
    rates = np.zeros(len(update))
    for i in range(len(update)):
        rates[i] = learning_rate * math.exp(-decay * update[i] / steps_per_epoch)
    return rates

# %% round_to_six_digits: round the rates to the six decimals that are shown
import numpy as np


def exponential(update, learning_rate, decay, steps_per_epoch):
    rate = learning_rate * np.exp(-decay * np.asarray(update) / steps_per_epoch)
    return np.round(rate, 6)

# %% write_into_the_updates: compute in place, which changes an array of floats that belongs to the caller
import numpy as np


def exponential(update, learning_rate, decay, steps_per_epoch):
    epoch = np.asarray(update, dtype=float)
    epoch /= steps_per_epoch
    return learning_rate * np.exp(-decay * epoch)
