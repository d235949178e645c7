"""What people do: they return the end first.

part: complete_cycles
loses: 5
hint: swapped
"""


def complete_cycles(budget, first_cycle, t_mul):
    n_cycles, end, length = 0, 0, first_cycle
    while end + length <= budget:
        end += length
        length *= t_mul
        n_cycles += 1
    return end, n_cycles
