"""What people do: they restart at the distance of the first restart.

part: restarted
loses: 4
hint: periodic
"""


def restarted(schedule, after, n_epochs):
    return [schedule(epoch % after[0]) for epoch in range(n_epochs)]
