"""What people do: they count well and train until the budget is spent.

part: complete_cycles
loses: 3
hint: budget
"""


def complete_cycles(budget, first_cycle, t_mul):
    n_cycles, end, length = 0, 0, first_cycle
    while end + length <= budget:
        end += length
        length *= t_mul
        n_cycles += 1
    return n_cycles, budget
