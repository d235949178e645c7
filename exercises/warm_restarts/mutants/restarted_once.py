"""What people do: they bring the first rate back for one epoch.

part: restarted
loses: 4
hint: once
"""


def restarted(schedule, after, n_epochs):
    return [schedule(0) if epoch in after else schedule(epoch) for epoch in range(n_epochs)]
