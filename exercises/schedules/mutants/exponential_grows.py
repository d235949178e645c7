"""What people do: forget the minus sign.

part: exponential
loses: 4
hint: grows
"""

import numpy as np


def exponential(update, learning_rate, decay, steps_per_epoch):
    return learning_rate * np.exp(decay * update / steps_per_epoch)
