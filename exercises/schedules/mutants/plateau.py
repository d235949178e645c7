# %% kept: do not begin to count anew after a reduction
# loses 2, hint kept
import numpy as np


def plateau(losses, learning_rate, factor, patience, min_learning_rate):
    rate, lowest, waited, rates = learning_rate, np.inf, 0, []
    for loss in losses:
        rates.append(rate)
        if loss < lowest:
            lowest, waited = loss, 0
        else:
            waited += 1
            if waited >= patience:
                rate = max(rate * factor, min_learning_rate)
    return rates

# %% late: wait until patience is exceeded
# loses 5, hint late
import numpy as np


def plateau(losses, learning_rate, factor, patience, min_learning_rate):
    rate, lowest, waited, rates = learning_rate, np.inf, 0, []
    for loss in losses:
        rates.append(rate)
        if loss < lowest:
            lowest, waited = loss, 0
        else:
            waited += 1
            if waited > patience:
                rate, waited = max(rate * factor, min_learning_rate), 0
    return rates

# %% no_floor: forget the lowest rate
# loses 1, hint floor
import numpy as np


def plateau(losses, learning_rate, factor, patience, min_learning_rate):
    rate, lowest, waited, rates = learning_rate, np.inf, 0, []
    for loss in losses:
        rates.append(rate)
        if loss < lowest:
            lowest, waited = loss, 0
        else:
            waited += 1
            if waited >= patience:
                rate, waited = rate * factor, 0
    return rates

# %% previous: compare with the loss of the epoch before
# loses 1, hint previous
def plateau(losses, learning_rate, factor, patience, min_learning_rate):
    rate, waited, rates = learning_rate, 0, []
    for epoch, loss in enumerate(losses):
        rates.append(rate)
        if epoch == 0 or loss < losses[epoch - 1]:
            waited = 0
        else:
            waited += 1
            if waited >= patience:
                rate, waited = max(rate * factor, min_learning_rate), 0
    return rates

# %% shifted: lower the rate in the epoch whose loss is to be seen first
# loses 5, hint shifted
import numpy as np


def plateau(losses, learning_rate, factor, patience, min_learning_rate):
    rate, lowest, waited, rates = learning_rate, np.inf, 0, []
    for loss in losses:
        if loss < lowest:
            lowest, waited = loss, 0
        else:
            waited += 1
            if waited >= patience:
                rate, waited = max(rate * factor, min_learning_rate), 0
        rates.append(rate)
    return rates

# %% stuck: skip the reduction that would go below the lowest rate
# loses 1, hint stuck
import numpy as np


def plateau(losses, learning_rate, factor, patience, min_learning_rate):
    rate, lowest, waited, rates = learning_rate, np.inf, 0, []
    for loss in losses:
        rates.append(rate)
        if loss < lowest:
            lowest, waited = loss, 0
        else:
            waited += 1
            if waited >= patience:
                waited = 0
                if rate * factor >= min_learning_rate:
                    rate = rate * factor
    return rates

# %% total: do not begin to count anew after an improvement
# loses 2, hint total
import numpy as np


def plateau(losses, learning_rate, factor, patience, min_learning_rate):
    rate, lowest, waited, rates = learning_rate, np.inf, 0, []
    for loss in losses:
        rates.append(rate)
        if loss < lowest:
            lowest = loss
        else:
            waited += 1
            if waited >= patience:
                rate, waited = max(rate * factor, min_learning_rate), 0
    return rates

# %% compare_with_the_last: compare with the loss of the epoch before instead of the lowest so far
def plateau(losses, learning_rate, factor, patience, min_learning_rate):
    rates, rate, wait, last = [], learning_rate, 0, float("inf")
    for loss in losses:
        rates.append(rate)
        if loss < last:
            wait = 0
        else:
            wait += 1
            if wait == patience:
                rate = max(rate * factor, min_learning_rate)
                wait = 0
        last = loss
    return rates

# %% lowest_of_the_window: compare with the lowest of the last losses only, as many as the patience
# loses 1, hint forgotten
def plateau(losses, learning_rate, factor, patience, min_learning_rate):
    rates, rate, wait = [], learning_rate, 0
    for i, loss in enumerate(losses):
        rates.append(rate)
        before = losses[max(0, i - patience) : i]
        if i == 0 or loss < min(before):
            wait = 0
        else:
            wait += 1
            if wait == patience:
                rate = max(rate * factor, min_learning_rate)
                wait = 0
    return rates

# %% equal_is_better: let a loss equal to the lowest count as an improvement
# loses 1, hint tie
def plateau(losses, learning_rate, factor, patience, min_learning_rate):
    rates, rate, wait, lowest = [], learning_rate, 0, float("inf")
    for loss in losses:
        rates.append(rate)
        if loss <= lowest:
            lowest, wait = loss, 0
        else:
            wait += 1
            if wait == patience:
                rate = max(rate * factor, min_learning_rate)
                wait = 0
    return rates

# %% equal_does_not_count: let an epoch with a loss equal to the lowest pass without counting it
# loses 1, hint tie
def plateau(losses, learning_rate, factor, patience, min_learning_rate):
    rates, rate, wait, lowest = [], learning_rate, 0, float("inf")
    for loss in losses:
        rates.append(rate)
        if loss < lowest:
            lowest, wait = loss, 0
        elif loss > lowest:
            wait += 1
            if wait == patience:
                rate = max(rate * factor, min_learning_rate)
                wait = 0
    return rates

# %% smallest_improvement: ask for an improvement by more than 0.0001, the default of Keras
# loses 1, hint margin
def plateau(losses, learning_rate, factor, patience, min_learning_rate):
    min_delta = 1e-4
    rates, rate, wait, lowest = [], learning_rate, 0, float("inf")
    for loss in losses:
        rates.append(rate)
        if loss < lowest - min_delta:
            lowest, wait = loss, 0
        else:
            wait += 1
            if wait == patience:
                rate = max(rate * factor, min_learning_rate)
                wait = 0
    return rates

# %% lowest_begins_at_one: begin with a lowest loss of one, so that losses above it never improve
def plateau(losses, learning_rate, factor, patience, min_learning_rate):
    rates, rate, wait, lowest = [], learning_rate, 0, 1.0
    for loss in losses:
        rates.append(rate)
        if loss < lowest:
            lowest, wait = loss, 0
        else:
            wait += 1
            if wait == patience:
                rate = max(rate * factor, min_learning_rate)
                wait = 0
    return rates

# %% first_counts_as_none: compare the first loss with itself, so that the first epoch goes without an improvement
# loses 1, hint first
def plateau(losses, learning_rate, factor, patience, min_learning_rate):
    rates, rate, wait, lowest = [], learning_rate, 0, losses[0]
    for loss in losses:
        rates.append(rate)
        if loss < lowest:
            lowest, wait = loss, 0
        else:
            wait += 1
            if wait == patience:
                rate = max(rate * factor, min_learning_rate)
                wait = 0
    return rates

# %% count_goes_on_after_reduction: reduce again in each further epoch since the count is kept after a reduction
def plateau(losses, learning_rate, factor, patience, min_learning_rate):
    rates, rate, wait, lowest = [], learning_rate, 0, float("inf")
    for loss in losses:
        rates.append(rate)
        if loss < lowest:
            lowest, wait = loss, 0
        else:
            wait += 1
            if wait >= patience:
                rate = max(rate * factor, min_learning_rate)
    return rates

# %% one_reduction_per_plateau: reduce only once until the next improvement
def plateau(losses, learning_rate, factor, patience, min_learning_rate):
    rates, rate, wait, lowest = [], learning_rate, 0, float("inf")
    for loss in losses:
        rates.append(rate)
        if loss < lowest:
            lowest, wait = loss, 0
        else:
            wait += 1
            if wait == patience:
                rate = max(rate * factor, min_learning_rate)
    return rates

# %% not_in_a_row: count the epochs without an improvement in all, not in a row
def plateau(losses, learning_rate, factor, patience, min_learning_rate):
    rates, rate, wait, lowest = [], learning_rate, 0, float("inf")
    for loss in losses:
        rates.append(rate)
        if loss < lowest:
            lowest = loss
        else:
            wait += 1
            if wait == patience:
                rate = max(rate * factor, min_learning_rate)
                wait = 0
    return rates

# %% one_more_than_patience: reduce when more epochs than the patience have gone without an improvement
def plateau(losses, learning_rate, factor, patience, min_learning_rate):
    rates, rate, wait, lowest = [], learning_rate, 0, float("inf")
    for loss in losses:
        rates.append(rate)
        if loss < lowest:
            lowest, wait = loss, 0
        else:
            wait += 1
            if wait > patience:
                rate = max(rate * factor, min_learning_rate)
                wait = 0
    return rates

# %% forget_the_lowest: forget the lowest loss after a reduction, so that the next loss always improves
# loses 3, hint forgotten
def plateau(losses, learning_rate, factor, patience, min_learning_rate):
    rates, rate, wait, lowest = [], learning_rate, 0, float("inf")
    for loss in losses:
        rates.append(rate)
        if loss < lowest:
            lowest, wait = loss, 0
        else:
            wait += 1
            if wait == patience:
                rate = max(rate * factor, min_learning_rate)
                wait, lowest = 0, float("inf")
    return rates

# %% rest_after_reduction: leave the epoch after a reduction out of the count
def plateau(losses, learning_rate, factor, patience, min_learning_rate):
    rates, rate, wait, lowest = [], learning_rate, 0, float("inf")
    for loss in losses:
        rates.append(rate)
        if loss < lowest:
            lowest, wait = loss, 0
        else:
            wait += 1
            if wait == patience:
                rate = max(rate * factor, min_learning_rate)
                wait = -1
    return rates

# %% same_epoch: use the new rate in the epoch whose loss caused it
def plateau(losses, learning_rate, factor, patience, min_learning_rate):
    rates, rate, wait, lowest = [], learning_rate, 0, float("inf")
    for loss in losses:
        if loss < lowest:
            lowest, wait = loss, 0
        else:
            wait += 1
            if wait == patience:
                rate = max(rate * factor, min_learning_rate)
                wait = 0
        rates.append(rate)
    return rates

# %% no_reduction_below_minimum: keep the rate where it is if the reduction would lead below the minimum
def plateau(losses, learning_rate, factor, patience, min_learning_rate):
    rates, rate, wait, lowest = [], learning_rate, 0, float("inf")
    for loss in losses:
        rates.append(rate)
        if loss < lowest:
            lowest, wait = loss, 0
        else:
            wait += 1
            if wait == patience:
                if rate * factor >= min_learning_rate:
                    rate *= factor
                wait = 0
    return rates

# %% below_the_minimum_once: reduce as long as the rate is above the minimum, and so fall below it at last
def plateau(losses, learning_rate, factor, patience, min_learning_rate):
    rates, rate, wait, lowest = [], learning_rate, 0, float("inf")
    for loss in losses:
        rates.append(rate)
        if loss < lowest:
            lowest, wait = loss, 0
        else:
            wait += 1
            if wait == patience:
                if rate > min_learning_rate:
                    rate *= factor
                wait = 0
    return rates

# %% factor_is_what_goes: take the factor away from the rate instead of multiplying by it
def plateau(losses, learning_rate, factor, patience, min_learning_rate):
    rates, rate, wait, lowest = [], learning_rate, 0, float("inf")
    for loss in losses:
        rates.append(rate)
        if loss < lowest:
            lowest, wait = loss, 0
        else:
            wait += 1
            if wait == patience:
                rate = max(rate - factor * rate, min_learning_rate)
                wait = 0
    return rates

# %% whole_number_rates: keep the rates in an array made from the first rate, whole when that is whole
import numpy as np


def plateau(losses, learning_rate, factor, patience, min_learning_rate):
    rates = np.full(len(losses), learning_rate)
    wait, lowest = 0, float("inf")
    for i, loss in enumerate(losses):
        if loss < lowest:
            lowest, wait = loss, 0
        else:
            wait += 1
            if wait == patience:
                rates[i + 1 :] = max(rates[i] * factor, min_learning_rate)
                wait = 0
    return rates.tolist()

# %% use_up_the_losses: take the losses out of the caller's list one by one
def plateau(losses, learning_rate, factor, patience, min_learning_rate):
    rates, rate, wait, lowest = [], learning_rate, 0, float("inf")
    while len(losses) > 0:
        loss = losses.pop(0)
        rates.append(rate)
        if loss < lowest:
            lowest, wait = loss, 0
        else:
            wait += 1
            if wait == patience:
                rate = max(rate * factor, min_learning_rate)
                wait = 0
    return rates

# %% remember_between_calls: keep the lowest loss and the count from an earlier call
state = {"lowest": float("inf"), "wait": 0}


def plateau(losses, learning_rate, factor, patience, min_learning_rate):
    rates, rate = [], learning_rate
    for loss in losses:
        rates.append(rate)
        if loss < state["lowest"]:
            state["lowest"], state["wait"] = loss, 0
        else:
            state["wait"] += 1
            if state["wait"] == patience:
                rate = max(rate * factor, min_learning_rate)
                state["wait"] = 0
    return rates

# %% one_epoch_early: reduce one epoch before the patience is over
# loses 5, hint early
def plateau(losses, learning_rate, factor, patience, min_learning_rate):
    rates, rate, wait, lowest = [], learning_rate, 0, float("inf")
    for loss in losses:
        rates.append(rate)
        if loss < lowest:
            lowest, wait = loss, 0
        else:
            wait += 1
            if wait >= patience - 1:
                rate = max(rate * factor, min_learning_rate)
                wait = 0
    return rates

# %% restore_after_improvement: go back to the first rate when the loss improves again
# loses 5, hint restored
def plateau(losses, learning_rate, factor, patience, min_learning_rate):
    rates, rate, wait, lowest = [], learning_rate, 0, float("inf")
    for loss in losses:
        rates.append(rate)
        if loss < lowest:
            lowest, wait, rate = loss, 0, learning_rate
        else:
            wait += 1
            if wait == patience:
                rate = max(rate * factor, min_learning_rate)
                wait = 0
    return rates

# %% lowest_becomes_the_current: take the loss of the reduction for the lowest
# loses 1, hint forgotten
def plateau(losses, learning_rate, factor, patience, min_learning_rate):
    rates, rate, wait, lowest = [], learning_rate, 0, float("inf")
    for loss in losses:
        rates.append(rate)
        if loss < lowest:
            lowest, wait = loss, 0
        else:
            wait += 1
            if wait == patience:
                rate = max(rate * factor, min_learning_rate)
                wait, lowest = 0, loss
    return rates

# %% window_of_one_more: compare with the lowest of the last losses only, one more than the patience
# loses 1, hint forgotten
def plateau(losses, learning_rate, factor, patience, min_learning_rate):
    rates, rate, wait = [], learning_rate, 0
    for i, loss in enumerate(losses):
        rates.append(rate)
        if i == 0 or loss < min(losses[max(0, i - patience - 1) : i]):
            wait = 0
        else:
            wait += 1
            if wait == patience:
                rate = max(rate * factor, min_learning_rate)
                wait = 0
    return rates
