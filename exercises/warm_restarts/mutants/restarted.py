# %% beyond: they put cycles together, also those after the end
# loses 1, hint beyond
import numpy as np


def restarted(schedule, after, n_epochs):
    lengths = np.diff([0, *after, n_epochs])
    return [schedule(time) for length in lengths for time in range(length)]

# %% early: they take the number of epochs done for the number of the last epoch
# loses 4, hint early
def restarted(schedule, after, n_epochs):
    rates, time = [], 0
    for epoch in range(n_epochs):
        if epoch + 1 in after:
            time = 0
        rates.append(schedule(time))
        time += 1
    return rates

# %% empty: they wait for a next restart that is not always there
# loses 1, hint empty
def restarted(schedule, after, n_epochs):
    rates, last, following = [], 0, 0
    for epoch in range(n_epochs):
        if epoch == after[following]:
            last = epoch
            following = min(following + 1, len(after) - 1)
        rates.append(schedule(epoch - last))
    return rates

# %% late: they set the time back after the epoch that should be the first of the new cycle
# loses 4, hint late
def restarted(schedule, after, n_epochs):
    rates, last = [], 0
    for epoch in range(n_epochs):
        rates.append(schedule(epoch - last))
        if epoch in after:
            last = epoch
    return rates

# %% later: they begin the new cycle an epoch late
# loses 4, hint late
def restarted(schedule, after, n_epochs):
    rates, time = [], 0
    for epoch in range(n_epochs):
        rates.append(schedule(time))
        time = 0 if epoch in after else time + 1
    return rates

# %% never: they lose the time of the last restart in each turn of the loop
# loses 4, hint never
def restarted(schedule, after, n_epochs):
    rates = []
    for epoch in range(n_epochs):
        last = 0
        rates.append(schedule(epoch - last))
        if epoch + 1 in after:
            last = epoch + 1
    return rates

# %% on: they repeat the last cycle until the training ends
# loses 1, hint periodic
def restarted(schedule, after, n_epochs):
    after = list(after)
    if len(after) > 1:
        gap = after[-1] - after[-2]
        while after[-1] + gap < n_epochs:
            after.append(after[-1] + gap)
    return [schedule(e - max([a for a in after if a <= e], default=0)) for e in range(n_epochs)]

# %% once: they bring the first rate back for one epoch
# loses 4, hint once
def restarted(schedule, after, n_epochs):
    return [schedule(0) if epoch in after else schedule(epoch) for epoch in range(n_epochs)]

# %% periodic: they restart at the distance of the first restart
# loses 4, hint periodic
def restarted(schedule, after, n_epochs):
    return [schedule(epoch % after[0]) for epoch in range(n_epochs)]

# %% restart_late: restart one epoch late, because they let the epoch numbered like the restart run as before
import numpy as np


def restarted(schedule, after, n_epochs):
    rates = np.zeros(n_epochs)
    for epoch in range(n_epochs):
        done = [0] + [a + 1 for a in after if a < epoch]
        rates[epoch] = schedule(epoch - done[-1])
    return rates

# %% restart_early: restart one epoch early, as if the epochs were numbered from 1
import numpy as np


def restarted(schedule, after, n_epochs):
    rates = np.zeros(n_epochs)
    last = 0
    for epoch in range(n_epochs):
        if epoch + 1 in after:
            last = epoch
        rates[epoch] = schedule(epoch - last)
    return rates

# %% periodic_again: restart for ever at every multiple of the first entry
import numpy as np


def restarted(schedule, after, n_epochs):
    if not after:
        return np.array([schedule(epoch) for epoch in range(n_epochs)])
    return np.array([schedule(epoch % after[0]) for epoch in range(n_epochs)])

# %% array_schedule: call the schedule once with an array, although it is a function of a number
# loses 1, hint array
import numpy as np


def restarted(schedule, after, n_epochs):
    epochs = np.arange(n_epochs)
    last = np.zeros(n_epochs, dtype=int)
    for a in after:
        last[epochs >= a] = a
    return schedule(epochs - last)

# %% empty_fails: look at the first restart without asking if there is one
import numpy as np


def restarted(schedule, after, n_epochs):
    rates = []
    last, k = 0, 0
    for epoch in range(n_epochs):
        if epoch == after[k]:
            last = after[k]
            k = min(k + 1, len(after) - 1)
        rates.append(schedule(epoch - last))
    return np.array(rates)

# %% too_long: join the cycles between all restarts and return too many epochs if some come after the end
import numpy as np


def restarted(schedule, after, n_epochs):
    bounds = [0, *after, n_epochs]
    rates = []
    for start, stop in zip(bounds[:-1], bounds[1:]):
        rates += [schedule(k) for k in range(stop - start)]
    return np.array(rates)

# %% first_only: restart only once, after the first entry
import numpy as np


def restarted(schedule, after, n_epochs):
    first = after[0] if len(after) > 0 else n_epochs
    before = [schedule(k) for k in range(min(first, n_epochs))]
    rest = [schedule(k) for k in range(n_epochs - first)]
    return np.array(before + rest)

# %% pops_list: take the restarts off the list that they were given, which is empty for the next call
import numpy as np


def restarted(schedule, after, n_epochs):
    rates = np.zeros(n_epochs)
    time = 0
    for epoch in range(n_epochs):
        while after and after[0] <= epoch:
            after.pop(0)
            time = 0
        rates[epoch] = schedule(time)
        time += 1
    return rates

# %% entries_are_lengths: take the entries for lengths of cycles and add them up
import numpy as np


def restarted(schedule, after, n_epochs):
    restarts = np.cumsum([0] + list(after))
    rates = np.zeros(n_epochs)
    for epoch in range(n_epochs):
        last = restarts[restarts <= epoch].max()
        rates[epoch] = schedule(int(epoch - last))
    return rates

# %% counts_from_one: give the schedule 1 instead of 0 in the first epoch of a cycle
import numpy as np


def restarted(schedule, after, n_epochs):
    rates = np.zeros(n_epochs)
    since = 0
    for epoch in range(n_epochs):
        if epoch in after:
            since = 0
        since += 1
        rates[epoch] = schedule(since)
    return rates

# %% restart_value_only: raise the rate in the epoch of the restart and go on with all epochs in the next
import numpy as np


def restarted(schedule, after, n_epochs):
    rates = np.zeros(n_epochs)
    for epoch in range(n_epochs):
        if epoch in after:
            rates[epoch] = schedule(0)
        else:
            rates[epoch] = schedule(epoch)
    return rates

# %% last_epoch_lost: leave out a restart that comes just before the last epoch
# loses 1, hint final
import numpy as np


def restarted(schedule, after, n_epochs):
    inside = [a for a in after if a < n_epochs - 1]
    bounds = [0, *inside, n_epochs]
    rates = []
    for i in range(len(bounds) - 1):
        for time in range(bounds[i + 1] - bounds[i]):
            rates.append(schedule(time))
    return np.array(rates)

# %% vectorize_dtype: use np.vectorize, which cuts all rates to integers if the first is a whole number
# loses 1, hint cut
import numpy as np


def restarted(schedule, after, n_epochs):
    epochs = np.arange(n_epochs)
    starts = np.array([0, *after])
    since = epochs - starts[np.searchsorted(starts, epochs, side="right") - 1]
    return np.vectorize(schedule)(since)

# %% table_too_short: tabulate the schedule up to the last restart, too short for a longer last cycle
import numpy as np


def restarted(schedule, after, n_epochs):
    longest = max(after, default=n_epochs)
    table = [schedule(time) for time in range(longest)]
    rates = np.zeros(n_epochs)
    last = 0
    for epoch in range(n_epochs):
        if epoch in after:
            last = epoch
        rates[epoch] = table[epoch - last]
    return rates

# %% global_state: keep the last restart in a global variable that the next call finds
import numpy as np

last_restart = 0


def restarted(schedule, after, n_epochs):
    global last_restart
    rates = np.empty(n_epochs)
    for epoch in range(n_epochs):
        if epoch in after:
            last_restart = epoch
        rates[epoch] = schedule(epoch - last_restart)
    return rates

# %% negative_index: reach the last restart with the index -1 in the epochs before the first one
import numpy as np


def restarted(schedule, after, n_epochs):
    if len(after) == 0:
        return np.array([schedule(epoch) for epoch in range(n_epochs)])
    rates = []
    for epoch in range(n_epochs):
        k = np.searchsorted(after, epoch, side="right") - 1
        rates.append(schedule(epoch - after[k]))
    return np.array(rates)

# %% drops_one: drop only the last restart if it comes after the end, not all those that do
# loses 1, hint beyond
import numpy as np


def restarted(schedule, after, n_epochs):
    starts = [0] + list(after)
    if starts[-1] >= n_epochs:
        starts = starts[:-1]
    lengths = np.diff(starts + [n_epochs])
    rates = [schedule(int(time)) for length in lengths for time in range(length)]
    return np.array(rates)

# %% goes_on_for_ever: repeat the last cycle between two restarts until the end
import numpy as np


def restarted(schedule, after, n_epochs):
    restarts = [0] + list(after)
    if len(restarts) > 1:
        step = max(restarts[-1] - restarts[-2], 1)
        while restarts[-1] < n_epochs:
            restarts.append(restarts[-1] + step)
    rates = np.zeros(n_epochs)
    for epoch in range(n_epochs):
        last = max(r for r in restarts if r <= epoch)
        rates[epoch] = schedule(epoch - last)
    return rates

# %% rounds: round the rates to three decimals to make them look like the output shown
import numpy as np


def restarted(schedule, after, n_epochs):
    rates = np.zeros(n_epochs)
    last = 0
    for epoch in range(n_epochs):
        if epoch in after:
            last = epoch
        rates[epoch] = schedule(epoch - last)
    return np.round(rates, 3)

# %% constant_factor: multiply by the factor between the first two rates, as if every schedule were exponential
import numpy as np


def restarted(schedule, after, n_epochs):
    factor = schedule(1) / schedule(0)
    rates = np.zeros(n_epochs)
    for epoch in range(n_epochs):
        if epoch == 0 or epoch in after:
            rates[epoch] = schedule(0)
        else:
            rates[epoch] = rates[epoch - 1] * factor
    return rates
