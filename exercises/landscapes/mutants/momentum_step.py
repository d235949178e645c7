# %% momentum_damped: A running mean, as in Adam: the gradient counts by 1 - momentum
# loses 4, hint damped
def momentum_step(x, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity - (1 - momentum) * learning_rate * gradient
    return x + velocity, velocity

# %% momentum_old_velocity: Moves first and changes the velocity afterwards
# loses 2, hint old_velocity
def momentum_step(x, velocity, gradient, learning_rate, momentum):
    new_x = x + velocity
    new_velocity = momentum * velocity - learning_rate * gradient
    return new_x, new_velocity

# %% momentum_rate_outside: The velocity of other libraries, without the learning rate in it
# loses 4, hint rate_outside
def momentum_step(x, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity + gradient
    return x - learning_rate * velocity, velocity

# %% momentum_subtracted: A velocity that points uphill and is subtracted: the right position, the velocity's sign not
# loses 4, hint uphill
def momentum_step(x, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity + learning_rate * gradient
    return x - velocity, velocity

# %% momentum_uphill: Adds the gradient to the velocity and the velocity to the position
# loses 4, hint uphill
def momentum_step(x, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity + learning_rate * gradient
    return x + velocity, velocity

# %% nesterov: look ahead as Nesterov does and move by momentum times the new velocity minus another gradient step
import numpy as np


def momentum_step(x, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity - learning_rate * gradient
    return x + momentum * velocity - learning_rate * gradient, velocity

# %% old_velocity_moves: move the position by the old velocity instead of the new one
import numpy as np


def momentum_step(x, velocity, gradient, learning_rate, momentum):
    new_x = x + velocity
    new_velocity = momentum * velocity - learning_rate * gradient
    return new_x, new_velocity

# %% velocity_uphill: keep a velocity that points uphill and subtract it, the other sign convention
import numpy as np


def momentum_step(x, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity + learning_rate * gradient
    return x - velocity, velocity

# %% running_mean: weight the gradient with 1 - momentum as in a running mean
import numpy as np


def momentum_step(x, velocity, gradient, learning_rate, momentum):
    new_velocity = momentum * velocity - (1 - momentum) * learning_rate * gradient
    return x + new_velocity, new_velocity

# %% rate_at_the_position: keep the learning rate out of the velocity and multiply it in only when the position moves
import numpy as np


def momentum_step(x, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity - gradient
    x = x + learning_rate * velocity
    return x, velocity

# %% velocity_in_place: change the velocity that they are given in place
import numpy as np


def momentum_step(x, velocity, gradient, learning_rate, momentum):
    velocity *= momentum
    velocity -= learning_rate * gradient
    return x + velocity, velocity

# %% position_in_place: change the position that they are given in place
import numpy as np


def momentum_step(x, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity - learning_rate * gradient
    x += velocity
    return x, velocity

# %% gradient_in_place: multiply the gradient that they are given by the learning rate in place
import numpy as np


def momentum_step(x, velocity, gradient, learning_rate, momentum):
    gradient *= learning_rate
    new_velocity = momentum * velocity - gradient
    return x + new_velocity, new_velocity

# %% own_velocity: keep the velocity in a variable outside from call to call and take the argument only the first time
import numpy as np

memory = {}


def momentum_step(x, velocity, gradient, learning_rate, momentum):
    v = memory.get("velocity", velocity)
    if v.shape != x.shape:
        v = velocity
    v = momentum * v - learning_rate * gradient
    memory["velocity"] = v
    return x + v, v

# %% momentum_on_both: multiply the gradient by the momentum too
import numpy as np


def momentum_step(x, velocity, gradient, learning_rate, momentum):
    new_velocity = momentum * (velocity - learning_rate * gradient)
    return x + new_velocity, new_velocity

# %% flattened: go through the numbers one by one and return flat arrays, which loses the shape of weights
import numpy as np


def momentum_step(x, velocity, gradient, learning_rate, momentum):
    new_x, new_velocity = [], []
    for xi, vi, gi in zip(x.flat, velocity.flat, gradient.flat):
        v = momentum * vi - learning_rate * gi
        new_velocity.append(v)
        new_x.append(xi + v)
    return np.array(new_x), np.array(new_velocity)

# %% clipped_gradient: clip the gradient to -10 and 10 so that steep walls do no harm
import numpy as np


def momentum_step(x, velocity, gradient, learning_rate, momentum):
    gradient = np.clip(gradient, -10, 10)
    new_velocity = momentum * velocity - learning_rate * gradient
    return x + new_velocity, new_velocity

# %% clipped_to_the_map: clip the new position to the Beale function's map
import numpy as np


def momentum_step(x, velocity, gradient, learning_rate, momentum):
    new_velocity = momentum * velocity - learning_rate * gradient
    new_x = np.clip(x + new_velocity, -4.5, 4.5)
    return new_x, new_velocity

# %% whole_number_results: make the results with empty_like, which cuts off the decimals when the position or the velocity holds whole numbers
# loses 1, hint whole_numbers
import numpy as np


def momentum_step(x, velocity, gradient, learning_rate, momentum):
    new_x = np.empty_like(x)
    new_velocity = np.empty_like(velocity)
    new_velocity[...] = momentum * velocity - learning_rate * gradient
    new_x[...] = x + new_velocity
    return new_x, new_velocity

# %% fixed_momentum: write 0.9 instead of the argument momentum
import numpy as np


def momentum_step(x, velocity, gradient, learning_rate, momentum):
    new_velocity = 0.9 * velocity - learning_rate * gradient
    new_x = x + new_velocity
    return new_x, new_velocity

# %% gradient_twice: move by the new velocity and subtract the gradient step once more
import numpy as np


def momentum_step(x, velocity, gradient, learning_rate, momentum):
    step = learning_rate * gradient
    new_velocity = momentum * velocity - step
    new_x = x - step + new_velocity
    return new_x, new_velocity

# %% share_that_is_lost: take momentum for the share that the velocity loses instead of the share that it keeps
import numpy as np


def momentum_step(x, velocity, gradient, learning_rate, momentum):
    new_velocity = velocity - momentum * velocity - learning_rate * gradient
    return x + new_velocity, new_velocity

# %% stale_velocity: move by the new velocity but return the old one
import numpy as np


def momentum_step(x, velocity, gradient, learning_rate, momentum):
    new_x = x + momentum * velocity - learning_rate * gradient
    return new_x, velocity.copy()

# %% stop_where_flat: stay and stop where the gradient is zero, although the velocity carries on
# loses 2, hint stopped
import numpy as np


def momentum_step(x, velocity, gradient, learning_rate, momentum):
    if not np.any(gradient):
        return x.copy(), np.zeros_like(velocity)
    new_velocity = momentum * velocity - learning_rate * gradient
    return x + new_velocity, new_velocity

# %% rounded: round the results to four decimals as in the expected output
import numpy as np


def momentum_step(x, velocity, gradient, learning_rate, momentum):
    velocity = np.round(momentum * velocity - learning_rate * gradient, 4)
    return np.round(x + velocity, 4), velocity
