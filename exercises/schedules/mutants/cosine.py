# %% added: add the final rate instead of interpolating
# loses 3, hint added
import numpy as np


def cosine(t, learning_rate, duration, final_learning_rate):
    share = np.minimum(t / duration, 1)
    return final_learning_rate + learning_rate * (1 + np.cos(np.pi * share)) / 2

# %% full_wave: take a full wave instead of half a wave
# loses 4, hint full
import numpy as np


def cosine(t, learning_rate, duration, final_learning_rate):
    share = np.minimum(t / duration, 1)
    fall = learning_rate - final_learning_rate
    return final_learning_rate + fall * (1 + np.cos(2 * np.pi * share)) / 2

# %% ignored: forget the final rate
# loses 3, hint ignored
import numpy as np


def cosine(t, learning_rate, duration, final_learning_rate):
    share = np.minimum(t / duration, 1)
    return learning_rate * (1 + np.cos(np.pi * share)) / 2

# %% line: go down in a straight line
# loses 3, hint line
import numpy as np


def cosine(t, learning_rate, duration, final_learning_rate):
    share = np.minimum(t / duration, 1)
    return learning_rate + (final_learning_rate - learning_rate) * share

# %% quarter_wave: take a quarter of a wave
# loses 3, hint quarter
import numpy as np


def cosine(t, learning_rate, duration, final_learning_rate):
    share = np.minimum(t / duration, 1)
    fall = learning_rate - final_learning_rate
    return final_learning_rate + fall * np.cos(np.pi / 2 * share)

# %% swings: let the wave go on after the end
# loses 2, hint swings
import numpy as np


def cosine(t, learning_rate, duration, final_learning_rate):
    fall = learning_rate - final_learning_rate
    return final_learning_rate + fall * (1 + np.cos(np.pi * t / duration)) / 2

# %% zero_after: return 0 after the end
# loses 2, hint zero
import numpy as np


def cosine(t, learning_rate, duration, final_learning_rate):
    fall = learning_rate - final_learning_rate
    rate = final_learning_rate + fall * (1 + np.cos(np.pi * t / duration)) / 2
    return np.where(t <= duration, rate, 0.0)

# %% rise_again: follow the wave after the duration too, so that the rate rises again
import numpy as np


def cosine(t, learning_rate, duration, final_learning_rate):
    wave = (1 + np.cos(np.pi * np.asarray(t) / duration)) / 2
    return final_learning_rate + (learning_rate - final_learning_rate) * wave

# %% full_wave_again: take a full wave instead of half a wave
import numpy as np


def cosine(t, learning_rate, duration, final_learning_rate):
    part = np.minimum(np.asarray(t) / duration, 1)
    wave = (1 + np.cos(2 * np.pi * part)) / 2
    rate = final_learning_rate + (learning_rate - final_learning_rate) * wave
    return np.where(part < 1, rate, final_learning_rate)[()]

# %% quarter_wave_again: take the first quarter of a wave, from one down to zero
import numpy as np


def cosine(t, learning_rate, duration, final_learning_rate):
    part = np.minimum(np.asarray(t) / duration, 1)
    wave = np.cos(np.pi / 2 * part)
    return final_learning_rate + (learning_rate - final_learning_rate) * wave

# %% zero_after_the_end: let the rate be zero after the duration
import numpy as np


def cosine(t, learning_rate, duration, final_learning_rate):
    t = np.asarray(t)
    wave = (1 + np.cos(np.pi * t / duration)) / 2
    rate = final_learning_rate + (learning_rate - final_learning_rate) * wave
    return np.where(t > duration, 0.0, rate)[()]

# %% from_the_first_rate_to_zero: decay to zero and cut off at the final rate
import numpy as np


def cosine(t, learning_rate, duration, final_learning_rate):
    part = np.minimum(np.asarray(t) / duration, 1)
    rate = learning_rate * (1 + np.cos(np.pi * part)) / 2
    return np.maximum(rate, final_learning_rate)

# %% add_the_final_rate: add the final rate without taking it off the first
import numpy as np


def cosine(t, learning_rate, duration, final_learning_rate):
    part = np.minimum(np.asarray(t) / duration, 1)
    return final_learning_rate + learning_rate * (1 + np.cos(np.pi * part)) / 2

# %% end_one_earlier: divide by the duration minus one, so that the end is reached one unit too early
import numpy as np


def cosine(t, learning_rate, duration, final_learning_rate):
    part = np.minimum(np.asarray(t) / (duration - 1), 1)
    wave = (1 + np.cos(np.pi * part)) / 2
    return final_learning_rate + (learning_rate - final_learning_rate) * wave

# %% straight_line: fall in a straight line
import numpy as np


def cosine(t, learning_rate, duration, final_learning_rate):
    part = np.minimum(np.asarray(t) / duration, 1)
    return learning_rate + (final_learning_rate - learning_rate) * part

# %% restart: begin anew at the end of the duration
import numpy as np


def cosine(t, learning_rate, duration, final_learning_rate):
    part = np.asarray(t) % duration / duration
    wave = (1 + np.cos(np.pi * part)) / 2
    return final_learning_rate + (learning_rate - final_learning_rate) * wave

# %% clip_the_callers_times: set the times after the duration in the caller's own array of floats
import numpy as np


def cosine(t, learning_rate, duration, final_learning_rate):
    t = np.asarray(t, dtype=float)
    t[t > duration] = duration
    wave = (1 + np.cos(np.pi * t / duration)) / 2
    return final_learning_rate + (learning_rate - final_learning_rate) * wave

# %% whole_end: put the duration into a copy of whole times, which cuts off its fraction
import numpy as np


def cosine(t, learning_rate, duration, final_learning_rate):
    t = np.array(t)
    t[t > duration] = duration
    wave = (1 + np.cos(np.pi * t / duration)) / 2
    return final_learning_rate + (learning_rate - final_learning_rate) * wave

# %% running_minimum: stay at the lowest rate so far in the array instead of the final rate
import numpy as np


def cosine(t, learning_rate, duration, final_learning_rate):
    wave = (1 + np.cos(np.pi * np.asarray(t) / duration)) / 2
    rate = final_learning_rate + (learning_rate - final_learning_rate) * wave
    if np.ndim(rate) == 0:
        return float(rate) if t < duration else final_learning_rate
    return np.minimum.accumulate(rate)

# %% sorted_times_assumed: set all rates after the first time beyond the end, as if the times were in order
import numpy as np


def cosine(t, learning_rate, duration, final_learning_rate):
    times = np.atleast_1d(t)
    wave = (1 + np.cos(np.pi * times / duration)) / 2
    rate = final_learning_rate + (learning_rate - final_learning_rate) * wave
    over = np.flatnonzero(times > duration)
    if len(over) > 0:
        rate[over[0] :] = final_learning_rate
    return rate if np.ndim(t) else float(rate[0])

# %% only_arrays_end: stay at the final rate for arrays of times but not for a single time
import numpy as np


def cosine(t, learning_rate, duration, final_learning_rate):
    wave = (1 + np.cos(np.pi * t / duration)) / 2
    rate = final_learning_rate + (learning_rate - final_learning_rate) * wave
    if isinstance(t, np.ndarray):
        rate[t > duration] = final_learning_rate
    return rate

# %% arrays_only: set the final rate by an index, which fails for a single number
import numpy as np


def cosine(t, learning_rate, duration, final_learning_rate):
    rate = np.empty(len(t))
    falling = t < duration
    wave = (1 + np.cos(np.pi * t[falling] / duration)) / 2
    rate[falling] = final_learning_rate + (learning_rate - final_learning_rate) * wave
    rate[~falling] = final_learning_rate
    return rate

# %% one_axis_only: run through the array time by time, which fails with two axes
import math

import numpy as np


def cosine(t, learning_rate, duration, final_learning_rate):
    def one(time):
        if time >= duration:
            return final_learning_rate
        wave = (1 + math.cos(math.pi * time / duration)) / 2
        return final_learning_rate + (learning_rate - final_learning_rate) * wave

    if np.ndim(t) == 0:
        return one(t)
    return np.array([one(time) for time in t])

# %% table_of_whole_times: look the rates up in a table of whole times, so that fractions are cut off
import numpy as np


def cosine(t, learning_rate, duration, final_learning_rate):
    times = np.arange(int(duration) + 1)
    wave = (1 + np.cos(np.pi * times / duration)) / 2
    table = final_learning_rate + (learning_rate - final_learning_rate) * wave
    table[-1] = final_learning_rate
    place = np.minimum(np.asarray(t).astype(int), int(duration))
    return table[place]

# %% hundred_steps: take the duration of the example for every duration
import numpy as np

T = 100


def cosine(t, learning_rate, duration, final_learning_rate):
    part = np.clip(np.asarray(t) / T, 0, 1)
    wave = (1 + np.cos(np.pi * part)) / 2
    return final_learning_rate + (learning_rate - final_learning_rate) * wave

# %% no_final_rate_of_zero: take a final rate of zero for one that is not given
import numpy as np


def cosine(t, learning_rate, duration, final_learning_rate):
    if not final_learning_rate:
        final_learning_rate = learning_rate / 100
    part = np.minimum(np.asarray(t) / duration, 1)
    wave = (1 + np.cos(np.pi * part)) / 2
    return final_learning_rate + (learning_rate - final_learning_rate) * wave

# %% round_to_four_digits: round the rates to the four decimals that are shown
import numpy as np


def cosine(t, learning_rate, duration, final_learning_rate):
    part = np.minimum(np.asarray(t) / duration, 1)
    wave = (1 + np.cos(np.pi * part)) / 2
    return np.round(final_learning_rate + (learning_rate - final_learning_rate) * wave, 4)
