"""What people do: they begin to lengthen with the third cycle.

part: cycle_starts
loses: 2
hint: late
"""


def cycle_starts(first_cycle, t_mul, n_cycles):
    starts = [0, first_cycle]
    length = first_cycle
    while len(starts) < n_cycles:
        starts.append(starts[-1] + length)
        length *= t_mul
    return starts[:n_cycles]
