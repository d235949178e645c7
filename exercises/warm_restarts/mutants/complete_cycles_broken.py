"""What people do: they count the cycle that is broken off.

part: complete_cycles
loses: 5
hint: broken
"""


def complete_cycles(budget, first_cycle, t_mul):
    n_cycles, end, length = 0, 0, first_cycle
    while end <= budget:
        end += length
        length *= t_mul
        n_cycles += 1
    return n_cycles, end
