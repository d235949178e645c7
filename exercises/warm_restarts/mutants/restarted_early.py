"""What people do: they take the number of epochs done for the number of the last epoch.

part: restarted
loses: 4
hint: early
"""


def restarted(schedule, after, n_epochs):
    rates, time = [], 0
    for epoch in range(n_epochs):
        if epoch + 1 in after:
            time = 0
        rates.append(schedule(time))
        time += 1
    return rates
