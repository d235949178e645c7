"""What people do: wait until the share is exceeded.

part: updates_until
loses: 1
hint: exceeded
"""

import numpy as np


def updates_until(rates, share):
    total, goal = 0.0, share * np.sum(rates)
    for done, rate in enumerate(rates):
        total += rate
        if total > goal:
            return done + 1
    return len(rates)
