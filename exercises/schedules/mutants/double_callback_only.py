"""What people do: think that the callback overrides the optimizer's decay.

part: double_decay
loses: 5
hint: one
"""

import numpy as np


def double_decay(update, learning_rate, epoch_decay, update_decay, steps_per_epoch):
    epoch = update // steps_per_epoch
    return learning_rate * np.exp(-epoch_decay * epoch)
