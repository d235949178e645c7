"""What people do: they restart at equal distances.

part: sgdr
loses: 4
hint: equal
"""

import numpy as np


def sgdr(t, learning_rate, final_learning_rate, first_cycle, t_mul):
    since = np.asarray(t) % first_cycle
    fall = learning_rate - final_learning_rate
    return final_learning_rate + fall * (1 + np.cos(np.pi * since / first_cycle)) / 2
