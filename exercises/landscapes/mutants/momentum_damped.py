"""A running mean, as in Adam: the gradient counts by 1 - momentum.

part: momentum_step
loses: 4
hint: damped
"""


def momentum_step(x, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity - (1 - momentum) * learning_rate * gradient
    return x + velocity, velocity
