# %% double_callback_only: think that the callback overrides the optimizer's decay
# loses 5, hint one
import numpy as np


def double_decay(update, learning_rate, epoch_decay, update_decay, steps_per_epoch):
    epoch = update // steps_per_epoch
    return learning_rate * np.exp(-epoch_decay * epoch)

# %% double_per_epoch: let the optimizer's own decay count epochs
# loses 5, hint epochs
import numpy as np


def double_decay(update, learning_rate, epoch_decay, update_decay, steps_per_epoch):
    epoch = update // steps_per_epoch
    return learning_rate * np.exp(-epoch_decay * epoch) / (1 + update_decay * epoch)

# %% double_restart: begin the optimizer's count anew in each epoch
# loses 4, hint restart
import numpy as np


def double_decay(update, learning_rate, epoch_decay, update_decay, steps_per_epoch):
    epoch, in_epoch = update // steps_per_epoch, update % steps_per_epoch
    return learning_rate * np.exp(-epoch_decay * epoch) / (1 + update_decay * in_epoch)

# %% double_smooth: let the callback's decay fall within the epoch
# loses 3, hint smooth
import numpy as np


def double_decay(update, learning_rate, epoch_decay, update_decay, steps_per_epoch):
    epoch = update / steps_per_epoch
    return learning_rate * np.exp(-epoch_decay * epoch) / (1 + update_decay * update)

# %% double_sum: add the rates of the two schedules
# loses 5, hint sum
import numpy as np


def double_decay(update, learning_rate, epoch_decay, update_decay, steps_per_epoch):
    epoch = update // steps_per_epoch
    by_callback = learning_rate * np.exp(-epoch_decay * epoch)
    own = learning_rate / (1 + update_decay * update)
    return by_callback + own

# %% double_twice: multiply two schedules that both hold the first rate
# loses 5, hint twice
import numpy as np


def double_decay(update, learning_rate, epoch_decay, update_decay, steps_per_epoch):
    epoch = update // steps_per_epoch
    by_callback = learning_rate * np.exp(-epoch_decay * epoch)
    own = learning_rate / (1 + update_decay * update)
    return by_callback * own

# %% smooth_epochs: let the factor of the callback fall within the epoch too
import numpy as np


def double_decay(update, learning_rate, epoch_decay, update_decay, steps_per_epoch):
    update = np.asarray(update)
    by_callback = learning_rate * np.exp(-epoch_decay * update / steps_per_epoch)
    return by_callback / (1 + update_decay * update)

# %% count_anew_each_epoch: set the optimizer's count of updates back at each epoch
import numpy as np


def double_decay(update, learning_rate, epoch_decay, update_decay, steps_per_epoch):
    epoch, step = np.divmod(update, steps_per_epoch)
    return learning_rate * np.exp(-epoch_decay * epoch) / (1 + update_decay * step)

# %% both_by_epoch: count epochs in the optimizer's decay too
import numpy as np


def double_decay(update, learning_rate, epoch_decay, update_decay, steps_per_epoch):
    epoch = np.asarray(update) // steps_per_epoch
    return learning_rate * np.exp(-epoch_decay * epoch) / (1 + update_decay * epoch)

# %% staircase_of_both: hold the divisor through an epoch at its value of the epoch's start
import numpy as np


def double_decay(update, learning_rate, epoch_decay, update_decay, steps_per_epoch):
    epoch = np.asarray(update) // steps_per_epoch
    start = epoch * steps_per_epoch
    return learning_rate * np.exp(-epoch_decay * epoch) / (1 + update_decay * start)

# %% swap_decays: exchange the decay of the callback and that of the optimizer
import numpy as np


def double_decay(update, learning_rate, epoch_decay, update_decay, steps_per_epoch):
    update = np.asarray(update)
    epoch = update // steps_per_epoch
    return learning_rate * np.exp(-update_decay * epoch) / (1 + epoch_decay * update)

# %% one_decay_for_both: use the decay of the callback in both factors
import numpy as np


def double_decay(update, learning_rate, epoch_decay, update_decay, steps_per_epoch):
    update = np.asarray(update)
    epoch = update // steps_per_epoch
    return learning_rate * np.exp(-epoch_decay * epoch) / (1 + epoch_decay * update)

# %% first_rate_in_exponent: put the first rate into the exponent instead of the callback's decay
import numpy as np


def double_decay(update, learning_rate, epoch_decay, update_decay, steps_per_epoch):
    update = np.asarray(update)
    epoch = update // steps_per_epoch
    return learning_rate * np.exp(-learning_rate * epoch) / (1 + update_decay * update)

# %% report_formula: write the callback's 0.1 * exp(-0.1 * epoch) of the report into the function
import numpy as np


def double_decay(update, learning_rate, epoch_decay, update_decay, steps_per_epoch):
    update = np.asarray(update)
    by_callback = 0.1 * np.exp(-0.1 * (update // steps_per_epoch))
    return by_callback / (1 + update_decay * update)

# %% steps_of_the_report: take an epoch to have the 307 updates of the report
import numpy as np


def double_decay(update, learning_rate, epoch_decay, update_decay, steps_per_epoch):
    update = np.asarray(update)
    epoch = update // 307
    return learning_rate * np.exp(-epoch_decay * epoch) / (1 + update_decay * update)

# %% count_from_one: count the update that follows as already made in the divisor
# loses 5, hint from_one
import numpy as np


def double_decay(update, learning_rate, epoch_decay, update_decay, steps_per_epoch):
    update = np.asarray(update)
    epoch = update // steps_per_epoch
    return learning_rate * np.exp(-epoch_decay * epoch) / (1 + update_decay * (update + 1))

# %% step_one_update_late: lower the staircase one update after the epoch's first
import numpy as np


def double_decay(update, learning_rate, epoch_decay, update_decay, steps_per_epoch):
    update = np.asarray(update)
    epoch = np.maximum(update - 1, 0) // steps_per_epoch
    return learning_rate * np.exp(-epoch_decay * epoch) / (1 + update_decay * update)

# %% step_one_update_early: lower the staircase in the last update of an epoch already
# loses 1, hint early
import numpy as np


def double_decay(update, learning_rate, epoch_decay, update_decay, steps_per_epoch):
    update = np.asarray(update)
    epoch = (update + 1) // steps_per_epoch
    return learning_rate * np.exp(-epoch_decay * epoch) / (1 + update_decay * update)

# %% reciprocal_cut_off: multiply by the reciprocal and cut off, which at some whole epochs gives one too few
import numpy as np


def double_decay(update, learning_rate, epoch_decay, update_decay, steps_per_epoch):
    update = np.asarray(update)
    epoch = np.floor(update * (1 / steps_per_epoch))
    return learning_rate * np.exp(-epoch_decay * epoch) / (1 + update_decay * update)

# %% compound_the_callback: apply the callback's factor at each epoch to the rate that it has set before
import numpy as np


def double_decay(update, learning_rate, epoch_decay, update_decay, steps_per_epoch):
    update = np.asarray(update)
    epoch = update // steps_per_epoch
    total = epoch * (epoch + 1) / 2  # 1 + 2 + ... + epoch
    return learning_rate * np.exp(-epoch_decay * total) / (1 + update_decay * update)

# %% lower_of_the_two: use the lower of the two rates instead of combining them
import numpy as np


def double_decay(update, learning_rate, epoch_decay, update_decay, steps_per_epoch):
    update = np.asarray(update)
    by_callback = learning_rate * np.exp(-epoch_decay * (update // steps_per_epoch))
    by_optimizer = learning_rate / (1 + update_decay * update)
    return np.minimum(by_callback, by_optimizer)

# %% overwrite_the_count: divide the array of updates in place and then use it as the count of updates
import numpy as np


def double_decay(update, learning_rate, epoch_decay, update_decay, steps_per_epoch):
    epoch = update
    epoch //= steps_per_epoch
    factor = np.exp(-epoch_decay * epoch)
    return learning_rate * factor / (1 + update_decay * update)

# %% numbers_only: cut off and take the exponential with functions that take no arrays
import math


def double_decay(update, learning_rate, epoch_decay, update_decay, steps_per_epoch):
    epoch = int(update / steps_per_epoch)
    rate = learning_rate * math.exp(-epoch_decay * epoch)
    return rate / (1 + update_decay * update)

# %% training_from_zero: build the rates from the first update on and take as many as the array has
import numpy as np


def double_decay(update, learning_rate, epoch_decay, update_decay, steps_per_epoch):
    if np.ndim(update) == 0:
        epoch = update // steps_per_epoch
        return learning_rate * np.exp(-epoch_decay * epoch) / (1 + update_decay * update)
    n_epochs = -(-len(update) // steps_per_epoch)
    stairs = np.repeat(np.exp(-epoch_decay * np.arange(n_epochs)), steps_per_epoch)
    t = np.arange(len(update))
    return learning_rate * stairs[: len(update)] / (1 + update_decay * t)

# %% one_epoch_for_all: take one epoch, that of the highest update in the array, for all of its updates
import numpy as np


def double_decay(update, learning_rate, epoch_decay, update_decay, steps_per_epoch):
    update = np.asarray(update)
    epoch = int(update.max()) // steps_per_epoch
    return learning_rate * np.exp(-epoch_decay * epoch) / (1 + update_decay * update)

# %% round_to_six_digits: round the rates to the six decimals that are shown
import numpy as np


def double_decay(update, learning_rate, epoch_decay, update_decay, steps_per_epoch):
    update = np.asarray(update)
    epoch = update // steps_per_epoch
    rate = learning_rate * np.exp(-epoch_decay * epoch) / (1 + update_decay * update)
    return np.round(rate, 6)
