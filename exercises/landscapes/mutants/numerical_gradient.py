# %% gradient_all_at_once: One line without a loop, because NumPy does it for all coordinates; it moves all of them
# loses 4, hint all_at_once
import numpy as np


def numerical_gradient(f, x, h):
    slope = (f(x + h) - f(x - h)) / (2 * h)
    return slope * np.ones(len(x))

# %% gradient_by_h: The two points are 2h apart; people divide by h
# loses 3, hint divided_by_h
import numpy as np


def numerical_gradient(f, x, h):
    gradient = []
    for direction in np.eye(len(x)):
        gradient.append((f(x + h * direction) - f(x - h * direction)) / h)
    return np.array(gradient)

# %% gradient_center: f(x) is computed for safety, once, and not used
# loses 1, hint center
import numpy as np


def numerical_gradient(f, x, h):
    value = f(x)
    gradient = np.zeros(len(x))
    for i in range(len(x)):
        e = np.zeros(len(x))
        e[i] = h
        right = f(x + e) - value
        left = value - f(x - e)
        gradient[i] = (right + left) / (2 * h)
    return gradient

# %% gradient_forward: A forward difference: f(x) is there already, so why ask twice
# loses 4, hint forward, center
import numpy as np


def numerical_gradient(f, x, h):
    x = np.array(x, dtype=float)
    here = f(x)
    gradient = np.zeros_like(x)
    for i in range(len(x)):
        moved = x.copy()
        moved[i] += h
        gradient[i] = (f(moved) - here) / h
    return gradient

# %% gradient_whole_numbers: Changes a copy in place; a copy of whole numbers swallows the small step
# loses 1, hint whole_numbers
import numpy as np


def numerical_gradient(f, x, h):
    gradient = np.zeros(len(x))
    for i in range(len(x)):
        up, down = x.copy(), x.copy()
        up[i] = x[i] + h
        down[i] = x[i] - h
        gradient[i] = (f(up) - f(down)) / (2 * h)
    return gradient

# %% forward_difference: take a forward difference, which compares with the point itself instead of the other side
import numpy as np


def numerical_gradient(f, x, h):
    x = np.array(x, dtype=float)
    here = f(x.copy())
    gradient = np.zeros(len(x))
    for i in range(len(x)):
        moved = x.copy()
        moved[i] += h
        gradient[i] = (f(moved) - here) / h
    return gradient

# %% divide_by_h: divide the difference of the two sides by h instead of 2h
import numpy as np


def numerical_gradient(f, x, h):
    x = np.asarray(x, dtype=float)
    return np.array([(f(x + h * e) - f(x - h * e)) / h for e in np.eye(len(x))])

# %% multiply_by_h: write / 2 * h without parentheses, which multiplies by h
import numpy as np


def numerical_gradient(f, x, h):
    x = np.asarray(x, dtype=float)
    gradient = []
    for e in np.eye(len(x)):
        gradient.append((f(x + h * e) - f(x - h * e)) / 2 * h)
    return np.array(gradient)

# %% whole_number_copy: copy x with its own type, so that the step is cut off when x holds whole numbers
import numpy as np


def numerical_gradient(f, x, h):
    gradient = np.zeros(len(x))
    for i in range(len(x)):
        plus = x.copy()
        minus = x.copy()
        plus[i] = x[i] + h
        minus[i] = x[i] - h
        gradient[i] = (f(plus) - f(minus)) / (2 * h)
    return gradient

# %% not_stepped_back: move x itself up and then down and forget to put it back, so that x is changed and later coordinates start from the lower side
import numpy as np


def numerical_gradient(f, x, h):
    x = np.asarray(x, dtype=float)
    gradient = np.zeros(x.shape)
    for i in range(x.size):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        below = f(x)
        gradient[i] = (above - below) / (2 * h)
    return gradient

# %% steps_accumulate: make the two moved points once before the loop, so that the steps of earlier coordinates stay in them
import numpy as np


def numerical_gradient(f, x, h):
    plus = np.array(x, dtype=float)
    minus = np.array(x, dtype=float)
    gradient = np.zeros(len(plus))
    for i in range(len(plus)):
        plus[i] += h
        minus[i] -= h
        gradient[i] = (f(plus) - f(minus)) / (2 * h)
    return gradient

# %% two_coordinates: write out the two coordinates of the Beale function, so that any other number of coordinates fails
import numpy as np


def numerical_gradient(f, x, h):
    x1, x2 = float(x[0]), float(x[1])
    d1 = (f(np.array([x1 + h, x2])) - f(np.array([x1 - h, x2]))) / (2 * h)
    d2 = (f(np.array([x1, x2 + h])) - f(np.array([x1, x2 - h]))) / (2 * h)
    return np.array([d1, d2])

# %% all_at_once: move all coordinates at once and return the same number for each
import numpy as np


def numerical_gradient(f, x, h):
    x = np.asarray(x, dtype=float)
    slope = (f(x + h) - f(x - h)) / (2 * h)
    return np.full(x.shape, slope)

# %% fixed_step: ignore h and always step by 0.00001
import numpy as np


def numerical_gradient(f, x, h):
    h = 1e-5
    x = np.asarray(x, dtype=float)
    return np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(len(x))])

# %% relative_step: multiply the step by the size of the coordinate where that is larger than 1
import numpy as np


def numerical_gradient(f, x, h):
    x = np.asarray(x, dtype=float)
    gradient = np.zeros(len(x))
    for i in range(len(x)):
        step = np.zeros(len(x))
        step[i] = h * max(1.0, abs(x[i]))
        gradient[i] = (f(x + step) - f(x - step)) / (2 * step[i])
    return gradient

# %% mean_of_two_sides: take the mean of the forward and the backward difference, which needs f(x) besides the two evaluations
import numpy as np


def numerical_gradient(f, x, h):
    x = np.asarray(x, dtype=float)
    gradient = np.zeros(len(x))
    for i, e in enumerate(np.eye(len(x))):
        forward = (f(x + h * e) - f(x)) / h
        backward = (f(x) - f(x - h * e)) / h
        gradient[i] = (forward + backward) / 2
    return gradient

# %% four_evaluations: improve the difference with a second one at half the step, which takes four evaluations for each coordinate
import numpy as np


def central(f, x, e, h):
    return (f(x + h * e) - f(x - h * e)) / (2 * h)


def numerical_gradient(f, x, h):
    x = np.asarray(x, dtype=float)
    return np.array(
        [(4 * central(f, x, e, h / 2) - central(f, x, e, h)) / 3 for e in np.eye(len(x))]
    )

# %% whole_number_result: make the result with zeros_like(x), which cuts off the decimals when x holds whole numbers
import numpy as np


def numerical_gradient(f, x, h):
    gradient = np.zeros_like(x)
    for i in range(len(x)):
        e = np.zeros(len(x))
        e[i] = 1
        gradient[i] = (f(x + h * e) - f(x - h * e)) / (2 * h)
    return gradient

# %% single_precision: turn x into floats of 32 bits, in which a small step is rounded away
import numpy as np


def numerical_gradient(f, x, h):
    x = np.asarray(x).astype(np.float32)
    gradient = np.zeros(len(x))
    for i in range(len(x)):
        plus, minus = x.copy(), x.copy()
        plus[i] += h
        minus[i] -= h
        gradient[i] = (f(plus) - f(minus)) / (2 * h)
    return gradient

# %% in_place_steps: add the steps to x in place, which fails for whole numbers
import numpy as np


def numerical_gradient(f, x, h):
    gradient = np.zeros(len(x))
    for i, e in enumerate(np.eye(len(x))):
        x += h * e
        above = f(x)
        x -= 2 * h * e
        below = f(x)
        x += h * e
        gradient[i] = (above - below) / (2 * h)
    return gradient

# %% half_steps: step by half of h to each side and divide by h
import numpy as np


def numerical_gradient(f, x, h):
    x = np.asarray(x, dtype=float)
    return np.array([(f(x + h / 2 * e) - f(x - h / 2 * e)) / h for e in np.eye(len(x))])

# %% squeezed: squeeze the result, which is no array of shape (1,) any more for one coordinate
import numpy as np


def numerical_gradient(f, x, h):
    x = np.asarray(x, dtype=float)
    steps = h * np.eye(x.size)
    above = np.array([f(x + step) for step in steps])
    below = np.array([f(x - step) for step in steps])
    return np.squeeze((above - below) / (2 * h))

# %% lists_as_points: give f the moved points as lists instead of arrays
import numpy as np


def numerical_gradient(f, x, h):
    gradient = []
    for i in range(len(x)):
        plus = [float(value) for value in x]
        minus = [float(value) for value in x]
        plus[i] += h
        minus[i] -= h
        gradient.append((f(plus) - f(minus)) / (2 * h))
    return np.array(gradient)

# %% remembered_values: keep the values of f from earlier calls by their point, although another f may be asked for
import numpy as np

known = {}


def numerical_gradient(f, x, h):
    def value(point):
        key = tuple(point)
        if key not in known:
            known[key] = f(point)
        return known[key]

    x = np.asarray(x, dtype=float)
    return np.array([(value(x + h * e) - value(x - h * e)) / (2 * h) for e in np.eye(len(x))])

# %% downhill: return the way down, the negative of the gradient
import numpy as np


def numerical_gradient(f, x, h):
    x = np.asarray(x, dtype=float)
    return np.array([(f(x - h * e) - f(x + h * e)) / (2 * h) for e in np.eye(len(x))])

# %% moved_and_moved_back: move a coordinate of x itself up, down and back, which leaves rounding errors in the caller's x
import numpy as np


def numerical_gradient(f, x, h):
    x = np.asarray(x, dtype=float)
    gradient = np.zeros(len(x))
    for i in range(len(x)):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        gradient[i] = (above - f(x)) / (2 * h)
        x[i] += h
    return gradient
