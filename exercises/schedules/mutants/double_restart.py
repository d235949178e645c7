"""What people do: begin the optimizer's count anew in each epoch.

part: double_decay
loses: 4
hint: restart
"""

import numpy as np


def double_decay(update, learning_rate, epoch_decay, update_decay, steps_per_epoch):
    epoch, in_epoch = update // steps_per_epoch, update % steps_per_epoch
    return learning_rate * np.exp(-epoch_decay * epoch) / (1 + update_decay * in_epoch)
