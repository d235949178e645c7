"""Marking of the problem set on grid and random search."""

import bisect
import itertools
import math

import numpy as np

from hpcourse.grading import Exercise, Wrong

exercise = Exercise(
    "grid_random",
    title="Grid and random search",
    minutes=75,
    chapters=["search/five_steps", "search/manual_grid", "search/random_search"],
)

NAMES = ("learning_rate", "momentum", "units", "dropout", "batch_size", "layers", "l2", "patience")


@exercise.part(
    "A grid",
    points={
        "every combination, once": 2,
        "in the order of nested loops": 1,
        "single values and single names": 1,
    },
    hints={
        "pairs": "This walks through the lists side by side, as zip does: first with first, second "
        "with second. A grid has every value of each list with every value of all others.",
        "shared": "All configurations are the same: it looks as if one dict had been changed again "
        "and again and appended each time. Make a new dict for each configuration.",
        "texts": "The numbers have become texts. A NumPy array has one type for all that is in it; "
        "keep values of different kinds in lists.",
        "order": "All combinations are there, with the first name changing fastest. In nested "
        "loops with the first name outermost, the last name does.",
        "single": "Names with a single value are missing. What is not varied belongs to a "
        "configuration, too: nothing can be trained without it.",
        "numbers": 'Texts have become numbers. Values come out as they went in: "2" is not 2.',
        "zero": "A name is missing from a configuration, where its value is 0. Zero is a value "
        "like all others; `if value` is False for it.",
    },
)
def grid(answer):
    """The product of lists; orders are compared in the second criterion only."""
    rng = answer.rng
    with answer.criterion("every combination, once"):
        for _ in range(5):
            varied = _lists(rng, rng.permutation([2, 3, 4])[: rng.integers(2, 4)])
            values = dict(varied)
            values["optimizer"] = ["sgd", "adam", "rmsprop"][: rng.integers(2, 4)]
            found = _dicts(answer, answer(values))
            expected = _product(values)
            keys = _keys(found)
            if len(found) > 1 and all(one == keys[0] for one in keys):
                raise answer.wrong("shared")
            if any(isinstance(one.get(name), str) for one in found for name in varied):
                raise answer.wrong("texts")
            if _sorted(found) == _sorted(_pairs(values)):
                raise answer.wrong("pairs")
            _same_grid(answer, found, expected)
        earlier = None
        for some in np.split(rng.permutation(np.arange(1, 60))[:4], 2):
            first, second = some.tolist()
            # Zero, and texts beside numbers and like numbers; the second time with the same names.
            values = {"momentum": [0.0, first / 64], "units": [second, "auto"]}
            values["version"] = [str(first), "new"]
            found = _dicts(answer, answer(values))
            if any(one.get("units") == str(second) for one in found):
                raise answer.wrong("texts")
            if any(isinstance(one.get("version"), int | float) for one in found):
                raise answer.wrong("numbers")
            if any(one.keys() < values.keys() for one in found):
                raise answer.wrong("zero")
            answer.require(
                _keys(found) != earlier,
                "Called with other values for the same names, it returns the grid of before.",
            )
            earlier = _keys(found)
            _same_grid(answer, found, _product(values))
    with answer.criterion("in the order of nested loops"):
        for _ in range(4):
            values = _lists(rng, rng.permutation([2, 3, 4]))
            found = _dicts(answer, answer(values))
            backwards = _product(dict(reversed(values.items())))
            answer.equal(_keys(found), _keys(_product(values)), order=_keys(backwards))
    with answer.criterion("single values and single names"):
        for sizes in ([1, 3, 1], [4], [1, 1]):
            values = _lists(rng, sizes)
            found = _dicts(answer, answer(values))
            expected = _product(values)
            varied = {name: some for name, some in values.items() if len(some) > 1}
            if _sorted(found) == _sorted(_product(varied)) != _sorted(expected):
                raise answer.wrong("single")
            _same_grid(answer, found, expected)
            answer.unchanged("values")


def _lists(rng, sizes):
    """Return a dict of lists of positive numbers, no two alike in a list."""
    names = rng.permutation(NAMES)[: len(sizes)].tolist()
    return {
        name: (rng.permutation(np.arange(1, 61))[:size] / rng.choice([1, 4])).tolist()
        for name, size in zip(names, sizes, strict=True)
    }


def _product(values):
    return [dict(zip(values, some, strict=True)) for some in itertools.product(*values.values())]


def _pairs(values):
    return [dict(zip(values, some, strict=True)) for some in zip(*values.values(), strict=False)]


def _dicts(answer, value):
    """Return a list of dicts, or raise what is wrong with it."""
    fine = isinstance(value, list | tuple) and all(isinstance(one, dict) for one in value)
    answer.require(fine, "It returns a list of configurations, each a dict.")
    return list(value)


def _keys(configurations):
    """Return each configuration as a sorted list of texts, numbers of one value as one text."""
    return [sorted(f"{name}: {_text(x)}" for name, x in one.items()) for one in configurations]


def _sorted(configurations):
    return sorted(_keys(configurations))


def _text(x):
    whole = isinstance(x, float) and x.is_integer()
    return repr(int(x)) if whole else repr(x)


def _same_grid(answer, found, expected):
    """Require the same configurations in any order."""
    answer.require(
        len(found) == len(expected),
        f"Expected {len(expected)} configurations, got {len(found)}.",
    )
    for one, other in zip(_sorted(found), _sorted(expected), strict=True):
        answer.equal(one, other)


@exercise.part(
    "One setting at a time",
    points={
        "the best value of each setting": 2,
        "each step goes on from what was found": 2,
        "no needless training, no needless move": 1,
    },
    hints={
        "alias": "The returned configuration has the value that was tried last, not the best one. "
        "`trial = best` makes no copy: both names stand for one dict, and a change of one is a "
        "change of the other. Use `dict(best)` or `best | {name: value}`.",
        "first": "This stops at the first value that is better. Try all values of a setting, then "
        "keep the best of them.",
        "separately": "Each setting is tried around the start, and the winners are put together at "
        "the end. Move to the best value of a setting before you try the next one.",
        "grid": "This is the best of all combinations. One setting at a time sees few of them, and "
        "may miss the best.",
        "again": "Some configuration is trained twice. The best so far is among the configurations "
        "of every step, and its value is known already: skip it.",
        "smallest": "This keeps the smallest values. An accuracy is to be maximized.",
        "tie": "This moves to a value that is as good as the current one, and no better. On a tie, "
        "stay where you are.",
        "names": "The names are tried in the order of `start`. The order of `values` counts; a "
        "dict `start` may have its names in any order.",
        "stays": "This stays at the start although other values are better. Compare with what the "
        "objective returned for the start: it may be negative, and every gain counts, however "
        "small.",
        "tiny": "With values as small as 1e-9 nothing is tried: np.isclose takes all of them for "
        "equal. Compare with ==.",
    },
)
def one_at_a_time(answer):
    """A pass over small tables; the objective runs here and writes down what is trained."""
    rng = answer.rng
    with answer.criterion("the best value of each setting"):
        hints = ("alias", "first", "smallest")
        for _ in range(3):
            values, start, outcome = _additive(rng)
            _judge_pass(answer, values, start, outcome, hints)
        for tiny, scale, below in ((1, 1, 2), (1, 1e-6, 0), (1e-10, 1, 0)):
            values, start, outcome = _additive(rng)
            values = {name: [tiny * x for x in some] for name, some in values.items()}
            hint = "stays" if tiny == 1 else "tiny"
            _judge_pass(answer, values, start, scale * outcome - below, (hint,))
    with answer.criterion("each step goes on from what was found"):
        hints = ("alias", "first", "smallest", "separately", "grid")
        for _ in range(5):
            values, start, outcome = _interacting(rng)
            _judge_pass(answer, values, start, outcome, hints)
        for _ in range(2):
            values, start, outcome = _interacting(rng)
            _judge_pass(answer, values, start, outcome, ("names", *hints), backwards=True)
    with answer.criterion("no needless training, no needless move"):
        for _ in range(4):
            values, start, outcome = _additive(rng)
            _, trained = _run_pass(answer, values, start, outcome)
            if len(set(trained)) < len(trained):
                raise answer.wrong("again")
            enough = 1 + sum(len(some) - 1 for some in values.values())
            answer.require(
                len(trained) == enough,
                f"It trains {len(trained)} configurations; a pass from this start has {enough}.",
            )
            answer.unchanged("the objective", "values", "start")
        _, trained = _run_pass(answer, values, start, outcome[::-1])
        answer.require(
            len(trained) == enough,
            f"Called again, with another objective, it trains {len(trained)} configurations, not "
            f"{enough}. What one objective returned says nothing about another.",
        )
        values, start, outcome = _additive(rng)
        _, trained = _run_pass(answer, values, start, outcome - outcome[start])  # zero at first
        if len(set(trained)) < len(trained):
            raise answer.wrong("again")
        some = np.arange(1.0, 4.0)
        values = {name: rng.permutation(some).tolist() for name in _names(rng, 3)}
        start = tuple(values[name].index(x) for name, x in zip(values, some, strict=True))
        _, trained = _run_pass(answer, values, start, rng.permutation(27).reshape(3, 3, 3) / 27)
        answer.require(
            len(set(trained)) == 7,
            f"It trains {len(set(trained))} different configurations; a pass from this start has "
            "7. Names may have values in common.",
        )
        for _ in range(2):
            values, start, outcome = _tied(rng)
            (place, _), _ = _run_pass(answer, values, start, outcome)
            if place != start and outcome[place] == outcome[start]:
                raise answer.wrong("tie")


def _settings(rng):
    """Return lists of values, and where among them a search starts."""
    values = _lists(rng, rng.permutation([3, 4, 5]))
    return values, tuple(int(rng.integers(len(some))) for some in values.values())


def _additive(rng):
    """Return a table in which settings do not interact: outcomes are sums of their effects."""
    while True:
        values, start = _settings(rng)
        shape = tuple(len(some) for some in values.values())
        effects = [(rng.permutation(n) + rng.uniform(0, 0.5, n)) / 20 for n in shape]
        outcome = 0.3 + sum(np.ix_(*effects))
        goal, ends = _one_pass(outcome, start), _ends(outcome, start)
        moved = all(i != j for i, j in zip(goal, start, strict=True))
        if moved and _apart({goal}, ends["alias"], ends["first"], ends["smallest"]):
            return values, start, outcome


def _tied(rng):
    """Return a table whose pass stays at the start, as good as an earlier value of each name."""
    values = _lists(rng, rng.permutation([3, 4, 5]))
    shape = tuple(len(some) for some in values.values())
    start = tuple(int(rng.integers(1, n)) for n in shape)
    outcome = rng.integers(0, 4, shape) / 8
    for axis, i in enumerate(start):
        line = _line(outcome, start, axis)
        line[rng.integers(i)] = line[i] = 0.5
    return values, start, outcome


def _interacting(rng):
    """Return a table without any order, in which mistakes end elsewhere than a pass does."""
    while True:
        values, start = _settings(rng)
        shape = tuple(len(some) for some in values.values())
        size = math.prod(shape)
        outcome = 0.1 + 0.8 * rng.permutation(size).reshape(shape) / size
        goal, ends = _one_pass(outcome, start), _ends(outcome, start)
        del ends["stays"], ends["tiny"]
        if goal != start and _apart({goal}, *ends.values()):
            return values, start, outcome


def _ends(outcome, start):
    """Return where mistakes end, by their hints."""
    return {
        "alias": _last_values(outcome.shape, start),
        "first": {_first_better(outcome, start)},
        "smallest": {_one_pass(-outcome, start)},
        "separately": {_separately(outcome, start)},
        "grid": {_best_place(outcome)},
        "names": {_one_pass(outcome, start, backwards=True)},
        "stays": {start},
        "tiny": {start},
    }


def _apart(*sets):
    return len(set().union(*sets)) == sum(map(len, sets))


def _one_pass(outcome, start, backwards=False):
    at = list(start)
    axes = range(outcome.ndim)
    for axis in reversed(axes) if backwards else axes:
        at[axis] = int(_line(outcome, at, axis).argmax())
    return tuple(at)


def _separately(outcome, start):
    return tuple(int(_line(outcome, start, axis).argmax()) for axis in range(outcome.ndim))


def _first_better(outcome, start):
    at = list(start)
    for axis in range(outcome.ndim):
        line = _line(outcome, at, axis)
        better = np.flatnonzero(line > line[at[axis]])
        at[axis] = int(better[0]) if len(better) else at[axis]
    return tuple(at)


def _last_values(shape, start):
    """Return where a dict that is shared ends: at the last value, or the last that is tried."""
    last = [n - 1 for n in shape]
    tried = [n - 1 if n - 1 != i else n - 2 for n, i in zip(shape, start, strict=True)]
    return {tuple(last), tuple(tried)}


def _best_place(outcome):
    return tuple(map(int, np.unravel_index(outcome.argmax(), outcome.shape)))


def _line(outcome, at, axis):
    return outcome[(*at[:axis], slice(None), *at[axis + 1 :])]


def _run_pass(answer, values, start, outcome, backwards=False):
    """Return the place and value that it returns, and the places that it trained."""
    trained = []

    def objective(configuration):
        trained.append(_place(values, configuration))
        return 0.0 if trained[-1] is None else float(outcome[trained[-1]])

    begin = {name: some[i] for (name, some), i in zip(values.items(), start, strict=True)}
    begin = {name: 1.0 * x for name, x in begin.items()}  # equal to those, other objects
    begin = dict(reversed(begin.items())) if backwards else begin
    configuration, value = _pair(answer, answer(objective, values, begin))
    place = _place(values, configuration)
    answer.require(
        place is not None,
        "Its first value is no configuration with one of the values of each name.",
    )
    answer.require(
        None not in trained,
        "It calls the objective with something else than one of the values of each name.",
    )
    return (place, value), trained


def _place(values, configuration):
    """Return where a configuration stands in the table, or None."""
    if not isinstance(configuration, dict) or configuration.keys() != values.keys():
        return None
    at = []
    for name, some in values.items():
        x = configuration[name]
        if not isinstance(x, int | float) or x not in some:
            return None
        at.append(some.index(x))
    return tuple(at)


def _pair(answer, value):
    fine = isinstance(value, list | tuple) and len(value) == 2
    answer.require(fine, "It returns two things: the best configuration, and its value.")
    return value


def _judge_pass(answer, values, start, outcome, hints, backwards=False):
    """Require the end of one pass, and its value."""
    (place, value), _ = _run_pass(answer, values, start, outcome, backwards)
    goal = _one_pass(outcome, start)
    ends = _ends(outcome, start)
    for hint in hints:
        if place != goal and place in ends[hint]:
            raise answer.wrong(hint)
    answer.require(place == goal, "This is not where one pass ends.")
    answer.close(value, outcome[goal], what="the second value")


@exercise.part(
    "From random numbers to a configuration",
    points={
        "a log scale": 2,
        "a linear scale": 1,
        "whole numbers": 1,
        "options": 1,
    },
    hints={
        "uniform": "On the log scale these are uniform: nine of ten would lie in the highest power "
        "of ten. Interpolate between the logarithms of low and high, then undo the logarithm.",
        "exponents": "This takes low and high for exponents. The exponents are the logarithms of "
        "low and high.",
        "logs": "This mixes two logarithms: what np.log takes is undone by np.exp, what np.log10 "
        "takes by 10**.",
        "length": "This adds u * high to low, as if high were a length (for SciPy's `uniform` it "
        "is). The length of the range is high - low.",
        "end": "The last one never comes. There are high - low + 1 whole numbers from low to high, "
        "both included, and len(options) options: cut the range of u into so many equal parts.",
        "half": "Rounding gives the first and the last one only half the share of the others. Cut "
        "the range of u into equal parts and round down.",
        "kinds": "The k-th number belongs to the k-th name of the space, of whatever kind the "
        "names before it are.",
        "zero": "u = 0 belongs to the first of the equal parts, and gives low or the first option, "
        "neither low - 1 nor the last one. Round down, without subtracting anything afterwards.",
        "cut": "The decimals are gone because low and high are whole numbers. On the log and the "
        "linear scale, what lies between them need not be one.",
        "texts": "An option has become a text. A NumPy array has one type for all that is in it; "
        "take the option from the list.",
        "toward": "int cuts toward zero: int(-2.5) is -2. Cut u * (high - low + 1), which is not "
        "negative, and then add low.",
        "edge": "With u just below 1 this gives high + 1: the sum of low and "
        "u * (high - low + 1) has been rounded up. Round down before you add low.",
    },
)
def from_unit(answer):
    """Kinds are judged one by one, in spaces with names of one kind; in one there are two."""
    rng = answer.rng
    with answer.criterion("a log scale"):
        for _ in range(5):
            n = int(rng.integers(2, 5))
            low = np.array([float(f"{x:.1e}") for x in 10 ** rng.uniform(-5, -1, n)])
            high = np.array([float(f"{x:.1e}") for x in low * 10 ** rng.uniform(1.2, 3, n)])
            u = rng.uniform(0.1, 0.9, n)
            given = _numbers_for(answer, rng, "log", low, high, u)
            way = np.log(low) + u * np.log(high / low)
            if any(_near(given, x) for x in (10**way, np.exp(way / np.log(10)))):
                raise answer.wrong("logs")
            between = low + u * (high - low)
            if _near(given, np.exp(between)):
                raise answer.wrong("exponents")
            answer.close(given, np.exp(way), uniform=between, exponents=10**between)
        low, high, u = np.array([1, 2, 5]), np.array([50, 300, 5000]), rng.uniform(0.1, 0.9, 3)
        given = _numbers_for(answer, rng, "log", low, high, u)  # whole numbers as ends
        between = low + u * (high - low)
        expected = low * (high / low) ** u
        answer.close(given, expected, uniform=between, cut=np.trunc(expected))
    with answer.criterion("a linear scale"):
        for _ in range(4):
            n = int(rng.integers(2, 5))
            low = rng.uniform(0.1, 0.6, n).round(2)
            high = (low + rng.uniform(0.1, 0.35, n)).round(2)
            u = rng.uniform(0.1, 0.9, n)
            given = _numbers_for(answer, rng, "linear", low, high, u)
            answer.close(given, low + u * (high - low), length=low + u * high)
        low, high = np.array([-1, 0, 3]), np.array([1, 7, 15])
        u = rng.uniform(0.1, 0.9, 3)
        given = _numbers_for(answer, rng, "linear", low, high, u)
        expected = low + u * (high - low)
        answer.close(given, expected, length=low + u * high, cut=np.trunc(expected))
        names = _names(rng, 3)
        ranges = [("linear", 2.0, 3.0), ("log", 2.0, 3.0), ("linear", 2.0, 3.0)]
        space = dict(zip(names, ranges, strict=True))
        u = rng.permutation([0.1, 0.3, 0.6, 0.9])[:3]
        row = _row(answer, answer(space, u), space)
        given = [_number(answer, row[k], names[k]) for k in (0, 2)]
        answer.close(given, 2 + u[[0, 2]], kinds=2 + u[[1, 2]])
        answer.close(given, 2 + u[[0, 2]], kinds=2 + u[[0, 1]])
    with answer.criterion("whole numbers"):
        for _ in range(5):
            n = int(rng.integers(3, 6))
            low, count = rng.integers(1, 20, n), rng.integers(3, 7, n)
            k, u = _shares(rng, count)
            given = _numbers_for(answer, rng, "whole", low, low + count - 1, u)
            end, half = _truncated(u, count), _rounded(u, count)
            answer.close(given, low + k, end=low + end, half=low + half)
        low, count = rng.integers(-40, -20, 4), rng.integers(3, 7, 4)
        k, u = _shares(rng, count)
        given = _numbers_for(answer, rng, "whole", low, low + count - 1, u)
        answer.close(given, low + k, toward=np.trunc(low + u * count))
        low = 2 * rng.integers(-9, 9, 4) + [0, 1, 0, 1]
        given = _numbers_for(answer, rng, "whole", low, low + count - 1, np.zeros(4))
        if (given < low).any():
            raise answer.wrong("zero")
        answer.close(given, low)
        low = rng.integers(500, 9000, 4)
        u = np.full(4, np.nextafter(1, 0))
        given = _numbers_for(answer, rng, "whole", low, low + count - 1, u)
        answer.close(given, low + count - 1, rtol=0, edge=low + count)
    with answer.criterion("options"):
        for _ in range(5):
            n = int(rng.integers(3, 6))
            count = rng.integers(3, 6, n)
            options = [rng.permutation(["relu", "tanh", "elu", "gelu", "selu"]) for _ in count]
            options = [some[:m].tolist() for some, m in zip(options, count, strict=True)]
            k, u = _shares(rng, count)
            given = _chosen(answer, rng, options, u)
            expected, end, half = (
                [some[i] for some, i in zip(options, which, strict=True)]
                for which in (k, _truncated(u, count), _rounded(u, count))
            )
            answer.equal(given, expected, end=end, half=half)
        some = (2 ** rng.permutation(np.arange(3, 10))).tolist()
        options = [some[:3], [*some[3:5], "auto"], some[5:]]
        k, u = _shares(rng, np.array([3, 3, 2]))
        expected = [some[i] for some, i in zip(options, k, strict=True)]
        given = _chosen(answer, rng, options, u)
        answer.equal(given, expected, texts=[expected[0], str(expected[1]), expected[2]])
        answer.unchanged("space", "u")
        given = _chosen(answer, rng, options, np.zeros(3))
        first, last = ([some[i] for some in options] for i in (0, -1))
        answer.equal(given, first, zero=last, texts=[first[0], str(first[1]), first[2]])


def _chosen(answer, rng, options, u):
    """Return the options of a configuration, in the order of the names."""
    ranges = [("choice", some) for some in options]
    space = dict(zip(_names(rng, len(options)), ranges, strict=True))
    return _row(answer, answer(space, u), space)


def _names(rng, n):
    return rng.permutation(NAMES)[:n].tolist()


def _numbers_for(answer, rng, kind, low, high, u):
    """Return the numbers of a configuration, in the order of the names."""
    ranges = [(kind, a, b) for a, b in zip(low.tolist(), high.tolist(), strict=True)]
    space = dict(zip(_names(rng, len(ranges)), ranges, strict=True))
    row = _row(answer, answer(space, u), space)
    return np.array([_number(answer, x, name) for name, x in zip(space, row, strict=True)])


def _row(answer, value, space):
    fine = isinstance(value, dict) and value.keys() == space.keys()
    answer.require(fine, "It returns a configuration: a dict with one value for each name.")
    return [value[name] for name in space]


def _number(answer, value, what=""):
    """Return a single number as a float."""
    number = answer.numbers(value, what)
    where = f" ({what})" if what else ""
    answer.require(number.ndim == 0, f"Expected a number, got an array{where}.")
    return float(number)


def _near(one, other):
    return bool(np.allclose(one, other, rtol=1e-6, atol=0))


def _shares(rng, count):
    """Return which of the equal parts is meant, first and last included, and a u inside each."""
    k = rng.integers(count)
    k[0], k[-1] = 0, count[-1] - 1
    inside = rng.uniform(0.2, 0.8, len(count))
    inside[0] = rng.uniform(0.8, 0.9)  # where rounding to the nearest goes wrong
    return k, (k + inside) / count


def _truncated(u, count):
    return (u * (count - 1)).astype(int)


def _rounded(u, count):
    return np.round(u * (count - 1)).astype(int)


@exercise.part(
    "Random search",
    points={
        "the best of all trials": 2,
        "n_trials trainings, each of its own": 1,
        "failed trials are passed over": 1,
        "all trials failed": 1,
    },
    hints={
        "smallest": "This returns the trial with the smallest value. An accuracy is to be "
        "maximized.",
        "last": "The configuration is that of the last trial. Keep the best one, and replace it "
        "only when a trial is better.",
        "zero": "When all values are negative, nothing is found: the best value must not start at "
        "0. Take the first trial that has not failed, whatever its value.",
        "once": "All trials train the same configuration: sample() is called once, before the "
        "loop. Draw a new configuration in each trial.",
        "again": "A configuration is trained twice. A training may take an hour: call the "
        "objective once for each trial, and keep what it returned.",
        "nan": "A failed trial has won. Nothing is larger than NaN, nor smaller: comparisons with "
        "it are False, so that a NaN that came first stays (and np.argmax takes it for the "
        "largest). Skip failed trials before you compare.",
        "falsy": "Zero is a value like all others, here the largest. `not 0.0` is True: whether "
        "there is a best one yet is asked by `best is None`, and whether a trial failed by isnan.",
        "retry": "A failed configuration is trained a second time. It has had its trial; go on to "
        "the next.",
        "early": "The search ends before all trials are done. Values may lie above 1, and a better "
        "one may come after a long wait.",
    },
)
def random_search(answer):
    """Outcomes are fixed by the order of drawing; what is trained is written down here."""
    rng = answer.rng
    with answer.criterion("the best of all trials"):
        for sign in (1, -1, 1, -1):
            outcomes = _outcomes(rng) - (2 if sign < 0 else 0)
            found, trained = _run_search(answer, outcomes)
            if found[0] is None and sign < 0:
                raise answer.wrong("zero")
            _judge_search(answer, found, trained, outcomes)
        outcomes = _outcomes(rng)
        outcomes -= outcomes.max()  # the best is 0
        found, trained = _run_search(answer, outcomes)
        if found[0] is None:
            raise answer.wrong("zero")
        if _number_of(found[0]) in _zero_is_none(outcomes):
            raise answer.wrong("falsy")
        _judge_search(answer, found, trained, outcomes)
        ranks = rng.permutation(8)
        ranks[[6, ranks.argmax()]] = ranks[[ranks.argmax(), 6]]  # a near one follows the best
        outcomes = np.array([0.5, *(0.9 + 1e-6 * ranks), 0.9, 0.5])
        found, trained = _run_search(answer, outcomes)
        _judge_search(answer, found, trained, outcomes)
    with answer.criterion("n_trials trainings, each of its own"):
        for _ in range(4):
            outcomes = _outcomes(rng)
            (configuration, value), trained = _run_search(answer, outcomes)
            answer.require(isinstance(configuration, dict), "Its first value is no configuration.")
            _number(answer, value, "the second value")
            if len(trained) > 1 and len(set(trained)) == 1:
                raise answer.wrong("once")
            if len(set(trained)) < len(trained):
                raise answer.wrong("again")
            answer.require(
                len(trained) == len(outcomes),
                f"It trains {len(trained)} configurations, n_trials is {len(outcomes)}.",
            )
        outcomes = rng.uniform(10, 90, 40)
        outcomes[rng.integers(1, 4)] = 95  # percent, the best one early
        _, trained = _run_search(answer, outcomes)
        if len(set(trained)) < len(outcomes):
            raise answer.wrong("early")
    with answer.criterion("failed trials are passed over"):
        for _ in range(5):
            outcomes = _outcomes(rng)
            others = np.flatnonzero(outcomes < outcomes.max())
            outcomes[[0, *rng.choice(others, 2)]] = np.nan
            found, trained = _run_search(answer, outcomes)
            _judge_search(answer, found, trained, outcomes)
            answer.require(
                len(set(trained)) >= len(outcomes),
                f"It trains {len(set(trained))} configurations, n_trials is {len(outcomes)}; a "
                "failed trial does not end the search.",
            )
        again = {k for k in trained if trained.count(k) > 1}
        if again and np.isnan(outcomes[list(again)]).all():
            raise answer.wrong("retry")
        found, trained = _run_search(answer, outcomes - 2)  # all are negative
        if found[0] is not None:  # where nothing is found, the first criterion has said so
            _judge_search(answer, found, trained, outcomes - 2)
    with answer.criterion("all trials failed"):
        for _ in range(3):
            (configuration, _), _ = _run_search(answer, np.array([0.5]))
            answer.require(
                isinstance(configuration, dict), "A single trial that succeeds is the best one."
            )
            outcomes = np.full(rng.integers(3, 8), np.nan)
            (configuration, value), trained = _run_search(answer, outcomes)
            answer.require(
                set(trained) == set(range(len(outcomes))),
                f"It trains {len(set(trained))} different configurations, n_trials is "
                f"{len(outcomes)}.",
            )
            if _is_nan(value):
                raise answer.wrong("nan")
            answer.equal([configuration, value], [None, None], what="all trials failed")


def _outcomes(rng):
    """Return values from 0 to 1; neither the first nor the last is the best or the worst."""
    n = int(rng.integers(8, 13))
    ranks = rng.permutation(n)
    while {ranks[0], ranks[-1]} & {0, n - 1}:
        ranks = rng.permutation(n)
    return (ranks + rng.uniform(0.2, 0.8, n)) / n


def _run_search(answer, outcomes):
    """Return the pair that it returns, and the numbers of the configurations that it trained."""
    drawn, trained = [], []

    def sample():
        drawn.append({"learning_rate": (len(drawn) + 1) / 1000, "units": 16})
        return drawn[-1]

    def objective(configuration):
        trained.append(_drawn_as(configuration, drawn))
        known = trained[-1] is not None and trained[-1] < len(outcomes)
        return float(outcomes[trained[-1]]) if known else float(np.nanmin([*outcomes, 0.0]))

    found = _pair(answer, answer(objective, sample, len(outcomes)))
    answer.require(
        None not in trained, "It trains something that is no configuration from sample()."
    )
    return found, trained


def _zero_is_none(outcomes):
    """Return which trials win when zero counts as no best value yet, or as a failure."""
    winner = 0
    for k, value in enumerate(outcomes):
        if outcomes[winner] == 0 or value > outcomes[winner]:
            winner = k
    return {winner, int(np.where(outcomes == 0, -np.inf, outcomes).argmax())}


def _number_of(configuration):
    """Return the number of a configuration in the order of drawing, or None."""
    return _drawn_as(configuration, [{"learning_rate": (k + 1) / 1000} for k in range(100)])


def _drawn_as(configuration, drawn):
    """Return which of the drawn configurations this is, or None."""
    rate = configuration.get("learning_rate") if isinstance(configuration, dict) else None
    rates = [one["learning_rate"] for one in drawn]
    return rates.index(rate) if isinstance(rate, float) and rate in rates else None


def _judge_search(answer, found, trained, outcomes):
    """Require the best trial, and its value."""
    configuration, value = found
    number = _number_of(configuration)
    if len(trained) > 1 and len(set(trained)) == 1:
        raise answer.wrong("once")
    goal = int(np.nanargmax(outcomes))
    if number != goal:
        if _is_nan(value) or (
            number is not None and number < len(outcomes) and np.isnan(outcomes[number])
        ):
            raise answer.wrong("nan")
        if number == np.nanargmin(outcomes):
            raise answer.wrong("smallest")
        if number == len(outcomes) - 1:
            raise answer.wrong("last")
    answer.require(number == goal, "This is not the configuration with the largest value.")
    answer.close(value, outcomes[goal], what="the second value")


def _is_nan(value):
    return isinstance(value, float) and math.isnan(value)


@exercise.part(
    "The best so far",
    points={
        "the best so far in each search": 2,
        "minimizing": 1,
        "failed trials": 1,
    },
    hints={
        "whole": "This is the best of the whole search at each trial. After trial k only the first "
        "k trials are known.",
        "axis": "The searches are mixed up: each row is a search of its own, its trials from left "
        "to right.",
        "direction": 'With "minimize" this still gives the largest so far.',
        "spreads": "After a failed trial the best so far is gone: the maximum of NaN and a number "
        "is NaN for np.maximum and, depending on the order, for Python's max. A failure leaves "
        "the best as it was.",
        "start": "Before the first success there is no best: NaN, and neither 0 nor infinity.",
        "infinite": "Infinity has become the best value. It is a failure like NaN, in either "
        "direction.",
        "zero": "After a best of 0 this begins anew. `not 0.0` is True, but 0 is a value like all "
        "others: ask `best is None`.",
        "stand_in": "A number that stands for failed trials has become the best one. Values may "
        "be of any size and sign, so that no number is worse than all of them.",
    },
)
def best_so_far(answer):
    """Failures come first without infinity, then with it."""
    rng = answer.rng
    with answer.criterion("the best so far in each search"):
        for _ in range(4):
            values = _searches(rng)
            value = _table(answer, answer(values, "maximize"), values.shape)
            row_after_row = _running(values.reshape(1, -1), max).reshape(values.shape)
            if np.allclose(value, row_after_row) and not np.allclose(value, _running(values, max)):
                raise answer.wrong("axis")
            answer.close(
                value,
                _running(values, max),
                whole=np.repeat(values.max(axis=1)[:, None], values.shape[1], axis=1),
                axis=_running(values.T, max).T,
            )
        values = rng.integers(-60, 60, (3, 8))  # whole numbers, with zero as the best for a while
        values[0, :4] = [-5, 0, -3, -20]
        for some in (values, values[:1], values[:, :1]):
            value = _table(answer, answer(some, "maximize"), some.shape)
            answer.close(value, _running(some, max), zero=_zero_restarts(some, max))
    with answer.criterion("minimizing"):
        for _ in range(3):
            values = _searches(rng)
            value = _table(answer, answer(values, "minimize"), values.shape)
            answer.close(value, _running(values, min), direction=_running(values, max))
        values = 20 * _searches(rng) - 10
        values[:, 1:3] = np.abs(values[:, 1:3]) * [-1, 1]
        value = _table(answer, answer(values, "minimize"), values.shape)
        answer.close(value, _running(values, min), direction=_running(values, max))
    with answer.criterion("failed trials"):
        for infinite in (False, False, True, True):
            for direction, better in (("maximize", max), ("minimize", min)):
                values = _searches(rng)
                _fail(rng, values, infinite)
                value = _table(answer, answer(values, direction), values.shape)
                answer.unchanged("values")
                _judge_failures(answer, value, values, _running(values, better))
        for direction, better, sign in (("maximize", max, -1), ("minimize", min, 1)):
            values = sign * 1e9 * _searches(rng)
            _fail(rng, values, False)
            value = _table(answer, answer(values, direction), values.shape)
            expected = _running(values, better)
            none = np.isnan(expected)
            answer.require(
                (np.isnan(value) == none).all(),
                "Every finite number is a success, of whatever size and sign.",
            )
            if not _among(value[~none], values[np.isfinite(values)]):
                raise answer.wrong("stand_in")
            answer.close(value[~none], expected[~none], what="with failed trials")


def _searches(rng):
    """Return values of a few searches; in none of them the first trial is the best or the worst."""
    values = rng.uniform(0.1, 0.9, (int(rng.integers(3, 6)), int(rng.integers(7, 10))))
    later = values[:, 1:]
    values[:, 0] = (later.min(axis=1) + later.max(axis=1)) / 2
    return values


def _fail(rng, values, infinite):
    """Let trials fail: the first of a search, some in the middle, all of another."""
    n = values.shape[1]
    values[0, : rng.integers(1, 3)] = np.nan
    values[1, rng.permutation(np.arange(1, n - 1))[:2]] = np.nan
    values[2, rng.integers(n)] = np.nan
    values[3:] = np.nan
    if infinite:
        values[1, rng.permutation(np.arange(2, n - 1))[:2]] = [np.inf, -np.inf]
        values[2, 0] = rng.choice([-np.inf, np.inf])


def _running(values, better):
    """Return the best so far, row by row; NaN until there is one."""
    best = np.full(values.shape, np.nan)
    for i, row in enumerate(values):
        so_far = None
        for k, value in enumerate(row):
            if np.isfinite(value):
                so_far = value if so_far is None else better(so_far, value)
            best[i, k] = np.nan if so_far is None else so_far
    return best


def _zero_restarts(values, better):
    """Return the best so far where a best of zero counts as none."""
    best = np.zeros(values.shape)
    for i, row in enumerate(values):
        so_far = 0
        for k, value in enumerate(row):
            so_far = better(so_far, value) if so_far else value
            best[i, k] = so_far
    return best


def _table(answer, value, shape):
    """Return an array of this shape of numbers, NaN and infinity among them."""
    rows = value.tolist() if isinstance(value, np.ndarray) else value
    message = f"Expected an array of shape {shape}, a row for each search."
    answer.require(isinstance(rows, list | tuple) and len(rows) == shape[0], message)
    for row in rows:
        answer.require(isinstance(row, list | tuple) and len(row) == shape[1], message)
        for x in row:
            answer.require(isinstance(x, int | float), "Expected numbers or NaN in it.")
            answer.require(not isinstance(x, bool), "Expected numbers or NaN in it.")
    return np.array([[_float(x) for x in row] for row in rows])


def _float(x):
    try:
        return float(x)
    except OverflowError:
        return math.inf


def _among(some, values):
    return bool(np.isclose(some[:, None], values, rtol=1e-6).any(axis=1).all())


def _judge_failures(answer, value, values, expected):
    """Require the expected table, NaN where it has NaN."""
    if (np.isinf(value) & np.isin(value, values)).any():
        raise answer.wrong("infinite")
    none = np.isnan(expected)
    if (none & ~np.isnan(value)).any():
        raise answer.wrong("start")
    if (~none & np.isnan(value)).any():
        raise answer.wrong("spreads")
    answer.close(value[~none], expected[~none], what="with failed trials")


@exercise.part(
    "How many trials?",
    points={"the smallest number": 2, "for certainty": 1},
    hints={
        "repetition": "This is the number for draws with repetition, as in the chapter. What has "
        "been drawn is not drawn again here: the share of the good ones among the rest grows.",
        "adds": "Probabilities of different draws do not add up: two draws from a share of 0.5 do "
        "not hit for certain. Multiply the probabilities to miss, and subtract from 1.",
        "off": "This is one off. With n_good = 1, n_all = 4 and confidence 0.6 you need 3: two "
        "draws hit with probability 0.5, three with 0.75.",
        "reached": "One draw hits with exactly this probability, and that is enough: at least the "
        "confidence is wanted, and the number may be 1.",
        "share": "This is the number for a table of half the size with the same share of good "
        "ones. The share does not decide alone: in a larger table, draws lessen the rest by less.",
        "rounding": "This is not certain yet. A tiny probability to miss is lost in rounding: for "
        "floats, 1 - 1e-17 is 1 (and a product of hundreds of them may be 0). When is it really 0?",
    },
)
def trials_needed(answer):
    """Confidences lie well between the probabilities of two numbers of draws."""
    rng = answer.rng
    with answer.criterion("the smallest number"):
        for _ in range(6):
            n_good, n_all, confidence, expected = _draws(rng)
            _judge_draws(answer, n_good, n_all, confidence, expected)
        n_good, n_all, confidence = _same_share(rng)
        expected = _needed(n_good, n_all, confidence)
        _judge_draws(answer, n_good, n_all, confidence, expected)
        twice = _needed(2 * n_good, 2 * n_all, confidence)
        _judge_draws(answer, 2 * n_good, 2 * n_all, confidence, twice, share=expected)
        for n_good, n_all, some in ((3, 1200, 0.95), (5, 200, 1 - 1e-6)):
            n_all += int(rng.integers(100))
            confidence, expected = _between(rng, n_good, n_all, some)
            _judge_draws(answer, n_good, n_all, confidence, expected)
        # Here all ways to compute the probability give exactly 1 / 2 and 3 / 4.
        for n_good, n_all, confidence in ((8, 16, 0.5), (12, 16, 0.75)):
            value = _number(answer, answer(n_good, n_all, confidence))
            if value == 2:
                raise answer.wrong("reached")
            what = f"n_good {n_good}, n_all {n_all}, confidence {confidence}"
            answer.close(value, 1, what=what)
    with answer.criterion("for certainty"):
        for n_good in (1, 2, 3):
            n_all = 6 * int(rng.integers(4, 20)) + 1  # no two shares are equal
            _judge_draws(answer, n_good, n_all, 1.0, n_all - n_good + 1)
        for n_good, n_all in ((40, 100), (900, 1500)):
            n_good += int(rng.integers(9))
            value = _number(answer, answer(n_good, n_all, 1.0))
            if n_all / n_good < value <= n_all - n_good:
                raise answer.wrong("rounding")
            answer.close(value, n_all - n_good + 1, what=f"n_good {n_good}, n_all {n_all}")


def _draws(rng):
    """Return good ones, all, a confidence, and how many draws it takes."""
    while True:
        n_good, n_all = int(rng.integers(3, 7)), int(rng.integers(60, 300))
        some = rng.uniform(0.85, 0.97)
        n = next(n for n in range(n_all) if _hit(n_good, n_all, n) >= some)
        confidence = _hit(n_good, n_all, n - 1) * (part := rng.uniform(0.3, 0.7))
        confidence = round(confidence + _hit(n_good, n_all, n) * (1 - part), 6)
        mistakes = (_with_repetition(n_good, n_all, confidence), confidence * n_all / n_good)
        if all(abs(n - other) > 3 for other in mistakes):
            return n_good, n_all, confidence, n


def _between(rng, n_good, n_all, some):
    """Return a confidence near this one, between those of two numbers of draws, and the larger."""
    n, part = _needed(n_good, n_all, some), rng.uniform(0.3, 0.7)
    return part * _hit(n_good, n_all, n - 1) + (1 - part) * _hit(n_good, n_all, n), n


def _same_share(rng):
    """Return good ones, all, and a confidence that is no near tie, nor with twice as many."""
    while True:
        n_good, n_all, confidence, n = _draws(rng)
        twice = _needed(2 * n_good, 2 * n_all, confidence)
        low, high = (_hit(2 * n_good, 2 * n_all, m) for m in (twice - 1, twice))
        share = (confidence - low) / (high - low)
        if 0.1 < share < 0.9 and abs(twice - n) > 1:
            return n_good, n_all, confidence


def _needed(n_good, n_all, confidence):
    numbers = range(n_all - n_good + 2)
    return bisect.bisect_left(numbers, confidence, key=lambda n: _hit(n_good, n_all, n))


def _hit(n_good, n_all, n):
    """Return the probability that n different ones of all hold a good one."""
    return 1 - math.comb(n_all - n_good, n) / math.comb(n_all, n)


def _with_repetition(n_good, n_all, confidence):
    if confidence == 1:
        return None
    return math.ceil(math.log(1 - confidence) / math.log(1 - n_good / n_all))


def _judge_draws(answer, n_good, n_all, confidence, expected, share=None):
    value = _number(answer, answer(n_good, n_all, confidence))
    if value == share:
        raise answer.wrong("share")
    if value == _with_repetition(n_good, n_all, confidence):
        raise answer.wrong("repetition")
    if n_good > 1 and value == math.ceil(confidence * n_all / n_good):
        raise answer.wrong("adds")
    if abs(value - expected) == 1:
        raise answer.wrong("off")
    answer.close(value, expected, what=f"n_good {n_good}, n_all {n_all}, confidence {confidence}")


@exercise.part(
    "What to expect of n trials",
    points={"different configurations": 2, "one trial, all trials": 1, "values in any order": 1},
    hints={
        "repetition": "This lets a configuration be drawn twice. Count the sets of n *different* "
        "ones.",
        "rank": "Counted once too often: when the i-th smallest is the best of n, the other n - 1 "
        "are among the i - 1 smaller ones. All weights together are 1.",
        "worst": "This is the expected smallest of n. Sorted from small to large, the largest "
        "values have the largest weights.",
        "order": "The weights belong to the sorted values. These have been taken in the order in "
        "which they came.",
        "near": "This is near, and not equal. An average over random draws only comes near: count "
        "the sets instead. If you do count, are there n values in a set, not n - 1 or n + 1?",
        "large": "With a large table the number of sets has hundreds of digits: it exceeds the "
        "largest float and the largest 64-bit number, and 1 over it is 0. Python's own whole "
        "numbers, those of math.comb, have any length, and so have the ones that you divide.",
        "cut": "The weights have become whole numbers, as the values are. Make the array of the "
        "weights one of floats.",
    },
)
def expected_best(answer):
    """Values ascend but for the third criterion, so that a missing sort costs that one only.

    The large table comes last: whoever lists all sets does not come back from it.
    """
    rng = answer.rng
    with answer.criterion("one trial, all trials"):
        for _ in range(3):
            values = np.sort(rng.uniform(0.1, 0.98, rng.integers(5, 20)))
            _judge_expected(answer, values, 1)
            _judge_expected(answer, values, len(values))
    with answer.criterion("values in any order"):
        for _ in range(4):
            some = rng.uniform(0.1, 0.98, rng.integers(6, 12))
            values = np.sort([*some, some[0], *rng.choice(some, 3)])
            while (np.diff(values) >= 0).all():
                values = rng.permutation(values)
            _judge_expected(answer, values, int(rng.integers(2, 6)))
            answer.unchanged("values")
    with answer.criterion("different configurations"):
        for _ in range(5):
            values = np.sort(rng.uniform(0.1, 0.98, rng.integers(8, 25)))
            _judge_expected(answer, values, int(rng.integers(2, 6)))
        _judge_expected(answer, np.sort(rng.uniform(-3, -0.1, 12)), 4)
        values = np.sort(rng.integers(5, 99, 12))
        value = answer(values, 4)
        if isinstance(value, int | float) and value == 0:
            raise answer.wrong("cut")
        _judge_expected(answer, values, 4, value)
        values, n = np.sort(rng.uniform(0.1, 0.98, 1200)), int(rng.integers(500, 700))
        value = answer(values, n)
        try:
            _judge_expected(answer, values, n, value)
        except Wrong:
            raise answer.wrong("large") from None


def _weights(n_all, n):
    """Return how probable it is that the i-th smallest of all is the largest of n."""
    sets = math.comb(n_all, n)
    return np.array([math.comb(i, n - 1) / sets for i in range(n_all)])


def _judge_expected(answer, values, n, value=...):
    value = _number(answer, answer(values, n) if value is ... else value)
    ordered, n_all = np.sort(values), len(values)
    weights = _weights(n_all, n)
    ranks = np.arange(n_all + 1)
    expected = float(weights @ ordered)
    mistakes = {
        "repetition": np.diff((ranks / n_all) ** n) @ ordered,
        "rank": np.append(weights[1:], n / (n_all - n + 1)) @ ordered,
        "worst": weights[::-1] @ ordered,
        "order": weights @ values,
    }
    try:
        answer.close(value, expected, what=f"n = {n}", **mistakes)
    except Wrong as wrong:
        if wrong.hint is None and abs(value - expected) < 0.02 * np.ptp(values):
            raise answer.wrong("near") from None
        raise
