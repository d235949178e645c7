# %% added: add the whole first rate to the initial one
# loses 3, hint added
def warm_up(t, schedule, duration, initial_learning_rate):
    if t <= duration:
        return initial_learning_rate + schedule(0) * t / duration
    return schedule(t - duration)

# %% from_zero: rise from 0, whatever the initial rate
# loses 2, hint zero
def warm_up(t, schedule, duration, initial_learning_rate):
    if t < duration:
        return schedule(0) * t / duration
    return schedule(t - duration)

# %% jump: rise to where the schedule is at the warm-up's end
# loses 2, hint aims
def warm_up(t, schedule, duration, initial_learning_rate):
    if t < duration:
        rise = schedule(duration) - initial_learning_rate
        return initial_learning_rate + rise * t / duration
    return schedule(t - duration)

# %% not_moved: let the schedule run during the warm-up
# loses 3, hint moved
def warm_up(t, schedule, duration, initial_learning_rate):
    if t < duration:
        rise = schedule(0) - initial_learning_rate
        return initial_learning_rate + rise * t / duration
    return schedule(t)

# %% scaled: multiply the running schedule by a rising factor
# loses 5, hint scaled, moved
def warm_up(t, schedule, duration, initial_learning_rate):
    return schedule(t) * min(t / duration, 1)

# %% schedule_not_later: let the schedule go on at t as if the warm-up had been a part of it
def warm_up(t, schedule, duration, initial_learning_rate):
    if t < duration:
        first = schedule(0)
        return initial_learning_rate + (first - initial_learning_rate) * t / duration
    return schedule(t)

# %% rise_to_rate_at_the_end: rise to the rate that the schedule has at the duration
def warm_up(t, schedule, duration, initial_learning_rate):
    if t < duration:
        first = schedule(duration)
        return initial_learning_rate + (first - initial_learning_rate) * t / duration
    return schedule(t - duration)

# %% rise_to_rate_of_now: rise towards the rate that the schedule has at t
def warm_up(t, schedule, duration, initial_learning_rate):
    if t < duration:
        rate = schedule(t)
        return initial_learning_rate + (rate - initial_learning_rate) * t / duration
    return schedule(t - duration)

# %% rise_from_zero: rise from zero instead of the initial rate
def warm_up(t, schedule, duration, initial_learning_rate):
    if t < duration:
        return schedule(0) * t / duration
    return schedule(t - duration)

# %% zero_start_with_floor: rise from zero and cut off below at the initial rate
def warm_up(t, schedule, duration, initial_learning_rate):
    if t < duration:
        return max(initial_learning_rate, schedule(0) * t / duration)
    return schedule(t - duration)

# %% rise_by_the_whole_rate: rise by the whole first rate from the initial rate and jump back
def warm_up(t, schedule, duration, initial_learning_rate):
    if t < duration:
        return initial_learning_rate + schedule(0) * t / duration
    return schedule(t - duration)

# %% rise_by_a_factor: multiply by the same factor in each update instead of a straight line
def warm_up(t, schedule, duration, initial_learning_rate):
    if t < duration:
        if initial_learning_rate == 0:
            return schedule(0) * t / duration
        factor = schedule(0) / initial_learning_rate
        return initial_learning_rate * factor ** (t / duration)
    return schedule(t - duration)

# %% top_one_earlier: spread the rise over one update less, so that the top is reached early
import numpy as np


def warm_up(t, schedule, duration, initial_learning_rate):
    if t < duration:
        last = max(duration - 1, 1)
        return float(np.interp(t, [0, last], [initial_learning_rate, schedule(0)]))
    return schedule(t - duration)

# %% skip_the_first_rate: begin with the schedule's second time since the first rate is reached
def warm_up(t, schedule, duration, initial_learning_rate):
    if t <= duration:
        return initial_learning_rate + (schedule(0) - initial_learning_rate) * t / duration
    return schedule(t - duration + 1)

# %% hold_the_top: hold the first rate for one update more before the schedule begins
def warm_up(t, schedule, duration, initial_learning_rate):
    if t < duration:
        return initial_learning_rate + (schedule(0) - initial_learning_rate) * t / duration
    return schedule(max(t - duration - 1, 0))

# %% lower_of_the_two: take the lower of the rising line and the schedule
def warm_up(t, schedule, duration, initial_learning_rate):
    rise = initial_learning_rate + (schedule(0) - initial_learning_rate) * t / duration
    return min(rise, schedule(max(t - duration, 0)))

# %% negative_times: compute both cases and pick, so that the schedule is asked for negative times
# loses 2, hint negative
import numpy as np


def warm_up(t, schedule, duration, initial_learning_rate):
    rise = initial_learning_rate + (schedule(0) - initial_learning_rate) * t / duration
    return float(np.where(t < duration, rise, schedule(t - duration)))

# %% never_below_the_initial_rate: do not let the schedule fall below the initial rate
def warm_up(t, schedule, duration, initial_learning_rate):
    if t < duration:
        return initial_learning_rate + (schedule(0) - initial_learning_rate) * t / duration
    return max(schedule(t - duration), initial_learning_rate)

# %% never_above_the_first_rate: cut a schedule that rises off at its first rate
def warm_up(t, schedule, duration, initial_learning_rate):
    first = schedule(0)
    if t < duration:
        return initial_learning_rate + (first - initial_learning_rate) * t / duration
    return min(schedule(t - duration), first)

# %% rise_to_the_highest: rise to the highest rate of the schedule instead of its first
def warm_up(t, schedule, duration, initial_learning_rate):
    highest = max(schedule(time) for time in range(1000))
    if t < duration:
        return initial_learning_rate + (highest - initial_learning_rate) * t / duration
    return schedule(t - duration)

# %% only_upwards: take the difference without its sign, so that an initial rate above the first one rises
def warm_up(t, schedule, duration, initial_learning_rate):
    if t < duration:
        difference = abs(schedule(0) - initial_learning_rate)
        return initial_learning_rate + difference * t / duration
    return schedule(t - duration)

# %% whole_times: read the rise from a table of whole times and cut off fractions
import numpy as np


def warm_up(t, schedule, duration, initial_learning_rate):
    if t < duration:
        table = np.linspace(initial_learning_rate, schedule(0), int(duration) + 1)
        return float(table[int(t)])
    return schedule(t - duration)

# %% remember_the_first_rate: keep the first rate of the schedule that was used in the first call
top = None


def warm_up(t, schedule, duration, initial_learning_rate):
    global top
    if top is None:
        top = schedule(0)
    if t < duration:
        return initial_learning_rate + (top - initial_learning_rate) * t / duration
    return schedule(t - duration)

# %% call_by_name: call the schedule with t by name, which fails when its argument has another name
def warm_up(t, schedule, duration, initial_learning_rate):
    if t < duration:
        first = schedule(t=0)
        return initial_learning_rate + (first - initial_learning_rate) * t / duration
    return schedule(t=t - duration)

# %% four_updates: take the warm-up of the example, four updates, for every duration
def warm_up(t, schedule, duration, initial_learning_rate):
    if t < 4:
        return initial_learning_rate + (schedule(0) - initial_learning_rate) * t / 4
    return schedule(t - 4)
