"""What people do: they set the time back after the epoch that should be the first of the new cycle.

part: restarted
loses: 4
hint: late
"""


def restarted(schedule, after, n_epochs):
    rates, last = [], 0
    for epoch in range(n_epochs):
        rates.append(schedule(epoch - last))
        if epoch in after:
            last = epoch
    return rates
