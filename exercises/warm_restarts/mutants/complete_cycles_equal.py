"""What people do: they forget that cycles grow.

part: complete_cycles
loses: 4
hint: equal
"""


def complete_cycles(budget, first_cycle, t_mul):
    n_cycles = budget // first_cycle
    return n_cycles, n_cycles * first_cycle
