"""What people do: they return the number before the last draw.

part: trials_needed
loses: 3
hint: off
"""


def trials_needed(n_good, n_all, confidence):
    miss = 1
    for n in range(n_all):
        miss *= (n_all - n_good - n) / (n_all - n)
        if 1 - miss >= confidence:
            return n
