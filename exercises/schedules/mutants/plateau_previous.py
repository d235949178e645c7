"""What people do: compare with the loss of the epoch before.

part: plateau
loses: 1
hint: previous
"""


def plateau(losses, learning_rate, factor, patience, min_learning_rate):
    rate, waited, rates = learning_rate, 0, []
    for epoch, loss in enumerate(losses):
        rates.append(rate)
        if epoch == 0 or loss < losses[epoch - 1]:
            waited = 0
        else:
            waited += 1
            if waited >= patience:
                rate, waited = max(rate * factor, min_learning_rate), 0
    return rates
