# %% criteria_count: The number of starts that arrive, not their share
# loses 2, hint count
import numpy as np


def four_criteria(steps, distances, n_steps):
    arrived = np.array([k is not None for k in steps])
    counted = np.array([n_steps if k is None else k for k in steps])
    return {
        "robustness": int(arrived.sum()),
        "convergence": np.median(counted[arrived]) if arrived.any() else None,
        "precision": np.median(distances[arrived]) if arrived.any() else None,
        "performance": counted.mean(),
    }

# %% criteria_giving_up: Leaves the starts that do not arrive out of the performance
# loses 2, hint giving_up
import numpy as np


def four_criteria(steps, distances, n_steps):
    arrived = np.array([k is not None for k in steps])
    counted = np.array([k for k in steps if k is not None])
    return {
        "robustness": arrived.mean(),
        "convergence": np.median(counted) if arrived.any() else None,
        "precision": np.median(distances[arrived]) if arrived.any() else None,
        "performance": counted.mean() if arrived.any() else n_steps,
    }

# %% criteria_mean: Means instead of medians
# loses 3, hint mean
import numpy as np


def four_criteria(steps, distances, n_steps):
    arrived = [k for k in steps if k is not None]
    final = [distance for k, distance in zip(steps, distances, strict=True) if k is not None]
    counted = [n_steps if k is None else k for k in steps]
    return {
        "robustness": len(arrived) / len(steps),
        "convergence": np.mean(arrived) if arrived else None,
        "precision": np.mean(final) if arrived else None,
        "performance": np.mean(counted),
    }

# %% criteria_over_all: Takes the medians over all starts, a failure counted as n_steps
# loses 3, hint over_all
import numpy as np


def four_criteria(steps, distances, n_steps):
    counted = [n_steps if k is None else k for k in steps]
    return {
        "robustness": sum(k is not None for k in steps) / len(steps),
        "convergence": np.median(counted),
        "precision": np.median(distances),
        "performance": np.mean(counted),
    }

# %% criteria_zero: Asks `if k`, so that an arrival after 0 steps counts as none
# loses 1, hint zero
import numpy as np


def four_criteria(steps, distances, n_steps):
    arrived = [k for k in steps if k]
    final = [distance for k, distance in zip(steps, distances, strict=True) if k]
    return {
        "robustness": len(arrived) / len(steps),
        "convergence": np.median(arrived) if arrived else None,
        "precision": np.median(final) if arrived else None,
        "performance": np.mean([k if k else n_steps for k in steps]),
    }

# %% zero_does_not_arrive: test the steps for truth, so that a start that arrives after 0 steps does not count as arriving
import numpy as np


def four_criteria(steps, distances, n_steps):
    arrived = np.array([bool(s) for s in steps])
    numbers = [s for s in steps if s]
    return {
        "robustness": arrived.mean(),
        "convergence": np.median(numbers) if numbers else None,
        "precision": np.median(distances[arrived]) if numbers else None,
        "performance": np.mean([s if s else n_steps for s in steps]),
    }

# %% mean_distance: take the mean of the final distances instead of the median
import numpy as np


def four_criteria(steps, distances, n_steps):
    arrived = np.array([s is not None for s in steps])
    numbers = [s for s in steps if s is not None]
    return {
        "robustness": arrived.mean(),
        "convergence": np.median(numbers) if numbers else None,
        "precision": np.mean(distances[arrived]) if numbers else None,
        "performance": np.mean([n_steps if s is None else s for s in steps]),
    }

# %% smallest_distances: take the smallest distances, as many as starts arrive, instead of those of the starts that arrive
# loses 2, hint by_distance
import numpy as np


def four_criteria(steps, distances, n_steps):
    numbers = [s for s in steps if s is not None]
    n = len(numbers)
    return {
        "robustness": n / len(steps),
        "convergence": np.median(numbers) if n else None,
        "precision": np.median(np.sort(distances)[:n]) if n else None,
        "performance": (sum(numbers) + (len(steps) - n) * n_steps) / len(steps),
    }

# %% first_distances: take the first distances, as many as starts arrive, instead of those of the starts that arrive
import numpy as np


def four_criteria(steps, distances, n_steps):
    numbers = [s for s in steps if s is not None]
    final = [d for _, d in zip(numbers, distances)]
    return {
        "robustness": len(numbers) / len(steps),
        "convergence": np.median(numbers) if numbers else None,
        "precision": np.median(final) if numbers else None,
        "performance": np.mean([n_steps if s is None else s for s in steps]),
    }

# %% performance_of_the_arrived: average the performance over the starts that arrive only
import numpy as np


def four_criteria(steps, distances, n_steps):
    arrived = np.array([s is not None for s in steps])
    numbers = [s for s in steps if s is not None]
    if not numbers:
        return {
            "robustness": 0.0,
            "convergence": None,
            "precision": None,
            "performance": float(n_steps),
        }
    return {
        "robustness": arrived.mean(),
        "convergence": np.median(numbers),
        "precision": np.median(distances[arrived]),
        "performance": np.mean(numbers),
    }

# %% fixed_length: count a start that does not arrive as the example's 200 steps
import numpy as np


def four_criteria(steps, distances, n_steps):
    arrived = np.array([s is not None for s in steps])
    numbers = [s for s in steps if s is not None]
    return {
        "robustness": arrived.mean(),
        "convergence": np.median(numbers) if numbers else None,
        "precision": np.median(distances[arrived]) if numbers else None,
        "performance": np.mean([200 if s is None else s for s in steps]),
    }

# %% upper_median: take the upper of the two middle values as the median of an even number of starts
import numpy as np


def median(values):
    values = sorted(values)
    return values[len(values) // 2] if values else None


def four_criteria(steps, distances, n_steps):
    numbers = [s for s in steps if s is not None]
    final = [d for s, d in zip(steps, distances) if s is not None]
    return {
        "robustness": len(numbers) / len(steps),
        "convergence": median(numbers),
        "precision": median(final),
        "performance": np.mean([n_steps if s is None else s for s in steps]),
    }

# %% list_changed: replace None by n_steps in the list that they are given, so that at the next look all starts have arrived
import numpy as np


def four_criteria(steps, distances, n_steps):
    arrived = np.array([s is not None for s in steps])
    numbers = [s for s in steps if s is not None]
    for i in range(len(steps)):
        if steps[i] is None:
            steps[i] = n_steps
    return {
        "robustness": arrived.mean(),
        "convergence": np.median(numbers) if numbers else None,
        "precision": np.median(distances[arrived]) if numbers else None,
        "performance": np.mean(steps),
    }

# %% numbers_without_arrival: give n_steps and the median of all distances where no start arrives, instead of None
import numpy as np


def four_criteria(steps, distances, n_steps):
    arrived = np.array([s is not None for s in steps])
    filled = np.array([n_steps if s is None else s for s in steps])
    if not arrived.any():
        convergence, precision = n_steps, np.median(distances)
    else:
        convergence, precision = np.median(filled[arrived]), np.median(distances[arrived])
    return {
        "robustness": arrived.mean(),
        "convergence": convergence,
        "precision": precision,
        "performance": filled.mean(),
    }

# %% all_four_none: return None for all four criteria where no start arrives
import numpy as np


def four_criteria(steps, distances, n_steps):
    arrived = [i for i, s in enumerate(steps) if s is not None]
    if len(arrived) == 0:
        return dict.fromkeys(["robustness", "convergence", "precision", "performance"])
    return {
        "robustness": len(arrived) / len(steps),
        "convergence": np.median([steps[i] for i in arrived]),
        "precision": np.median([distances[i] for i in arrived]),
        "performance": np.mean([n_steps if s is None else s for s in steps]),
    }

# %% median_of_nothing: take a median that raises an error where no start arrives
import statistics


def four_criteria(steps, distances, n_steps):
    numbers = [s for s in steps if s is not None]
    final = [float(d) for s, d in zip(steps, distances) if s is not None]
    return {
        "robustness": len(numbers) / len(steps),
        "convergence": statistics.median(numbers),
        "precision": statistics.median(final),
        "performance": sum(n_steps if s is None else s for s in steps) / len(steps),
    }

# %% judged_by_distance: decide by a small final distance which starts arrive, instead of by the steps
import numpy as np


def four_criteria(steps, distances, n_steps):
    arrived = np.asarray(distances) < 0.1
    filled = np.array([n_steps if s is None else s for s in steps])
    return {
        "robustness": arrived.mean(),
        "convergence": np.median(filled[arrived]) if arrived.any() else None,
        "precision": np.median(distances[arrived]) if arrived.any() else None,
        "performance": filled.mean(),
    }

# %% last_step_does_not_count: fill in n_steps first and then take for arrived what is less, so that an arrival with the last step is lost
# loses 1, hint last_step
import numpy as np


def four_criteria(steps, distances, n_steps):
    filled = np.array([n_steps if s is None else s for s in steps])
    arrived = filled < n_steps
    return {
        "robustness": arrived.mean(),
        "convergence": np.median(filled[arrived]) if arrived.any() else None,
        "precision": np.median(distances[arrived]) if arrived.any() else None,
        "performance": filled.mean(),
    }

# %% whole_performance: divide with // in the performance, which cuts off its decimals
import numpy as np


def four_criteria(steps, distances, n_steps):
    numbers, final, total = [], [], 0
    for s, d in zip(steps, distances):
        if s is None:
            total += n_steps
        else:
            total += s
            numbers.append(s)
            final.append(d)
    return {
        "robustness": len(numbers) / len(steps),
        "convergence": np.median(numbers) if numbers else None,
        "precision": np.median(final) if numbers else None,
        "performance": total // len(steps),
    }

# %% whole_convergence: turn the median of the steps into a whole number
import numpy as np


def four_criteria(steps, distances, n_steps):
    arrived = np.array([s is not None for s in steps])
    numbers = [s for s in steps if s is not None]
    return {
        "robustness": arrived.mean(),
        "convergence": int(np.median(numbers)) if numbers else None,
        "precision": np.median(distances[arrived]) if numbers else None,
        "performance": np.mean([n_steps if s is None else s for s in steps]),
    }

# %% convergence_of_all: take the median of the steps over all starts, with n_steps for those that do not arrive
import numpy as np


def four_criteria(steps, distances, n_steps):
    arrived = np.array([s is not None for s in steps])
    filled = np.array([n_steps if s is None else s for s in steps])
    return {
        "robustness": arrived.mean(),
        "convergence": np.median(filled) if arrived.any() else None,
        "precision": np.median(distances[arrived]) if arrived.any() else None,
        "performance": filled.mean(),
    }

# %% python_integers_only: ask with isinstance for a Python integer, so that NumPy's whole numbers do not count as arrivals
import numpy as np


def four_criteria(steps, distances, n_steps):
    arrived = np.array([isinstance(s, int) for s in steps])
    numbers = [s for s in steps if isinstance(s, int)]
    return {
        "robustness": arrived.mean(),
        "convergence": np.median(numbers) if numbers else None,
        "precision": np.median(distances[arrived]) if numbers else None,
        "performance": np.mean([s if isinstance(s, int) else n_steps for s in steps]),
    }

# %% looked_up_by_steps: look up the distance of each arrival by its number of steps, which finds the first one twice when two starts take the same
# loses 2, hint equal_steps
import numpy as np


def four_criteria(steps, distances, n_steps):
    numbers = [s for s in steps if s is not None]
    final = [distances[steps.index(s)] for s in numbers]
    return {
        "robustness": len(numbers) / len(steps),
        "convergence": np.median(numbers) if numbers else None,
        "precision": np.median(final) if numbers else None,
        "performance": np.mean([n_steps if s is None else s for s in steps]),
    }

# %% distance_of_the_median_start: take the distance of the start with the middle number of steps instead of the median of the distances
import numpy as np


def four_criteria(steps, distances, n_steps):
    pairs = sorted((s, d) for s, d in zip(steps, distances) if s is not None)
    n = len(pairs)
    if n == 0:
        convergence = precision = None
    else:
        low, high = pairs[(n - 1) // 2], pairs[n // 2]
        convergence = (low[0] + high[0]) / 2
        precision = (low[1] + high[1]) / 2
    return {
        "robustness": n / len(steps),
        "convergence": convergence,
        "precision": precision,
        "performance": np.mean([n_steps if s is None else s for s in steps]),
    }

# %% equal_steps_merged: put steps and distances into a dict, which merges starts that take the same number of steps
import numpy as np


def four_criteria(steps, distances, n_steps):
    runs = dict(zip(steps, distances))
    runs.pop(None, None)
    return {
        "robustness": sum(s is not None for s in steps) / len(steps),
        "convergence": np.median(list(runs.keys())) if runs else None,
        "precision": np.median(list(runs.values())) if runs else None,
        "performance": np.mean([n_steps if s is None else s for s in steps]),
    }
