"""What people do: they lose the time of the last restart in each turn of the loop.

part: restarted
loses: 4
hint: never
"""


def restarted(schedule, after, n_epochs):
    rates = []
    for epoch in range(n_epochs):
        last = 0
        rates.append(schedule(epoch - last))
        if epoch + 1 in after:
            last = epoch + 1
    return rates
