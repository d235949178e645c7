# %% adam_corrected_stored: Reuses the names, so that the corrected means are returned
# loses 2, hint corrected_stored
import numpy as np


def adam_step(x, m, s, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m = beta_1 * m + (1 - beta_1) * gradient
    s = beta_2 * s + (1 - beta_2) * gradient**2
    m = m / (1 - beta_1**t)
    s = s / (1 - beta_2**t)
    x = x - learning_rate * m / (np.sqrt(s) + epsilon)
    return x, m, s

# %% adam_epsilon_inside: Adds epsilon inside of the root, as RMSprop does here
# loses 1, hint epsilon_inside
import numpy as np


def adam_step(x, m, s, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m = beta_1 * m + (1 - beta_1) * gradient
    s = beta_2 * s + (1 - beta_2) * gradient**2
    m_hat = m / (1 - beta_1**t)
    s_hat = s / (1 - beta_2**t)
    return x - learning_rate * m_hat / np.sqrt(s_hat + epsilon), m, s

# %% adam_no_correction: Leaves out the correction of the means, as in RMSprop with momentum
# loses 4, hint no_correction
import numpy as np


def adam_step(x, m, s, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m = beta_1 * m + (1 - beta_1) * gradient
    s = beta_2 * s + (1 - beta_2) * gradient**2
    x = x - learning_rate * m / (np.sqrt(s) + epsilon)
    return x, m, s

# %% adam_no_root: Divides by the mean square itself
# loses 4, hint no_root
def adam_step(x, m, s, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m = beta_1 * m + (1 - beta_1) * gradient
    s = beta_2 * s + (1 - beta_2) * gradient**2
    m_hat = m / (1 - beta_1**t)
    s_hat = s / (1 - beta_2**t)
    return x - learning_rate * m_hat / (s_hat + epsilon), m, s

# %% adam_no_square: Forgets the square, and takes the size so that the root exists
# loses 6, hint no_square
import numpy as np


def adam_step(x, m, s, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m = beta_1 * m + (1 - beta_1) * gradient
    s = beta_2 * s + (1 - beta_2) * np.abs(gradient)
    m_hat = m / (1 - beta_1**t)
    s_hat = s / (1 - beta_2**t)
    return x - learning_rate * m_hat / (np.sqrt(s_hat) + epsilon), m, s

# %% adam_t_from_zero: Takes t as counted from 0 and adds one
# loses 4, hint t_shifted
import numpy as np


def adam_step(x, m, s, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    t = t + 1
    m = beta_1 * m + (1 - beta_1) * gradient
    s = beta_2 * s + (1 - beta_2) * gradient**2
    m_hat = m / (1 - beta_1**t)
    s_hat = s / (1 - beta_2**t)
    return x - learning_rate * m_hat / (np.sqrt(s_hat) + epsilon), m, s

# %% no_correction: use the means as they are, without the corrections
import numpy as np


def adam_step(x, m, s, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m = beta_1 * m + (1 - beta_1) * gradient
    s = beta_2 * s + (1 - beta_2) * gradient**2
    x = x - learning_rate * m / (np.sqrt(s) + epsilon)
    return x, m, s

# %% counted_from_zero: take t for a count from 0 and add 1 in the corrections
import numpy as np


def adam_step(x, m, s, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m = beta_1 * m + (1 - beta_1) * gradient
    s = beta_2 * s + (1 - beta_2) * gradient**2
    m_hat = m / (1 - beta_1 ** (t + 1))
    s_hat = s / (1 - beta_2 ** (t + 1))
    return x - learning_rate * m_hat / (np.sqrt(s_hat) + epsilon), m, s

# %% corrected_means_returned: return the corrected means, so that the next update corrects them again
import numpy as np


def adam_step(x, m, s, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m = beta_1 * m + (1 - beta_1) * gradient
    s = beta_2 * s + (1 - beta_2) * gradient**2
    m = m / (1 - beta_1**t)
    s = s / (1 - beta_2**t)
    x = x - learning_rate * m / (np.sqrt(s) + epsilon)
    return x, m, s

# %% epsilon_under_the_root: add epsilon under the square root
import numpy as np


def adam_step(x, m, s, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m = beta_1 * m + (1 - beta_1) * gradient
    s = beta_2 * s + (1 - beta_2) * gradient**2
    m_hat = m / (1 - beta_1**t)
    s_hat = s / (1 - beta_2**t)
    return x - learning_rate * m_hat / np.sqrt(s_hat + epsilon), m, s

# %% no_epsilon: leave epsilon out, which divides zero by zero where the gradient has always been 0
import numpy as np


def adam_step(x, m, s, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m = beta_1 * m + (1 - beta_1) * gradient
    s = beta_2 * s + (1 - beta_2) * gradient**2
    rate = learning_rate * np.sqrt(1 - beta_2**t) / (1 - beta_1**t)
    return x - rate * m / np.sqrt(s), m, s

# %% one_size_for_all: keep one mean square of the whole gradient instead of one for each coordinate
import numpy as np


def adam_step(x, m, s, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m = beta_1 * m + (1 - beta_1) * gradient
    s = beta_2 * s + (1 - beta_2) * np.mean(gradient**2)
    m_hat = m / (1 - beta_1**t)
    s_hat = s / (1 - beta_2**t)
    return x - learning_rate * m_hat / (np.sqrt(s_hat) + epsilon), m, s

# %% never_forgets: let the mean square never fall, as AMSGrad does
import numpy as np


def adam_step(x, m, s, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m = beta_1 * m + (1 - beta_1) * gradient
    s = np.maximum(s, beta_2 * s + (1 - beta_2) * gradient**2)
    m_hat = m / (1 - beta_1**t)
    s_hat = s / (1 - beta_2**t)
    return x - learning_rate * m_hat / (np.sqrt(s_hat) + epsilon), m, s

# %% first_update_only: correct the means in the first update only
import numpy as np


def adam_step(x, m, s, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m = beta_1 * m + (1 - beta_1) * gradient
    s = beta_2 * s + (1 - beta_2) * gradient**2
    if t == 1:
        m_hat, s_hat = m / (1 - beta_1), s / (1 - beta_2)
    else:
        m_hat, s_hat = m, s
    return x - learning_rate * m_hat / (np.sqrt(s_hat) + epsilon), m, s

# %% product_instead_of_power: multiply beta by t instead of raising it to the power t
import numpy as np


def adam_step(x, m, s, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m = beta_1 * m + (1 - beta_1) * gradient
    s = beta_2 * s + (1 - beta_2) * gradient**2
    m_hat = m / (1 - beta_1 * t)
    s_hat = s / (1 - beta_2 * t)
    return x - learning_rate * m_hat / (np.sqrt(s_hat) + epsilon), m, s

# %% power_of_the_difference: raise 1 - beta to the power t instead of beta alone
import numpy as np


def adam_step(x, m, s, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m = beta_1 * m + (1 - beta_1) * gradient
    s = beta_2 * s + (1 - beta_2) * gradient**2
    m_hat = m / (1 - beta_1) ** t
    s_hat = s / (1 - beta_2) ** t
    return x - learning_rate * m_hat / (np.sqrt(s_hat) + epsilon), m, s

# %% own_counter: count their own calls instead of using t
import numpy as np

updates = 0


def adam_step(x, m, s, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    global updates
    updates += 1
    m = beta_1 * m + (1 - beta_1) * gradient
    s = beta_2 * s + (1 - beta_2) * gradient**2
    m_hat = m / (1 - beta_1**updates)
    s_hat = s / (1 - beta_2**updates)
    return x - learning_rate * m_hat / (np.sqrt(s_hat) + epsilon), m, s

# %% fixed_epsilon: write the usual 1e-8 instead of the argument epsilon
import numpy as np


def adam_step(x, m, s, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m = beta_1 * m + (1 - beta_1) * gradient
    s = beta_2 * s + (1 - beta_2) * gradient**2
    m_hat = m / (1 - beta_1**t)
    s_hat = s / (1 - beta_2**t)
    return x - learning_rate * m_hat / (np.sqrt(s_hat) + 1e-8), m, s

# %% fixed_corrections: write 0.9 and 0.999 in the corrections instead of the arguments
import numpy as np


def adam_step(x, m, s, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m = beta_1 * m + (1 - beta_1) * gradient
    s = beta_2 * s + (1 - beta_2) * gradient**2
    rate = learning_rate * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
    return x - rate * m / (np.sqrt(s) + epsilon), m, s

# %% epsilon_outside_the_fraction: forget the parentheses in the denominator, so that epsilon is added to the position
import numpy as np


def adam_step(x, m, s, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m = beta_1 * m + (1 - beta_1) * gradient
    s = beta_2 * s + (1 - beta_2) * gradient**2
    m_hat = m / (1 - beta_1**t)
    s_hat = s / (1 - beta_2**t)
    x = x - learning_rate * m_hat / np.sqrt(s_hat) + epsilon
    return x, m, s

# %% epsilon_as_lower_bound: take epsilon for a lower bound of the denominator instead of adding it
import numpy as np


def adam_step(x, m, s, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m = beta_1 * m + (1 - beta_1) * gradient
    s = beta_2 * s + (1 - beta_2) * gradient**2
    m_hat = m / (1 - beta_1**t)
    s_hat = s / (1 - beta_2**t)
    return x - learning_rate * m_hat / np.maximum(np.sqrt(s_hat), epsilon), m, s

# %% step_limited: limit the step to one learning rate, which Adam's steps may exceed
import numpy as np


def adam_step(x, m, s, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m = beta_1 * m + (1 - beta_1) * gradient
    s = beta_2 * s + (1 - beta_2) * gradient**2
    m_hat = m / (1 - beta_1**t)
    s_hat = s / (1 - beta_2**t)
    step = learning_rate * m_hat / (np.sqrt(s_hat) + epsilon)
    return x - np.clip(step, -learning_rate, learning_rate), m, s

# %% falling_rate: divide the learning rate by the square root of t
import numpy as np


def adam_step(x, m, s, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m = beta_1 * m + (1 - beta_1) * gradient
    s = beta_2 * s + (1 - beta_2) * gradient**2
    m_hat = m / (1 - beta_1**t)
    s_hat = s / (1 - beta_2**t)
    return x - learning_rate / np.sqrt(t) * m_hat / (np.sqrt(s_hat) + epsilon), m, s

# %% lazy_where_flat: leave a coordinate and its means as they are where the gradient is 0
import numpy as np


def adam_step(x, m, s, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    active = gradient != 0
    m = np.where(active, beta_1 * m + (1 - beta_1) * gradient, m)
    s = np.where(active, beta_2 * s + (1 - beta_2) * gradient**2, s)
    m_hat = m / (1 - beta_1**t)
    s_hat = s / (1 - beta_2**t)
    step = learning_rate * m_hat / (np.sqrt(s_hat) + epsilon)
    return np.where(active, x - step, x), m, s

# %% powers_in_the_means: raise beta to the power t in the running means too
import numpy as np


def adam_step(x, m, s, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    b1, b2 = beta_1**t, beta_2**t
    m = b1 * m + (1 - b1) * gradient
    s = b2 * s + (1 - b2) * gradient**2
    m_hat = m / (1 - b1)
    s_hat = s / (1 - b2)
    return x - learning_rate * m_hat / (np.sqrt(s_hat) + epsilon), m, s

# %% one_index_only: go through the numbers with one index, which fails for weights in rows and columns
import numpy as np


def adam_step(x, m, s, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    new_x, new_m, new_s = np.zeros(len(x)), np.zeros(len(x)), np.zeros(len(x))
    for i in range(len(x)):
        new_m[i] = beta_1 * m[i] + (1 - beta_1) * gradient[i]
        new_s[i] = beta_2 * s[i] + (1 - beta_2) * gradient[i] ** 2
        m_hat = new_m[i] / (1 - beta_1**t)
        s_hat = new_s[i] / (1 - beta_2**t)
        new_x[i] = x[i] - learning_rate * m_hat / (np.sqrt(s_hat) + epsilon)
    return new_x, new_m, new_s

# %% means_in_place: change the two means that they are given in place
import numpy as np


def adam_step(x, m, s, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m *= beta_1
    m += (1 - beta_1) * gradient
    s *= beta_2
    s += (1 - beta_2) * gradient**2
    m_hat = m / (1 - beta_1**t)
    s_hat = s / (1 - beta_2**t)
    return x - learning_rate * m_hat / (np.sqrt(s_hat) + epsilon), m, s

# %% position_in_place: move the position that they are given in place
import numpy as np


def adam_step(x, m, s, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m = beta_1 * m + (1 - beta_1) * gradient
    s = beta_2 * s + (1 - beta_2) * gradient**2
    x -= learning_rate * m / (1 - beta_1**t) / (np.sqrt(s / (1 - beta_2**t)) + epsilon)
    return x, m, s

# %% whole_number_results: make the results with empty_like, which cuts off the decimals when x or the means hold whole numbers
import numpy as np


def adam_step(x, m, s, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    new_x, new_m, new_s = np.empty_like(x), np.empty_like(m), np.empty_like(s)
    new_m[...] = beta_1 * m + (1 - beta_1) * gradient
    new_s[...] = beta_2 * s + (1 - beta_2) * gradient**2
    m_hat = new_m / (1 - beta_1**t)
    s_hat = new_s / (1 - beta_2**t)
    new_x[...] = x - learning_rate * m_hat / (np.sqrt(s_hat) + epsilon)
    return new_x, new_m, new_s
