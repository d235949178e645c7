# %% first: think of one coordinate only
# loses 3, hint first
import numpy as np


def kernel(a, b, length_scale):
    length = np.ravel(length_scale)[0]
    return np.exp(-0.5 * ((a[:, [0]] - b[:, 0]) / length) ** 2)

# %% half: leave out the factor ½
# loses 4, hint half
import numpy as np


def kernel(a, b, length_scale):
    scaled = (a[:, None] - b) / length_scale
    return np.exp(-(scaled**2).sum(axis=-1))

# %% matern: copy the kernel of the chapter
# loses 4, hint matern
import numpy as np


def kernel(a, b, length_scale):
    s = np.sqrt(5 * np.square((a[:, None] - b) / length_scale).sum(axis=-1))
    return (1 + s + s**2 / 3) * np.exp(-s)

# %% mean: average over the coordinates, as for a mean squared error
# loses 3, hint mean
import numpy as np


def kernel(a, b, length_scale):
    scaled = (a[:, None] - b) / length_scale
    return np.exp(-0.5 * (scaled**2).mean(axis=-1))

# %% multiplied: multiply by the length scale
# loses 4, hint multiplied
import numpy as np


def kernel(a, b, length_scale):
    scaled = (a[:, None] - b) * length_scale
    return np.exp(-np.square(scaled).sum(axis=-1) / 2)

# %% root: take the distance where its square belongs
# loses 4, hint root
import numpy as np


def kernel(a, b, length_scale):
    distance = np.linalg.norm((a[:, None] - b) / length_scale, axis=-1)
    return np.exp(-distance / 2)

# %% scale: divide the squared difference by the length scale, which is not squared
# loses 4, hint scale
import numpy as np


def kernel(a, b, length_scale):
    square = np.square(a[:, None] - b)
    return np.exp(-0.5 * (square / length_scale).sum(axis=-1))

# %% no_half: forget the factor one half in the exponent
import numpy as np


def kernel(a, b, length_scale):
    scaled = (a[:, None, :] - b[None, :, :]) / length_scale
    return np.exp(-np.sum(scaled**2, axis=-1))

# %% half_inside_the_square: put the half inside the square, so that it counts as a quarter
import numpy as np


def kernel(a, b, length_scale):
    scaled = (a[:, None, :] - b[None, :, :]) / (2 * np.asarray(length_scale))
    return np.exp(-np.sum(scaled**2, axis=-1))

# %% length_not_squared: square the differences but not the length scales
import numpy as np


def kernel(a, b, length_scale):
    squares = (a[:, None, :] - b[None, :, :]) ** 2
    return np.exp(-0.5 * np.sum(squares / length_scale, axis=-1))

# %% distance_not_squared: take the scaled distance itself and not its square
import numpy as np


def kernel(a, b, length_scale):
    scaled = (a[:, None, :] - b[None, :, :]) / length_scale
    return np.exp(-0.5 * np.linalg.norm(scaled, axis=-1))

# %% mean_over_coordinates: average over the coordinates in place of the sum, which is the same for one coordinate
import numpy as np


def kernel(a, b, length_scale):
    scaled = (a[:, None, :] - b[None, :, :]) / length_scale
    return np.exp(-0.5 * np.mean(scaled**2, axis=-1))

# %% square_of_the_sum: add the scaled differences of the coordinates first and square the sum
import numpy as np


def kernel(a, b, length_scale):
    scaled = (a[:, None, :] - b[None, :, :]) / length_scale
    return np.exp(-0.5 * np.sum(scaled, axis=-1) ** 2)

# %% largest_coordinate: take only the coordinate with the largest scaled difference
import numpy as np


def kernel(a, b, length_scale):
    scaled = np.abs(a[:, None, :] - b[None, :, :]) / length_scale
    return np.exp(-0.5 * scaled.max(axis=-1) ** 2)

# %% one_length_for_all: take the mean of the length scales for every coordinate
import numpy as np


def kernel(a, b, length_scale):
    length = np.mean(length_scale)
    squares = np.sum((a[:, None, :] - b[None, :, :]) ** 2, axis=-1)
    return np.exp(-0.5 * squares / length**2)

# %% first_length_only: use the first length scale for all coordinates when there are several
import numpy as np


def kernel(a, b, length_scale):
    length = np.ravel(length_scale)[0]
    squares = np.sum((a[:, None, :] - b[None, :, :]) ** 2, axis=-1)
    return np.exp(-0.5 * squares / length**2)

# %% scaled_twice_in_place: divide both arrays in place, which changes the inputs and scales twice when both are the same array
import numpy as np


def kernel(a, b, length_scale):
    a /= length_scale
    b /= length_scale
    squares = np.sum((a[:, None, :] - b[None, :, :]) ** 2, axis=-1)
    return np.exp(-0.5 * squares)

# %% symmetric_when_square: fill only the upper half and mirror it when both arrays have the same number of points
import numpy as np


def kernel(a, b, length_scale):
    n, m = len(a), len(b)
    k = np.ones((n, m))
    if n == m:  # the matrix is symmetric: half of the work is enough
        for i in range(n):
            for j in range(i + 1, m):
                k[i, j] = np.exp(-0.5 * np.sum(((a[i] - b[j]) / length_scale) ** 2))
                k[j, i] = k[i, j]
        return k
    for i in range(n):
        for j in range(m):
            k[i, j] = np.exp(-0.5 * np.sum(((a[i] - b[j]) / length_scale) ** 2))
    return k

# %% jitter_when_square: add a little to the diagonal, for stability, whenever the matrix is square
import numpy as np


def kernel(a, b, length_scale):
    scaled = (a[:, None, :] - b[None, :, :]) / length_scale
    k = np.exp(-0.5 * np.sum(scaled**2, axis=-1))
    if len(a) == len(b):
        k = k + 1e-4 * np.eye(len(a))
    return k

# %% dtype_of_the_points: make the result array of the type of the points, so that integer points give zeros and ones
import numpy as np


def kernel(a, b, length_scale):
    k = np.empty((len(a), len(b)), dtype=a.dtype)
    for i, p in enumerate(a):
        for j, q in enumerate(b):
            k[i, j] = np.exp(-0.5 * np.sum(((p - q) / length_scale) ** 2))
    return k

# %% two_coordinates: loop over the two coordinates of the example, whatever the number is
import numpy as np


def kernel(a, b, length_scale):
    length = np.broadcast_to(length_scale, 2)
    exponent = 0
    for j in range(min(2, a.shape[1])):
        exponent = exponent + ((a[:, [j]] - b[:, j]) / length[j]) ** 2
    return np.exp(-0.5 * exponent)

# %% length_for_each_point: spread a single length scale over the points and not over the coordinates, which only fits while there are as many
import numpy as np


def kernel(a, b, length_scale):
    if np.ndim(length_scale) == 0:
        length_scale = length_scale * np.ones(a.shape[0])
    scaled = (a[:, None, :] - b[None, :, :]) / length_scale
    return np.exp(-0.5 * np.sum(scaled**2, axis=-1))

# %% squeezed: drop the axis of length one when one of the arrays has a single point
import numpy as np


def kernel(a, b, length_scale):
    scaled = (a[:, None, :] - b[None, :, :]) / length_scale
    return np.exp(-0.5 * np.sum(scaled**2, axis=-1)).squeeze()

# %% transposed: put the points of b into the rows
import numpy as np


def kernel(a, b, length_scale):
    scaled = (a[None, :, :] - b[:, None, :]) / length_scale
    return np.exp(-0.5 * np.sum(scaled**2, axis=-1))

# %% cut_off: set the kernel to zero beyond four length scales
import numpy as np


def kernel(a, b, length_scale):
    scaled = (a[:, None, :] - b[None, :, :]) / length_scale
    distance = np.sqrt(np.sum(scaled**2, axis=-1))
    return np.where(distance > 4, 0.0, np.exp(-0.5 * distance**2))

# %% matern_of_the_chapter: take the Matérn 5/2 kernel of the chapter
import numpy as np


def kernel(a, b, length_scale):
    s = np.sqrt(5 * np.square((a[:, None] - b) / length_scale).sum(axis=-1))
    return (1 + s + s**2 / 3) * np.exp(-s)

# %% remembered_by_shape: keep the matrix of an earlier call and return it again when the numbers of points and the length scale are the same
import numpy as np

_known = {}


def kernel(a, b, length_scale):
    key = (a.shape, b.shape, tuple(np.ravel(length_scale)))
    if key not in _known:
        scaled = (a[:, None, :] - b[None, :, :]) / length_scale
        _known[key] = np.exp(-0.5 * np.sum(scaled**2, axis=-1))
    return _known[key]
