"""What people do: find when the share is still to come.

part: updates_until
loses: 4
hint: left
"""

import numpy as np


def updates_until(rates, share):
    done = np.cumsum(rates) / np.sum(rates)
    return int(np.argmax(1 - done <= share)) + 1
