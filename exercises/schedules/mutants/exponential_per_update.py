"""What people do: decay per update instead of per epoch.

part: exponential
loses: 4
hint: update
"""

import numpy as np


def exponential(update, learning_rate, decay, steps_per_epoch):
    return learning_rate * np.exp(-decay * update)
