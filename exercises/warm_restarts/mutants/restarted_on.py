"""What people do: they repeat the last cycle until the training ends.

part: restarted
loses: 1
hint: periodic
"""


def restarted(schedule, after, n_epochs):
    after = list(after)
    if len(after) > 1:
        gap = after[-1] - after[-2]
        while after[-1] + gap < n_epochs:
            after.append(after[-1] + gap)
    return [schedule(e - max([a for a in after if a <= e], default=0)) for e in range(n_epochs)]
