# %% near: they average over random draws
# loses 4, hint near
import numpy as np


def expected_best(values, n):
    rng = np.random.default_rng(0)
    drawn = rng.permuted(np.tile(values, (4000, 1)), axis=1)[:, :n]
    return drawn.max(axis=1).mean()

# %% order: they forget to sort
# loses 1, hint order
import math


def expected_best(values, n):
    weights = [math.comb(i, n - 1) / math.comb(len(values), n) for i in range(len(values))]
    return sum(weight * value for weight, value in zip(weights, values, strict=True))

# %% rank: they count from 1, and take the value itself for one of those below it
# loses 4, hint rank
import math


def expected_best(values, n):
    n_all = len(values)
    total = 0
    for rank, value in enumerate(sorted(values), start=1):
        total += value * math.comb(rank, n - 1) / math.comb(n_all, n)
    return total

# %% repetition: they count draws with repetition
# loses 4, hint repetition
import numpy as np


def expected_best(values, n):
    n_all = len(values)
    below = (np.arange(n_all + 1) / n_all) ** n
    return np.diff(below) @ np.sort(values)

# %% worst: they sort from large to small and give the largest weights to the smallest
# loses 4, hint worst
import math


def expected_best(values, n):
    total = 0
    for i, value in enumerate(sorted(values, reverse=True)):
        total += value * math.comb(i, n - 1) / math.comb(len(values), n)
    return total

# %% sorts_in_place: sort the caller's array
import math


def expected_best(values, n):
    values.sort()
    total = math.comb(len(values), n)
    return float(sum(v * (math.comb(k, n - 1) / total) for k, v in enumerate(values)))

# %% equal_values_once: count equal values once
import math

import numpy as np


def expected_best(values, n):
    values = np.unique(values)
    n = min(n, len(values))
    total = math.comb(len(values), n)
    return float(sum(v * (math.comb(k, n - 1) / total) for k, v in enumerate(values)))

# %% with_repetition: compute the largest of n draws with repetition
import numpy as np


def expected_best(values, n):
    values = np.sort(values)
    below = (np.arange(len(values) + 1) / len(values)) ** n
    return float(values @ np.diff(below))

# %% quantile: take the n / (n + 1) quantile of the values
import numpy as np


def expected_best(values, n):
    return float(np.quantile(values, n / (n + 1)))

# %% float_binomials: take the binomials of scipy as floats, which are infinite for a large table
# loses 2, hint large
import numpy as np
from scipy.special import comb


def expected_best(values, n):
    values = np.sort(values)
    n_all = len(values)
    return float(np.sum(values * comb(np.arange(n_all), n - 1)) / comb(n_all, n))

# %% whole_numbers_overflow: compute the binomials with products of 64-bit whole numbers, which overflow
import numpy as np


def binomial(n, k):
    result = np.int64(1)
    for i in range(k):
        result = result * np.int64(n - i) // np.int64(i + 1)
    return result


def expected_best(values, n):
    values = np.sort(values)
    with np.errstate(all="ignore"):
        weights = np.array([binomial(k, n - 1) for k in range(len(values))])
        return float(np.sum(values * weights) / binomial(len(values), n))

# %% smallest_possible_left_out: begin with the value that has n below it, and miss the set of the n smallest
import math

import numpy as np


def expected_best(values, n):
    values = np.sort(values)
    n_all = len(values)
    if n == n_all:
        return float(values[-1])
    weights = np.array([math.comb(k, n - 1) / math.comb(n_all, n) for k in range(n, n_all)])
    return float(values[n:] @ weights)

# %% ties_not_below: count only the strictly smaller values as smaller, also among equal ones
import math


def expected_best(values, n):
    ordered = sorted(values.tolist())
    total = math.comb(len(ordered), n)
    return sum(v * (math.comb(ordered.index(v), n - 1) / total) for v in ordered)

# %% ties_all_below: count all other values that are not larger as smaller, also among equal ones
import math

import numpy as np


def expected_best(values, n):
    total = math.comb(len(values), n)
    result = 0.0
    for v in values:
        smaller = int(np.sum(values <= v)) - 1
        result += v * (math.comb(smaller, n - 1) / total)
    return float(result)

# %% simulated: replay 10,000 searches and average their best values
import numpy as np


def expected_best(values, n):
    rng = np.random.default_rng(0)
    best = [rng.permutation(values)[:n].max() for _ in range(10_000)]
    return float(np.mean(best))

# %% first_sets_only: list the sets, but no more than the first 20,000
import itertools


def expected_best(values, n):
    sets = itertools.islice(itertools.combinations(values.tolist(), n), 20_000)
    best = [max(some) for some in sets]
    return sum(best) / len(best)

# %% weight_underflows: begin with the weight of the smallest set, one over the number of sets, which is zero in floats for a large table
# loses 2, hint large
import math

import numpy as np


def expected_best(values, n):
    values = np.sort(values)
    n_all = len(values)
    weight = math.exp(-math.lgamma(n_all + 1) + math.lgamma(n + 1) + math.lgamma(n_all - n + 1))
    result = 0.0
    for k in range(n - 1, n_all):
        result += values[k] * weight
        weight *= (k + 1) / (k + 2 - n)
    return float(result)

# %% logarithm_of_the_values: add the logarithms of value and weight, which fails for negative values
import numpy as np
from scipy.special import gammaln


def expected_best(values, n):
    values = np.sort(values)
    n_all = len(values)
    k = np.arange(n - 1, n_all)
    log_weight = gammaln(k + 1) - gammaln(n) - gammaln(k - n + 2)
    log_total = gammaln(n_all + 1) - gammaln(n + 1) - gammaln(n_all - n + 1)
    return float(np.sum(np.exp(np.log(values[n - 1 :]) + log_weight - log_total)))

# %% weights_of_the_values_type: make the array of weights like the values, so that weights of whole numbers are cut to zero
# loses 2, hint cut
import math

import numpy as np


def expected_best(values, n):
    values = np.sort(values)
    weights = np.zeros_like(values)
    for k in range(len(values)):
        weights[k] = math.comb(k, n - 1) / math.comb(len(values), n)
    return float(np.sum(values * weights))

# %% rounded_as_shown: round the result to four digits, as in the expected output
import math


def expected_best(values, n):
    ordered = sorted(values.tolist())
    total = math.comb(len(ordered), n)
    return round(sum(v * (math.comb(k, n - 1) / total) for k, v in enumerate(ordered)), 4)

# %% one_trial_is_the_best: return the largest value when there is one trial
import math


def expected_best(values, n):
    ordered = sorted(values.tolist())
    if n == 1:
        return ordered[-1]
    total = math.comb(len(ordered), n)
    return sum(v * (math.comb(k, n - 1) / total) for k, v in enumerate(ordered))

# %% small_weights_left_out: leave out weights below 0.001 as too small to matter
import math


def expected_best(values, n):
    ordered = sorted(values.tolist(), reverse=True)
    n_all = len(ordered)
    result = 0.0
    for rank, v in enumerate(ordered):
        weight = math.comb(n_all - 1 - rank, n - 1) / math.comb(n_all, n)
        if weight < 1e-3:
            break
        result += v * weight
    return result

# %% value_at_the_expected_rank: return the value at the expected rank of the best, interpolated, instead of the expected value
import numpy as np


def expected_best(values, n):
    n_all = len(values)
    rank = n * (n_all + 1) / (n + 1)
    return float(np.interp(rank, np.arange(1, n_all + 1), np.sort(values)))

# %% weights_remembered_by_n: remember the weights by n, also when the number of values is another one
import math

_weights = {}


def expected_best(values, n):
    ordered = sorted(values.tolist())
    if n not in _weights:
        total = math.comb(len(ordered), n)
        _weights[n] = [math.comb(k, n - 1) / total for k in range(len(ordered))]
    return sum(v * weight for v, weight in zip(ordered, _weights[n]))

# %% weights_in_a_dict_by_value: keep the weights in a dict by value, where equal values overwrite each other
import math


def expected_best(values, n):
    ordered = sorted(values.tolist())
    sets = {v: math.comb(k, n - 1) for k, v in enumerate(ordered)}
    total = math.comb(len(ordered), n)
    return sum(v * (count / total) for v, count in sets.items())
