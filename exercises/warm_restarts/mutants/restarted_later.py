"""What people do: they begin the new cycle an epoch late.

part: restarted
loses: 4
hint: late
"""


def restarted(schedule, after, n_epochs):
    rates, time = [], 0
    for epoch in range(n_epochs):
        rates.append(schedule(time))
        time = 0 if epoch in after else time + 1
    return rates
