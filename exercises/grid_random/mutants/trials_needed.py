# %% adds: they add up the probabilities of the draws
# loses 3, hint adds
import math


def trials_needed(n_good, n_all, confidence):
    return math.ceil(confidence * n_all / n_good)

# %% off: they return the number before the last draw
# loses 3, hint off
def trials_needed(n_good, n_all, confidence):
    miss = 1
    for n in range(n_all):
        miss *= (n_all - n_good - n) / (n_all - n)
        if 1 - miss >= confidence:
            return n

# %% repetition: they take the chapter's formula, which is for draws with repetition
# loses 3, hint repetition
import math


def trials_needed(n_good, n_all, confidence):
    return math.ceil(math.log(1 - confidence) / math.log(1 - n_good / n_all))

# %% with_repetition: use the chapter's formula for draws with repetition
import math


def trials_needed(n_good, n_all, confidence):
    if n_good == n_all:
        return 1
    if confidence == 1:
        return n_all - n_good + 1
    return math.ceil(math.log(1 - confidence) / math.log(1 - n_good / n_all))

# %% one_by_rounding: compute one minus the chance of none in floats, which is 1 by rounding long before it is certain
# loses 1, hint rounding
import math


def trials_needed(n_good, n_all, confidence):
    for n in range(1, n_all + 1):
        none = math.comb(n_all - n_good, n) / math.comb(n_all, n)
        if 1 - none >= confidence:
            return n

# %% certain_only_with_all: draw all configurations for a confidence of 1
import math


def trials_needed(n_good, n_all, confidence):
    if confidence == 1:
        return n_all
    n = 1
    while 1 - math.comb(n_all - n_good, n) / math.comb(n_all, n) < confidence:
        n += 1
    return n

# %% certain_one_too_few: draw as many as there are bad ones for a confidence of 1
import math


def trials_needed(n_good, n_all, confidence):
    if confidence == 1:
        return max(1, n_all - n_good)
    n = 1
    while 1 - math.comb(n_all - n_good, n) / math.comb(n_all, n) < confidence:
        n += 1
    return n

# %% more_than_the_confidence: ask for more than the confidence instead of at least as much
# loses 2, hint reached
import math


def trials_needed(n_good, n_all, confidence):
    if confidence == 1:
        return n_all - n_good + 1
    n = 1
    while 1 - math.comb(n_all - n_good, n) / math.comb(n_all, n) <= confidence:
        n += 1
    return n

# %% auditors_approximation: use the closed approximation with the mean size of the shrinking table
import math


def trials_needed(n_good, n_all, confidence):
    share = 1 - (1 - confidence) ** (1 / n_good)
    return math.ceil((n_all - (n_good - 1) / 2) * share)

# %% loop_ends_too_early: let the loop end with the number of bad ones, so that a confidence of 1 finds nothing
import math
from fractions import Fraction


def trials_needed(n_good, n_all, confidence):
    n_bad = n_all - n_good
    for n in range(1, n_bad + 1):
        if Fraction(math.comb(n_bad, n), math.comb(n_all, n)) <= 1 - confidence:
            return n

# %% logarithm_of_zero: add logarithms and compare with that of 1 - confidence, which fails for a confidence of 1
import math


def trials_needed(n_good, n_all, confidence):
    target = math.log(1 - confidence)
    log_none = 0.0
    n_bad = n_all - n_good
    for n in range(1, n_all + 1):
        if n > n_bad:
            return n
        log_none += math.log((n_bad - n + 1) / (n_all - n + 1))
        if log_none <= target:
            return n

# %% exactly_one_good: ask for the chance of exactly one good one instead of at least one
import math


def trials_needed(n_good, n_all, confidence):
    n_bad = n_all - n_good
    for n in range(1, n_all + 1):
        if n_good * math.comb(n_bad, n - 1) / math.comb(n_all, n) >= confidence:
            return n
    return n_all

# %% expected_number: ask that the expected number of good ones reaches the confidence
import math


def trials_needed(n_good, n_all, confidence):
    return math.ceil(confidence * n_all / n_good)

# %% table_does_not_shrink: lessen the bad ones with each failed draw but not all of them
def trials_needed(n_good, n_all, confidence):
    n_bad = n_all - n_good
    none = 1.0
    n = 0
    while none > 1 - confidence:
        none *= (n_bad - n) / n_all
        n += 1
    return n

# %% whole_percent: round the confidence to whole percent to calculate with whole numbers
import math


def trials_needed(n_good, n_all, confidence):
    percent = round(100 * confidence)
    n = 1
    while True:
        total = math.comb(n_all, n)
        if 100 * (total - math.comb(n_all - n_good, n)) >= percent * total:
            return n
        n += 1

# %% never_one: look for the first time after the second draw, so that they never return 1
# loses 2, hint reached
from fractions import Fraction


def trials_needed(n_good, n_all, confidence):
    n_bad = n_all - n_good
    none = Fraction(n_bad, n_all)
    n = 1
    while n < n_all:
        none *= Fraction(n_bad - n, n_all - n)
        n += 1
        if none <= 1 - confidence:
            return n
    return n

# %% float_binomials: take the binomials of scipy as floats, which are infinite for a large table
from scipy.special import comb


def trials_needed(n_good, n_all, confidence):
    n_bad = n_all - n_good
    for n in range(1, n_bad + 1):
        if comb(n_bad, n) / comb(n_all, n) <= 1 - confidence:
            return n
    return n_bad + 1

# %% whole_numbers_overflow: multiply the numbers of bad and of all configurations as 64-bit whole numbers, which overflow
import numpy as np


def trials_needed(n_good, n_all, confidence):
    n_bad = n_all - n_good
    bad = np.cumprod(np.arange(n_bad, 0, -1))
    everything = np.cumprod(np.arange(n_all, n_good, -1))
    enough = 1 - bad / everything >= confidence
    return int(enough.argmax()) + 1 if enough.any() else n_bad + 1

# %% rounded_probability: round the probability to four digits before they compare
import math


def trials_needed(n_good, n_all, confidence):
    n = 1
    while round(1 - math.comb(n_all - n_good, n) / math.comb(n_all, n), 4) < confidence:
        n += 1
    return n

# %% simulated: replay 2,000 random orders and take the quantile of the waits
import numpy as np


def trials_needed(n_good, n_all, confidence):
    rng = np.random.default_rng(0)
    waits = [1 + np.argmax(rng.permutation(n_all) < n_good) for _ in range(2000)]
    return int(np.quantile(waits, confidence, method="inverted_cdf"))

# %% remembered_by_share: remember results by the share of good ones, as if the size of the table did not matter
# loses 2, hint share
import math

_results = {}


def trials_needed(n_good, n_all, confidence):
    key = n_good / n_all, confidence
    if key not in _results:
        n = 1
        while True:
            none, total = math.comb(n_all - n_good, n), math.comb(n_all, n)
            if none == 0 or (confidence < 1 and 1 - none / total >= confidence):
                break
            n += 1
        _results[key] = n
    return _results[key]

# %% size_of_the_example: try no more than 648 trials, the size of the table
import math


def trials_needed(n_good, n_all, confidence):
    for n in range(1, 649):
        none = math.comb(n_all - n_good, n)
        if none == 0 or (confidence < 1 and 1 - none / math.comb(n_all, n) >= confidence):
            return n
    return 648

# %% product_underflows: multiply the chances in floats until none is left, which is zero by underflow before it is certain
# loses 1, hint rounding
def trials_needed(n_good, n_all, confidence):
    n_bad = n_all - n_good
    none = 1.0
    n = 0
    while none > 1 - confidence:
        none *= (n_bad - n) / (n_all - n)
        n += 1
    return n
