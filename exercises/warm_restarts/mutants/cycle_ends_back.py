"""What people do: they wait for the first rate to come back.

part: cycle_ends
loses: 1
hint: back
"""


def cycle_ends(rates):
    return [i for i in range(1, len(rates)) if rates[i] == rates[0]] + [len(rates)]
