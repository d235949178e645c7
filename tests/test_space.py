"""Search spaces: ranges, scales, conditions, grids, and the way to other libraries."""

import json
import math

import numpy as np
import pytest
from scipy import stats

from hpcourse import Choice, Float, Int, Space
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
        (lambda: Float(1, 1), "low is below high"),
        (lambda: Float(2, 1), "low is below high"),
        (lambda: Float(0, math.inf), "low and high are finite numbers"),
        (lambda: Float(math.nan, 1), "low and high are finite numbers"),
        (lambda: Float("0", 1), "low and high are finite numbers"),
        (lambda: Float(0, 1, log=True), "on a log scale low is above 0"),
        (lambda: Float(0, 1, step=0.3), "step divides the range"),
        (lambda: Float(0, 1, step=0), "step is a positive number"),
        (lambda: Float(1, 2, log=True, step=0.5), "step and log do not go together"),
        (lambda: Int(0.5, 3), "low and high are whole numbers"),
        (lambda: Int(3, 3), "low is below high"),
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
    with pytest.raises(ValueError, match="argument"):
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
