"""What people do: they lengthen the cycle before they use it, the first one too.

part: cycle_starts
loses: 2
hint: early
"""


def cycle_starts(first_cycle, t_mul, n_cycles):
    starts, start, length = [], 0, first_cycle
    for _ in range(n_cycles):
        starts.append(start)
        length *= t_mul
        start += length
    return starts
