# %% broken: they count the cycle that is broken off
# loses 5, hint broken
def complete_cycles(budget, first_cycle, t_mul):
    n_cycles, end, length = 0, 0, first_cycle
    while end <= budget:
        end += length
        length *= t_mul
        n_cycles += 1
    return n_cycles, end

# %% budget: they count well and train until the budget is spent
# loses 3, hint budget
def complete_cycles(budget, first_cycle, t_mul):
    n_cycles, end, length = 0, 0, first_cycle
    while end + length <= budget:
        end += length
        length *= t_mul
        n_cycles += 1
    return n_cycles, budget

# %% equal: they forget that cycles grow
# loses 4, hint equal
def complete_cycles(budget, first_cycle, t_mul):
    n_cycles = budget // first_cycle
    return n_cycles, n_cycles * first_cycle

# %% length: they return the length of the last cycle
# loses 3, hint length
def complete_cycles(budget, first_cycle, t_mul):
    n_cycles, end, length = 0, 0, first_cycle
    while end + length <= budget:
        end += length
        length *= t_mul
        n_cycles += 1
    return n_cycles, length // t_mul if n_cycles else 0

# %% logarithm: they solve the geometric sum for the number of cycles
# loses 2, hint strict, closed
import math


def complete_cycles(budget, first_cycle, t_mul):
    n_cycles = math.floor(math.log(budget * (t_mul - 1) / first_cycle + 1) / math.log(t_mul))
    return n_cycles, first_cycle * (t_mul**n_cycles - 1) // (t_mul - 1)

# %% start: they return where the last cycle starts
# loses 3, hint start
def complete_cycles(budget, first_cycle, t_mul):
    n_cycles, end, length = 0, 0, first_cycle
    while end + length <= budget:
        end += length
        length *= t_mul
        n_cycles += 1
    return n_cycles, end - length // t_mul if n_cycles else 0

# %% strict: they do not count a cycle that ends exactly with the budget
# loses 1, hint strict
def complete_cycles(budget, first_cycle, t_mul):
    n_cycles, end, length = 0, 0, first_cycle
    while end + length < budget:
        end += length
        length *= t_mul
        n_cycles += 1
    return n_cycles, end

# %% swapped: they return the end first
# loses 5, hint swapped
def complete_cycles(budget, first_cycle, t_mul):
    n_cycles, end, length = 0, 0, first_cycle
    while end + length <= budget:
        end += length
        length *= t_mul
        n_cycles += 1
    return end, n_cycles

# %% whole: they compare each length with the whole budget
# loses 4, hint whole
def complete_cycles(budget, first_cycle, t_mul):
    n_cycles, end, length = 0, 0, first_cycle
    while length <= budget:
        end += length
        length *= t_mul
        n_cycles += 1
    return n_cycles, end

# %% strict_again: leave out a cycle that ends exactly with the budget
def complete_cycles(budget, first_cycle, t_mul):
    n_cycles, end, length = 0, 0, first_cycle
    while end + length < budget:
        end += length
        n_cycles += 1
        length *= t_mul
    return n_cycles, end

# %% broken_counted: count the cycle that the budget breaks off and give its end
def complete_cycles(budget, first_cycle, t_mul):
    if first_cycle > budget:
        return 0, 0
    n_cycles, end, length = 0, 0, first_cycle
    while end < budget:
        end += length
        n_cycles += 1
        length *= t_mul
    return n_cycles, end

# %% end_is_budget: give the budget as the end
def complete_cycles(budget, first_cycle, t_mul):
    n_cycles, left, length = 0, budget, first_cycle
    while left >= length:
        left -= length
        n_cycles += 1
        length *= t_mul
    if n_cycles == 0:
        return 0, 0
    return n_cycles, budget

# %% mul_ignored: divide the budget by the first cycle as if all were equally long
def complete_cycles(budget, first_cycle, t_mul):
    n_cycles = budget // first_cycle
    return n_cycles, n_cycles * first_cycle

# %% log_floor: solve for the number with logarithms and lose a cycle to rounding when it ends exactly with the budget
import numpy as np


def complete_cycles(budget, first_cycle, t_mul):
    if t_mul == 1:
        n_cycles = budget // first_cycle
        return n_cycles, n_cycles * first_cycle
    n_cycles = int(np.log(budget * (t_mul - 1) / first_cycle + 1) / np.log(t_mul))
    return n_cycles, first_cycle * (t_mul**n_cycles - 1) // (t_mul - 1)

# %% log_of_one: solve with logarithms to the base t_mul, which cannot be done for t_mul = 1
import math


def complete_cycles(budget, first_cycle, t_mul):
    n_cycles = math.floor(
        math.log(budget * (t_mul - 1) / first_cycle + 1) / math.log(t_mul) + 1e-9
    )
    end = first_cycle * (t_mul**n_cycles - 1) // (t_mul - 1)
    return n_cycles, end

# %% at_least_one: always count the first cycle even if it is longer than the budget
def complete_cycles(budget, first_cycle, t_mul):
    n_cycles, end = 1, first_cycle
    length = first_cycle * t_mul
    while end + length <= budget:
        end += length
        length *= t_mul
        n_cycles += 1
    return n_cycles, end

# %% swapped_results: return the end first and the number of cycles second
def complete_cycles(budget, first_cycle, t_mul):
    end = n_cycles = 0
    length = first_cycle
    while end + length <= budget:
        end += length
        length *= t_mul
        n_cycles += 1
    return end, n_cycles

# %% multiply_first: multiply the length before they try whether the cycle fits
def complete_cycles(budget, first_cycle, t_mul):
    if first_cycle > budget:
        return 0, 0
    n_cycles, end, length = 0, 0, first_cycle
    while True:
        length *= t_mul
        if end + length > budget:
            return n_cycles, end
        end += length
        n_cycles += 1

# %% last_start: give the start of the last complete cycle instead of its end
import numpy as np


def complete_cycles(budget, first_cycle, t_mul):
    starts = [0]
    length = first_cycle
    while starts[-1] + length <= budget:
        starts.append(starts[-1] + length)
        length *= t_mul
    n_cycles = len(starts) - 1
    return n_cycles, starts[max(n_cycles - 1, 0)]

# %% single_lengths: compare the length of each cycle with the budget, not the sum of them
def complete_cycles(budget, first_cycle, t_mul):
    if t_mul == 1:
        n_cycles = budget // first_cycle
        return n_cycles, n_cycles * first_cycle
    n_cycles, end, length = 0, 0, first_cycle
    while length <= budget:
        n_cycles += 1
        end += length
        length *= t_mul
    return n_cycles, end

# %% at_most_ten: try ten cycles and no more
# loses 1, hint many
def complete_cycles(budget, first_cycle, t_mul):
    n_cycles, end = 0, 0
    for i in range(10):
        if end + first_cycle * t_mul**i > budget:
            break
        end += first_cycle * t_mul**i
        n_cycles = i + 1
    return n_cycles, end

# %% rounded_count: round the number of cycles to the nearest whole number instead of down
import math


def complete_cycles(budget, first_cycle, t_mul):
    if first_cycle > budget:
        return 0, 0
    if t_mul == 1:
        n_cycles = round(budget / first_cycle)
        return n_cycles, n_cycles * first_cycle
    n_cycles = round(math.log(budget / first_cycle * (t_mul - 1) + 1, t_mul))
    return n_cycles, first_cycle * (t_mul**n_cycles - 1) // (t_mul - 1)

# %% hard_doubling: add up the cycles as if they doubled whatever t_mul is
import numpy as np


def complete_cycles(budget, first_cycle, t_mul):
    n_cycles = 0
    while first_cycle * (2 ** (n_cycles + 1) - 1) <= budget:
        n_cycles += 1
    return n_cycles, first_cycle * (2**n_cycles - 1)

# %% equal_end_budget: give the budget as the end when the cycles are equally long
def complete_cycles(budget, first_cycle, t_mul):
    if budget < first_cycle:
        return 0, 0
    if t_mul == 1:
        return budget // first_cycle, budget
    n_cycles, end = 0, 0
    while end + first_cycle * t_mul**n_cycles <= budget:
        end += first_cycle * t_mul**n_cycles
        n_cycles += 1
    return n_cycles, end

# %% first_must_be_shorter: return zeros when the first cycle is exactly as long as the budget
def complete_cycles(budget, first_cycle, t_mul):
    if first_cycle >= budget:
        return 0, 0
    n_cycles, end = 0, 0
    length = first_cycle
    while budget - end >= length:
        end += length
        length *= t_mul
        n_cycles += 1
    return n_cycles, end

# %% overflow: list as many cycles as there are epochs in 64-bit integers, which overflow and count too many
import numpy as np


def complete_cycles(budget, first_cycle, t_mul):
    ends = np.cumsum(first_cycle * t_mul ** np.arange(budget))
    fits = ends <= budget
    if not fits.any():
        return 0, 0
    return int(fits.sum()), int(ends[fits].max())

# %% recursion: call themselves once for each cycle, which ends after a thousand of them
# loses 1, hint many
def complete_cycles(budget, first_cycle, t_mul):
    if first_cycle > budget:
        return 0, 0
    n_cycles, end = complete_cycles(budget - first_cycle, first_cycle * t_mul, t_mul)
    return n_cycles + 1, end + first_cycle

# %% argmax_of_none: look with argmax for the first cycle that does not fit, in a list in which all may fit
import numpy as np


def complete_cycles(budget, first_cycle, t_mul):
    ends = [0]
    length = first_cycle
    for _ in range(budget // first_cycle):
        ends.append(ends[-1] + length)
        length *= t_mul
    too_long = np.array([end > budget for end in ends])
    n_cycles = max(int(np.argmax(too_long)) - 1, 0)
    return n_cycles, ends[n_cycles]

# %% floor_before_multiply: divide by t_mul - 1 with // before they multiply, in the formula for the end
def complete_cycles(budget, first_cycle, t_mul):
    n_cycles, left, length = 0, budget, first_cycle
    while length <= left:
        left -= length
        length *= t_mul
        n_cycles += 1
    if t_mul == 1:
        return n_cycles, n_cycles * first_cycle
    return n_cycles, first_cycle // (t_mul - 1) * (t_mul**n_cycles - 1)
