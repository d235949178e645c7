# %% closed: they take the formula of the geometric sum, which divides by t_mul - 1
# loses 1, hint closed
def cycle_starts(first_cycle, t_mul, n_cycles):
    return [first_cycle * (t_mul**i - 1) / (t_mul - 1) for i in range(n_cycles)]

# %% closed_array: they take the formula of the geometric sum in NumPy, which only warns
# loses 1, hint closed
import numpy as np


def cycle_starts(first_cycle, t_mul, n_cycles):
    i = np.arange(n_cycles)
    return first_cycle * (t_mul**i - 1) // (t_mul - 1)

# %% early: they lengthen the cycle before they use it, the first one too
# loses 2, hint early
def cycle_starts(first_cycle, t_mul, n_cycles):
    starts, start, length = [], 0, first_cycle
    for _ in range(n_cycles):
        starts.append(start)
        length *= t_mul
        start += length
    return starts

# %% ends: they add up the lengths, which gives the ends
# loses 3, hint ends
import numpy as np


def cycle_starts(first_cycle, t_mul, n_cycles):
    return np.cumsum(first_cycle * t_mul ** np.arange(n_cycles))

# %% late: they begin to lengthen with the third cycle
# loses 2, hint late
def cycle_starts(first_cycle, t_mul, n_cycles):
    starts = [0, first_cycle]
    length = first_cycle
    while len(starts) < n_cycles:
        starts.append(starts[-1] + length)
        length *= t_mul
    return starts[:n_cycles]

# %% lengths: they return the lengths of the cycles
# loses 3, hint lengths
import numpy as np


def cycle_starts(first_cycle, t_mul, n_cycles):
    return first_cycle * t_mul ** np.arange(n_cycles)

# %% power: they multiply the starts instead of the lengths
# loses 3, hint power
import numpy as np


def cycle_starts(first_cycle, t_mul, n_cycles):
    starts = first_cycle * float(t_mul) ** (np.arange(n_cycles) - 1)
    starts[0] = 0
    return starts

# %% ends_instead: give the ends of the cycles, forgetting that the first cycle starts at zero
import numpy as np


def cycle_starts(first_cycle, t_mul, n_cycles):
    lengths = first_cycle * t_mul ** np.arange(n_cycles)
    return np.cumsum(lengths)

# %% one_extra: put a zero before the sums of all the cycles and so return one start too many
import numpy as np


def cycle_starts(first_cycle, t_mul, n_cycles):
    lengths = first_cycle * t_mul ** np.arange(n_cycles)
    return np.concatenate([[0], np.cumsum(lengths)])

# %% mul_ignored: make all cycles equally long whatever t_mul is
import numpy as np


def cycle_starts(first_cycle, t_mul, n_cycles):
    return first_cycle * np.arange(n_cycles)

# %% geometric_starts: multiply the start by t_mul instead of the length of the cycle
import numpy as np


def cycle_starts(first_cycle, t_mul, n_cycles):
    starts = np.zeros(n_cycles, dtype=int)
    for i in range(1, n_cycles):
        starts[i] = first_cycle * t_mul ** (i - 1)
    return starts

# %% closed_form_nan: use the closed form of the geometric sum, which divides zero by zero for t_mul = 1
import numpy as np


def cycle_starts(first_cycle, t_mul, n_cycles):
    i = np.arange(n_cycles)
    return first_cycle * (t_mul**i - 1) / np.float64(t_mul - 1)

# %% exp_truncated: compute the powers with exp and log and cut the decimals off
import numpy as np


def cycle_starts(first_cycle, t_mul, n_cycles):
    powers = np.exp(np.arange(n_cycles - 1) * np.log(t_mul))
    lengths = (first_cycle * powers).astype(int)
    return np.append(0, np.cumsum(lengths)).astype(int)

# %% floor_before_multiply: divide the first cycle by t_mul - 1 with // before they multiply
import numpy as np


def cycle_starts(first_cycle, t_mul, n_cycles):
    i = np.arange(n_cycles)
    if t_mul == 1:
        return first_cycle * i
    return first_cycle // (t_mul - 1) * (t_mul**i - 1)

# %% lengths_again: return the lengths of the cycles
import numpy as np


def cycle_starts(first_cycle, t_mul, n_cycles):
    return first_cycle * t_mul ** np.arange(n_cycles)

# %% multiply_first: multiply the length before they add the first cycle
import numpy as np


def cycle_starts(first_cycle, t_mul, n_cycles):
    starts = [0]
    length = first_cycle
    for _ in range(n_cycles - 1):
        length *= t_mul
        starts.append(starts[-1] + length)
    return np.array(starts)

# %% two_prefilled: begin with the first two starts and so return two for a single cycle
import numpy as np


def cycle_starts(first_cycle, t_mul, n_cycles):
    starts = [0, first_cycle]
    for i in range(2, n_cycles):
        starts.append(starts[i - 1] + t_mul * (starts[i - 1] - starts[i - 2]))
    return np.array(starts)

# %% hard_doubling: double the cycles whenever t_mul is more than 1
import numpy as np


def cycle_starts(first_cycle, t_mul, n_cycles):
    if t_mul > 1:
        lengths = first_cycle * 2 ** np.arange(n_cycles)
    else:
        lengths = first_cycle * np.ones(n_cycles, dtype=int)
    return np.cumsum(lengths) - lengths

# %% until_budget: list the starts up to the 21 epochs of the story instead of n_cycles of them
import numpy as np


def cycle_starts(first_cycle, t_mul, n_cycles):
    budget = 21
    starts = []
    start, length = 0, first_cycle
    while start <= budget:
        starts.append(start)
        start += length
        length *= t_mul
    return np.array(starts)

# %% four_written_out: write the sums out for the four cycles of the example
import numpy as np


def cycle_starts(first_cycle, t_mul, n_cycles):
    t0 = first_cycle
    t1 = t_mul * t0
    t2 = t_mul * t1
    return np.array([0, t0, t0 + t1, t0 + t1 + t2])[:n_cycles]

# %% mutable_default: keep the starts in a default argument that remembers the call before
import numpy as np


def cycle_starts(first_cycle, t_mul, n_cycles, starts=[]):
    start, length = 0, first_cycle
    for _ in range(n_cycles):
        starts.append(start)
        start += length
        length *= t_mul
    return np.array(starts[:n_cycles])

# %% swapped: use t_mul as the first length and first_cycle as the factor
import numpy as np


def cycle_starts(first_cycle, t_mul, n_cycles):
    starts = np.zeros(n_cycles, dtype=int)
    length = t_mul
    for i in range(1, n_cycles):
        starts[i] = starts[i - 1] + length
        length *= first_cycle
    return starts

# %% grows_once: make all the cycles after the first t_mul times as long as the first
import numpy as np


def cycle_starts(first_cycle, t_mul, n_cycles):
    starts = [0]
    for i in range(1, n_cycles):
        length = first_cycle if i == 1 else t_mul * first_cycle
        starts.append(starts[-1] + length)
    return np.array(starts)

# %% linear_growth: let the lengths grow by a constant number of epochs instead of by a factor
import numpy as np


def cycle_starts(first_cycle, t_mul, n_cycles):
    i = np.arange(n_cycles)
    lengths = first_cycle * (1 + i * (t_mul - 1))
    return np.append(0, np.cumsum(lengths)[:-1])

# %% whole_past: make a cycle t_mul times as long as all the time that has passed before it
import numpy as np


def cycle_starts(first_cycle, t_mul, n_cycles):
    starts = np.zeros(n_cycles, dtype=int)
    for i in range(1, n_cycles):
        if i == 1:
            starts[i] = first_cycle
        else:
            starts[i] = starts[i - 1] + t_mul * starts[i - 1]
    return starts

# %% power_of_index: raise the number of the cycle to the power t_mul
import numpy as np


def cycle_starts(first_cycle, t_mul, n_cycles):
    return first_cycle * np.arange(n_cycles) ** t_mul

# %% small_integers: keep the starts as 8-bit integers, which overflow after 255 epochs
import numpy as np


def cycle_starts(first_cycle, t_mul, n_cycles):
    starts = np.zeros(n_cycles, dtype=np.uint8)  # epochs are small
    lengths = first_cycle * t_mul ** np.arange(n_cycles)
    starts[1:] = np.cumsum(lengths)[:-1]
    return starts
