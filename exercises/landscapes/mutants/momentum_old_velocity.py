"""Moves first and changes the velocity afterwards.

part: momentum_step
loses: 2
hint: old_velocity
"""


def momentum_step(x, velocity, gradient, learning_rate, momentum):
    new_x = x + velocity
    new_velocity = momentum * velocity - learning_rate * gradient
    return new_x, new_velocity
