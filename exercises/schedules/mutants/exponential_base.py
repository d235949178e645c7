"""What people do: take the decay itself as the base of the power.

part: exponential
loses: 4
hint: base
"""


def exponential(update, learning_rate, decay, steps_per_epoch):
    return learning_rate * decay ** (update / steps_per_epoch)
