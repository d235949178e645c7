"""What people do: they take the chapter's formula, which is for draws with repetition.

part: trials_needed
loses: 3
hint: repetition
"""

import math


def trials_needed(n_good, n_all, confidence):
    return math.ceil(math.log(1 - confidence) / math.log(1 - n_good / n_all))
