"""What people do: compare the sum of rates with the share itself.

part: updates_until
loses: 3
hint: units
"""

import numpy as np


def updates_until(rates, share):
    return int(np.argmax(np.cumsum(rates) >= share)) + 1
