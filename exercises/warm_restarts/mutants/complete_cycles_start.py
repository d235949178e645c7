"""What people do: they return where the last cycle starts.

part: complete_cycles
loses: 3
hint: start
"""


def complete_cycles(budget, first_cycle, t_mul):
    n_cycles, end, length = 0, 0, first_cycle
    while end + length <= budget:
        end += length
        length *= t_mul
        n_cycles += 1
    return n_cycles, end - length // t_mul if n_cycles else 0
