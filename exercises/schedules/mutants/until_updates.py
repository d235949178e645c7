"""What people do: take a share of the number of updates.

part: updates_until
loses: 4
hint: updates
"""

import numpy as np


def updates_until(rates, share):
    return int(np.ceil(share * len(rates)))
