# %% array: they compare t in a while loop, which needs a single number
# loses 1, hint array
import math


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    start, length = 0, first_cycle
    while t >= start + length:
        start += length
        length *= t_mul
    fall = learning_rate - final_learning_rate
    return final_learning_rate + fall * (1 + math.cos(math.pi * (t - start) / length)) / 2

# %% closed: they find the cycle in a list of starts by a formula that divides by t_mul - 1
# loses 1, hint closed
import numpy as np


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    starts = np.array([first_cycle * (t_mul**i - 1) / (t_mul - 1) for i in range(10)])
    cycle = np.searchsorted(starts, t, side="right") - 1
    share = (t - starts[cycle]) / (first_cycle * float(t_mul) ** cycle)
    fall = learning_rate - final_learning_rate
    return final_learning_rate + fall * (1 + np.cos(np.pi * share)) / 2

# %% equal: they restart at equal distances
# loses 4, hint equal
import numpy as np


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    since = np.asarray(t) % first_cycle
    fall = learning_rate - final_learning_rate
    return final_learning_rate + fall * (1 + np.cos(np.pi * since / first_cycle)) / 2

# %% first: they divide by the length of the first cycle
# loses 4, hint first
import numpy as np


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    since, length = np.array(t, dtype=float), np.full(np.shape(t), float(first_cycle))
    while (done := since >= length).any():
        since = np.where(done, since - length, since)
        length = np.where(done, length * t_mul, length)
    fall = learning_rate - final_learning_rate
    return final_learning_rate + fall * (1 + np.cos(np.pi * since / first_cycle)) / 2

# %% floor: they let the rate fall to 0
# loses 6, hint floor
import numpy as np


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    since, length = np.array(t, dtype=float), np.full(np.shape(t), float(first_cycle))
    while (done := since >= length).any():
        since = np.where(done, since - length, since)
        length = np.where(done, length * t_mul, length)
    return learning_rate * (1 + np.cos(np.pi * since / length)) / 2

# %% logarithm: they find the cycle with a logarithm, which is rounded
# loses 2, hint old, closed
import numpy as np


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    t = np.asarray(t, dtype=float)
    cycle = np.floor(np.log(t / first_cycle * (t_mul - 1) + 1) / np.log(t_mul))
    length = first_cycle * t_mul**cycle
    start = first_cycle * (t_mul**cycle - 1) / (t_mul - 1)
    fall = learning_rate - final_learning_rate
    return final_learning_rate + fall * (1 + np.cos(np.pi * (t - start) / length)) / 2

# %% old: they start the new cycle after its first time
# loses 1, hint old
import numpy as np


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    since, length = np.array(t, dtype=float), np.full(np.shape(t), float(first_cycle))
    while (done := since > length).any():
        since = np.where(done, since - length, since)
        length = np.where(done, length * t_mul, length)
    fall = learning_rate - final_learning_rate
    return final_learning_rate + fall * (1 + np.cos(np.pi * since / length)) / 2

# %% over: they add the whole wave to the final rate
# loses 6, hint over
import numpy as np


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    since, length = np.array(t, dtype=float), np.full(np.shape(t), float(first_cycle))
    while (done := since >= length).any():
        since = np.where(done, since - length, since)
        length = np.where(done, length * t_mul, length)
    return final_learning_rate + learning_rate * (1 + np.cos(np.pi * since / length)) / 2

# %% total: they put the time since the beginning into the cosine
# loses 5, hint total
import numpy as np


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    since, length = np.array(t, dtype=float), np.full(np.shape(t), float(first_cycle))
    while (done := since >= length).any():
        since = np.where(done, since - length, since)
        length = np.where(done, length * t_mul, length)
    fall = learning_rate - final_learning_rate
    return final_learning_rate + fall * (1 + np.cos(np.pi * np.asarray(t) / length)) / 2

# %% wave: they let the rate go down and up again
# loses 6, hint wave
import numpy as np


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    since, length = np.array(t, dtype=float), np.full(np.shape(t), float(first_cycle))
    while (done := since >= length).any():
        since = np.where(done, since - length, since)
        length = np.where(done, length * t_mul, length)
    fall = learning_rate - final_learning_rate
    return final_learning_rate + fall * (1 + np.cos(2 * np.pi * since / length)) / 2

# %% restart_late: count the time at which a cycle starts to the cycle before it
import numpy as np


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    t = np.asarray(t, dtype=float)
    start = np.zeros(t.shape)
    length = np.full(t.shape, float(first_cycle))
    while True:
        over = t > start + length
        if not over.any():
            break
        start = np.where(over, start + length, start)
        length = np.where(over, t_mul * length, length)
    half = (learning_rate - final_learning_rate) / 2
    return final_learning_rate + half * (1 + np.cos(np.pi * (t - start) / length))

# %% mul_ignored: restart every first_cycle epochs whatever t_mul is
import numpy as np


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    part = (np.asarray(t) % first_cycle) / first_cycle
    half = (learning_rate - final_learning_rate) / 2
    return final_learning_rate + half * (1 + np.cos(np.pi * part))

# %% undivided_sum: take first_cycle * (t_mul**i - 1) for the starts, without dividing by t_mul - 1
import numpy as np


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    t = np.asarray(t, dtype=float)
    start = np.zeros(t.shape)
    length = np.full(t.shape, float(first_cycle))
    i = 1
    while i < 64 and first_cycle * (t_mul**i - 1) <= t.max(initial=0):
        later = t >= first_cycle * (t_mul**i - 1)
        start[later] = first_cycle * (t_mul**i - 1)
        length[later] = first_cycle * t_mul**i
        i += 1
    half = (learning_rate - final_learning_rate) / 2
    return final_learning_rate + half * (1 + np.cos(np.pi * (t - start) / length))

# %% offset_forgotten: forget to add the final rate to the cosine
import numpy as np


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    t = np.asarray(t, dtype=float)
    start = np.zeros(t.shape)
    length = np.full(t.shape, float(first_cycle))
    while (t >= start + length).any():
        over = t >= start + length
        start = np.where(over, start + length, start)
        length = np.where(over, t_mul * length, length)
    half = (learning_rate - final_learning_rate) / 2
    return half * (1 + np.cos(np.pi * (t - start) / length))

# %% clip_at_final: let the cosine fall to zero and clip it at the final rate
import numpy as np


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    t = np.asarray(t, dtype=float)
    start = np.zeros(t.shape)
    length = np.full(t.shape, float(first_cycle))
    while (t >= start + length).any():
        over = t >= start + length
        start = np.where(over, start + length, start)
        length = np.where(over, t_mul * length, length)
    rate = learning_rate / 2 * (1 + np.cos(np.pi * (t - start) / length))
    return np.maximum(rate, final_learning_rate)

# %% shape_one_for_scalar: return an array of one element for a number
import numpy as np


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    t = np.atleast_1d(t)
    rates = np.empty(len(t))
    for k, time in enumerate(t):
        start, length = 0, first_cycle
        while time >= start + length:
            start += length
            length *= t_mul
        part = (time - start) / length
        rates[k] = final_learning_rate + (learning_rate - final_learning_rate) / 2 * (
            1 + np.cos(np.pi * part)
        )
    return rates

# %% whole_epochs: cut the time off to whole epochs
import numpy as np


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    t = np.asarray(t).astype(int)
    start = np.zeros_like(t)
    length = np.full_like(t, first_cycle)
    while (t >= start + length).any():
        over = t >= start + length
        start = np.where(over, start + length, start)
        length = np.where(over, t_mul * length, length)
    half = (learning_rate - final_learning_rate) / 2
    return final_learning_rate + half * (1 + np.cos(np.pi * (t - start) / length))

# %% assumes_ascending: go through the times once and never back to an earlier cycle
import numpy as np


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    times = np.atleast_1d(t)
    rates = np.zeros(times.shape)
    start, length = 0, first_cycle
    for k, time in enumerate(times):
        while time >= start + length:
            start += length
            length *= t_mul
        rates[k] = final_learning_rate + 0.5 * (learning_rate - final_learning_rate) * (
            1 + np.cos(np.pi * (time - start) / length)
        )
    return rates if np.ndim(t) else rates[0]

# %% finite_cycles: prepare ten cycles and let the last of them run on
# loses 1, hint many
import numpy as np


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    lengths = first_cycle * t_mul ** np.arange(10)
    starts = np.cumsum(lengths) - lengths
    i = np.searchsorted(starts, t, side="right") - 1
    part = (np.asarray(t) - starts[i]) / lengths[i]
    half = (learning_rate - final_learning_rate) / 2
    return final_learning_rate + half * (1 + np.cos(np.pi * part))

# %% log_rounding: find the cycle with logarithms, whose rounding puts some restarts into the cycle before
import numpy as np


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    t = np.asarray(t, dtype=float)
    if t_mul == 1:
        i = np.floor(t / first_cycle)
        start = i * first_cycle
    else:
        i = np.floor(np.log(1 + t * (t_mul - 1) / first_cycle) / np.log(t_mul))
        start = first_cycle * (t_mul**i - 1) / (t_mul - 1)
    length = first_cycle * t_mul**i
    half = (learning_rate - final_learning_rate) / 2
    return final_learning_rate + half * (1 + np.cos(np.pi * (t - start) / length))

# %% log_of_one: find the cycle with logarithms to the base t_mul, which gives NaN for t_mul = 1
import numpy as np


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    t = np.asarray(t, dtype=float)
    m = np.float64(t_mul)
    i = np.floor(np.log(1 + t * (m - 1) / first_cycle) / np.log(m) + 1e-12)
    start = first_cycle * (m**i - 1) / (m - 1)
    length = first_cycle * m**i
    half = (learning_rate - final_learning_rate) / 2
    return final_learning_rate + half * (1 + np.cos(np.pi * (t - start) / length))

# %% changes_t: subtract the passed cycles from the array of times that they were given
import numpy as np


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    time = np.asarray(t, dtype=float)
    length = np.full(time.shape, float(first_cycle))
    over = time >= length
    while over.any():
        time -= np.where(over, length, 0)
        length *= np.where(over, t_mul, 1)
        over = time >= length
    half = (learning_rate - final_learning_rate) / 2
    return final_learning_rate + half * (1 + np.cos(np.pi * time / length))

# %% divides_by_first: divide by the length of the first cycle in every cycle
import numpy as np


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    t = np.asarray(t, dtype=float)
    start = np.zeros(t.shape)
    length = np.full(t.shape, float(first_cycle))
    while (t >= start + length).any():
        over = t >= start + length
        start = np.where(over, start + length, start)
        length = np.where(over, t_mul * length, length)
    half = (learning_rate - final_learning_rate) / 2
    return final_learning_rate + half * (1 + np.cos(np.pi * (t - start) / first_cycle))

# %% linear_growth: let the lengths grow by a constant, T, 2T, 3T for t_mul = 2, instead of by a factor
import numpy as np


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    t = np.asarray(t, dtype=float)
    start = np.zeros(t.shape)
    length = np.full(t.shape, float(first_cycle))
    while (t >= start + length).any():
        over = t >= start + length
        start = np.where(over, start + length, start)
        length = np.where(over, length + (t_mul - 1) * first_cycle, length)
    half = (learning_rate - final_learning_rate) / 2
    return final_learning_rate + half * (1 + np.cos(np.pi * (t - start) / length))

# %% one_less_in_cycle: divide by the length less one so that the last whole epoch has the final rate
import numpy as np


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    t = np.asarray(t, dtype=float)
    start = np.zeros(t.shape)
    length = np.full(t.shape, float(first_cycle))
    while (t >= start + length).any():
        over = t >= start + length
        start = np.where(over, start + length, start)
        length = np.where(over, t_mul * length, length)
    half = (learning_rate - final_learning_rate) / 2
    return final_learning_rate + half * (1 + np.cos(np.pi * (t - start) / (length - 1)))

# %% restart_early: take a cycle to be over at its last whole epoch, one before the restart
import numpy as np


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    t = np.asarray(t, dtype=float)
    start = np.zeros(t.shape)
    length = np.full(t.shape, float(first_cycle))
    while (t >= start + length - 1).any():
        over = t >= start + length - 1
        start = np.where(over, start + length, start)
        length = np.where(over, t_mul * length, length)
    half = (learning_rate - final_learning_rate) / 2
    return final_learning_rate + half * (1 + np.cos(np.pi * (t - start) / length))

# %% count_by_doubling: prepare as many cycles as are needed when they double, too few for equal ones
import numpy as np


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    n_cycles = int(np.log2(np.max(t) / first_cycle + 1)) + 2
    lengths = np.array([first_cycle * t_mul**i for i in range(n_cycles)])
    starts = np.append(0, np.cumsum(lengths)[:-1])
    i = np.searchsorted(starts, t, side="right") - 1
    part = (np.asarray(t) - starts[i]) / lengths[i]
    half = (learning_rate - final_learning_rate) / 2
    return final_learning_rate + half * (1 + np.cos(np.pi * part))

# %% kept_starts: keep the starts of one call for the next, which may have other cycles
import numpy as np

starts = [0]


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    while starts[-1] <= np.max(t):
        starts.append(starts[-1] + first_cycle * t_mul ** (len(starts) - 1))
    s = np.array(starts)
    i = np.searchsorted(s, t, side="right") - 1
    part = (np.asarray(t) - s[i]) / (s[i + 1] - s[i])
    half = (learning_rate - final_learning_rate) / 2
    return final_learning_rate + half * (1 + np.cos(np.pi * part))

# %% recursion: call themselves once for each cycle, which ends after a thousand of them
# loses 1, hint many
import numpy as np


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    if np.ndim(t) > 0:
        return np.array(
            [sgdr(u, learning_rate, final_learning_rate, first_cycle, t_mul) for u in t]
        )
    if t >= first_cycle:
        return sgdr(
            t - first_cycle, learning_rate, final_learning_rate, t_mul * first_cycle, t_mul
        )
    half = (learning_rate - final_learning_rate) / 2
    return final_learning_rate + half * (1 + np.cos(np.pi * t / first_cycle))

# %% grows_once: make every cycle after the first t_mul times as long as the first
import numpy as np


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    t = np.asarray(t, dtype=float)
    second = t_mul * first_cycle
    first = t < first_cycle
    part = np.where(first, t / first_cycle, (t - first_cycle) % second / second)
    half = (learning_rate - final_learning_rate) / 2
    return final_learning_rate + half * (1 + np.cos(np.pi * part))
