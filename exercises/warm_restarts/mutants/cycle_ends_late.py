"""What people do: they take the snapshot after the first epoch of the new cycle.

part: cycle_ends
loses: 4
hint: late
"""


def cycle_ends(rates):
    ends = [i + 1 for i in range(1, len(rates)) if rates[i] > rates[i - 1]]
    return [*ends, len(rates)]
