"""What people do: they put cycles together, also those after the end.

part: restarted
loses: 1
hint: beyond
"""

import numpy as np


def restarted(schedule, after, n_epochs):
    lengths = np.diff([0, *after, n_epochs])
    return [schedule(time) for length in lengths for time in range(length)]
