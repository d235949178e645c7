# %% axis: they accumulate along the first axis, which is NumPy's default
# loses 4, hint axis
import numpy as np


def best_so_far(values, direction):
    values = np.where(np.isfinite(values), values, np.nan)
    better = np.fmax if direction == "maximize" else np.fmin
    return better.accumulate(values)

# %% axis_carried: they carry the best from one search over to the next
# loses 4, hint axis
import math


def best_so_far(values, direction):
    best = math.nan
    rows = []
    for row in values:
        rows.append([])
        for value in row:
            if math.isfinite(value):
                if math.isnan(best):
                    best = value
                best = max(best, value) if direction == "maximize" else min(best, value)
            rows[-1].append(best)
    return rows

# %% direction: they always maximize
# loses 2, hint direction
import numpy as np


def best_so_far(values, direction):
    return np.fmax.accumulate(np.where(np.isfinite(values), values, np.nan), axis=1)

# %% infinite: they leave out NaN and forget infinity
# loses 1, hint infinite
import numpy as np


def best_so_far(values, direction):
    better = np.fmax if direction == "maximize" else np.fmin
    return better.accumulate(values, axis=1)

# %% spreads: they accumulate the maximum, and NaN spreads
# loses 1, hint spreads
import numpy as np


def best_so_far(values, direction):
    better = np.maximum if direction == "maximize" else np.minimum
    return better.accumulate(values, axis=1)

# %% start: they let infinity stand for no success yet
# loses 1, hint start
import numpy as np


def best_so_far(values, direction):
    if direction == "maximize":
        return np.maximum.accumulate(np.where(np.isfinite(values), values, -np.inf), axis=1)
    return np.minimum.accumulate(np.where(np.isfinite(values), values, np.inf), axis=1)

# %% whole: they repeat the best of the whole search
# loses 4, hint whole
import math


def best_so_far(values, direction):
    better = max if direction == "maximize" else min
    rows = []
    for row in values:
        best = better(filter(math.isfinite, row), default=math.nan)
        rows.append([best] * len(row))
    return rows

# %% down_the_searches: accumulate down the searches (axis 0) instead of along the trials
import numpy as np


def best_so_far(values, direction):
    sign = 1 if direction == "maximize" else -1
    some = np.where(np.isfinite(values), sign * values, -np.inf)
    best = np.maximum.accumulate(some, axis=0)
    return np.where(np.isfinite(best), sign * best, np.nan)

# %% only_nan_fails: skip NaN with fmax and fmin, and take infinity and minus infinity for values
import numpy as np


def best_so_far(values, direction):
    if direction == "maximize":
        return np.fmax.accumulate(values, axis=1)
    return np.fmin.accumulate(values, axis=1)

# %% only_the_bad_infinity_fails: count as failed, beside NaN, only the infinity that is the worst in the direction
import numpy as np


def best_so_far(values, direction):
    if direction == "maximize":
        some = np.where(np.isnan(values), -np.inf, values)
        best = np.maximum.accumulate(some, axis=1)
        return np.where(best == -np.inf, np.nan, best)
    some = np.where(np.isnan(values), np.inf, values)
    best = np.minimum.accumulate(some, axis=1)
    return np.where(best == np.inf, np.nan, best)

# %% minus_infinity_is_a_value: count NaN and infinity as failed, but not minus infinity
import numpy as np


def best_so_far(values, direction):
    failed = np.isnan(values) | (values == np.inf)
    some = np.where(failed, np.nan, values)
    accumulate = np.fmax.accumulate if direction == "maximize" else np.fmin.accumulate
    return accumulate(some, axis=1)

# %% best_carried_to_the_next_search: do not begin anew with each search, so that the best of one search goes on in the next
import numpy as np


def best_so_far(values, direction):
    result = np.full(values.shape, np.nan)
    best = np.nan
    for i in range(values.shape[0]):
        for j in range(values.shape[1]):
            value = values[i, j]
            if np.isfinite(value):
                if np.isnan(best):
                    best = value
                elif direction == "maximize":
                    best = max(best, value)
                else:
                    best = min(best, value)
            result[i, j] = best
    return result

# %% nan_at_every_failure: write NaN at every failed trial, also after a success
import numpy as np


def best_so_far(values, direction):
    sign = 1 if direction == "maximize" else -1
    success = np.isfinite(values)
    best = np.maximum.accumulate(np.where(success, sign * values, -np.inf), axis=1)
    return np.where(success, sign * best, np.nan)

# %% filled_backward: write the first success into the trials before it
import numpy as np


def best_so_far(values, direction):
    sign = 1 if direction == "maximize" else -1
    success = np.isfinite(values)
    best = sign * np.maximum.accumulate(np.where(success, sign * values, -np.inf), axis=1)
    for row, good in zip(best, success):
        if good.any():
            first = good.argmax()
            row[:first] = row[first]
        else:
            row[:] = np.nan
    return best

# %% changes_the_input: write NaN for the infinities into the caller's array
import numpy as np


def best_so_far(values, direction):
    failed = ~np.isfinite(values)
    if failed.any():
        values[failed] = np.nan
    accumulate = np.fmax.accumulate if direction == "maximize" else np.fmin.accumulate
    return accumulate(values, axis=1)

# %% input_of_whole_numbers: copy the array with its type and write NaN into it, which fails for arrays of whole numbers
import numpy as np


def best_so_far(values, direction):
    some = values.copy()
    some[~np.isfinite(values)] = np.nan
    accumulate = np.fmax.accumulate if direction == "maximize" else np.fmin.accumulate
    return accumulate(some, axis=1)

# %% failed_is_zero: replace failed trials by zero when they maximize, so that negative values disappear
# loses 1, hint stand_in
import numpy as np


def best_so_far(values, direction):
    success = np.isfinite(values)
    begun = np.logical_or.accumulate(success, axis=1)
    if direction == "maximize":
        best = np.maximum.accumulate(np.where(success, values, 0), axis=1)
    else:
        best = np.minimum.accumulate(np.where(success, values, np.inf), axis=1)
    return np.where(begun, best, np.nan)

# %% failed_is_a_thousand: replace failed trials by plus or minus 1000, and lose values beyond
# loses 1, hint stand_in
import numpy as np


def best_so_far(values, direction):
    success = np.isfinite(values)
    begun = np.cumsum(success, axis=1) > 0
    if direction == "maximize":
        best = np.maximum.accumulate(np.where(success, values, -1000), axis=1)
    else:
        best = np.minimum.accumulate(np.where(success, values, 1000), axis=1)
    return np.where(begun, best, np.nan)

# %% minimize_by_the_inverse: minimize by maximizing one over the values, which fails for negative values and zero
import numpy as np


def best_so_far(values, direction):
    if direction == "minimize":
        return 1 / best_so_far(1 / np.where(np.isfinite(values), values, np.nan), "maximize")
    some = np.where(np.isfinite(values), values, np.nan)
    return np.fmax.accumulate(some, axis=1)

# %% nan_never_beaten: compare with a best that is NaN after a failed first trial, so that it stays NaN
import numpy as np


def best_so_far(values, direction):
    result = np.full(values.shape, np.nan)
    for i, row in enumerate(values):
        best = row[0] if np.isfinite(row[0]) else np.nan
        for j, value in enumerate(row):
            if np.isfinite(value):
                if direction == "maximize" and value > best:
                    best = value
                if direction == "minimize" and value < best:
                    best = value
            result[i, j] = best
    return result

# %% squeezed: squeeze the result, so that one search or one trial loses an axis
import numpy as np


def best_so_far(values, direction):
    sign = 1 if direction == "maximize" else -1
    columns = []
    best = np.full((values.shape[0], 1), -np.inf)
    for j in range(values.shape[1]):
        column = values[:, [j]]
        best = np.maximum(best, np.where(np.isfinite(column), sign * column, -np.inf))
        columns.append(np.where(np.isfinite(best), sign * best, np.nan))
    return np.squeeze(np.stack(columns, axis=1))

# %% begins_anew_after_a_failure: begin a new best with the first success after a failure
import numpy as np


def best_so_far(values, direction):
    better = max if direction == "maximize" else min
    result = np.full(values.shape, np.nan)
    for i, row in enumerate(values):
        best, failed = np.nan, True
        for j, value in enumerate(row):
            if not np.isfinite(value):
                failed = True
            elif failed:
                best, failed = value, False
            else:
                best = better(best, value)
            result[i, j] = best
    return result

# %% zero_counts_as_no_best: take a best of zero for no best, so that the next value replaces it whatever it is
# loses 2, hint zero
import numpy as np


def best_so_far(values, direction):
    result = np.full(values.shape, np.nan)
    for i, row in enumerate(values):
        best = None
        for j, value in enumerate(row):
            if np.isfinite(value):
                if not best:
                    best = value
                elif direction == "maximize":
                    best = max(best, value)
                else:
                    best = min(best, value)
            if best is not None:
                result[i, j] = best
    return result

# %% argmax_of_no_success: find the first success with argmax, which is 0 in a search without success, and leave infinities there
import numpy as np


def best_so_far(values, direction):
    sign = 1 if direction == "maximize" else -1
    success = np.isfinite(values)
    best = sign * np.maximum.accumulate(np.where(success, sign * values, -np.inf), axis=1)
    first = success.argmax(axis=1)
    before = np.arange(values.shape[1]) < first[:, None]
    best[before] = np.nan
    return best

# %% only_accuracies_succeed: count everything outside 0 to 1 as failed
import numpy as np


def best_so_far(values, direction):
    success = (values >= 0) & (values <= 1)
    some = np.where(success, values, np.nan)
    accumulate = np.fmax.accumulate if direction == "maximize" else np.fmin.accumulate
    return accumulate(some, axis=1)

# %% direction_ignored: always take the largest
import numpy as np


def best_so_far(values, direction):
    some = np.where(np.isfinite(values), values, np.nan)
    return np.fmax.accumulate(some, axis=1)

# %% drops_searches_without_success: leave out the searches in which all trials have failed
import numpy as np


def best_so_far(values, direction):
    some = np.where(np.isfinite(values), values, np.nan)
    some = some[~np.isnan(some).all(axis=1)]
    accumulate = np.fmax.accumulate if direction == "maximize" else np.fmin.accumulate
    return accumulate(some, axis=1)
