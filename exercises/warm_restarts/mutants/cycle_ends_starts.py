"""What people do: they return where cycles start.

part: cycle_ends
loses: 4
hint: starts
"""


def cycle_ends(rates):
    return [i for i in range(len(rates)) if i == 0 or rates[i] > rates[i - 1]]
