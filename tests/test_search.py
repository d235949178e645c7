"""Searchers: where they look, what they learn from, that they keep nothing to themselves."""

import copy
import math

import numpy as np
import pytest
from scipy import stats
from scipy.stats import qmc

from hpcourse import (
    Choice,
    EvolutionSearch,
    Float,
    GridSearch,
    Int,
    ManualSearch,
    RandomSearch,
    SobolSearch,
    Space,
    Study,
    TPESearch,
    Trial,
    TrialState,
    landscapes,
)
from hpcourse.search import study_seed

MIXED = Space(
    rate=Float(1e-4, 1, log=True),
    units=Int(16, 256, log=True),
    layers=Int(1, 8),
    size=Choice([32, 64, 128, 256], ordered=True),
    optimizer=Choice(["sgd", "adam", "rmsprop", (1, 2)]),
    momentum=Float(0, 0.9, when={"optimizer": "sgd"}),
)
LINE = Space(x=Float(0, 1))
MANUAL = [MIXED.sample(np.random.default_rng(k)) for k in range(100)]
SEARCHERS = {
    "random": RandomSearch,
    "manual": lambda: ManualSearch(MANUAL),
    "grid": lambda: GridSearch(3),
    "shuffled grid": lambda: GridSearch(3, shuffle=True, seed=5),
    "sobol": SobolSearch,
    "tournament": lambda: EvolutionSearch(8),
    "truncation": lambda: EvolutionSearch(5, "truncation", n_elite=0),
    "tpe": lambda: TPESearch(n_startup_trials=8),
    "multivariate tpe": lambda: TPESearch(n_startup_trials=4, multivariate=True),
}
every_searcher = pytest.mark.parametrize("make", SEARCHERS.values(), ids=SEARCHERS)


def rng(seed=0):
    return np.random.default_rng(seed)


def finished(params, values):
    """Return trials with these values; None makes one fail."""
    return [
        Trial(k, p, TrialState.FAIL if v is None else TrialState.COMPLETE, v)
        for k, (p, v) in enumerate(zip(params, values, strict=True))
    ]


def history(n, seed=0):
    draw = rng(seed)
    return finished([MIXED.sample(draw) for _ in range(n)], draw.normal(size=n).tolist())


def suggestions(searcher, space, n, seed=1):
    """Return what a searcher that does not learn suggests for the first n trials."""
    trials = []
    for k in range(n):
        trials.append(Trial(k, searcher.suggest(space, trials, rng((seed, k)))))
    return [trial.params for trial in trials]


def children(searcher, space, trials, n=4000):
    return [searcher.suggest(space, trials, rng(k)) for k in range(n)]


def uniform_p(counts, shares=None):
    """Return the p-value of counts, to be equal or in the ratio of shares."""
    counts = np.asarray(counts, dtype=float)
    shares = np.ones(len(counts)) if shares is None else np.asarray(shares, dtype=float)
    return stats.chisquare(counts, shares * counts.sum() / shares.sum()).pvalue


# What holds for all


@every_searcher
def test_no_hidden_state(make):
    """Called twice, or made anew, or after other questions: the same answer."""
    searcher = make()
    for n in (0, 3, 8, 17, 40):
        first = searcher.suggest(MIXED, history(n), rng(n))
        MIXED.check(first)
        assert searcher.suggest(MIXED, history(n), rng(n)) == first
        assert make().suggest(MIXED, history(n), rng(n)) == first
        if not isinstance(searcher, ManualSearch):
            searcher.suggest(LINE, [], rng(9))
        searcher.suggest(MIXED, history(n + 2, seed=4), rng(1))
        assert searcher.suggest(MIXED, history(n), rng(n)) == first


@every_searcher
def test_only_results_before_the_horizon_count(make):
    """Of later trials a searcher may know the configurations, if they are what it has to avoid."""
    searcher = make()
    for n in (0, 1, 7, 8, 9, 16, 23, 40):
        horizon = searcher.horizon(n, MIXED)
        assert 0 <= horizon <= n
        known = history(n)
        first = searcher.suggest(MIXED, known, rng(n))
        changed = copy.deepcopy(known)
        for trial in changed[horizon:]:
            trial.value, trial.state = None, TrialState.RUNNING
        assert searcher.suggest(MIXED, changed, rng(n)) == first
        for trial in changed[horizon:]:
            trial.value, trial.state = -1e9, TrialState.COMPLETE
        assert searcher.suggest(MIXED, changed, rng(n)) == first


@every_searcher
def test_the_history_is_left_as_it_was(make):
    known = history(20)
    before = copy.deepcopy(known)
    make().suggest(MIXED, known, rng())
    assert known == before


@every_searcher
def test_what_is_returned_may_be_changed(make):
    searcher = make()
    first = searcher.suggest(MIXED, history(3), rng())
    kept = dict(first)
    first.clear()
    assert searcher.suggest(MIXED, history(3), rng()) == kept


def test_what_does_not_learn_waits_for_nothing():
    for searcher in (RandomSearch(), ManualSearch(MANUAL), GridSearch(), SobolSearch()):
        assert [searcher.horizon(n, MIXED) for n in (0, 1, 50)] == [0, 0, 0]


# Manual and grid search


def test_manual_search_follows_its_list():
    given = [{"x": 0.5}, {"x": 0.0}, {"x": 0.5}]
    searcher = ManualSearch(given)
    given[0]["x"] = 1.0
    assert suggestions(searcher, LINE, 3) == [{"x": 0.5}, {"x": 0.0}, {"x": 0.5}]
    with pytest.raises(StopIteration):
        searcher.suggest(LINE, finished([{"x": 0.0}, {"x": 0.5}, {"x": 0.5}], [1, 2, 3]), rng())


def test_manual_search_refuses_a_bad_configuration_before_the_first_trial():
    study = Study(LINE, ManualSearch([{"x": 0.5}, {"x": 2.0}]))
    with pytest.raises(ValueError, match=r"x is in Float.*got 2\.0"):
        study.optimize(lambda trial: 1.0)
    assert study.trials == []


def test_grid_search_goes_through_the_grid_in_order():
    space = Space(x=Float(0, 1), c=Choice(["a", "b"]), n=Int(1, 3))
    found = suggestions(GridSearch({"x": 2}), space, 12)
    assert found == list(space.grid({"x": 2}))
    assert [tuple(p.values()) for p in found[:4]] == [
        (0.0, "a", 1),
        (0.0, "a", 2),
        (0.0, "a", 3),
        (0.0, "b", 1),
    ]


@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("n", [2, {"rate": 3, "units": 1, "layers": 2, "momentum": 2}])
def test_grid_search_ends_after_each_point_once(n, shuffle):
    searcher, grid = GridSearch(n, shuffle), list(MIXED.grid(n))
    found = suggestions(searcher, MIXED, len(grid))
    assert sorted(map(str, found)) == sorted(map(str, grid))
    assert (found == grid) != shuffle
    for more in (0, 1, 10):
        tried = [*grid, *grid[:more]]
        with pytest.raises(StopIteration):
            searcher.suggest(MIXED, finished(tried, [None] * len(tried)), rng())


def test_the_order_of_a_shuffled_grid_is_its_own():
    """It depends on the searcher's seed, not on the study's."""
    space = Space(n=Int(1, 50))
    orders = [
        [params["n"] for params in suggestions(searcher, space, 50, seed)]
        for seed in (1, 2)
        for searcher in (GridSearch(shuffle=True), GridSearch(shuffle=True, seed=1))
    ]
    assert orders[0] == orders[2] != orders[1] == orders[3]
    assert sorted(orders[0]) == sorted(orders[1]) == list(range(1, 51))


def test_one_grid_search_serves_several_spaces():
    searcher, other = GridSearch(2), Space(a=Choice([1, 2]), b=Choice([1, 2]))
    for _ in range(2):
        assert suggestions(searcher, LINE, 2) == [{"x": 0.0}, {"x": 1.0}]
        assert len(suggestions(searcher, other, 4)) == 4


# Random search


def test_random_search_is_uniform_on_every_scale():
    found = [RandomSearch().suggest(MIXED, [], rng(k)) for k in range(4000)]
    rates = np.log10([params["rate"] for params in found]) / 4 + 1
    assert stats.kstest(rates, "uniform").pvalue > 0.001
    momenta = [params["momentum"] / 0.9 for params in found if "momentum" in params]
    assert stats.kstest(momenta, "uniform").pvalue > 0.001
    for name, options in (("layers", range(1, 9)), ("size", MIXED["size"].options)):
        values = [params[name] for params in found]
        assert uniform_p([values.count(option) for option in options]) > 0.001
    large = np.mean([params["units"] > 64 for params in found])
    assert 0.45 < large < 0.55, "as many from 16 to 64 as from 64 to 256"
    assert abs(stats.spearmanr(rates, [params["layers"] for params in found])[0]) < 0.06


def test_random_search_looks_at_no_trial():
    assert RandomSearch().suggest(MIXED, history(30), rng(2)) == MIXED.sample(rng(2))


# Sobol's sequence

CUBE = Space(**{f"x{k}": Float(0, 1) for k in range(5)})


def cube(seed, n):
    return np.array([list(p.values()) for p in suggestions(SobolSearch(seed), CUBE, n)])


@pytest.mark.parametrize("seed", range(3))
def test_sobol_points_are_balanced(seed):
    """Of any 2**m points from the start, one lies in each 2**m-th of each axis."""
    points = cube(seed, 256)
    for m in range(9):
        for axis in range(5):
            cells = np.floor(points[: 2**m, axis] * 2**m)
            assert sorted(cells) == list(range(2**m))
    for width in range(7):  # in two dimensions one in each box of this width and area 1/64
        boxes = np.floor(points[:64, :2] * [2**width, 2 ** (6 - width)])
        assert len(np.unique(boxes, axis=0)) == 64


@pytest.mark.parametrize("n", [16, 64, 256])
def test_sobol_points_are_more_even_than_random_ones(n):
    even = [qmc.discrepancy(cube(seed, n)) for seed in range(10)]
    uneven = [qmc.discrepancy(rng(seed).random((n, 5))) for seed in range(10)]
    assert max(even) < min(uneven)


def test_the_sequence_goes_on_beyond_a_block():
    expected = qmc.Sobol(5, rng=3).random(1024)
    assert np.array_equal(cube(3, 1024), expected)


def test_the_seed_scrambles():
    assert np.abs(cube(0, 4) - cube(1, 4)).max() > 0.01
    study = [Study(CUBE, SobolSearch(2), seed=seed).ask().params for seed in (1, 2)]
    assert study[0] == study[1], "the study's seed changes nothing"


def test_without_a_seed_each_study_has_its_own_sequence():
    def first(seed, n=8):
        study = Study(CUBE, SobolSearch(), seed=seed)
        study.optimize(lambda trial: 0.0, n)
        return np.array([list(trial.params.values()) for trial in study.trials])

    assert np.array_equal(first(1), cube(1, 8)), "one sequence, scrambled with the study's seed"
    assert np.array_equal(first(2), first(2))
    assert np.abs(first(1) - first(2)).max() > 0.01


@pytest.mark.parametrize("seed", [0, 7, 2**40])
def test_the_generators_of_a_study_share_its_seed(seed):
    found = []

    def note(space, trials, rng):
        found.append(study_seed(rng))
        return space.sample(rng)

    Study(LINE, note, seed=seed).optimize(lambda trial: 0.0, 3)
    assert found == [seed] * 3
    assert study_seed(np.random.default_rng(np.int64(5))) == 5


def test_sobol_search_of_a_mixed_space():
    found = suggestions(SobolSearch(), MIXED, 256)
    for params in found:
        MIXED.check(params)
    for name, options in (
        ("layers", range(1, 9)),
        ("size", MIXED["size"].options),
        ("optimizer", MIXED["optimizer"].options),
    ):
        values = [params[name] for params in found]
        assert {values.count(option) for option in options} == {256 // len(options)}
    assert sum("momentum" in params for params in found) == 64


# Evolution


def test_the_first_generation_is_random():
    searcher = EvolutionSearch(8)
    for n in range(8):
        assert searcher.suggest(MIXED, history(n), rng(n)) == MIXED.sample(rng(n))
    assert searcher.suggest(MIXED, history(8), rng(8)) != MIXED.sample(rng(8))


def test_a_generation_waits_for_those_before_it():
    searcher = EvolutionSearch(4)
    found = [searcher.horizon(n, MIXED) for n in range(10)]
    assert found == [0, 0, 0, 0, 4, 4, 4, 4, 8, 8]


@pytest.mark.parametrize("size", [1, 3])
def test_tournaments_prefer_the_better(size):
    """Of rank r among n with probability ((n - r) / n)**k - ((n - r - 1) / n)**k."""
    ranks = np.array([3, 0, 4, 1, 2, 5])
    trials = finished([{"x": rank / 10} for rank in ranks], ranks.astype(float))
    searcher = EvolutionSearch(6, tournament_size=size, n_elite=0, mutation_rate=0)
    found = [round(10 * p["x"]) for p in children(searcher, LINE, trials)]
    left = (6 - np.arange(7)) / 6
    assert uniform_p(np.bincount(found, minlength=6), -np.diff(left**size)) > 0.001


@pytest.mark.parametrize("n", [6, 7])
def test_truncation_takes_the_better_half(n):
    trials = finished([{"x": k / 10} for k in range(n)], np.arange(n, dtype=float)[::-1])
    searcher = EvolutionSearch(n, "truncation", n_elite=0, mutation_rate=0)
    found = [round(10 * p["x"]) for p in children(searcher, LINE, trials)]
    counts = np.bincount(found, minlength=n)[::-1]
    kept = math.ceil(n / 2)
    assert counts[kept:].sum() == 0
    assert uniform_p(counts[:kept]) > 0.001


def test_crossover_takes_each_gene_from_either_parent():
    space = Space(**{f"x{k}": Float(0, 1) for k in range(6)})
    trials = finished([dict.fromkeys(space, 0.25), dict.fromkeys(space, 0.75)], [0.0, 1.0])
    searcher = EvolutionSearch(2, tournament_size=1, n_elite=0, mutation_rate=0)
    genes = np.array([list(p.values()) for p in children(searcher, space, trials)])
    assert set(np.unique(genes)) == {0.25, 0.75}
    second = genes == 0.75
    counts = np.bincount(second.sum(axis=1), minlength=7)
    # Half of the pairs are twice the same parent; of the others each gene is a coin's throw.
    binomial = stats.binom.pmf(np.arange(7), 6, 0.5)
    expected = 0.5 * binomial + 0.25 * np.isin(np.arange(7), (0, 6))
    assert uniform_p(counts, expected) > 0.001
    assert uniform_p([second.sum(), (~second).sum()]) > 1e-4


def one_parent(space, params, **kwargs):
    """Return children whose parents are all alike."""
    searcher = EvolutionSearch(2, **{"mutation_rate": 1, **kwargs})
    return children(searcher, space, finished([params] * 2, [0.0, 0.0]))


@pytest.mark.parametrize("rate", [0, 0.2, 0.7])
def test_the_mutation_rate_is_that_of_each_gene(rate):
    space = Space(x=Float(0, 1), y=Float(1, 100, log=True))
    found = one_parent(space, {"x": 0.5, "y": 10.0}, mutation_rate=rate)
    changed = np.array([[p["x"] != 0.5, not math.isclose(p["y"], 10)] for p in found])
    assert np.allclose(changed.mean(axis=0), rate, atol=0.03)
    assert np.allclose(changed.all(axis=1).mean(), rate**2, atol=0.03)


@pytest.mark.parametrize(
    ("given", "parent", "unit"),
    [
        (Float(-5, 5), 0.0, lambda x: (x + 5) / 10),
        (Float(1e-4, 1, log=True), 1e-2, lambda x: np.log10(x) / 4 + 1),
    ],
)
def test_mutation_is_normal_on_the_unit_scale(given, parent, unit):
    found = one_parent(Space(x=given), {"x": parent}, mutation_scale=0.08)
    steps = unit(np.array([params["x"] for params in found])) - 0.5
    assert stats.kstest(steps / 0.08, "norm").pvalue > 0.001


@pytest.mark.parametrize(("end", "scale"), [(0.0, 0.1), (1.0, 0.1), (0.0, 1.0), (1.0, 1.0)])
def test_mutation_is_reflected_at_the_ends(end, scale):
    found = np.array([p["x"] for p in one_parent(LINE, {"x": end}, mutation_scale=scale)])
    assert found.min() >= 0
    assert found.max() <= 1
    assert not np.isin(found, (0, 1)).any(), "nothing sticks to an end"
    if scale == 0.1:  # a normal step folded at the end
        assert stats.kstest(np.abs(found - end) / 0.1, "halfnorm").pvalue > 0.001


@pytest.mark.parametrize("given", [Choice(list("abcde"), ordered=True), Int(1, 5)])
def test_what_is_ordered_moves_to_its_neighbors(given):
    middle = given.values()[2]
    found = [p["x"] for p in one_parent(Space(x=given), {"x": middle}, mutation_scale=0.1)]
    counts = np.array([found.count(value) for value in given.values()]) / len(found)
    # A share is a fifth wide: it is left by steps above one deviation, the next above three.
    tails = stats.norm.sf([1, 3])
    expected = [tails[1], tails[0] - tails[1], 1 - 2 * tails[0], tails[0] - tails[1], tails[1]]
    assert np.allclose(counts, expected, atol=0.03)


def test_a_choice_without_order_is_drawn_anew():
    found = [p["x"] for p in one_parent(Space(x=Choice(list("abcde"))), {"x": "c"})]
    assert uniform_p([found.count(option) for option in "abcde"]) > 0.001


def test_the_best_of_all_trials_remain_parents():
    """The first generation had the two best; each later one is worse."""
    x = [0.1, 0.2, *np.linspace(0.3, 0.9, 10)]
    trials = finished([{"x": value} for value in x], x)
    for n_elite in (0, 1, 2):
        searcher = EvolutionSearch(4, "truncation", n_elite=n_elite, mutation_rate=0)
        best = {p["x"] for p in children(searcher, LINE, trials, 200)}
        assert best == {*x[:n_elite], *x[8 : 8 + math.ceil((4 + n_elite) / 2) - n_elite]}


def test_an_elite_of_the_last_generation_counts_once():
    trials = finished([{"x": k / 10} for k in range(4)], [0.0, 1.0, 2.0, 3.0])
    searcher = EvolutionSearch(4, tournament_size=1, n_elite=3, mutation_rate=0)
    found = [round(10 * p["x"]) for p in children(searcher, LINE, trials)]
    assert uniform_p(np.bincount(found, minlength=4)) > 0.001


@pytest.mark.parametrize(
    "searcher",
    [
        EvolutionSearch(8, tournament_size=60, mutation_rate=0),
        EvolutionSearch(8, "truncation", mutation_rate=0),
    ],
)
def test_failed_trials_are_no_preferred_parents(searcher):
    values = [None, 5.0, 6.0, None, 7.0, None, 8.0, 9.0]
    trials = finished([{"x": k / 10} for k in range(8)], values)
    trials[5].value = -100.0  # told as failed, with a value
    trials[7].state, trials[7].value = TrialState.PRUNED, 4.0  # a pruned trial's value counts
    found = {round(10 * p["x"]) for p in children(searcher, LINE, trials, 300)}
    assert found <= {1, 2, 4, 7}
    assert 7 in found


def test_when_all_have_failed_the_search_goes_on():
    trials = finished([{"x": k / 10} for k in range(12)], [None] * 12)
    for selection in ("tournament", "truncation"):
        for params in children(EvolutionSearch(4, selection), LINE, trials, 100):
            LINE.check(params)


def test_a_child_of_parents_without_a_hyperparameter():
    """It is drawn if it comes to exist, and inherited where a parent has it."""
    space = Space(c=Choice(["a", "b"]), z=Float(0, 1, when={"c": "a"}))
    without = one_parent(space, {"c": "b"})
    drawn = [params["z"] for params in without if params["c"] == "a"]
    assert 0.45 < len(drawn) / len(without) < 0.55
    assert stats.kstest(drawn, "uniform").pvalue > 0.001
    trials = finished([{"c": "a", "z": 0.25}, {"c": "b"}], [0.0, 1.0])
    searcher = EvolutionSearch(2, tournament_size=1, n_elite=0, mutation_rate=0)
    mixed = children(searcher, space, trials)
    for params in mixed:
        space.check(params)
    assert any("z" in params for params in mixed)
    assert all(params["z"] == 0.25 for params in mixed if "z" in params)


def test_steps_and_whole_numbers_stay_in_the_space():
    for searcher in (EvolutionSearch(6, mutation_rate=1, mutation_scale=1), EvolutionSearch(6)):
        for params in children(searcher, MIXED, history(12), 300):
            MIXED.check(params)


def beale(trial):
    return landscapes.get("beale")([trial.params["x"], trial.params["y"]])


def bowl(trial):
    scale = {"a": 1, "b": 2, "c": 3, "d": 4}
    return sum(k * (trial.params[name] - 0.2 * k) ** 2 for name, k in scale.items())


@pytest.mark.parametrize(
    ("space", "function"),
    [
        (Space(x=Float(-4.5, 4.5), y=Float(-4.5, 4.5)), beale),
        (Space(a=Float(0, 1), b=Float(0, 1), c=Float(0, 1), d=Float(0, 1)), bowl),
    ],
    ids=["beale", "bowl"],
)
@pytest.mark.parametrize("selection", ["tournament", "truncation"])
def test_evolution_beats_random_search(space, function, selection):
    best = {"evolution": [], "random": []}
    for seed in range(60):
        for name, searcher in (
            ("evolution", EvolutionSearch(selection=selection)),
            ("random", RandomSearch()),
        ):
            study = Study(space, searcher, seed=seed)
            study.optimize(function, 100)
            best[name].append(study.best_value)
    assert np.median(best["evolution"]) < np.median(best["random"]) / 2
    pairs = zip(best["evolution"], best["random"], strict=True)
    assert sum(mine < other for mine, other in pairs) >= 36


# Constructors


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ManualSearch([]), r"configurations is a list of dicts, got \[\]"),
        (lambda: ManualSearch({"x": 1}), "configurations is a list of dicts, got {'x': 1}"),
        (lambda: ManualSearch(3), "configurations is a list of dicts, got 3"),
        (lambda: ManualSearch("ab"), "configurations is a list of dicts, got 'ab'"),
        (lambda: ManualSearch([{"x": 1}, 3]), "configurations is a list of dicts, got"),
        (lambda: GridSearch(shuffle=True, seed=-1), "seed is a whole number from 0, got -1"),
        (lambda: GridSearch(seed=None), "seed is a whole number from 0, got None"),
        (lambda: SobolSearch(-1), "seed is a whole number from 0 or None, got -1"),
        (lambda: SobolSearch(0.5), "seed is a whole number from 0 or None, got 0.5"),
        (lambda: EvolutionSearch(1), "population_size is a whole number from 2, got 1"),
        (lambda: EvolutionSearch(2.5), "population_size is a whole number from 2, got 2.5"),
        (lambda: EvolutionSearch("9"), "population_size is a whole number from 2, got '9'"),
        (lambda: EvolutionSearch(selection="best"), "unknown selection 'best'.*truncation"),
        (lambda: EvolutionSearch(tournament_size=0), "tournament_size is a whole number from 1"),
        (lambda: EvolutionSearch(n_elite=-1), "n_elite is a whole number from 0, got -1"),
        (lambda: EvolutionSearch(n_elite=True), "n_elite is a whole number from 0, got True"),
        (lambda: EvolutionSearch(mutation_rate=1.1), r"mutation_rate is in \[0, 1\], got 1.1"),
        (lambda: EvolutionSearch(mutation_rate="1"), r"mutation_rate is in \[0, 1\], got '1'"),
        (lambda: EvolutionSearch(mutation_scale=-1), r"mutation_scale is in \[0, 1\], got -1"),
        (lambda: EvolutionSearch(mutation_scale=math.nan), r"mutation_scale .* got nan"),
    ],
)
def test_constructors_refuse(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize("n", [None, 0, {"y": 2}])
def test_a_grid_that_cannot_be_is_refused_before_the_first_trial(n):
    ran = []
    with pytest.raises(ValueError, match=r"a grid over|n is a whole number|unknown hyperparameter"):
        Study(LINE, GridSearch(n)).optimize(ran.append)
    assert not ran


def test_numpy_numbers_are_numbers():
    EvolutionSearch(np.int64(4), mutation_rate=np.float32(0.5))
    SobolSearch(np.int64(3)).suggest(LINE, [], rng())
