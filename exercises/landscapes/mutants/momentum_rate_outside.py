"""The velocity of other libraries, without the learning rate in it.

part: momentum_step
loses: 4
hint: rate_outside
"""


def momentum_step(x, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity + gradient
    return x - learning_rate * velocity, velocity
