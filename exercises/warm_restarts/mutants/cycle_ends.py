# %% back: they wait for the first rate to come back
# loses 1, hint back
def cycle_ends(rates):
    return [i for i in range(1, len(rates)) if rates[i] == rates[0]] + [len(rates)]

# %% dip: they look for rates below both neighbors
# loses 1, hint dip
def cycle_ends(rates):
    n = len(rates)
    ends = [i + 1 for i in range(1, n - 1) if rates[i - 1] > rates[i] < rates[i + 1]]
    return [*ends, n]

# %% falls: they take any change for a restart
# loses 4, hint falls
import numpy as np


def cycle_ends(rates):
    return [*np.flatnonzero(np.diff(rates)) + 1, len(rates)]

# %% index: they return indices
# loses 4, hint index
import numpy as np


def cycle_ends(rates):
    return np.append(np.flatnonzero(np.diff(rates) > 0), len(rates) - 1)

# %% last: they find the jumps and forget the end of the training
# loses 2, hint last
import numpy as np


def cycle_ends(rates):
    return np.flatnonzero(np.diff(rates) > 0) + 1

# %% late: they take the snapshot after the first epoch of the new cycle
# loses 4, hint late
def cycle_ends(rates):
    ends = [i + 1 for i in range(1, len(rates)) if rates[i] > rates[i - 1]]
    return [*ends, len(rates)]

# %% level: they take rates that stay for a restart
# loses 1, hint level
import numpy as np


def cycle_ends(rates):
    return np.append(np.flatnonzero(np.diff(rates) >= 0) + 1, len(rates))

# %% lowest: they look for the lowest rate of all
# loses 4, hint lowest
import numpy as np


def cycle_ends(rates):
    return np.flatnonzero(np.isclose(rates, np.min(rates))) + 1

# %% starts: they return where cycles start
# loses 4, hint starts
def cycle_ends(rates):
    return [i for i in range(len(rates)) if i == 0 or rates[i] > rates[i - 1]]

# %% stays_count: take a rate that stays for a restart too
import numpy as np


def cycle_ends(rates):
    ends = np.flatnonzero(np.diff(rates) >= 0) + 1
    return np.append(ends, len(rates))

# %% back_to_first: look for the epochs in which the rate is back at that of the first epoch
import numpy as np


def cycle_ends(rates):
    starts = np.flatnonzero(np.isclose(rates, rates[0]))
    return np.append(starts[1:], len(rates))

# %% no_last: forget the last cycle, which ends with the training
import numpy as np


def cycle_ends(rates):
    return np.flatnonzero(rates[1:] > rates[:-1]) + 1

# %% last_index: give the index of the last epoch of each cycle instead of the number of epochs done
import numpy as np


def cycle_ends(rates):
    ends = [i for i in range(len(rates) - 1) if rates[i + 1] > rates[i]]
    ends.append(len(rates) - 1)
    return ends

# %% shifted_but_last: forget that np.diff shifts the indices by one, and give the right number only for the last cycle
import numpy as np


def cycle_ends(rates):
    rises = np.where(np.diff(rates) > 0)[0]
    return np.concatenate([rises, [rates.size]])

# %% least_rise: take only a rise of more than 0.01 for a restart
# loses 1, hint little
import numpy as np


def cycle_ends(rates):
    ends = np.flatnonzero(np.diff(rates) > 0.01) + 1
    return np.append(ends, len(rates))

# %% local_minimum: look for local minima and so miss the end of a cycle of a single epoch
# loses 1, hint single
import numpy as np


def cycle_ends(rates):
    ends = []
    for i in range(1, len(rates) - 1):
        if rates[i] <= rates[i - 1] and rates[i] < rates[i + 1]:
            ends.append(i + 1)
    ends.append(len(rates))
    return ends

# %% find_peaks: look for peaks with SciPy, which gives the middle of a level peak and none in the last epoch
import numpy as np
from scipy.signal import find_peaks


def cycle_ends(rates):
    peaks, _ = find_peaks(rates)
    return np.append(peaks, len(rates))

# %% equal_lengths: find the first restart and take all cycles to be as long as the first
import numpy as np


def cycle_ends(rates):
    n_epochs = len(rates)
    rises = np.flatnonzero(np.diff(rates) > 0)
    if len(rises) == 0:
        return [n_epochs]
    length = int(rises[0]) + 1
    ends = list(range(length, n_epochs, length))
    return ends + [n_epochs]

# %% through_the_mean: take a restart to be where the rate rises through its mean
# loses 1, hint little
import numpy as np


def cycle_ends(rates):
    high = rates > np.mean(rates)
    ends = np.flatnonzero(high[1:] & ~high[:-1]) + 1
    return np.append(ends, len(rates))

# %% by_half: ask that a restart raises the rate by more than half
# loses 1, hint little
import numpy as np


def cycle_ends(rates):
    ends = []
    for epoch in range(1, len(rates)):
        if rates[epoch] > 1.5 * rates[epoch - 1]:
            ends.append(epoch)
    return ends + [len(rates)]

# %% changes_rates: compute the differences inside the array of rates that they were given
import numpy as np


def cycle_ends(rates):
    rates[1:] -= rates[:-1].copy()
    ends = [int(i) for i in np.flatnonzero(rates[1:] > 0) + 1]
    return ends + [len(rates)]

# %% last_epoch_left_out: stop the loop one epoch early and miss a restart in the last epoch
# loses 1, hint single
import numpy as np


def cycle_ends(rates):
    n_epochs = len(rates)
    ends = []
    for i in range(1, n_epochs - 1):
        if rates[i] > rates[i - 1]:
            ends.append(i)
    ends.append(n_epochs)
    return np.array(ends)

# %% first_epoch_left_out: start the loop one epoch late and miss a restart after the first epoch
# loses 1, hint single
import numpy as np


def cycle_ends(rates):
    ends = []
    for i in range(1, len(rates) - 1):
        if rates[i + 1] > rates[i]:
            ends.append(i + 1)
    return ends + [len(rates)]

# %% none_without_restart: return nothing when there is no restart, although the training is one cycle
# loses 1, hint last
import numpy as np


def cycle_ends(rates):
    rises = np.flatnonzero(np.diff(rates) > 0) + 1
    if rises.size == 0:
        return []
    return np.append(rises, len(rates))

# %% three_cycles: take the two largest rises, as if there were always three cycles
import numpy as np


def cycle_ends(rates):
    largest = np.argsort(np.diff(rates))[-2:] + 1
    return np.append(np.sort(largest), len(rates))

# %% mutable_default: collect the ends in a default argument that remembers the call before
def cycle_ends(rates, ends=[]):
    for i in range(1, len(rates)):
        if rates[i] > rates[i - 1]:
            ends.append(i)
    ends.append(len(rates))
    return ends

# %% prepend_zero: put a zero before the rates and drop the first rise, which is not there if the first rate is zero
import numpy as np


def cycle_ends(rates):
    starts = np.flatnonzero(np.diff(rates, prepend=0.0) > 0)
    return np.append(starts[1:], len(rates))

# %% roll: compare with np.roll, which ends the last cycle only if the first rate is above the last
# loses 1, hint last
import numpy as np


def cycle_ends(rates):
    following = np.roll(rates, -1)
    return np.flatnonzero(following > rates) + 1

# %% lowest_so_far: compare each rate with the lowest of all epochs before and not with the epoch before
import numpy as np


def cycle_ends(rates):
    ends = []
    lowest = rates[0]
    for epoch in range(1, len(rates)):
        if rates[epoch] > lowest:
            ends.append(epoch)
        lowest = min(lowest, rates[epoch])
    ends.append(len(rates))
    return ends
