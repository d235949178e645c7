"""Search spaces: ranges, scales, conditions, grids, and the way to other libraries."""

import json
import math
import warnings

import numpy as np
import pytest
from scipy import stats

from hpcourse import (
    BayesianSearch,
    Choice,
    EvolutionSearch,
    Float,
    GridSearch,
    Int,
    RandomSearch,
    SobolSearch,
    Space,
    Study,
    TPESearch,
)
from hpcourse.bayes.drop_in import space_from_skopt
from hpcourse.bridges.optuna import space_to_optuna

MIXED = Space(
    learning_rate=Float(1e-4, 1, log=True),
    dropout=Float(0, 0.5, step=0.1),
    units=Int(16, 256, log=True),
    layers=Int(1, 9, step=4),
    optimizer=Choice(["sgd", "adam", "rmsprop"]),
    shape=Choice([(64, 64), (32,), None, True]),
    batch_size=Choice([32, 128, 512], ordered=True),
)
CONDITIONS = Space(  # declared before what it depends on; nested; several values
    nesterov=Choice([False, True], when={"momentum_on": True}),
    momentum_on=Choice([False, True], when={"optimizer": ["sgd", "sgdw"]}),
    decay=Float(0, 1, when={"optimizer": ["sgdw", "adamw"], "depth": 2}),
    optimizer=Choice(["sgd", "sgdw", "adam", "adamw"]),
    depth=Int(1, 3),
)
SPACES = pytest.mark.parametrize("space", [MIXED, CONDITIONS], ids=["mixed", "conditions"])


def samples(space, n=2000, seed=0):
    rng = np.random.default_rng(seed)
    return [space.sample(rng) for _ in range(n)]


@SPACES
def test_samples_belong_to_the_space(space):
    for params in samples(space, 500):
        space.check(params)
        assert list(params) == [name for name in space if name in params]


@SPACES
def test_the_unit_cube_and_back(space):
    for params in samples(space, 300):
        point = space.to_unit(params)
        assert np.array_equal(~np.isnan(point), [name in params for name in space])
        back = space.from_unit(np.nan_to_num(point))
        assert back.keys() == params.keys()
        for name, value in params.items():
            if isinstance(space[name], Float):
                assert back[name] == pytest.approx(value, rel=1e-12, abs=1e-12)
            else:
                assert back[name] == value
                assert type(back[name]) is type(value)


@pytest.mark.parametrize(
    ("given", "scale"),
    [
        (Float(-2, 5), lambda x: (x + 2) / 7),
        (Float(1e-5, 10, log=True), lambda x: (np.log10(x) + 5) / 6),
    ],
)
def test_real_numbers_are_uniform_on_their_scale(given, scale):
    drawn = np.array([params["x"] for params in samples(Space(x=given))])
    assert stats.kstest(scale(drawn), "uniform").pvalue > 0.001


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (Int(3, 7), dict.fromkeys(range(3, 8), 1 / 5)),
        (Int(0, 20, step=5), dict.fromkeys(range(0, 21, 5), 1 / 5)),
        (Float(0, 1, step=0.25), dict.fromkeys([0, 0.25, 0.5, 0.75, 1], 1 / 5)),
        (Choice(["a", "b", None]), dict.fromkeys(["a", "b", None], 1 / 3)),
        # Each whole number has the share of the log scale between its neighbors' middles.
        (
            Int(1, 4, log=True),
            {k: math.log((k + 0.5) / (k - 0.5)) / math.log(9) for k in (1, 2, 3, 4)},
        ),
    ],
    ids=str,
)
def test_discrete_values_have_their_shares(given, expected):
    drawn = [params["x"] for params in samples(Space(x=given), 5000)]
    counts = [drawn.count(value) for value in expected]
    assert sum(counts) == 5000
    shares = 5000 * np.array(list(expected.values()))
    assert stats.chisquare(counts, shares * 5000 / shares.sum()).pvalue > 0.001


@pytest.mark.parametrize("given", [MIXED[name] for name in MIXED], ids=list(MIXED))
def test_the_ends_of_the_unit_scale_are_the_ends_of_the_range(given):
    first, last = given.from_unit(0.0), given.from_unit(1.0)
    if isinstance(given, Choice):
        assert (first, last) == (given.options[0], given.options[-1])
    else:
        assert (first, last) == (given.low, given.high)


def test_a_sample_is_reproducible():
    assert samples(MIXED, 5, seed=3) == samples(MIXED, 5, seed=3)
    assert samples(MIXED, 5, seed=3) != samples(MIXED, 5, seed=4)


# Conditions


def test_conditions_hold():
    seen = set()
    for params in samples(CONDITIONS):
        assert ("momentum_on" in params) == (params["optimizer"] in ("sgd", "sgdw"))
        assert ("nesterov" in params) == params.get("momentum_on", False)
        wanted = params["optimizer"] in ("sgdw", "adamw") and params["depth"] == 2
        assert ("decay" in params) == wanted
        seen.add(tuple(params))
    assert len(seen) == 6, "every combination occurs"


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({}, "at least one hyperparameter"),
        ({"x": 3}, "x is a Float, Int or Choice, got 3"),
        (
            {"x": Float(0, 1, when={"unit": 1}), "units": Int(1, 2)},
            "unknown condition of x 'unit'.*'units'",
        ),
        (
            {"x": Float(0, 1, when={"y": 3}), "y": Int(1, 2)},
            "x exists when y is 3, which it never is",
        ),
        (
            {"x": Int(1, 2, when={"y": 1}), "y": Int(1, 2, when={"x": 1})},
            "the conditions of x, y go in a circle",
        ),
        ({"x": Int(1, 2, when={"x": 1})}, "the conditions of x go in a circle"),
    ],
)
def test_spaces_that_cannot_be(parameters, message):
    with pytest.raises(ValueError, match=message):
        Space(**parameters)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Float(1.5, 1), "low is not above high"),
        (lambda: Float(2, 1), "low is not above high"),
        (lambda: Float(0, math.inf), "low and high are finite numbers"),
        (lambda: Float(math.nan, 1), "low and high are finite numbers"),
        (lambda: Float("0", 1), "low and high are finite numbers"),
        (lambda: Float(0, 1, log=True), "on a log scale low is above 0"),
        (lambda: Float(0, 1, step=0.3), "step divides the range"),
        (lambda: Float(0, 1, step=0), "step is a positive number"),
        (lambda: Float(1, 2, log=True, step=0.5), "step and log do not go together"),
        (lambda: Int(0.5, 3), "low and high are whole numbers"),
        (lambda: Int(4, 3), "low is not above high"),
        (lambda: Int(0, 3, log=True), "on a log scale low is above 0"),
        (lambda: Int(0, 3, step=2), "step divides the range"),
        (lambda: Int(1, 3, log=True, step=2), "step and log do not go together"),
        (lambda: Int(True, 3), "low and high are whole numbers"),
        (lambda: Choice([]), "at least one value, got none"),
        (lambda: Choice("abc"), "options is a list of values, got 'abc'"),
        (lambda: Choice(["a", "b", "a"]), "options differ"),
        (lambda: Choice([(1, 2), [1, 2]]), "options differ"),
        (lambda: Choice([math.nan]), "values that JSON can hold"),
        (lambda: Choice([print]), "values that JSON can hold"),
    ],
)
def test_hyperparameters_that_cannot_be(make, message):
    with pytest.raises(ValueError, match=message):
        make()


# Checks


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"unit": 3}, "unknown hyperparameter 'unit'.*'units'"),
        ({"units": 15}, r"units is in Int\(16, .*got 15"),
        ({"units": 17.5}, "got 17.5"),
        ({"learning_rate": math.nan}, "got nan"),
        ({"dropout": 0.15}, "got 0.15"),
        ({"layers": 2}, "got 2"),
        ({"optimizer": "SGD"}, "got 'SGD'"),
        ({"shape": 1}, "got 1"),
    ],
)
def test_values_outside_the_space_are_refused(change, message):
    params = MIXED.sample(np.random.default_rng(0)) | change
    with pytest.raises(ValueError, match=message):
        MIXED.check(params)
    with pytest.raises(ValueError, match=message):
        MIXED.to_unit(params)


def test_missing_and_superfluous_values_are_refused():
    good = {"optimizer": "adam", "depth": 1}
    CONDITIONS.check(good)
    with pytest.raises(ValueError, match="depth is missing from"):
        CONDITIONS.check({"optimizer": "adam"})
    with pytest.raises(ValueError, match="decay does not exist when"):
        CONDITIONS.check(good | {"decay": 0.5})


def test_points_outside_the_cube_are_refused():
    space = Space(x=Float(0, 1))
    for u in (-0.1, 1.1, math.nan):
        with pytest.raises(ValueError, match=r"x lies in \[0, 1\] on the unit scale"):
            space.from_unit([u])
    with pytest.raises(ValueError, match=r"u is an array of numbers of shape \(1,\), got"):
        space.from_unit([0.5, 0.5])


def test_numpy_numbers_are_numbers():
    params = {"x": np.float64(0.5), "n": np.int64(2)}
    Space(x=Float(0, 1), n=Int(1, 3)).check(params)


# Grids


def test_grid_has_every_combination():
    space = Space(x=Float(1e-2, 1, log=True), n=Int(1, 3), c=Choice(["a", "b"]))
    grid = list(space.grid({"x": 3}))
    assert len(grid) == 3 * 3 * 2
    assert [params["x"] for params in grid[::6]] == pytest.approx([0.01, 0.1, 1])
    assert len({tuple(params.values()) for params in grid}) == len(grid)


@pytest.mark.parametrize("n", [1, 2, 3, 7])
@SPACES
def test_grid_never_repeats(space, n):
    grid = [json.dumps(params) for params in space.grid(n)]
    assert len(set(grid)) == len(grid)
    for params in space.grid(n):
        space.check(params)


def test_a_grid_of_conditions_has_each_configuration_once():
    grid = list(CONDITIONS.grid({"decay": 2}))
    # Of each depth: sgd has momentum off, or on with two; sgdw the same, at depth 2 times two.
    assert len(grid) == 3 * (3 + 3 + 1 + 1) + 3 + 1


def test_grid_of_a_range_with_steps_needs_no_n():
    space = Space(x=Float(0, 0.3, step=0.1), n=Int(10, 30, step=10))
    assert [params["x"] for params in space.grid()][::3] == [0, 0.1, 0.2, 0.3]
    assert len(list(space.grid(2))) == 4


def test_grid_of_one_value_takes_the_middle():
    space = Space(x=Float(1e-4, 1, log=True), n=Int(1, 5))
    assert list(space.grid(1)) == [{"x": 0.01, "n": 3}]


@pytest.mark.parametrize(
    ("n", "message"),
    [
        (None, "a grid over a continuous range needs n"),
        (0, "n is a whole number from 1 or None, got 0"),
        (2.5, "n is a whole number from 1 or None, got 2.5"),
        ({"learningrate": 3}, "unknown hyperparameter 'learningrate'.*'learning_rate'"),
        ({"units": 3}, "a grid over a continuous range needs n"),
    ],
)
def test_grid_refuses_at_once(n, message):
    with pytest.raises(ValueError, match=message):
        MIXED.grid(n)


# JSON and other libraries


@SPACES
def test_configurations_survive_json(space):
    for params in samples(space, 100):
        back = space.canonical(json.loads(json.dumps(params)))
        assert back == params
        assert [type(value) for value in back.values()] == [
            type(value) for value in params.values()
        ]


def test_spaces_are_equal_when_they_say_the_same():
    assert Space(x=Float(0, 1)) == Space(x=Float(0, 1))
    assert Space(x=Float(0, 1)) != Space(x=Float(0, 1, step=0.5))
    assert Space(x=Float(0, 1), y=Int(1, 2)) != Space(x=Float(0, 1, when={"y": 1}), y=Int(1, 2))
    json.dumps(CONDITIONS.to_dict())
    json.dumps(MIXED.to_dict())


def test_a_space_shows_what_it_holds():
    assert "    units=Int(16, 256, log=True),\n" in repr(MIXED)
    assert repr(Choice([1, 2], ordered=True)) == "Choice([1, 2], ordered=True)"
    assert repr(Float(0, 1, step=0.5, when={"x": 1})) == "Float(0, 1, step=0.5, when={'x': 1})"


@pytest.mark.filterwarnings("ignore:Choices for a categorical distribution")
def test_optuna_takes_the_same_values():
    optuna = pytest.importorskip("optuna")
    made = space_to_optuna(MIXED)
    assert list(made) == list(MIXED)
    for params in samples(MIXED, 50):
        for name, value in params.items():
            assert made[name]._contains(made[name].to_internal_repr(value)), name
    assert made["learning_rate"] == optuna.distributions.FloatDistribution(1e-4, 1, log=True)
    assert made["layers"] == optuna.distributions.IntDistribution(1, 9, step=4)


def test_spaces_come_from_scikit_optimize():
    from skopt.space import Categorical, Integer, Real

    dimensions = [
        Real(1e-4, 1, "log-uniform", name="rate"),
        Real(0, 0.9, name="momentum"),
        Integer(16, 256, "log-uniform", name="units"),
        Integer(1, 3, name="layers"),
        Categorical(["sgd", "adam"], name="optimizer"),
        Categorical([32, 128, 512], transform="label", name="batch_size"),
    ]
    assert space_from_skopt(dimensions) == Space(
        rate=Float(1e-4, 1, log=True),
        momentum=Float(0, 0.9),
        units=Int(16, 256, log=True),
        layers=Int(1, 3),
        optimizer=Choice(["sgd", "adam"]),
        batch_size=Choice([32, 128, 512], ordered=True),
    )
    assert list(space_from_skopt([Real(0, 1), Real(0, 1, name="y")])) == ["x0", "y"]
    with pytest.raises(ValueError, match="two dimensions have the name 'y'"):
        space_from_skopt([Real(0, 1, name="y"), Real(0, 1, name="y")])


def test_ordered_choices():
    batch = Choice([32, 128, 512], ordered=True)
    assert [batch.from_unit(u) for u in (0, 0.5, 1)] == [32, 128, 512]
    assert batch.values(2) == [32, 512]
    assert Choice([32, 128, 512]).values(2) == [32, 128, 512]
    assert Space(b=batch) != Space(b=Choice([32, 128, 512]))
    assert batch.contains(np.int64(128))
    assert not batch.contains(np.int64(64))


# Numbers of NumPy, and what looks like a value

TOP = np.array([3, 250], dtype=np.uint8)
NUMPY = {
    "uint8": lambda: Int(0, TOP.max()),
    "int8": lambda: Int(np.int8(-100), np.int8(100)),
    "int16, log": lambda: Int(np.int16(1), np.int16(30000), log=np.bool_(True)),
    "int64": lambda: Int(np.int64(0), np.int64(9), step=np.int64(3)),
    "float32": lambda: Float(np.float32(0.5), np.float32(1.5)),
    "float16, step": lambda: Float(np.float16(0), np.float16(1), step=np.float16(0.25)),
    "longdouble": lambda: Float(np.longdouble(0.5), np.longdouble(2), log=True),
    "choice of int64": lambda: Choice([np.int64(1), np.int64(2)], ordered=np.bool_(True)),
    "choice of float64": lambda: Choice([np.float64(0.5), np.float32(0.25)]),
    "choice of bool": lambda: Choice([np.bool_(True), np.bool_(False), np.str_("a")]),
    "choice of lists": lambda: Choice([[np.int64(1)], (np.float32(0.5), 2)]),
    "choice of arrays": lambda: Choice([np.arange(2), np.arange(3)]),
    "an array": lambda: Choice(np.array([1, 2, 3]).tolist()),
}


@pytest.mark.parametrize("make", NUMPY.values(), ids=NUMPY)
def test_numbers_of_numpy_become_pythons(make):
    given, space = make(), Space(a=make())
    text = json.dumps(space.to_dict())
    assert json.loads(text)["a"]["type"] == type(given).__name__
    values = [given.from_unit(u) for u in np.linspace(0, 1, 40)]
    assert {type(v).__module__ for v in values} == {"builtins"}
    assert len({str(value) for value in values}) >= min(given.n_values, 3)
    assert all(given.contains(value) for value in values)
    if isinstance(given, Int):
        assert (min(given.values(4)), max(given.values(4))) == (given.low, given.high)


@pytest.mark.parametrize("value", [np.int64(2), np.float64(2), 2.0, np.uint8(2), 2])
def test_conditions_may_be_numbers_of_numpy(value):
    for wanted in (value, [value], {value}):
        space = Space(depth=Int(1, 3), x=Float(0, 1, when={"depth": wanted}))
        assert space.to_dict()["x"]["when"] == {"depth": [2]}
        assert type(space.to_dict()["x"]["when"]["depth"][0]) is int
        assert sorted(space.from_unit([0.5, 0.5])) == ["depth", "x"]


@pytest.mark.parametrize(
    ("given", "value", "own"),
    [
        (Int(1, 9), 3.0, 3),
        (Int(1, 9), np.float32(3), 3),
        (Float(0, 1, step=0.1), 0.30000000000000004, 0.3),
        (Float(0, 1), np.float32(0.5), 0.5),
        (Float(0, 2), 1, 1.0),
        (Choice([16, 32]), 32.0, 32),
        (Choice([0.5, 1.0]), 1, 1.0),
        (Choice([(64, 32), "a"]), [64, 32], (64, 32)),
        (Choice([[64, 32], "a"]), np.array([64, 32]), [64, 32]),
        (Choice([True, 1]), True, True),
        (Choice([True, 1]), 1.0, 1),
    ],
)
def test_a_value_as_the_hyperparameter_has_it(given, value, own):
    found = given.own(value)
    assert found == own
    assert type(found) is type(own)
    assert given.contains(value)


@pytest.mark.parametrize(
    ("given", "value"),
    [
        (Int(1, 9), 3.5),
        (Int(1, 9), True),
        (Int(1, 9), "3"),
        (Int(1, 9, step=4), 3.0),
        (Float(0, 1, step=0.1), 0.31),
        (Float(0, 1), math.nan),
        (Float(1e12, 1e12 + 1, step=0.25), 1e12 + 0.3),
        (Choice([1, 2]), True),
        (Choice([1, 2]), 1.5),
        (Choice([1, 2]), math.nan),
        (Choice([1, 2]), math.inf),
        (Choice([1, 2]), print),
    ],
)
def test_what_is_no_value(given, value):
    assert not given.contains(value)
    with pytest.raises(ValueError, match=r"a value is (in|one of) .*, got"):
        given.own(value)


# Steps, and single values


@pytest.mark.parametrize(
    ("given", "values"),
    [
        (Float(1e12, 1e12 + 1, step=0.25), [1e12 + k / 4 for k in range(5)]),
        (Float(0, 0.5, step=0.1), [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]),
        (Float(-1, 1, step=2 / 3), [-1.0, -1 + 2 / 3, 1 / 3, 1.0]),
        (Float(1e-9, 5e-9, step=2e-9), [1e-9, 3e-9, 5e-9]),
    ],
)
def test_values_of_steps(given, values):
    assert given.values() == pytest.approx(values, rel=1e-15)
    assert len(set(given.values())) == len(values)
    assert [given.from_unit((k + 0.5) / len(values)) for k in range(len(values))] == given.values()
    assert [given.own(value) for value in given.values()] == given.values()
    places = [given.to_unit(value) for value in given.values()]
    assert places == pytest.approx([(k + 0.5) / len(values) for k in range(len(values))])


def test_steps_that_no_float_can_tell_apart():
    for make in (lambda: Float(1e16, 1e16 + 4, step=0.5), lambda: Float(-1e17, -1e17 + 32, step=1)):
        with pytest.raises(ValueError, match="step tells neighboring values apart"):
            make()


@pytest.mark.parametrize(
    ("low", "high", "middle"), [(1, 1024, 32), (16, 256, 64), (1, 1, 1), (2, 3, 2)]
)
def test_the_one_value_of_a_log_scale_is_its_middle(low, high, middle):
    assert Int(low, high, log=True).values(1) == [middle]
    assert Float(low, high, log=True).values(1) == pytest.approx([math.sqrt(low * high)])


SINGLE = {
    "float": Float(1, 1),
    "float, log": Float(0.5, 0.5, log=True),
    "float, step": Float(2, 2, step=0.5),
    "int": Int(3, 3),
    "int, log": Int(3, 3, log=True),
    "choice": Choice(["a"]),
    "ordered choice": Choice([4], ordered=True),
}


@pytest.mark.parametrize("given", SINGLE.values(), ids=SINGLE)
def test_a_range_with_one_value(given):
    (only,) = given.values(3)
    assert given.n_values == 1
    assert not given.is_continuous
    assert {given.from_unit(u) for u in (0, 0.3, 1)} == {only}
    middle = given.to_unit(only)
    assert middle == pytest.approx(0.5, abs=0.05)  # of a logarithm, of what rounds to it
    assert given.snap(np.array([0, 0.2, 1.0])) == pytest.approx([middle] * 3)
    assert np.isfinite(given.encode(np.array([0.1, np.nan]))).all()
    assert [end.item() for end in given.share(np.array([0.5]))] == pytest.approx([0, 1])
    space = Space(a=given, x=Float(0, 1))
    for searcher in (
        RandomSearch(),
        GridSearch(2),
        SobolSearch(),
        EvolutionSearch(4),
        BayesianSearch("RF"),
        BayesianSearch(),
        TPESearch(n_startup_trials=4),
        TPESearch(0.3, 8, 4, multivariate=True),
    ):
        study = Study(space, searcher, seed=0)
        with warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)
            study.optimize(lambda trial: trial.params["x"], 10)
        assert {trial.params["a"] for trial in study.trials} == {only}
    alone = Study(Space(a=given), BayesianSearch())
    alone.optimize(lambda trial: 1.0)
    assert len(alone.trials) == 1


@pytest.mark.parametrize(
    "given", [(-1e308, 1e308), (0, 1.5e308), (-2, 1e308), (1e-300, 1e300, True), (1e-320, 1, True)]
)
def test_a_range_is_as_wide_as_a_number_can_say(given):
    if np.isinf(given[1] / given[0] if given[2:] else given[1] - given[0]):
        with pytest.raises(ValueError, match="low is finite, got Float"):
            Float(*given)
    else:
        made = Float(*given)
        assert [made.to_unit(made.from_unit(u)) for u in (0, 0.5, 1)] == pytest.approx([0, 0.5, 1])
