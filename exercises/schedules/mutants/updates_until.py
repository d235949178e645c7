# %% until_exceeded: wait until the share is exceeded
# loses 1, hint exceeded
import numpy as np


def updates_until(rates, share):
    total, goal = 0.0, share * np.sum(rates)
    for done, rate in enumerate(rates):
        total += rate
        if total > goal:
            return done + 1
    return len(rates)

# %% until_index: return the index of the last update, not how many there are
# loses 4, hint index
import numpy as np


def updates_until(rates, share):
    sums = np.cumsum(rates)
    return int(np.argmax(sums >= share * sums[-1]))

# %% until_left: find when the share is still to come
# loses 4, hint left
import numpy as np


def updates_until(rates, share):
    done = np.cumsum(rates) / np.sum(rates)
    return int(np.argmax(1 - done <= share)) + 1

# %% until_units: compare the sum of rates with the share itself
# loses 3, hint units
import numpy as np


def updates_until(rates, share):
    return int(np.argmax(np.cumsum(rates) >= share)) + 1

# %% until_updates: take a share of the number of updates
# loses 4, hint updates
import numpy as np


def updates_until(rates, share):
    return int(np.ceil(share * len(rates)))

# %% index_not_count: return the index of the update instead of the number of updates
import numpy as np


def updates_until(rates, share):
    spent = np.cumsum(rates)
    return int(np.argmax(spent >= share * spent[-1]))

# %% more_than_the_share: ask for more than the share, so that a share met exactly is not enough
import numpy as np


def updates_until(rates, share):
    spent = np.cumsum(rates)
    m = np.searchsorted(spent, share * spent[-1], side="right") + 1
    return int(min(m, len(rates)))

# %% sort_highest_first: sort the rates from the highest down before adding them up
import numpy as np


def updates_until(rates, share):
    spent = np.cumsum(np.sort(rates)[::-1])
    return int(np.argmax(spent >= share * spent[-1])) + 1

# %% share_of_the_updates: take the share of the number of updates instead of the sum of rates
import math


def updates_until(rates, share):
    return max(1, math.ceil(share * len(rates)))

# %% sum_not_share: compare the sum of the rates with the share without dividing by the whole
import numpy as np


def updates_until(rates, share):
    spent = np.cumsum(rates)
    return int(np.argmax(spent >= share)) + 1

# %% closest_share: return the number of updates with the share closest to the one asked for
import numpy as np


def updates_until(rates, share):
    shares = np.cumsum(rates) / np.sum(rates)
    return int(np.argmin(np.abs(shares - share))) + 1

# %% last_updates: add the rates up from the end of the training
import numpy as np


def updates_until(rates, share):
    spent = np.cumsum(rates[::-1])
    return int(np.argmax(spent >= share * spent[-1])) + 1

# %% compare_with_the_rest: compare with the share of what is left over instead of the whole
import numpy as np


def updates_until(rates, share):
    spent = np.cumsum(rates)
    left = spent[-1] - spent
    return int(np.argmax(spent >= share * left)) + 1

# %% last_left_out: leave the last update out of the sum of all rates
import numpy as np


def updates_until(rates, share):
    spent = np.cumsum(rates)
    whole = np.sum(rates[:-1])
    return int(np.argmax(spent >= share * whole)) + 1

# %% never_all: search to the last update but one, and return nothing when all updates are needed
import numpy as np


def updates_until(rates, share):
    whole = np.sum(rates)
    spent = 0.0
    for m in range(1, len(rates)):
        spent += rates[m - 1]
        if spent >= share * whole:
            return m

# %% round_shares: round the shares to hundredths before comparing them
import numpy as np


def updates_until(rates, share):
    shares = np.round(np.cumsum(rates) / np.sum(rates), 2)
    return int(np.argmax(shares >= share)) + 1

# %% whole_target: round the sum that is to be reached up to a whole number
import math

import numpy as np


def updates_until(rates, share):
    spent = np.cumsum(rates)
    target = math.ceil(share * spent[-1])
    return min(int(np.searchsorted(spent, target)) + 1, len(rates))

# %% area_by_trapezoids: take the area below the line of the rates instead of their sum
import numpy as np
from scipy.integrate import cumulative_trapezoid


def updates_until(rates, share):
    area = cumulative_trapezoid(rates, initial=0)
    return int(np.argmax(area >= share * area[-1])) + 1

# %% add_up_in_place: add up in place, so that the caller's rates are sums after the call
import numpy as np


def updates_until(rates, share):
    spent = np.asarray(rates, dtype=float)
    np.cumsum(spent, out=spent)
    return int(np.argmax(spent >= share * spent[-1])) + 1

# %% scale_in_place: divide the caller's rates by their sum
import numpy as np


def updates_until(rates, share):
    rates /= rates.sum()
    spent = np.cumsum(rates)
    return int(np.argmax(spent >= share * spent[-1])) + 1

# %% whole_number_shares: keep the shares in an array made like the rates, which cuts them for whole rates
import numpy as np


def updates_until(rates, share):
    shares = np.zeros_like(rates)
    spent = 0
    for i, rate in enumerate(rates):
        spent += rate
        shares[i] = spent / np.sum(rates)
    return int(np.argmax(shares >= share)) + 1

# %% array_of_one: return an array with one element instead of a whole number
import numpy as np


def updates_until(rates, share):
    spent = np.cumsum(rates)
    return np.argwhere(spent >= share * spent[-1])[0] + 1

# %% sums_kept_between_calls: collect the sums in a list that is not emptied from call to call
def updates_until(rates, share, sums=[0.0]):
    for rate in rates:
        sums.append(sums[-1] + float(rate))
    whole = sums[-1]
    m = 0
    while sums[m] < share * whole:
        m += 1
    return max(m, 1)

# %% falling_assumed: search only up to that share of the number of updates, which is enough for falling rates alone
import numpy as np


def updates_until(rates, share):
    spent = np.cumsum(rates)
    m = max(1, int(np.ceil(share * len(rates))))  # a falling rate needs no more than that
    while m > 1 and spent[m - 2] >= share * spent[-1]:
        m -= 1
    return m

# %% half_always: ignore the share and search for the half
import numpy as np


def updates_until(rates, share):
    spent = np.cumsum(rates)
    return int(np.argmax(spent >= 0.5 * spent[-1])) + 1
