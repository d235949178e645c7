"""What people do: they do not count a cycle that ends exactly with the budget.

part: complete_cycles
loses: 1
hint: strict
"""


def complete_cycles(budget, first_cycle, t_mul):
    n_cycles, end, length = 0, 0, first_cycle
    while end + length < budget:
        end += length
        length *= t_mul
        n_cycles += 1
    return n_cycles, end
