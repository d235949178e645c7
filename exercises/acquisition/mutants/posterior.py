# %% covariance: compute the whole covariance of the new places
# loses 2, hint covariance
import numpy as np


def posterior(k_tried, k_new, values, noise):
    level, scale = values.mean(), values.std()
    known = k_new @ np.linalg.inv(k_tried + noise * np.eye(len(values)))
    mean = known @ ((values - level) / scale)
    variance = 1 - known @ k_new.T
    return level + scale * mean, scale * np.sqrt(np.maximum(variance, 0))

# %% everywhere: add the noise to every entry of the matrix
# loses 1, hint everywhere
import numpy as np


def posterior(k_tried, k_new, values, noise):
    level, scale = values.mean(), values.std()
    known = k_new @ np.linalg.inv(k_tried + noise)
    mean = known @ ((values - level) / scale)
    variance = 1 - (known * k_new).sum(axis=1)
    return level + scale * mean, scale * np.sqrt(variance)

# %% level: forget to add the mean of the values back
# loses 3, hint level
import numpy as np


def posterior(k_tried, k_new, values, noise):
    level, scale = values.mean(), values.std()
    known = k_new @ np.linalg.inv(k_tried + noise * np.eye(len(values)))
    mean = known @ ((values - level) / scale)
    variance = 1 - (known * k_new).sum(axis=1)
    return scale * mean, scale * np.sqrt(variance)

# %% noise: leave the noise out
# loses 1, hint noise
import numpy as np


def posterior(k_tried, k_new, values, noise):
    level, scale = values.mean(), values.std()
    known = k_new @ np.linalg.inv(k_tried)
    mean = known @ ((values - level) / scale)
    variance = 1 - (known * k_new).sum(axis=1)
    return level + scale * mean, scale * np.sqrt(variance)

# %% prior: do not subtract the mean of the values
# loses 3, hint prior
import numpy as np


def posterior(k_tried, k_new, values, noise):
    scale = values.std()
    known = k_new @ np.linalg.inv(k_tried + noise * np.eye(len(values)))
    variance = 1 - (known * k_new).sum(axis=1)
    return known @ values, scale * np.sqrt(variance)

# %% root: undo the scale and forget the root
# loses 2, hint variance
import numpy as np


def posterior(k_tried, k_new, values, noise):
    level, scale = values.mean(), values.std()
    known = k_new @ np.linalg.inv(k_tried + noise * np.eye(len(values)))
    mean = known @ ((values - level) / scale)
    variance = 1 - (known * k_new).sum(axis=1)
    return level + scale * mean, scale * variance

# %% sample: take the sample's standard deviation, with n - 1
# loses 2, hint sample
import numpy as np


def posterior(k_tried, k_new, values, noise):
    level, scale = values.mean(), values.std(ddof=1)
    known = k_new @ np.linalg.inv(k_tried + noise * np.eye(len(values)))
    mean = known @ ((values - level) / scale)
    variance = 1 - (known * k_new).sum(axis=1)
    return level + scale * mean, scale * np.sqrt(variance)

# %% standardized: predict the standardized values, and stop there
# loses 5, hint standardized
import numpy as np


def posterior(k_tried, k_new, values, noise):
    level, scale = values.mean(), values.std()
    known = k_new @ np.linalg.inv(k_tried + noise * np.eye(len(values)))
    mean = known @ ((values - level) / scale)
    variance = 1 - (known * k_new).sum(axis=1)
    return mean, np.sqrt(variance)

# %% swapped: return the deviation first
# loses 5, hint swapped
import numpy as np


def posterior(k_tried, k_new, values, noise):
    level, scale = values.mean(), values.std()
    known = k_new @ np.linalg.inv(k_tried + noise * np.eye(len(values)))
    mean = known @ ((values - level) / scale)
    variance = 1 - (known * k_new).sum(axis=1)
    return scale * np.sqrt(variance), level + scale * mean

# %% variance: return the variance
# loses 2, hint variance
import numpy as np


def posterior(k_tried, k_new, values, noise):
    level, scale = values.mean(), values.std()
    known = k_new @ np.linalg.inv(k_tried + noise * np.eye(len(values)))
    mean = known @ ((values - level) / scale)
    variance = 1 - (known * k_new).sum(axis=1)
    return level + scale * mean, scale**2 * variance

# %% no_noise: leave the noise out of the matrix
import numpy as np


def posterior(k_tried, k_new, values, noise):
    center, scale = values.mean(), values.std()
    z = (values - center) / scale
    mean = center + scale * k_new @ np.linalg.solve(k_tried, z)
    known = np.sum(k_new * np.linalg.solve(k_tried, k_new.T).T, axis=1)
    return mean, scale * np.sqrt(np.maximum(1 - known, 0))

# %% noise_squared: take the noise for a standard deviation and square it
# loses 1, hint squared
import numpy as np


def posterior(k_tried, k_new, values, noise):
    center, scale = values.mean(), values.std()
    z = (values - center) / scale
    k = k_tried + noise**2 * np.eye(len(values))
    mean = center + scale * k_new @ np.linalg.solve(k, z)
    known = np.sum(k_new * np.linalg.solve(k, k_new.T).T, axis=1)
    return mean, scale * np.sqrt(np.maximum(1 - known, 0))

# %% noise_everywhere: add the noise to all entries of the matrix and not only to its diagonal
import numpy as np


def posterior(k_tried, k_new, values, noise):
    center, scale = values.mean(), values.std()
    z = (values - center) / scale
    k = k_tried + noise
    mean = center + scale * k_new @ np.linalg.solve(k, z)
    known = np.sum(k_new * np.linalg.solve(k, k_new.T).T, axis=1)
    return mean, scale * np.sqrt(np.maximum(1 - known, 0))

# %% ddof_one: standardize with the standard deviation of a sample, ddof=1
import numpy as np


def posterior(k_tried, k_new, values, noise):
    center, scale = values.mean(), values.std(ddof=1)
    z = (values - center) / scale
    k = k_tried + noise * np.eye(len(values))
    mean = center + scale * k_new @ np.linalg.solve(k, z)
    known = np.sum(k_new * np.linalg.solve(k, k_new.T).T, axis=1)
    return mean, scale * np.sqrt(np.maximum(1 - known, 0))

# %% deviation_not_scaled: undo the standardization for the mean but not for the deviation
import numpy as np


def posterior(k_tried, k_new, values, noise):
    center, scale = values.mean(), values.std()
    z = (values - center) / scale
    k = k_tried + noise * np.eye(len(values))
    mean = center + scale * k_new @ np.linalg.solve(k, z)
    known = np.sum(k_new * np.linalg.solve(k, k_new.T).T, axis=1)
    return mean, np.sqrt(np.maximum(1 - known, 0))

# %% variance_returned: return the variance, without the square root
import numpy as np


def posterior(k_tried, k_new, values, noise):
    center, scale = values.mean(), values.std()
    z = (values - center) / scale
    k = k_tried + noise * np.eye(len(values))
    mean = center + scale * k_new @ np.linalg.solve(k, z)
    known = np.sum(k_new * np.linalg.solve(k, k_new.T).T, axis=1)
    return mean, scale**2 * np.maximum(1 - known, 0)

# %% scale_under_the_root: multiply by the scale, not squared, under the square root
import numpy as np


def posterior(k_tried, k_new, values, noise):
    center, scale = values.mean(), values.std()
    z = (values - center) / scale
    k = k_tried + noise * np.eye(len(values))
    mean = center + scale * k_new @ np.linalg.solve(k, z)
    known = np.sum(k_new * np.linalg.solve(k, k_new.T).T, axis=1)
    return mean, np.sqrt(scale * np.maximum(1 - known, 0))

# %% noise_of_a_new_value: add the noise to the variance at the new places, too
# loses 1, hint new_value
import numpy as np


def posterior(k_tried, k_new, values, noise):
    center, scale = values.mean(), values.std()
    z = (values - center) / scale
    k = k_tried + noise * np.eye(len(values))
    mean = center + scale * k_new @ np.linalg.solve(k, z)
    known = np.sum(k_new * np.linalg.solve(k, k_new.T).T, axis=1)
    return mean, scale * np.sqrt(np.maximum(1 + noise - known, 0))

# %% variance_at_least_the_noise: do not let the variance fall below the noise
import numpy as np


def posterior(k_tried, k_new, values, noise):
    center, scale = values.mean(), values.std()
    z = (values - center) / scale
    k = k_tried + noise * np.eye(len(values))
    mean = center + scale * k_new @ np.linalg.solve(k, z)
    known = np.sum(k_new * np.linalg.solve(k, k_new.T).T, axis=1)
    return mean, scale * np.sqrt(np.maximum(1 - known, noise))

# %% clean_matrix_for_the_deviation: take the noise into account for the mean only
import numpy as np


def posterior(k_tried, k_new, values, noise):
    center, scale = values.mean(), values.std()
    z = (values - center) / scale
    mean = center + scale * k_new @ np.linalg.solve(k_tried + noise * np.eye(len(z)), z)
    known = np.sum(k_new * np.linalg.solve(k_tried, k_new.T).T, axis=1)
    return mean, scale * np.sqrt(np.maximum(1 - known, 0))

# %% around_zero: let the process return to zero, not to the mean of the values, far from what was tried
import numpy as np


def posterior(k_tried, k_new, values, noise):
    scale = values.std()
    k = k_tried + noise * np.eye(len(values))
    mean = k_new @ np.linalg.solve(k, values)
    known = np.sum(k_new * np.linalg.solve(k, k_new.T).T, axis=1)
    return mean, scale * np.sqrt(np.maximum(1 - known, 0))

# %% sum_of_rows: sum the rows of the matrix of all new places with all new places, where its diagonal is meant
import numpy as np


def posterior(k_tried, k_new, values, noise):
    center, scale = values.mean(), values.std()
    z = (values - center) / scale
    k = k_tried + noise * np.eye(len(values))
    mean = center + scale * k_new @ np.linalg.solve(k, z)
    known = np.sum(k_new @ np.linalg.solve(k, k_new.T), axis=1)
    return mean, scale * np.sqrt(np.maximum(1 - known, 0))

# %% triangle_mixed_up: solve with the lower Cholesky root as if it were an upper one, for the deviation
import numpy as np
from scipy import linalg


def posterior(k_tried, k_new, values, noise):
    center, scale = values.mean(), values.std()
    z = (values - center) / scale
    root = linalg.cholesky(k_tried + noise * np.eye(len(values)), lower=True)
    mean = center + scale * k_new @ linalg.cho_solve((root, True), z)
    known = linalg.solve_triangular(root, k_new.T)
    return mean, scale * np.sqrt(np.maximum(1 - np.square(known).sum(axis=0), 0))

# %% noise_in_units_of_the_values: divide the noise by the variance of the values, as if it were in their unit
# loses 1, hint unit
import numpy as np


def posterior(k_tried, k_new, values, noise):
    center, scale = values.mean(), values.std()
    z = (values - center) / scale
    k = k_tried + noise / scale**2 * np.eye(len(values))
    mean = center + scale * k_new @ np.linalg.solve(k, z)
    known = np.sum(k_new * np.linalg.solve(k, k_new.T).T, axis=1)
    return mean, scale * np.sqrt(np.maximum(1 - known, 0))

# %% noise_added_in_place: add the noise to the diagonal of the given matrix, so that a second call has it twice
import numpy as np


def posterior(k_tried, k_new, values, noise):
    center, scale = values.mean(), values.std()
    z = (values - center) / scale
    k_tried[np.diag_indices(len(z))] += noise
    mean = center + scale * k_new @ np.linalg.solve(k_tried, z)
    known = np.sum(k_new * np.linalg.solve(k_tried, k_new.T).T, axis=1)
    return mean, scale * np.sqrt(np.maximum(1 - known, 0))

# %% values_standardized_in_place: standardize the given values in place, so that the caller's values are gone
import numpy as np


def posterior(k_tried, k_new, values, noise):
    center, scale = np.mean(values), np.std(values)
    values -= center
    values /= scale
    k = k_tried + noise * np.eye(len(values))
    mean = center + scale * k_new @ np.linalg.solve(k, values)
    known = np.sum(k_new * np.linalg.solve(k, k_new.T).T, axis=1)
    return mean, scale * np.sqrt(np.maximum(1 - known, 0))

# %% result_of_integers: make the results of the type of the values, so that integer values give rounded means
import numpy as np


def posterior(k_tried, k_new, values, noise):
    center, scale = values.mean(), values.std()
    z = (values - center) / scale
    inverse = np.linalg.inv(k_tried + noise * np.eye(len(values)))
    mean = np.empty(len(k_new), dtype=values.dtype)
    deviation = np.empty(len(k_new), dtype=values.dtype)
    for i, row in enumerate(k_new):
        mean[i] = center + scale * row @ inverse @ z
        deviation[i] = scale * np.sqrt(max(1 - row @ inverse @ row, 0))
    return mean, deviation

# %% noise_floor: take at least 0.0001 as noise, to be on the safe side
import numpy as np


def posterior(k_tried, k_new, values, noise):
    center, scale = values.mean(), values.std()
    z = (values - center) / scale
    k = k_tried + max(noise, 1e-4) * np.eye(len(values))
    mean = center + scale * k_new @ np.linalg.solve(k, z)
    known = np.sum(k_new * np.linalg.solve(k, k_new.T).T, axis=1)
    return mean, scale * np.sqrt(np.maximum(1 - known, 0))

# %% orientation_guessed: guess from the shape which way round the matrix of the new places is, and turn it when it is square
import numpy as np


def posterior(k_tried, k_new, values, noise):
    n = len(values)
    if k_new.shape[0] == n:  # one row for each tried place
        k_new = k_new.T
    center, scale = values.mean(), values.std()
    z = (values - center) / scale
    k = k_tried + noise * np.eye(n)
    mean = center + scale * k_new @ np.linalg.solve(k, z)
    known = np.sum(k_new * np.linalg.solve(k, k_new.T).T, axis=1)
    return mean, scale * np.sqrt(np.maximum(1 - known, 0))

# %% squeezed: return plain numbers when there is a single new place
import numpy as np


def posterior(k_tried, k_new, values, noise):
    center, scale = values.mean(), values.std()
    z = (values - center) / scale
    k = k_tried + noise * np.eye(len(values))
    mean = center + scale * k_new @ np.linalg.solve(k, z)
    known = np.sum(k_new * np.linalg.solve(k, k_new.T).T, axis=1)
    return np.squeeze(mean), np.squeeze(scale * np.sqrt(np.maximum(1 - known, 0)))

# %% noise_times_the_variance: multiply the noise by the variance of the values, though they are standardized
# loses 1, hint unit
import numpy as np


def posterior(k_tried, k_new, values, noise):
    center, scale = values.mean(), values.std()
    z = (values - center) / scale
    k = k_tried + noise * scale**2 * np.eye(len(values))
    mean = center + scale * k_new @ np.linalg.solve(k, z)
    known = np.sum(k_new * np.linalg.solve(k, k_new.T).T, axis=1)
    return mean, scale * np.sqrt(np.maximum(1 - known, 0))
