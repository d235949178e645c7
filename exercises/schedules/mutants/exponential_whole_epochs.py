"""What people do: count whole epochs where fractions are wanted.

part: exponential
loses: 2
hint: whole
"""

import numpy as np


def exponential(update, learning_rate, decay, steps_per_epoch):
    epoch = update // steps_per_epoch
    return learning_rate * np.exp(-decay * epoch)
