"""What people do: they wait for a next restart that is not always there.

part: restarted
loses: 1
hint: empty
"""


def restarted(schedule, after, n_epochs):
    rates, last, following = [], 0, 0
    for epoch in range(n_epochs):
        if epoch == after[following]:
            last = epoch
            following = min(following + 1, len(after) - 1)
        rates.append(schedule(epoch - last))
    return rates
