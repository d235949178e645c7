"""What people do: let the optimizer's own decay count epochs.

part: double_decay
loses: 5
hint: epochs
"""

import numpy as np


def double_decay(update, learning_rate, epoch_decay, update_decay, steps_per_epoch):
    epoch = update // steps_per_epoch
    return learning_rate * np.exp(-epoch_decay * epoch) / (1 + update_decay * epoch)
