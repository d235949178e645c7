# %% arrive_coordinates: Looks at each coordinate by itself, in a square instead of a circle
# loses 1, hint coordinates
import numpy as np


def steps_to_arrive(path, minimizer, tolerance):
    inside = (np.abs(path - minimizer) <= tolerance).all(axis=1)
    if not inside[-1]:
        return None
    k = len(inside) - 1
    while k > 0 and inside[k - 1]:
        k -= 1
    return k

# %% arrive_first_entry: Returns the first point within the tolerance
# loses 3, hint first_entry, left_again
import numpy as np


def steps_to_arrive(path, minimizer, tolerance):
    for k, x in enumerate(path):
        if np.linalg.norm(x - minimizer) <= tolerance:
            return k
    return None

# %% arrive_one_early: Returns the last point outside instead of the one after it
# loses 3, hint one_early
import numpy as np


def steps_to_arrive(path, minimizer, tolerance):
    outside = np.linalg.norm(path - minimizer, axis=1) > tolerance
    if outside[-1]:
        return None
    if not outside.any():
        return 0
    return int(np.flatnonzero(outside)[-1])

# %% first_visit: return the first point within the tolerance, whether the path stays there or not
import numpy as np


def steps_to_arrive(path, minimizer, tolerance):
    within = np.linalg.norm(path - minimizer, axis=1) <= tolerance
    if not within.any():
        return None
    return int(np.argmax(within))

# %% first_visit_and_end: return the first visit if only the end of the path is within the tolerance
import numpy as np


def steps_to_arrive(path, minimizer, tolerance):
    distance = np.linalg.norm(path - minimizer, axis=1)
    if distance[-1] > tolerance:
        return None
    for k, d in enumerate(distance):
        if d <= tolerance:
            return k

# %% strictly_less: ask for a distance less than the tolerance, although one that equals it is within
# loses 1, hint strict
import numpy as np


def steps_to_arrive(path, minimizer, tolerance):
    within = np.linalg.norm(path - minimizer, axis=1) < tolerance
    for k in range(len(path)):
        if within[k:].all():
            return k
    return None

# %% each_coordinate: compare each coordinate with the tolerance instead of the Euclidean distance
import numpy as np


def steps_to_arrive(path, minimizer, tolerance):
    within = np.all(np.abs(path - minimizer) <= tolerance, axis=1)
    for k in range(len(path)):
        if within[k:].all():
            return k
    return None

# %% sum_of_differences: add up the absolute differences of the coordinates instead of the Euclidean distance
import numpy as np


def steps_to_arrive(path, minimizer, tolerance):
    distance = np.abs(path - minimizer).sum(axis=1)
    for k in range(len(path)):
        if np.all(distance[k:] <= tolerance):
            return k
    return None

# %% squared_distance: forget the square root and compare the squared distance with the tolerance
import numpy as np


def steps_to_arrive(path, minimizer, tolerance):
    distance = ((path - minimizer) ** 2).sum(axis=1)
    if distance[-1] > tolerance:
        return None
    k = len(path) - 1
    while k > 0 and distance[k - 1] <= tolerance:
        k -= 1
    return k

# %% root_mean_square: take the mean over the coordinates instead of the sum before the square root
import numpy as np


def steps_to_arrive(path, minimizer, tolerance):
    distance = np.sqrt(np.mean((path - minimizer) ** 2, axis=1))
    for k in range(len(path)):
        if np.all(distance[k:] <= tolerance):
            return k
    return None

# %% two_coordinates: compute the distance from the first two coordinates only
import numpy as np


def steps_to_arrive(path, minimizer, tolerance):
    distance = np.hypot(path[:, 0] - minimizer[0], path[:, 1] - minimizer[1])
    outside = np.flatnonzero(~(distance <= tolerance))
    if len(outside) == 0:
        return 0
    if outside[-1] == len(path) - 1:
        return None
    return int(outside[-1]) + 1

# %% distance_from_zero: measure the distance from the origin, where the example has its minimizer
import numpy as np


def steps_to_arrive(path, minimizer, tolerance):
    distance = np.linalg.norm(path, axis=1)
    for k in range(len(path)):
        if np.all(distance[k:] <= tolerance):
            return k
    return None

# %% difference_of_lengths: compare the lengths of the point and of the minimizer instead of the length of their difference
import numpy as np


def steps_to_arrive(path, minimizer, tolerance):
    distance = np.abs(np.linalg.norm(path, axis=1) - np.linalg.norm(minimizer))
    for k in range(len(path)):
        if np.all(distance[k:] <= tolerance):
            return k
    return None

# %% fixed_tolerance: use the example's tolerance of 0.5 instead of the argument
import numpy as np


def steps_to_arrive(path, minimizer, tolerance):
    distance = np.linalg.norm(path - minimizer, axis=1)
    for k in range(len(path)):
        if np.all(distance[k:] <= 0.5):
            return k
    return None

# %% zero_taken_for_nothing: test the result for truth, so that a path that never leaves gives None instead of 0
import numpy as np


def steps_to_arrive(path, minimizer, tolerance):
    distance = np.linalg.norm(path - minimizer, axis=1)
    arrived = None
    for k in range(len(path) - 1, -1, -1):
        if not distance[k] <= tolerance:
            break
        arrived = k
    if not arrived:
        return None
    return arrived

# %% argmax_of_nothing: look for the last point outside with argmax from behind, which gives the length of the path when no point is outside
import numpy as np


def steps_to_arrive(path, minimizer, tolerance):
    outside = ~(np.linalg.norm(path - minimizer, axis=1) <= tolerance)
    if outside[-1]:
        return None
    return len(path) - int(np.argmax(outside[::-1]))

# %% start_left_out: look only at the points after the start, so that a path that never leaves gives 1
import numpy as np


def steps_to_arrive(path, minimizer, tolerance):
    within = np.linalg.norm(path - minimizer, axis=1) <= tolerance
    for k in range(1, len(path)):
        if within[k:].all():
            return k
    return None

# %% end_left_out: end the search one point too early, so that a path that arrives with its last step gives None
import numpy as np


def steps_to_arrive(path, minimizer, tolerance):
    n_steps = len(path) - 1
    within = np.linalg.norm(path - minimizer, axis=1) <= tolerance
    for k in range(n_steps):
        if within[k:].all():
            return k
    return None

# %% points_within_counted: return how many points are within the tolerance
import numpy as np


def steps_to_arrive(path, minimizer, tolerance):
    within = np.linalg.norm(path - minimizer, axis=1) <= tolerance
    if not within[-1]:
        return None
    return int(within.sum())

# %% points_outside_counted: return how many points are outside the tolerance, which forgets that a path may visit and leave
import numpy as np


def steps_to_arrive(path, minimizer, tolerance):
    within = np.linalg.norm(path - minimizer, axis=1) <= tolerance
    if not within[-1]:
        return None
    return int(np.count_nonzero(~within))

# %% longest_stay: return the beginning of the longest stay instead of the last one
import numpy as np


def steps_to_arrive(path, minimizer, tolerance):
    within = np.linalg.norm(path - minimizer, axis=1) <= tolerance
    if not within[-1]:
        return None
    best, best_length, begin = None, 0, None
    for k, inside in enumerate(within):
        if not inside:
            begin = None
            continue
        if begin is None:
            begin = k
        if k - begin + 1 > best_length:
            best, best_length = begin, k - begin + 1
    return best

# %% three_in_a_row: take three points in a row within the tolerance for an arrival
import numpy as np


def steps_to_arrive(path, minimizer, tolerance):
    within = np.linalg.norm(path - minimizer, axis=1) <= tolerance
    if not within[-1]:
        return None
    for k in range(len(path)):
        if within[k : k + 3].all():
            return k
    return None

# %% path_in_place: subtract the minimizer from the path itself, which the caller still needs
import numpy as np


def steps_to_arrive(path, minimizer, tolerance):
    path -= minimizer
    within = np.sqrt((path**2).sum(axis=1)) <= tolerance
    for k in range(len(path)):
        if within[k:].all():
            return k
    return None
