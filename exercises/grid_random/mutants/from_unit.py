# %% end: they truncate and forget that both ends are included
# loses 2, hint end
import numpy as np


def from_unit(space, u):
    configuration = {}
    for (name, (kind, *given)), x in zip(space.items(), u, strict=True):
        if kind == "choice":
            options = given[0]
            configuration[name] = options[int(x * (len(options) - 1))]
            continue
        low, high = given
        if kind == "log":
            configuration[name] = np.exp(np.log(low) + x * np.log(high / low))
        elif kind == "linear":
            configuration[name] = low + x * (high - low)
        else:
            configuration[name] = low + int(x * (high - low))
    return configuration

# %% exponents: they take low and high for exponents
# loses 2, hint exponents
def from_unit(space, u):
    configuration = {}
    for (name, (kind, *given)), x in zip(space.items(), u, strict=True):
        if kind == "choice":
            options = given[0]
            configuration[name] = options[int(x * len(options))]
            continue
        low, high = given
        if kind == "log":
            configuration[name] = 10 ** (low + x * (high - low))
        elif kind == "linear":
            configuration[name] = low + x * (high - low)
        else:
            configuration[name] = low + int(x * (high - low + 1))
    return configuration

# %% half: they round, which gives both ends half their share
# loses 2, hint half
import numpy as np


def from_unit(space, u):
    configuration = {}
    for (name, (kind, *given)), x in zip(space.items(), u, strict=True):
        if kind == "choice":
            options = given[0]
            configuration[name] = options[round(x * (len(options) - 1))]
            continue
        low, high = given
        if kind == "log":
            configuration[name] = np.exp(np.log(low) + x * np.log(high / low))
        elif kind == "linear":
            configuration[name] = low + x * (high - low)
        else:
            configuration[name] = round(low + x * (high - low))
    return configuration

# %% length: they take high for a length, as SciPy's uniform does
# loses 1, hint length
import numpy as np


def from_unit(space, u):
    configuration = {}
    for (name, (kind, *given)), x in zip(space.items(), u, strict=True):
        if kind == "choice":
            options = given[0]
            configuration[name] = options[int(x * len(options))]
            continue
        low, high = given
        if kind == "log":
            configuration[name] = np.exp(np.log(low) + x * np.log(high / low))
        elif kind == "linear":
            configuration[name] = low + x * high
        else:
            configuration[name] = low + int(x * (high - low + 1))
    return configuration

# %% logs: they take natural logarithms and undo them with powers of 10
# loses 2, hint logs
import numpy as np


def from_unit(space, u):
    configuration = {}
    for (name, (kind, *given)), x in zip(space.items(), u, strict=True):
        if kind == "choice":
            options = given[0]
            configuration[name] = options[int(x * len(options))]
            continue
        low, high = given
        if kind == "log":
            configuration[name] = 10 ** (np.log(low) + x * (np.log(high) - np.log(low)))
        elif kind == "linear":
            configuration[name] = low + x * (high - low)
        else:
            configuration[name] = low + int(x * (high - low + 1))
    return configuration

# %% uniform: they forget the logarithm
# loses 2, hint uniform
def from_unit(space, u):
    configuration = {}
    for (name, (kind, *given)), x in zip(space.items(), u, strict=True):
        if kind == "choice":
            options = given[0]
            configuration[name] = options[int(x * len(options))]
        elif kind == "whole":
            low, high = given
            configuration[name] = low + int(x * (high - low + 1))
        else:
            low, high = given
            configuration[name] = low + x * (high - low)
    return configuration

# %% whole_truncated: never give the last whole number, since they cut the interval into high - low parts
def from_unit(space, u):
    configuration = {}
    for (name, (kind, *arguments)), x in zip(space.items(), u):
        if kind == "log":
            low, high = arguments
            value = low * (high / low) ** x
        elif kind == "linear":
            low, high = arguments
            value = low + x * (high - low)
        elif kind == "whole":
            low, high = arguments
            value = int(low + x * (high - low))
        else:
            (options,) = arguments
            value = options[int(x * len(options))]
        configuration[name] = value
    return configuration

# %% whole_rounded: round to the nearest whole number, which halves the parts of the first and the last
def from_unit(space, u):
    configuration = {}
    for (name, (kind, *arguments)), x in zip(space.items(), u):
        if kind == "log":
            low, high = arguments
            value = low * (high / low) ** x
        elif kind == "linear":
            low, high = arguments
            value = low + x * (high - low)
        elif kind == "whole":
            low, high = arguments
            value = round(low + x * (high - low))
        else:
            (options,) = arguments
            value = options[int(x * len(options))]
        configuration[name] = value
    return configuration

# %% whole_toward_zero: add low before int() cuts the decimals, which goes toward zero when low is negative
# loses 1, hint toward
def from_unit(space, u):
    configuration = {}
    for (name, (kind, *arguments)), x in zip(space.items(), u):
        if kind == "log":
            low, high = arguments
            value = low * (high / low) ** x
        elif kind == "linear":
            low, high = arguments
            value = low + x * (high - low)
        elif kind == "whole":
            low, high = arguments
            value = int(low + x * (high - low + 1))
        else:
            (options,) = arguments
            value = options[int(x * len(options))]
        configuration[name] = value
    return configuration

# %% whole_floor_of_the_sum: take the floor of low plus the part, which rounds up to high + 1 when low is large and u is close to 1
# loses 1, hint edge
import math


def from_unit(space, u):
    configuration = {}
    for (name, (kind, *arguments)), x in zip(space.items(), u):
        if kind == "log":
            low, high = arguments
            value = low * (high / low) ** x
        elif kind == "linear":
            low, high = arguments
            value = low + x * (high - low)
        elif kind == "whole":
            low, high = arguments
            value = math.floor(low + x * (high - low + 1))
        else:
            (options,) = arguments
            value = options[int(x * len(options))]
        configuration[name] = value
    return configuration

# %% choice_never_last: multiply by the number of options less one, so that the last option never comes
def from_unit(space, u):
    configuration = {}
    for (name, (kind, *arguments)), x in zip(space.items(), u):
        if kind == "log":
            low, high = arguments
            value = low * (high / low) ** x
        elif kind == "linear":
            low, high = arguments
            value = low + x * (high - low)
        elif kind == "whole":
            low, high = arguments
            value = low + int(x * (high - low + 1))
        else:
            (options,) = arguments
            value = options[int(x * (len(options) - 1))]
        configuration[name] = value
    return configuration

# %% choice_rounded: round to the nearest index of the options, which gives the first and the last half of what the others get
def from_unit(space, u):
    configuration = {}
    for (name, (kind, *arguments)), x in zip(space.items(), u):
        if kind == "log":
            low, high = arguments
            value = low * (high / low) ** x
        elif kind == "linear":
            low, high = arguments
            value = low + x * (high - low)
        elif kind == "whole":
            low, high = arguments
            value = low + int(x * (high - low + 1))
        else:
            (options,) = arguments
            value = options[round(x * (len(options) - 1))]
        configuration[name] = value
    return configuration

# %% log_high_is_one: go from the logarithm of low to zero, which is right only when high is 1
import math


def from_unit(space, u):
    configuration = {}
    for (name, (kind, *arguments)), x in zip(space.items(), u):
        if kind == "log":
            low, high = arguments
            value = 10 ** (math.log10(low) * (1 - x))
        elif kind == "linear":
            low, high = arguments
            value = low + x * (high - low)
        elif kind == "whole":
            low, high = arguments
            value = low + int(x * (high - low + 1))
        else:
            (options,) = arguments
            value = options[int(x * len(options))]
        configuration[name] = value
    return configuration

# %% order_of_the_kinds: take the numbers in the order log, linear, whole, choice instead of the order of the names
# loses 1, hint kinds
def from_unit(space, u):
    configuration = {}
    k = 0
    for name, some in space.items():
        if some[0] == "log":
            configuration[name] = some[1] * (some[2] / some[1]) ** u[k]
            k += 1
    for name, some in space.items():
        if some[0] == "linear":
            configuration[name] = some[1] + u[k] * (some[2] - some[1])
            k += 1
    for name, some in space.items():
        if some[0] == "whole":
            configuration[name] = some[1] + int(u[k] * (some[2] - some[1] + 1))
            k += 1
    for name, some in space.items():
        if some[0] == "choice":
            configuration[name] = some[1][int(u[k] * len(some[1]))]
            k += 1
    return configuration

# %% rounded_as_shown: round the values to four significant digits, as in the expected output
def from_unit(space, u):
    configuration = {}
    for (name, (kind, *arguments)), x in zip(space.items(), u):
        if kind == "log":
            low, high = arguments
            value = float(f"{low * (high / low) ** x:.4g}")
        elif kind == "linear":
            low, high = arguments
            value = float(f"{low + x * (high - low):.4g}")
        elif kind == "whole":
            low, high = arguments
            value = low + int(x * (high - low + 1))
        else:
            (options,) = arguments
            value = options[int(x * len(options))]
        configuration[name] = value
    return configuration

# %% options_as_array: make an array of the options, which turns all into texts when one of them is
# loses 1, hint texts
import numpy as np


def from_unit(space, u):
    configuration = {}
    for (name, (kind, *arguments)), x in zip(space.items(), u):
        if kind == "log":
            low, high = arguments
            value = low * (high / low) ** x
        elif kind == "linear":
            low, high = arguments
            value = low + x * (high - low)
        elif kind == "whole":
            low, high = arguments
            value = low + int(x * (high - low + 1))
        else:
            (options,) = arguments
            value = np.array(options)[int(x * len(options))]
        configuration[name] = value
    return configuration

# %% type_of_low: give the value the type of low, so that whole limits cut the decimals of a linear or log value
# loses 3, hint cut
def from_unit(space, u):
    configuration = {}
    for (name, (kind, *arguments)), x in zip(space.items(), u):
        if kind == "log":
            low, high = arguments
            value = type(low)(low * (high / low) ** x)
        elif kind == "linear":
            low, high = arguments
            value = type(low)(low + x * (high - low))
        elif kind == "whole":
            low, high = arguments
            value = low + int(x * (high - low + 1))
        else:
            (options,) = arguments
            value = options[int(x * len(options))]
        configuration[name] = value
    return configuration

# %% whole_ceil: round up and take one off, which gives low - 1 at u = 0
# loses 1, hint zero
import math


def from_unit(space, u):
    configuration = {}
    for (name, (kind, *arguments)), x in zip(space.items(), u):
        if kind == "log":
            low, high = arguments
            value = low * (high / low) ** x
        elif kind == "linear":
            low, high = arguments
            value = low + x * (high - low)
        elif kind == "whole":
            low, high = arguments
            value = low + math.ceil(x * (high - low + 1)) - 1
        else:
            (options,) = arguments
            value = options[int(x * len(options))]
        configuration[name] = value
    return configuration

# %% choice_ceil: count the parts from 1 and index with one less, which gives the last option at u = 0
# loses 1, hint zero
import math


def from_unit(space, u):
    configuration = {}
    for (name, (kind, *arguments)), x in zip(space.items(), u):
        if kind == "log":
            low, high = arguments
            value = low * (high / low) ** x
        elif kind == "linear":
            low, high = arguments
            value = low + x * (high - low)
        elif kind == "whole":
            low, high = arguments
            value = low + int(x * (high - low + 1))
        else:
            (options,) = arguments
            value = options[math.ceil(x * len(options)) - 1]
        configuration[name] = value
    return configuration

# %% option_used_up: take the chosen option out of the list of the space
def from_unit(space, u):
    configuration = {}
    for (name, (kind, *arguments)), x in zip(space.items(), u):
        if kind == "log":
            low, high = arguments
            value = low * (high / low) ** x
        elif kind == "linear":
            low, high = arguments
            value = low + x * (high - low)
        elif kind == "whole":
            low, high = arguments
            value = low + int(x * (high - low + 1))
        else:
            (options,) = arguments
            value = options.pop(int(x * len(options)))
        configuration[name] = value
    return configuration

# %% log_from_high_to_low: run the log scale from high at u = 0 down to low
def from_unit(space, u):
    configuration = {}
    for (name, (kind, *arguments)), x in zip(space.items(), u):
        if kind == "log":
            low, high = arguments
            value = high * (low / high) ** x
        elif kind == "linear":
            low, high = arguments
            value = low + x * (high - low)
        elif kind == "whole":
            low, high = arguments
            value = low + int(x * (high - low + 1))
        else:
            (options,) = arguments
            value = options[int(x * len(options))]
        configuration[name] = value
    return configuration

# %% whole_shifted_rounding: round from half below low, where the rounding of halves to even numbers gives low - 1 at u = 0 for odd low
def from_unit(space, u):
    configuration = {}
    for (name, (kind, *arguments)), x in zip(space.items(), u):
        if kind == "log":
            low, high = arguments
            value = low * (high / low) ** x
        elif kind == "linear":
            low, high = arguments
            value = low + x * (high - low)
        elif kind == "whole":
            low, high = arguments
            value = round(low - 0.5 + x * (high - low + 1))
        else:
            (options,) = arguments
            value = options[int(x * len(options))]
        configuration[name] = value
    return configuration

# %% options_interpolated: interpolate between the options when they are numbers
import numpy as np


def from_unit(space, u):
    configuration = {}
    for (name, (kind, *arguments)), x in zip(space.items(), u):
        if kind == "log":
            low, high = arguments
            value = low * (high / low) ** x
        elif kind == "linear":
            low, high = arguments
            value = low + x * (high - low)
        elif kind == "whole":
            low, high = arguments
            value = low + int(x * (high - low + 1))
        else:
            (options,) = arguments
            if all(isinstance(option, (int, float)) for option in options):
                value = float(np.interp(x, np.linspace(0, 1, len(options)), options))
            else:
                value = options[int(x * len(options))]
        configuration[name] = value
    return configuration

# %% whole_from_one: count the whole numbers from 1 and ignore low
def from_unit(space, u):
    configuration = {}
    for (name, (kind, *arguments)), x in zip(space.items(), u):
        if kind == "log":
            low, high = arguments
            value = low * (high / low) ** x
        elif kind == "linear":
            low, high = arguments
            value = low + x * (high - low)
        elif kind == "whole":
            low, high = arguments
            value = 1 + int(x * high)
        else:
            (options,) = arguments
            value = options[int(x * len(options))]
        configuration[name] = value
    return configuration

# %% one_dict_for_all: fill a default argument, so that all calls return the same dict
def from_unit(space, u, configuration={}):
    for (name, (kind, *arguments)), x in zip(space.items(), u):
        if kind == "log":
            low, high = arguments
            value = low * (high / low) ** x
        elif kind == "linear":
            low, high = arguments
            value = low + x * (high - low)
        elif kind == "whole":
            low, high = arguments
            value = low + int(x * (high - low + 1))
        else:
            (options,) = arguments
            value = options[int(x * len(options))]
        configuration[name] = value
    return configuration

# %% log_of_small_numbers_only: take the exponents as negative whatever they are, which is right only when high is at most 1
import math


def from_unit(space, u):
    configuration = {}
    for (name, (kind, *arguments)), x in zip(space.items(), u):
        if kind == "log":
            low, high = arguments
            first, last = abs(math.log10(low)), abs(math.log10(high))
            value = 10 ** -(first + x * (last - first))
        elif kind == "linear":
            low, high = arguments
            value = low + x * (high - low)
        elif kind == "whole":
            low, high = arguments
            value = low + int(x * (high - low + 1))
        else:
            (options,) = arguments
            value = options[int(x * len(options))]
        configuration[name] = value
    return configuration
