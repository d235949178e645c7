# %% before: take the median before the failed trials have their values
# loses 1, hint before
import numpy as np


def warp(values):
    finite = np.isfinite(values)
    distance = values - values[finite].min()
    unit = np.median(distance[finite])
    distance[~finite] = distance[finite].max()
    return np.log1p(distance / (unit or 1))

# %% dropped: leave the failed trials out
# loses 1, hint dropped
import numpy as np


def warp(values):
    values = values[np.isfinite(values)]
    distance = values - values.min()
    unit = np.median(distance)
    return np.log1p(distance / (unit or 1))

# %% failed: forget that a trial may have failed
# loses 1, hint failed
import numpy as np


def warp(values):
    distance = values - values.min()
    unit = np.median(distance)
    return np.log1p(distance / (unit or 1))

# %% failed_best: put in the smallest value for a failed trial
# loses 1, hint failed_best
import numpy as np


def warp(values):
    finite = np.isfinite(values)
    values = np.where(finite, values, values[finite].min())
    distance = values - values.min()
    unit = np.median(distance)
    return np.log1p(distance / (unit or 1))

# %% flat: divide by a median of zero
# loses 1, hint flat
import numpy as np


def warp(values):
    finite = np.isfinite(values)
    values = np.where(finite, values, values[finite].max())
    distance = values - values.min()
    unit = np.median(distance)
    return np.log1p(distance / unit)

# %% mean: divide by the mean of the distances
# loses 4, hint mean
import numpy as np


def warp(values):
    finite = np.isfinite(values)
    values = np.where(finite, values, values[finite].max())
    distance = values - values.min()
    unit = distance.mean()
    return np.log1p(distance / (unit or 1))

# %% only_nan: replace NaN but not infinity
# loses 1, hint failed
import numpy as np


def warp(values):
    values = np.where(np.isnan(values), np.nanmax(values), values)
    distance = values - values.min()
    unit = np.median(distance)
    return np.log1p(distance / (unit or 1))

# %% raw: divide by the median of the values
# loses 4, hint raw
import numpy as np


def warp(values):
    finite = np.isfinite(values)
    values = np.where(finite, values, values[finite].max())
    distance = values - values.min()
    unit = np.median(values)
    return np.log1p(distance / (unit or 1))

# %% reversed: turn the sign, so that good values become large
# loses 4, hint reversed
import numpy as np


def warp(values):
    finite = np.isfinite(values)
    values = np.where(finite, values, values[finite].max())
    distance = values - values.min()
    unit = np.median(distance)
    return -np.log1p(distance / (unit or 1))

# %% zero: take the logarithm of the distance, which is zero at the best
# loses 4, hint zero
import numpy as np


def warp(values):
    finite = np.isfinite(values)
    values = np.where(finite, values, values[finite].max())
    distance = values - values.min()
    unit = np.median(distance)
    return np.log(distance / (unit or 1))

# %% no_unit: forget to divide by the median
import numpy as np


def warp(values):
    y = np.array(values, dtype=float)
    failed = ~np.isfinite(y)
    y[failed] = y[~failed].max()
    return np.log1p(y - y.min())

# %% mean_as_unit: divide by the mean of the distances
import numpy as np


def warp(values):
    y = np.array(values, dtype=float)
    failed = ~np.isfinite(y)
    y[failed] = y[~failed].max()
    distance = y - y.min()
    unit = distance.mean()
    return np.log1p(distance / (unit if unit > 0 else 1))

# %% median_of_the_values: divide by the median of the values and not of the distances
import numpy as np


def warp(values):
    y = np.array(values, dtype=float)
    failed = ~np.isfinite(y)
    y[failed] = y[~failed].max()
    distance = y - y.min()
    unit = np.median(y)
    return np.log1p(distance / (unit if unit > 0 else 1))

# %% unit_of_the_finite: take the median over the finite trials only
import numpy as np


def warp(values):
    y = np.array(values, dtype=float)
    failed = ~np.isfinite(y)
    y[failed] = y[~failed].max()
    distance = y - y.min()
    unit = np.median(distance[~failed])
    return np.log1p(distance / (unit if unit > 0 else 1))

# %% best_left_out: leave the best trial itself out of the median
# loses 4, hint positive
import numpy as np


def warp(values):
    y = np.array(values, dtype=float)
    failed = ~np.isfinite(y)
    y[failed] = y[~failed].max()
    distance = y - y.min()
    others = distance[distance > 0]
    unit = np.median(others) if len(others) else 1
    return np.log1p(distance / unit)

# %% unit_at_least_one: divide by 1 whenever the median is below 1
import numpy as np


def warp(values):
    y = np.array(values, dtype=float)
    failed = ~np.isfinite(y)
    y[failed] = y[~failed].max()
    distance = y - y.min()
    return np.log1p(distance / max(np.median(distance), 1))

# %% median_about_zero: divide by 1 also when the median is only close to 0, so that small values are not warped
import numpy as np


def warp(values):
    y = np.array(values, dtype=float)
    failed = ~np.isfinite(y)
    y[failed] = y[~failed].max()
    distance = y - y.min()
    unit = np.median(distance)
    if np.isclose(unit, 0):
        unit = 1
    return np.log1p(distance / unit)

# %% half_is_enough: divide by 1 already when exactly half of the values are as good as the best
# loses 1, hint half
import numpy as np


def warp(values):
    y = np.array(values, dtype=float)
    failed = ~np.isfinite(y)
    y[failed] = y[~failed].max()
    distance = y - y.min()
    if np.sum(distance == 0) >= len(y) / 2:
        return np.log1p(distance)
    return np.log1p(distance / np.median(distance))

# %% smallest_distance_for_zero: divide by the smallest distance above 0, where the median is 0
import numpy as np


def warp(values):
    y = np.array(values, dtype=float)
    failed = ~np.isfinite(y)
    y[failed] = y[~failed].max()
    distance = y - y.min()
    unit = np.median(distance)
    if unit == 0:
        unit = distance[distance > 0].min() if distance.any() else 1
    return np.log1p(distance / unit)

# %% median_zero_not_handled: divide by a median of 0
import numpy as np


def warp(values):
    y = np.array(values, dtype=float)
    failed = ~np.isfinite(y)
    y[failed] = y[~failed].max()
    distance = y - y.min()
    return np.log1p(distance / np.median(distance))

# %% upper_median: take the element in the middle of the sorted distances, also when their number is even
import numpy as np


def warp(values):
    y = np.array(values, dtype=float)
    failed = ~np.isfinite(y)
    y[failed] = y[~failed].max()
    distance = y - y.min()
    unit = np.sort(distance)[len(distance) // 2]
    return np.log1p(distance / (unit if unit > 0 else 1))

# %% infinity_stays: repair NaN only and leave infinity as it is
import numpy as np


def warp(values):
    y = np.array(values, dtype=float)
    y[np.isnan(y)] = y[np.isfinite(y)].max()
    distance = y - y.min()
    unit = np.median(distance)
    return np.log1p(distance / (unit if unit > 0 else 1))

# %% worst_in_magnitude: give failed trials the finite value that is largest in magnitude, which is the best one if all are negative
import numpy as np


def warp(values):
    y = np.array(values, dtype=float)
    finite = np.isfinite(y)
    y[~finite] = np.abs(y[finite]).max()
    distance = y - y.min()
    unit = np.median(distance)
    return np.log1p(distance / (unit if unit > 0 else 1))

# %% failed_are_typical: give failed trials the median of the others
import numpy as np


def warp(values):
    y = np.array(values, dtype=float)
    failed = ~np.isfinite(y)
    y[failed] = np.median(y[~failed])
    distance = y - y.min()
    unit = np.median(distance)
    return np.log1p(distance / (unit if unit > 0 else 1))

# %% failed_dropped: leave failed trials out of the result
import numpy as np


def warp(values):
    y = np.asarray(values, dtype=float)
    y = y[np.isfinite(y)]
    distance = y - y.min()
    unit = np.median(distance)
    return np.log1p(distance / (unit if unit > 0 else 1))

# %% input_repaired: write the worst finite value over the failed trials in the caller's array
import numpy as np


def warp(values):
    failed = ~np.isfinite(values)
    values[failed] = values[~failed].max()
    distance = values - values.min()
    unit = np.median(distance)
    return np.log1p(distance / (unit if unit > 0 else 1))

# %% result_of_integers: make the result of the type of the values, so that integer values give whole numbers
import numpy as np


def warp(values):
    finite = values[np.isfinite(values)]
    y = np.where(np.isfinite(values), values, finite.max())
    distance = y - y.min()
    unit = np.median(distance)
    warped = np.empty_like(values)
    for i, d in enumerate(distance):
        warped[i] = np.log1p(d / (unit if unit > 0 else 1))
    return warped

# %% logarithm_first: divide the logarithm of the distance by that of the median, so that the middle one becomes 1
import numpy as np


def warp(values):
    y = np.array(values, dtype=float)
    failed = ~np.isfinite(y)
    y[failed] = y[~failed].max()
    distance = np.log1p(y - y.min())
    unit = np.median(distance)
    return distance / (unit if unit > 0 else 1)

# %% distance_to_zero: take 0 for the best value if no value is below it, as for errors
import numpy as np


def warp(values):
    y = np.array(values, dtype=float)
    failed = ~np.isfinite(y)
    y[failed] = y[~failed].max()
    distance = y - min(y.min(), 0)
    unit = np.median(distance)
    return np.log1p(distance / (unit if unit > 0 else 1))

# %% sorted_result: return the warped values from the best to the worst
import numpy as np


def warp(values):
    finite = np.sort(values[np.isfinite(values)])
    y = np.append(finite, np.full(len(values) - len(finite), finite[-1]))
    distance = y - y[0]
    unit = np.median(distance)
    return np.log1p(distance / (unit if unit > 0 else 1))
