"""What people do: they look for rates below both neighbors.

part: cycle_ends
loses: 1
hint: dip
"""


def cycle_ends(rates):
    n = len(rates)
    ends = [i + 1 for i in range(1, n - 1) if rates[i - 1] > rates[i] < rates[i + 1]]
    return [*ends, n]
