"""Marking of the problem set on grid and random search."""

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


def _lists(rng, sizes):
    """Return a dict of lists of numbers, no two alike in a list."""
    names = rng.permutation(NAMES)[: len(sizes)].tolist()
    return {
        name: (rng.permutation(60)[:size] / rng.choice([1, 4])).tolist()
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
        "nothing is trained twice": 1,
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
    },
)
def one_at_a_time(answer):
    """A pass over small tables; the objective runs here and writes down what is trained."""
    rng = answer.rng
    with answer.criterion("the best value of each setting"):
        for _ in range(5):
            values, start, outcome = _additive(rng)
            _judge_pass(answer, values, start, outcome, ("alias", "first", "smallest"))
    with answer.criterion("each step goes on from what was found"):
        for _ in range(5):
            values, start, outcome = _interacting(rng)
            hints = ("alias", "first", "smallest", "separately", "grid")
            _judge_pass(answer, values, start, outcome, hints)
    with answer.criterion("nothing is trained twice"):
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


def _interacting(rng):
    """Return a table without any order, in which mistakes end elsewhere than a pass does."""
    while True:
        values, start = _settings(rng)
        shape = tuple(len(some) for some in values.values())
        size = math.prod(shape)
        outcome = 0.1 + 0.8 * rng.permutation(size).reshape(shape) / size
        goal, other_order = _one_pass(outcome, start), _one_pass(outcome, start, backwards=True)
        if goal not in (start, other_order) and _apart({goal}, *_ends(outcome, start).values()):
            return values, start, outcome


def _ends(outcome, start):
    """Return where mistakes end, by their hints."""
    return {
        "alias": _last_values(outcome.shape, start),
        "first": {_first_better(outcome, start)},
        "smallest": {_one_pass(-outcome, start)},
        "separately": {_separately(outcome, start)},
        "grid": {_best_place(outcome)},
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


def _run_pass(answer, values, start, outcome):
    """Return the place and value that it returns, and the places that it trained."""
    trained = []

    def objective(configuration):
        trained.append(_place(values, configuration))
        return 0.0 if trained[-1] is None else float(outcome[trained[-1]])

    begin = {name: some[i] for (name, some), i in zip(values.items(), start, strict=True)}
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


def _judge_pass(answer, values, start, outcome, hints):
    """Require the end of one pass, and its value."""
    (place, value), _ = _run_pass(answer, values, start, outcome)
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
    },
)
def from_unit(answer):
    """A space with three to five names of one kind, so that kinds are judged one by one."""
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
    with answer.criterion("a linear scale"):
        for _ in range(4):
            n = int(rng.integers(2, 5))
            low = rng.uniform(0.1, 0.6, n).round(2)
            high = (low + rng.uniform(0.1, 0.35, n)).round(2)
            u = rng.uniform(0.1, 0.9, n)
            given = _numbers_for(answer, rng, "linear", low, high, u)
            answer.close(given, low + u * (high - low), length=low + u * high)
    with answer.criterion("whole numbers"):
        for _ in range(5):
            n = int(rng.integers(3, 6))
            low, count = rng.integers(1, 20, n), rng.integers(3, 7, n)
            k, u = _shares(rng, count)
            given = _numbers_for(answer, rng, "whole", low, low + count - 1, u)
            end, half = _truncated(u, count), _rounded(u, count)
            answer.close(given, low + k, end=low + end, half=low + half)
    with answer.criterion("options"):
        for _ in range(5):
            n = int(rng.integers(3, 6))
            count = rng.integers(3, 6, n)
            options = [rng.permutation(["relu", "tanh", "elu", "gelu", "selu"]) for _ in count]
            options = [some[:m].tolist() for some, m in zip(options, count, strict=True)]
            k, u = _shares(rng, count)
            space = dict(zip(_names(rng, n), [("choice", some) for some in options], strict=True))
            given = _row(answer, answer(space, u), space)
            expected, end, half = (
                [some[i] for some, i in zip(options, which, strict=True)]
                for which in (k, _truncated(u, count), _rounded(u, count))
            )
            answer.equal(given, expected, end=end, half=half)


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
    with answer.criterion("failed trials are passed over"):
        for _ in range(5):
            outcomes = _outcomes(rng)
            others = np.flatnonzero(outcomes < outcomes.max())
            outcomes[[0, *rng.choice(others, 2)]] = np.nan
            found, trained = _run_search(answer, outcomes)
            _judge_search(answer, found, trained, outcomes)
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


def _drawn_as(configuration, drawn):
    """Return which of the drawn configurations this is, or None."""
    rate = configuration.get("learning_rate") if isinstance(configuration, dict) else None
    rates = [one["learning_rate"] for one in drawn]
    return rates.index(rate) if isinstance(rate, float) and rate in rates else None


def _judge_search(answer, found, trained, outcomes):
    """Require the best trial, and its value."""
    configuration, value = found
    number = _drawn_as(configuration, [{"learning_rate": (k + 1) / 1000} for k in range(100)])
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
    with answer.criterion("minimizing"):
        for _ in range(3):
            values = _searches(rng)
            value = _table(answer, answer(values, "minimize"), values.shape)
            answer.close(value, _running(values, min), direction=_running(values, max))
    with answer.criterion("failed trials"):
        for infinite in (False, False, True, True):
            for direction, better in (("maximize", max), ("minimize", min)):
                values = _searches(rng)
                _fail(rng, values, infinite)
                value = _table(answer, answer(values, direction), values.shape)
                _judge_failures(answer, value, values, _running(values, better))


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
    },
)
def trials_needed(answer):
    """Confidences lie well between the probabilities of two numbers of draws."""
    rng = answer.rng
    with answer.criterion("the smallest number"):
        for _ in range(6):
            n_good, n_all, confidence, expected = _draws(rng)
            _judge_draws(answer, n_good, n_all, confidence, expected)
    with answer.criterion("for certainty"):
        for n_good in (1, 2, 3):
            n_all = int(rng.integers(20, 120))
            _judge_draws(answer, n_good, n_all, 1.0, n_all - n_good + 1)


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


def _hit(n_good, n_all, n):
    """Return the probability that n different ones of all hold a good one."""
    return 1 - math.comb(n_all - n_good, n) / math.comb(n_all, n)


def _with_repetition(n_good, n_all, confidence):
    if confidence == 1:
        return None
    return math.ceil(math.log(1 - confidence) / math.log(1 - n_good / n_all))


def _judge_draws(answer, n_good, n_all, confidence, expected):
    value = _number(answer, answer(n_good, n_all, confidence))
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
    },
)
def expected_best(answer):
    """Values ascend in the first two criteria, so that a missing sort costs the third only."""
    rng = answer.rng
    with answer.criterion("different configurations"):
        for _ in range(5):
            values = np.sort(rng.uniform(0.1, 0.98, rng.integers(8, 25)))
            _judge_expected(answer, values, int(rng.integers(2, 6)))
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


def _weights(n_all, n):
    """Return how probable it is that the i-th smallest of all is the largest of n."""
    return np.array([math.comb(i, n - 1) / math.comb(n_all, n) for i in range(n_all)])


def _judge_expected(answer, values, n):
    value = _number(answer, answer(values, n))
    ordered, n_all = np.sort(values), len(values)
    weights = _weights(n_all, n)
    ranks = np.arange(n_all + 1)
    expected = float(weights @ ordered)
    mistakes = {
        "repetition": np.diff((ranks / n_all) ** n) @ ordered,
        "rank": [math.comb(i, n - 1) / math.comb(n_all, n) for i in ranks[1:].tolist()] @ ordered,
        "worst": weights[::-1] @ ordered,
        "order": weights @ values,
    }
    try:
        answer.close(value, expected, what=f"n = {n}", **mistakes)
    except Wrong as wrong:
        if wrong.hint is None and abs(value - expected) < 0.02 * np.ptp(values):
            raise answer.wrong("near") from None
        raise
