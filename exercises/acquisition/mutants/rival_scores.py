# %% density: take the density for the probability
# loses 2, hint density
import numpy as np


def rival_scores(mean, deviation, best, xi, kappa):
    u = (best - xi - mean) / deviation
    return np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi), kappa * deviation - mean

# %% ignored: forget xi
# loses 1, hint ignored
from scipy.special import ndtr


def rival_scores(mean, deviation, best, xi, kappa):
    return ndtr((best - mean) / deviation), kappa * deviation - mean

# %% pessimist: take the upper bound, and turn its sign
# loses 2, hint pessimist
from scipy.special import ndtr


def rival_scores(mean, deviation, best, xi, kappa):
    return ndtr((best - xi - mean) / deviation), -(mean + kappa * deviation)

# %% sign: return the bound as it is
# loses 2, hint sign
from scipy.special import ndtr


def rival_scores(mean, deviation, best, xi, kappa):
    return ndtr((best - xi - mean) / deviation), mean - kappa * deviation

# %% upper: add the deviation to the mean, as one does to maximize
# loses 2, hint pessimist
from scipy.special import ndtr


def rival_scores(mean, deviation, best, xi, kappa):
    return ndtr((best - xi - mean) / deviation), mean + kappa * deviation

# %% worse: take the probability of a higher value
# loses 2, hint worse
from scipy.special import ndtr


def rival_scores(mean, deviation, best, xi, kappa):
    return ndtr((mean - best + xi) / deviation), kappa * deviation - mean

# %% xi: add xi to the target
# loses 1, hint xi
from scipy.special import ndtr


def rival_scores(mean, deviation, best, xi, kappa):
    return ndtr((best + xi - mean) / deviation), kappa * deviation - mean

# %% sign_not_turned: return the lower confidence bound as it is
import numpy as np
from scipy.special import ndtr


def rival_scores(mean, deviation, best, xi, kappa):
    return ndtr((best - xi - mean) / deviation), mean - kappa * deviation

# %% sign_of_the_mean_only: turn the sign of the mean but not that of the band, and so return the turned upper bound
import numpy as np
from scipy.special import ndtr


def rival_scores(mean, deviation, best, xi, kappa):
    return ndtr((best - xi - mean) / deviation), -mean - kappa * deviation

# %% no_xi: forget xi in the probability
import numpy as np
from scipy.special import ndtr


def rival_scores(mean, deviation, best, xi, kappa):
    return ndtr((best - mean) / deviation), kappa * deviation - mean

# %% xi_added: add xi to the best value
import numpy as np
from scipy.special import ndtr


def rival_scores(mean, deviation, best, xi, kappa):
    return ndtr((best + xi - mean) / deviation), kappa * deviation - mean

# %% maximized: return the probability of a value above the best
import numpy as np
from scipy.special import ndtr


def rival_scores(mean, deviation, best, xi, kappa):
    return ndtr((mean - best - xi) / deviation), kappa * deviation - mean

# %% density_again: take the density of the normal distribution for its distribution function
import numpy as np


def rival_scores(mean, deviation, best, xi, kappa):
    u = (best - xi - mean) / deviation
    return np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi), kappa * deviation - mean

# %% xi_in_deviations: subtract xi after the division, so that it counts in deviations
import numpy as np
from scipy.special import ndtr


def rival_scores(mean, deviation, best, xi, kappa):
    return ndtr((best - mean) / deviation - xi), kappa * deviation - mean

# %% xi_relative: take xi as a fraction of the best value
import numpy as np
from scipy.special import ndtr


def rival_scores(mean, deviation, best, xi, kappa):
    target = best - xi * abs(best)
    return ndtr((target - mean) / deviation), kappa * deviation - mean

# %% target_not_below_zero: do not let the value to be beaten fall below 0, as if all values were errors
import numpy as np
from scipy.special import ndtr


def rival_scores(mean, deviation, best, xi, kappa):
    target = max(best - xi, 0.0)
    return ndtr((target - mean) / deviation), kappa * deviation - mean

# %% kappa_always_two: take the 2 of the example for kappa
import numpy as np
from scipy.special import ndtr


def rival_scores(mean, deviation, best, xi, kappa):
    return ndtr((best - xi - mean) / deviation), 2 * deviation - mean

# %% kappa_zero_is_missing: replace a kappa of 0 by a default of 2
import numpy as np
from scipy.special import ndtr


def rival_scores(mean, deviation, best, xi, kappa):
    kappa = kappa or 2.0
    return ndtr((best - xi - mean) / deviation), kappa * deviation - mean

# %% xi_and_kappa_swapped: use kappa as the least improvement and xi as the width of the band
import numpy as np
from scipy.special import ndtr


def rival_scores(mean, deviation, best, xi, kappa):
    return ndtr((best - kappa - mean) / deviation), xi * deviation - mean

# %% variance_for_the_band: use the variance and not the deviation for the width of the band
import numpy as np
from scipy.special import ndtr


def rival_scores(mean, deviation, best, xi, kappa):
    return ndtr((best - xi - mean) / deviation), kappa * deviation**2 - mean

# %% root_of_kappa: take the square root of kappa, as it is written in other texts
import numpy as np
from scipy.special import ndtr


def rival_scores(mean, deviation, best, xi, kappa):
    return ndtr((best - xi - mean) / deviation), np.sqrt(kappa) * deviation - mean

# %% xi_in_the_bound: ask for the least improvement in the bound, too
# loses 2, hint bound_xi
import numpy as np
from scipy.special import ndtr


def rival_scores(mean, deviation, best, xi, kappa):
    return ndtr((best - xi - mean) / deviation), kappa * deviation - mean - xi

# %% bound_against_the_best: return by how much the bound lies below the best value
import numpy as np
from scipy.special import ndtr


def rival_scores(mean, deviation, best, xi, kappa):
    bound = mean - kappa * deviation
    return ndtr((best - xi - mean) / deviation), best - bound

# %% mean_reused: overwrite the mean with the bound before the probability is computed from it
import numpy as np
from scipy.special import ndtr


def rival_scores(mean, deviation, best, xi, kappa):
    bound = np.array(mean, dtype=float)
    mean = bound
    bound -= kappa * deviation
    probability = ndtr((best - xi - mean) / deviation)
    return probability, -bound

# %% mean_changed_in_place: compute the bound in the caller's array of means
import numpy as np
from scipy.special import ndtr


def rival_scores(mean, deviation, best, xi, kappa):
    probability = ndtr((best - xi - mean) / deviation)
    mean -= kappa * deviation
    mean *= -1
    return probability, mean

# %% result_of_integers: make the results of the type of the means, so that integer means give whole numbers
import numpy as np
from scipy.special import ndtr


def rival_scores(mean, deviation, best, xi, kappa):
    probability, bound = np.zeros_like(mean), np.zeros_like(mean)
    for i in range(len(mean)):
        probability[i] = ndtr((best - xi - mean[i]) / deviation[i])
        bound[i] = -(mean[i] - kappa * deviation[i])
    return probability, bound

# %% erf_without_the_root: build the distribution function from erf and forget the square root of 2
import numpy as np
from scipy.special import erf


def rival_scores(mean, deviation, best, xi, kappa):
    u = (best - xi - mean) / deviation
    return 0.5 * (1 + erf(u)), kappa * deviation - mean
