"""What people do: they compare each length with the whole budget.

part: complete_cycles
loses: 4
hint: whole
"""


def complete_cycles(budget, first_cycle, t_mul):
    n_cycles, end, length = 0, 0, first_cycle
    while length <= budget:
        end += length
        length *= t_mul
        n_cycles += 1
    return n_cycles, end
