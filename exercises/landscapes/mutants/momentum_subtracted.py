"""A velocity that points uphill and is subtracted: the right position, the velocity's sign not.

part: momentum_step
loses: 4
hint: uphill
"""


def momentum_step(x, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity + learning_rate * gradient
    return x - velocity, velocity
