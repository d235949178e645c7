"""What people do: they compare t in a while loop, which needs a single number.

part: sgdr
loses: 1
hint: array
"""

import math


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    start, length = 0, first_cycle
    while t >= start + length:
        start += length
        length *= t_mul
    fall = learning_rate - final_learning_rate
    return final_learning_rate + fall * (1 + math.cos(math.pi * (t - start) / length)) / 2
