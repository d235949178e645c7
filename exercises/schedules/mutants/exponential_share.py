"""What people do: lose the share decay in each epoch.

part: exponential
loses: 4
hint: share
"""


def exponential(update, learning_rate, decay, steps_per_epoch):
    return learning_rate * (1 - decay) ** (update / steps_per_epoch)
