# %% clipped_at_end: Clips the finished path in one line
# loses 2, hint clipped_at_end
import numpy as np


def descend(gradient, step, start, n_steps, low, high):
    path = [start]
    for _ in range(n_steps):
        path.append(step(path[-1], gradient(path[-1])))
    return np.clip(np.array(path), low, high)

# %% no_clipping: Forgets the bounds
# loses 2, hint no_clipping
import numpy as np


def descend(gradient, step, start, n_steps, low, high):
    path = [start]
    for _ in range(n_steps):
        path.append(step(path[-1], gradient(path[-1])))
    return np.array(path)

# %% no_start: Keeps the point after each step and forgets the start
# loses 4, hint no_start
import numpy as np


def descend(gradient, step, start, n_steps, low, high):
    x, path = start, []
    for _ in range(n_steps):
        x = np.clip(step(x, gradient(x)), low, high)
        path.append(x)
    return np.array(path)

# %% one_short: An array of n_steps points, the start among them
# loses 5, hint one_short
import numpy as np


def descend(gradient, step, start, n_steps, low, high):
    path = np.zeros((n_steps, len(start)))
    path[0] = start
    for t in range(1, n_steps):
        x = path[t - 1]
        path[t] = np.clip(step(x, gradient(x)), low, high)
    return path

# %% start_gradient: Asks for the gradient once, before the loop
# loses 5, hint start_gradient
import numpy as np


def descend(gradient, step, start, n_steps, low, high):
    g = gradient(start)
    path = [start]
    for _ in range(n_steps):
        path.append(np.clip(step(path[-1], g), low, high))
    return np.array(path)

# %% no_clipping_again: do not clip to the bounds at all
import numpy as np


def descend(gradient, step, start, n_steps, low, high):
    x = np.array(start, dtype=float)
    path = [x]
    for _ in range(n_steps):
        x = step(x, gradient(x))
        path.append(x)
    return np.array(path)

# %% only_the_record_clipped: clip the points in the path but go on from the points outside
import numpy as np


def descend(gradient, step, start, n_steps, low, high):
    x = np.array(start, dtype=float)
    path = [x.copy()]
    for _ in range(n_steps):
        x = step(x, gradient(x))
        path.append(np.clip(x, low, high))
    return np.array(path)

# %% gradient_before_clipping: ask for the next gradient before they clip the new point
import numpy as np


def descend(gradient, step, start, n_steps, low, high):
    x = np.array(start, dtype=float)
    path = [x]
    if n_steps > 0:
        g = gradient(x)
    for k in range(n_steps):
        new = step(x, g)
        if k < n_steps - 1:
            g = gradient(new)
        x = np.clip(new, low, high)
        path.append(x)
    return np.array(path)

# %% start_changed: write each new point into the array of the start, which the caller still needs
import numpy as np


def descend(gradient, step, start, n_steps, low, high):
    x = np.asarray(start, dtype=float)
    path = np.empty((n_steps + 1, len(x)))
    path[0] = x
    for k in range(n_steps):
        x[:] = np.clip(step(x, gradient(x)), low, high)
        path[k + 1] = x
    return path

# %% whole_number_path: make the path with the type of the start, which cuts off the decimals when the start holds whole numbers
# loses 2, hint whole_numbers
import numpy as np


def descend(gradient, step, start, n_steps, low, high):
    path = np.tile(start, (n_steps + 1, 1))
    for k in range(n_steps):
        path[k + 1] = np.clip(step(path[k], gradient(path[k])), low, high)
    return path

# %% step_called_twice: call the step once to see whether it leaves the map and once more to make it
import numpy as np


def descend(gradient, step, start, n_steps, low, high):
    x = np.array(start, dtype=float)
    path = [x]
    for _ in range(n_steps):
        g = gradient(x)
        if np.any(step(x, g) < low) or np.any(step(x, g) > high):
            x = np.clip(step(x, g), low, high)
        else:
            x = step(x, g)
        path.append(x)
    return np.array(path)

# %% one_step_more: make one update more than needed and drop its point, which advances the memory of the rule
import numpy as np


def descend(gradient, step, start, n_steps, low, high):
    path = []
    x = np.array(start, dtype=float)
    for _ in range(n_steps + 1):
        path.append(x)
        x = np.clip(step(x, gradient(x)), low, high)
    return np.array(path)

# %% stay_where_flat: stop at a point with gradient zero and repeat it to the end, although a velocity would carry on
# loses 2, hint stopped
import numpy as np


def descend(gradient, step, start, n_steps, low, high):
    x = np.array(start, dtype=float)
    path = np.empty((n_steps + 1, len(x)))
    path[0] = x
    for k in range(n_steps):
        g = gradient(x)
        if np.allclose(g, 0):
            path[k + 1 :] = x
            break
        x = np.clip(step(x, g), low, high)
        path[k + 1] = x
    return path

# %% first_bounds_for_all: use the bounds of the first coordinate for all coordinates
import numpy as np


def descend(gradient, step, start, n_steps, low, high):
    path = [np.array(start, dtype=float)]
    for _ in range(n_steps):
        x = path[-1]
        path.append(np.clip(step(x, gradient(x)), low[0], high[0]))
    return np.array(path)

# %% lower_bound_only: clip at the lower bounds and forget the upper ones
import numpy as np


def descend(gradient, step, start, n_steps, low, high):
    path = [np.array(start, dtype=float)]
    for _ in range(n_steps):
        x = path[-1]
        path.append(np.maximum(step(x, gradient(x)), low))
    return np.array(path)

# %% step_for_each_coordinate: call the step once for each coordinate instead of once an update
import numpy as np


def descend(gradient, step, start, n_steps, low, high):
    x = np.array(start, dtype=float)
    path = [x]
    for _ in range(n_steps):
        g = gradient(x)
        x = np.array([np.clip(step(x[i], g[i]), low[i], high[i]) for i in range(len(x))])
        path.append(x)
    return np.array(path)

# %% own_rule: make plain gradient descent with the rate of the example instead of calling the rule
import numpy as np


def descend(gradient, step, start, n_steps, low, high):
    learning_rate = 0.9
    x = np.array(start, dtype=float)
    path = [x]
    for _ in range(n_steps):
        x = np.clip(x - learning_rate * gradient(x), low, high)
        path.append(x)
    return np.array(path)

# %% two_columns: make a path for two coordinates, so that any other number of coordinates fails
import numpy as np


def descend(gradient, step, start, n_steps, low, high):
    path = np.zeros((n_steps + 1, 2))
    path[0] = start
    for k in range(1, n_steps + 1):
        x = path[k - 1].copy()
        path[k] = np.clip(step(x, gradient(x)), low, high)
    return path

# %% shares_of_the_map: clip in shares of the map's width, which gives NaN for bounds at infinity
import numpy as np


def descend(gradient, step, start, n_steps, low, high):
    x = np.array(start, dtype=float)
    path = [x]
    for _ in range(n_steps):
        share = (step(x, gradient(x)) - low) / (high - low)
        x = low + np.clip(share, 0, 1) * (high - low)
        path.append(x)
    return np.array(path)

# %% no_steps_fail: stack the start on the later points, which fails for n_steps = 0
import numpy as np


def descend(gradient, step, start, n_steps, low, high):
    x = np.array(start, dtype=float)
    first = x
    points = []
    for _ in range(n_steps):
        x = np.clip(step(x, gradient(x)), low, high)
        points.append(x)
    return np.vstack([first, np.stack(points)])

# %% squeezed: squeeze the path, which loses the column of a landscape with one coordinate
import numpy as np


def descend(gradient, step, start, n_steps, low, high):
    x = np.array(start, dtype=float).reshape(-1)
    path = [x]
    for _ in range(n_steps):
        x = np.clip(step(x, gradient(x)), low, high)
        path.append(x)
    return np.squeeze(np.array(path))

# %% last_not_clipped: clip each point at the beginning of the next update, so that the last one is never clipped
# loses 2, hint last_not_clipped
import numpy as np


def descend(gradient, step, start, n_steps, low, high):
    path = np.empty((n_steps + 1, len(start)))
    path[0] = start
    for k in range(n_steps):
        if k > 0:
            path[k] = np.clip(path[k], low, high)
        x = path[k].copy()
        path[k + 1] = step(x, gradient(x))
    return path

# %% outward_gradient_removed: set the gradient to 0 where it would lead out of the map before the rule sees it
import numpy as np


def descend(gradient, step, start, n_steps, low, high):
    x = np.array(start, dtype=float)
    path = [x]
    for _ in range(n_steps):
        g = np.array(gradient(x), dtype=float)
        g[(x <= low) & (g > 0)] = 0
        g[(x >= high) & (g < 0)] = 0
        x = np.clip(step(x, g), low, high)
        path.append(x)
    return np.array(path)

# %% path_never_emptied: collect the points in a list outside the function that is never emptied
import numpy as np

path = []


def descend(gradient, step, start, n_steps, low, high):
    x = np.array(start, dtype=float)
    path.append(x)
    for _ in range(n_steps):
        x = np.clip(step(x, gradient(x)), low, high)
        path.append(x)
    return np.array(path)

# %% stop_when_still: end the path early when a step no longer moves the point
import numpy as np


def descend(gradient, step, start, n_steps, low, high):
    x = np.array(start, dtype=float)
    path = [x]
    for _ in range(n_steps):
        new = np.clip(step(x, gradient(x)), low, high)
        if np.allclose(new, x, atol=1e-12):
            break
        x = new
        path.append(x)
    return np.array(path)
