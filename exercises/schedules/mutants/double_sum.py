"""What people do: add the rates of the two schedules.

part: double_decay
loses: 5
hint: sum
"""

import numpy as np


def double_decay(update, learning_rate, epoch_decay, update_decay, steps_per_epoch):
    epoch = update // steps_per_epoch
    by_callback = learning_rate * np.exp(-epoch_decay * epoch)
    own = learning_rate / (1 + update_decay * update)
    return by_callback + own
