"""What people do: they take the formula of the geometric sum, which divides by t_mul - 1.

part: cycle_starts
loses: 1
hint: closed
"""


def cycle_starts(first_cycle, t_mul, n_cycles):
    return [first_cycle * (t_mul**i - 1) / (t_mul - 1) for i in range(n_cycles)]
