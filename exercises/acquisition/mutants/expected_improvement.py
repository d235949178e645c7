# %% certain: return 0 wherever the deviation is zero
# loses 2, hint certain
import numpy as np
from scipy.special import ndtr


def expected_improvement(mean, deviation, best, xi):
    gain = best - xi - mean
    sigma = np.where(deviation > 0, deviation, 1)
    u = gain / sigma
    density = np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi)
    return np.where(deviation > 0, sigma * (u * ndtr(u) + density), 0.0)

# %% constant: leave out the constant of the normal density
# loses 3, hint constant
import numpy as np
from scipy.special import ndtr


def expected_improvement(mean, deviation, best, xi):
    gain = best - xi - mean
    sigma = np.where(deviation > 0, deviation, 1)
    u = gain / sigma
    density = np.exp(-(u**2) / 2)
    return np.where(deviation > 0, sigma * (u * ndtr(u) + density), np.maximum(gain, 0))

# %% density: stop after the first term
# loses 3, hint density
import numpy as np
from scipy.special import ndtr


def expected_improvement(mean, deviation, best, xi):
    gain = best - xi - mean
    sigma = np.where(deviation > 0, deviation, 1)
    u = gain / sigma
    return np.where(deviation > 0, gain * ndtr(u), np.maximum(gain, 0))

# %% ignored: forget xi
# loses 1, hint ignored
import numpy as np
from scipy.special import ndtr


def expected_improvement(mean, deviation, best, xi):
    gain = best - mean
    sigma = np.where(deviation > 0, deviation, 1)
    u = gain / sigma
    density = np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi)
    return np.where(deviation > 0, sigma * (u * ndtr(u) + density), np.maximum(gain, 0))

# %% maximize: copy the formula for maximization
# loses 5, hint maximize
import numpy as np
from scipy.special import ndtr


def expected_improvement(mean, deviation, best, xi):
    gain = mean - best - xi
    sigma = np.where(deviation > 0, deviation, 1)
    u = gain / sigma
    density = np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi)
    return np.where(deviation > 0, sigma * (u * ndtr(u) + density), np.maximum(gain, 0))

# %% nan: divide by a deviation of zero
# loses 2, hint nan
import numpy as np
from scipy.special import ndtr


def expected_improvement(mean, deviation, best, xi):
    u = (best - xi - mean) / deviation
    density = np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi)
    return deviation * (u * ndtr(u) + density)

# %% scale: forget to multiply the density by the deviation
# loses 3, hint scale
import numpy as np
from scipy.special import ndtr


def expected_improvement(mean, deviation, best, xi):
    gain = best - xi - mean
    sigma = np.where(deviation > 0, deviation, 1)
    u = gain / sigma
    density = np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi)
    return np.where(deviation > 0, gain * ndtr(u) + density, np.maximum(gain, 0))

# %% xi: add xi to the target, which makes it easier
# loses 1, hint xi
import numpy as np
from scipy.special import ndtr


def expected_improvement(mean, deviation, best, xi):
    gain = best + xi - mean
    sigma = np.where(deviation > 0, deviation, 1)
    u = gain / sigma
    density = np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi)
    return np.where(deviation > 0, sigma * (u * ndtr(u) + density), np.maximum(gain, 0))

# %% zero_where_certain: return 0 wherever the deviation is 0, also where the mean is better than the best
import numpy as np
from scipy.special import ndtr


def expected_improvement(mean, deviation, best, xi):
    gain = best - xi - mean
    with np.errstate(divide="ignore", invalid="ignore"):
        u = gain / deviation
        ei = deviation * (u * ndtr(u) + np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi))
    return np.where(deviation > 0, ei, 0.0)

# %% nan_where_certain: divide by a deviation of 0
import numpy as np
from scipy.special import ndtr


def expected_improvement(mean, deviation, best, xi):
    u = (best - xi - mean) / deviation
    return deviation * (u * ndtr(u) + np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi))

# %% xi_forgotten_where_certain: take the plain difference to the best, without xi, where the deviation is 0
# loses 2, hint certain_xi
import numpy as np
from scipy.special import ndtr


def expected_improvement(mean, deviation, best, xi):
    safe = np.where(deviation > 0, deviation, 1)
    u = (best - xi - mean) / safe
    ei = safe * (u * ndtr(u) + np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi))
    return np.where(deviation > 0, ei, np.maximum(0, best - mean))

# %% negative_where_certain: do not cut the improvement off at 0 where the deviation is 0
import numpy as np
from scipy.special import ndtr


def expected_improvement(mean, deviation, best, xi):
    gain = best - xi - mean
    safe = np.where(deviation > 0, deviation, 1)
    u = gain / safe
    ei = safe * (u * ndtr(u) + np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi))
    return np.where(deviation > 0, ei, gain)

# %% one_certain_is_enough: take the rule for a deviation of 0 for all points as soon as one deviation is 0
# loses 2, hint any
import numpy as np
from scipy.special import ndtr


def expected_improvement(mean, deviation, best, xi):
    gain = best - xi - mean
    if (deviation == 0).any():
        return np.maximum(0, gain)
    u = gain / deviation
    return deviation * (u * ndtr(u) + np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi))

# %% xi_added: add xi to the best value, which makes an improvement easier
import numpy as np
from scipy.special import ndtr


def expected_improvement(mean, deviation, best, xi):
    gain = best + xi - mean
    safe = np.where(deviation > 0, deviation, 1)
    u = gain / safe
    ei = safe * (u * ndtr(u) + np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi))
    return np.where(deviation > 0, ei, np.maximum(0, gain))

# %% maximized: count values above the best as improvements
import numpy as np
from scipy.special import ndtr


def expected_improvement(mean, deviation, best, xi):
    gain = mean - best - xi
    safe = np.where(deviation > 0, deviation, 1)
    u = gain / safe
    ei = safe * (u * ndtr(u) + np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi))
    return np.where(deviation > 0, ei, np.maximum(0, gain))

# %% xi_only_in_u: use xi in u but not in the factor before the distribution function
import numpy as np
from scipy.special import ndtr


def expected_improvement(mean, deviation, best, xi):
    safe = np.where(deviation > 0, deviation, 1)
    u = (best - xi - mean) / safe
    ei = (best - mean) * ndtr(u) + safe * np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi)
    return np.where(deviation > 0, ei, np.maximum(0, best - xi - mean))

# %% xi_in_deviations: subtract xi after the division, so that it counts in deviations
import numpy as np
from scipy.special import ndtr


def expected_improvement(mean, deviation, best, xi):
    safe = np.where(deviation > 0, deviation, 1)
    u = (best - mean) / safe - xi
    ei = safe * (u * ndtr(u) + np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi))
    return np.where(deviation > 0, ei, np.maximum(0, best - xi - mean))

# %% xi_taken_off_at_the_end: subtract xi from the improvement without xi, and cut off at 0
import numpy as np
from scipy.special import ndtr


def expected_improvement(mean, deviation, best, xi):
    safe = np.where(deviation > 0, deviation, 1)
    u = (best - mean) / safe
    ei = safe * (u * ndtr(u) + np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi))
    return np.maximum(np.where(deviation > 0, ei, best - mean) - xi, 0)

# %% no_deviation_in_front: forget the deviation as the factor in front
import numpy as np
from scipy.special import ndtr


def expected_improvement(mean, deviation, best, xi):
    safe = np.where(deviation > 0, deviation, 1)
    u = (best - xi - mean) / safe
    ei = u * ndtr(u) + np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi)
    return np.where(deviation > 0, ei, np.maximum(0, best - xi - mean))

# %% deviation_on_the_first_term_only: multiply only the first of the two terms by the deviation
import numpy as np
from scipy.special import ndtr


def expected_improvement(mean, deviation, best, xi):
    gain = best - xi - mean
    safe = np.where(deviation > 0, deviation, 1)
    u = gain / safe
    ei = gain * ndtr(u) + np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi)
    return np.where(deviation > 0, ei, np.maximum(0, gain))

# %% none_expected_none_counted: return 0 wherever the mean is not better than the best
import numpy as np
from scipy.special import ndtr


def expected_improvement(mean, deviation, best, xi):
    gain = best - xi - mean
    safe = np.where(deviation > 0, deviation, 1)
    u = gain / safe
    ei = safe * (u * ndtr(u) + np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi))
    ei = np.where(deviation > 0, ei, gain)
    return np.where(gain > 0, ei, 0.0)

# %% u_clipped: clip u to plus or minus 5, which makes a sure and large improvement too small
import numpy as np
from scipy.special import ndtr


def expected_improvement(mean, deviation, best, xi):
    gain = best - xi - mean
    safe = np.where(deviation > 0, deviation, 1)
    u = np.clip(gain / safe, -5, 5)
    ei = safe * (u * ndtr(u) + np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi))
    return np.where(deviation > 0, ei, np.maximum(0, gain))

# %% small_deviation_counts_as_none: treat every deviation below 0.0001 as 0
import numpy as np
from scipy.special import ndtr


def expected_improvement(mean, deviation, best, xi):
    gain = best - xi - mean
    certain = deviation < 1e-4
    safe = np.where(certain, 1, deviation)
    u = gain / safe
    ei = safe * (u * ndtr(u) + np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi))
    return np.where(certain, np.maximum(0, gain), ei)

# %% deviation_plus_a_bit: add 0.001 to the deviation in order not to divide by 0
import numpy as np
from scipy.special import ndtr


def expected_improvement(mean, deviation, best, xi):
    sigma = deviation + 1e-3
    u = (best - xi - mean) / sigma
    return sigma * (u * ndtr(u) + np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi))

# %% deviation_changed_in_place: write ones over the zeros in the caller's deviations, so that a second call takes them for real
import numpy as np
from scipy.special import ndtr


def expected_improvement(mean, deviation, best, xi):
    gain = best - xi - mean
    certain = deviation == 0
    deviation[certain] = 1
    u = gain / deviation
    ei = deviation * (u * ndtr(u) + np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi))
    ei[certain] = np.maximum(0, gain[certain])
    return ei

# %% result_of_integers: make the result of the type of the means, so that integer means give whole numbers
import numpy as np
from scipy.special import ndtr


def expected_improvement(mean, deviation, best, xi):
    ei = np.zeros_like(mean)
    for i, (m, s) in enumerate(zip(mean, deviation)):
        gain = best - xi - m
        if s == 0:
            ei[i] = max(0, gain)
        else:
            u = gain / s
            ei[i] = s * (u * ndtr(u) + np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi))
    return ei

# %% lowest_mean_as_best: improve on the lowest mean, where it is lower, in place of the best value that is given
import numpy as np
from scipy.special import ndtr


def expected_improvement(mean, deviation, best, xi):
    best = min(best, mean.min())
    gain = best - xi - mean
    safe = np.where(deviation > 0, deviation, 1)
    u = gain / safe
    ei = safe * (u * ndtr(u) + np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi))
    return np.where(deviation > 0, ei, np.maximum(0, gain))

# %% certain_points_last: put the points with a deviation of 0 behind all others, so that the order is lost
import numpy as np
from scipy.special import ndtr


def expected_improvement(mean, deviation, best, xi):
    gain = best - xi - mean
    open_ = deviation > 0
    u = gain[open_] / deviation[open_]
    ei = deviation[open_] * (u * ndtr(u) + np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi))
    return np.concatenate([ei, np.maximum(0, gain[~open_])])
