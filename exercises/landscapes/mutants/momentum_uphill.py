"""Adds the gradient to the velocity and the velocity to the position.

part: momentum_step
loses: 4
hint: uphill
"""


def momentum_step(x, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity + learning_rate * gradient
    return x + velocity, velocity
