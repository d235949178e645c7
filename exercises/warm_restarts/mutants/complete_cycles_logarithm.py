"""What people do: they solve the geometric sum for the number of cycles.

part: complete_cycles
loses: 2
hint: strict, closed
"""

import math


def complete_cycles(budget, first_cycle, t_mul):
    n_cycles = math.floor(math.log(budget * (t_mul - 1) / first_cycle + 1) / math.log(t_mul))
    return n_cycles, first_cycle * (t_mul**n_cycles - 1) // (t_mul - 1)
