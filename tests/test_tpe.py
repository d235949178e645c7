"""The tree-structured Parzen estimator: its densities, its split, how well it searches."""

import math
import time

import numpy as np
import pytest
from scipy import integrate, stats

from hpcourse import (
    Choice,
    Float,
    Int,
    RandomSearch,
    Space,
    Study,
    TPESearch,
    Trial,
    TrialState,
    landscapes,
)
from hpcourse.search.tpe import Parzen

TREE = Space(
    momentum=Float(0, 0.9, when={"optimizer": "sgd"}),
    optimizer=Choice(["sgd", "adam", (1, 2), None]),
    rate=Float(1e-4, 1, log=True),
    units=Int(1, 300, log=True),
    layers=Int(1, 9, step=2, when={"optimizer": ["sgd", "adam"]}),
    dropout=Float(0, 0.5, step=0.1, when={"layers": [3, 5, 7, 9]}),
    size=Choice([32, 64, 128], ordered=True),
)
KINDS = {
    "float": Float(-5, 5),
    "log": Float(1e-4, 1, log=True),
    "step": Float(0, 0.5, step=0.1),
    "int": Int(3, 10),
    "log int": Int(1, 20, log=True),
    "ordered": Choice(["s", "m", "l"], ordered=True),
    "choice": Choice(["a", "b", "c", "d"]),
}
every_kind = pytest.mark.parametrize("given", KINDS.values(), ids=KINDS)
both = pytest.mark.parametrize("multivariate", [False, True])


def rng(seed=0):
    return np.random.default_rng(seed)


def drawn(space, n, seed=0):
    draw = rng(seed)
    return [space.sample(draw) for _ in range(n)]


def finished(params, values):
    return [
        Trial(k, p, TrialState.FAIL if v is None else TrialState.COMPLETE, v)
        for k, (p, v) in enumerate(zip(params, values, strict=True))
    ]


def objective(trial):
    params = trial.params
    loss = (math.log10(params["rate"]) + 2) ** 2 + (params["optimizer"] != "sgd")
    return loss + params.get("momentum", 0) + abs(params["size"] - 64) / 64


# Densities


def test_a_mixture_by_hand():
    """Three trials at 0.1, 0.2 and 0.7: neighbors, ends, the clip at 1/5, the uniform part."""
    space = {"x": Float(0, 1)}
    mixture = Parzen(space, [{"x": 0.7}, {"x": 0.1}, {"x": 0.2}], prior_weight=2.0)
    grid = np.linspace(0, 1, 41)
    parts = [(0.7, 0.5), (0.1, 0.2), (0.2, 0.5)]  # the gaps of 0.1 are 0.1 and 0.1: clipped
    expected = np.full(41, 2.0)
    for center, sigma in parts:
        ends = (0 - center) / sigma, (1 - center) / sigma
        expected += stats.truncnorm.pdf(grid, *ends, loc=center, scale=sigma)
    found = mixture.log_density([{"x": x} for x in grid])
    assert np.allclose(np.exp(found), expected / 5, rtol=1e-6)


@pytest.mark.parametrize("n", [0, 1, 2, 7, 60])
def test_deviations_are_the_larger_gap_within_bounds(n):
    u = rng(n).random(n)
    kernels = Parzen({"x": Float(0, 1)}, [{"x": x} for x in u]).kernels[0]
    for center, sigma in zip(u, kernels.sigma, strict=False):
        left = max([0.0, *(x for x in u if x < center)])
        right = min([1.0, *(x for x in u if x > center)])
        expected = max(center - left, right - center)
        assert sigma == pytest.approx(min(max(expected, 1 / min(100, n + 2)), 1))


@every_kind
@both
@pytest.mark.parametrize("n", [0, 1, 9])
def test_a_density_integrates_to_one(given, multivariate, n):
    space = Space(x=given)
    mixture = Parzen({"x": given}, drawn(space, n), 0.7, multivariate)
    if isinstance(given, Float) and given.step is None:

        def density(u):
            return math.exp(mixture.log_density([{"x": given.from_unit(u)}])[0])

        assert integrate.quad(density, 0, 1, limit=200)[0] == pytest.approx(1, rel=1e-5)
    else:
        cells = 20000
        u = (np.arange(cells) + 0.5) / cells
        values = [given.from_unit(x) for x in u]
        shares = np.array([values.count(v) for v in given.values()]) / cells
        density = np.exp(mixture.log_density([{"x": v} for v in given.values()]))
        assert (shares * density).sum() == pytest.approx(1, abs=2e-3)


@every_kind
@both
def test_draws_follow_the_density(given, multivariate):
    space = Space(x=given)
    mixture = Parzen({"x": given}, drawn(space, 5), 0.7, multivariate)
    u = mixture.draw(rng(1), 20000)[:, 0]
    assert u.min() >= 0
    assert u.max() <= 1
    if isinstance(given, Float) and given.step is None:
        edges = np.linspace(0, 1, 21)
        middles = np.linspace(0, 1, 401)[1::2]
        density = np.exp(mixture.log_density([{"x": given.from_unit(x)} for x in middles]))
        expected = density.reshape(20, 10).sum(axis=1)
        counts = np.histogram(u, edges)[0]
    else:
        values = given.values()
        cells = [given.from_unit((k + 0.5) / 20000) for k in range(20000)]
        shares = np.array([cells.count(v) for v in values])
        expected = np.exp(mixture.log_density([{"x": v} for v in values])) * shares
        found = [given.from_unit(x) for x in u]
        counts = [found.count(v) for v in values]
    assert stats.chisquare(counts, expected / expected.sum() * 20000).pvalue > 1e-3


def test_choices_are_counted():
    """In proportion to prior weight plus count; the density is the probability times 4."""
    known = [{"x": v} for v in "aaab"]
    mixture = Parzen({"x": KINDS["choice"]}, known, prior_weight=0.5)
    found = np.exp(mixture.log_density([{"x": v} for v in "abcd"])) / 4
    assert found == pytest.approx(np.array([3.5, 1.5, 0.5, 0.5]) / 6)


def test_a_joint_density_by_hand():
    """Products of truncated normals with Scott's rule; without y, what is left is x's."""
    x, y = np.array([0.2, 0.6, 0.9]), np.array([0.3, 0.35, 0.8])
    space = {"x": Float(0, 1), "y": Float(0, 1), "c": Choice(["a", "b"])}
    known = [{"x": a, "y": b, "c": c} for a, b, c in zip(x, y, ["b", "a", "b"], strict=True)]
    mixture = Parzen(space, known, 1.0, joint=True)
    scott = 3 ** (-1 / 7)

    def kernel(at, centers):
        sigma = np.clip(scott * np.std(centers), 1 / 5, 1)
        ends = (0 - centers) / sigma, (1 - centers) / sigma
        return stats.truncnorm.pdf(at, *ends, loc=centers, scale=sigma)

    option = np.where([True, False, True], 2 - scott / 2, scott / 2)
    expected = (kernel(0.5, x) * kernel(0.4, y) * option).sum() + 1
    found = mixture.log_density([{"x": 0.5, "y": 0.4, "c": "b"}, {"x": 0.5}])
    assert np.exp(found[0]) == pytest.approx(expected / 4, rel=1e-6)
    assert np.exp(found[1]) == pytest.approx((kernel(0.5, x).sum() + 1) / 4, rel=1e-6)


def test_huge_ranges_are_no_numerical_problem():
    given = Int(0, 10**15)
    mixture = Parzen({"x": given}, [{"x": 10**14}, {"x": 7}])
    same = Parzen({"x": Float(0, 1)}, [{"x": 0.1}, {"x": 0.0}])
    found = mixture.log_density([{"x": 10**14}, {"x": 9 * 10**14}])
    assert np.allclose(found, same.log_density([{"x": 0.1}, {"x": 0.9}]))


# The split


def groups(trials, **kwargs):
    """Return x of the good and of the bad trials."""
    parts = TPESearch(**{"n_startup_trials": 0, **kwargs})._split(TREE, trials)
    return [sorted(params["x"] for params in part) for part in parts]


@pytest.mark.parametrize(("n", "gamma", "expected"), [(20, 0.15, 3), (21, 0.15, 4), (10, 0.5, 5)])
def test_a_fraction_is_good(n, gamma, expected):
    order = rng(3).permutation(n).astype(float)
    good, bad = groups(finished([{"x": v} for v in order], order), gamma=gamma)
    assert good == list(range(expected))
    assert bad == list(range(expected, n))


def test_what_has_no_value_is_bad():
    trials = finished([{"x": k} for k in range(8)], [None, 3.0, 2.0, 1.0, math.nan, 5.0, 6.0, 7.0])
    trials[5].state, trials[5].value = TrialState.PRUNED, 0.5
    trials[6].state, trials[6].value = TrialState.PRUNED, None
    trials[7].state, trials[7].value = TrialState.FAIL, -9.0
    trials += [Trial(8, {"x": 8}), Trial(9, {"x": 9})]
    good, bad = groups(trials, gamma=0.5)
    assert good == [1, 2, 3, 5], "half of the eight that are finished"
    assert bad == [0, 4, 6, 7, 8, 9]
    assert groups(trials, gamma=0.9)[0] == good, "no more than have a value"


def test_results_of_the_same_batch_do_not_count():
    trials = finished(
        [{"x": k} for k in range(10)], [4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 0.0, 1.0, 2.0, 3.0]
    )
    good, bad = groups(trials, gamma=0.5, n_parallel=6)
    assert good == [0, 1, 2], "half of the six before the batch"
    assert bad == [3, 4, 5, 6, 7, 8, 9]


def test_running_trials_are_avoided():
    """A batch with the same results spreads out."""
    space = Space(x=Float(0, 1))
    known = finished([{"x": x} for x in np.linspace(0, 1, 21)], np.abs(np.linspace(-0.5, 0.5, 21)))
    searcher = TPESearch(n_candidates=200)

    def near(others):
        found = [searcher.suggest(space, others, rng(k))["x"] for k in range(40)]
        return np.mean(np.abs(np.array(found) - 0.5) < 0.05)

    running = [Trial(21 + k, {"x": 0.5 + 0.01 * k}) for k in range(-2, 3)]
    assert near(known + running) < near(known) - 0.2


# The search


@both
def test_the_same_seed_gives_the_same_trials(multivariate, tmp_path):
    def run(n, path=None, seed=4):
        searcher = TPESearch(n_startup_trials=5, multivariate=multivariate)
        study = Study(TREE, searcher, seed=seed, storage=path)
        study.optimize(objective, n)
        return [trial.params for trial in study.trials]

    whole = run(25)
    assert run(25) == whole != run(25, seed=5)
    run(12, tmp_path / "log")
    assert run(13, tmp_path / "log") == whole


@both
@pytest.mark.parametrize("n_parallel", [1, 4])
def test_batches_are_the_same_at_once_and_one_by_one(multivariate, n_parallel):
    def make():
        searcher = TPESearch(n_startup_trials=6, multivariate=multivariate, n_parallel=n_parallel)
        return Study(TREE, searcher, seed=1)

    one, many, sizes = make(), make(), []
    one.optimize(objective, 18)
    while len(many.trials) < 18:
        ready = many.ask_ready(18 - len(many.trials))
        sizes.append(len(ready))
        for trial in reversed(ready):
            many.tell(trial, objective(trial))
    assert sizes == ([6] + [1] * 12 if n_parallel == 1 else [6, 4, 4, 4])
    assert [trial.params for trial in one.trials] == [trial.params for trial in many.trials]


@both
def test_conditions_hold_and_are_learned(multivariate):
    study = Study(TREE, TPESearch(multivariate=multivariate), seed=0)
    study.optimize(objective, 80)
    for trial in study.trials:
        TREE.check(trial.params)
    late = [trial.params for trial in study.trials[50:]]
    assert np.mean([params["optimizer"] == "sgd" for params in late]) > 0.5
    momenta = [params["momentum"] for params in late if "momentum" in params]
    assert np.mean(momenta) < 0.35, "half of 0.9 without learning"


@both
@pytest.mark.parametrize(
    "values",
    [
        [1.0] * 30,
        [None] * 30,
        [None] * 29 + [2.0],
        [1e300, -1e300] * 15,
        [math.inf, -math.inf, math.nan] * 10,
    ],
)
@pytest.mark.parametrize(
    "space",
    [
        TREE,
        Space(x=Float(0, 1)),
        Space(c=Choice(["only"])),
        Space(c=Choice([True, False]), n=Int(0, 1)),
        Space(**{f"x{k}": Float(0, 1) for k in range(20)}),
    ],
    ids=["tree", "line", "one option", "finite", "20 dimensions"],
)
def test_any_history_will_do(space, values, multivariate):
    trials = finished(drawn(space, 30), values)
    for n in (0, 30):
        searcher = TPESearch(n_startup_trials=n, multivariate=multivariate)
        space.check(searcher.suggest(space, trials, rng(2)))
    searcher.suggest(space, [], rng(2))
    TPESearch(n_startup_trials=0, multivariate=multivariate).suggest(space, [], rng(2))


def test_the_startup_is_random():
    searcher = TPESearch(n_startup_trials=7)
    known = finished(drawn(TREE, 8), np.arange(8.0))
    for n in range(7):
        assert searcher.suggest(TREE, known[:n], rng(n)) == TREE.sample(rng(n))
    assert searcher.suggest(TREE, known, rng(7)) != TREE.sample(rng(7))
    assert [searcher.horizon(n, TREE) for n in (0, 6, 7, 9)] == [0, 0, 7, 9]
    batches = TPESearch(n_startup_trials=7, n_parallel=3)
    assert [batches.horizon(n, TREE) for n in range(6, 12)] == [0, 7, 7, 7, 10, 10]


@both
@pytest.mark.parametrize("name", ["beale", "sphere", "hartmann6"])
def test_tpe_beats_random_search(name, multivariate):
    function = landscapes.get(name)
    bounds = enumerate(function.bounds.tolist())
    space = Space(**{f"x{k}": Float(*ends) for k, ends in bounds})
    pairs = []
    for seed in range(15):
        best = []
        for searcher in (TPESearch(multivariate=multivariate), RandomSearch()):
            study = Study(space, searcher, seed=seed)
            study.optimize(lambda trial: function(list(trial.params.values())), 50)
            best.append(study.best_value - function.minimum)
        pairs.append(best)
    mine, other = np.median(pairs, axis=0)
    assert mine < 0.7 * other
    assert sum(a < b for a, b in pairs) >= 10


def test_correlated_hyperparameters_gain_from_a_joint_density():
    space = Space(x=Float(0, 1), y=Float(0, 1))
    best = {False: [], True: []}
    for multivariate in best:
        for seed in range(20):
            study = Study(space, TPESearch(multivariate=multivariate), seed=seed)
            valley = lambda t: 100 * (t.params["x"] - t.params["y"]) ** 2 + t.params["x"]  # noqa: E731
            study.optimize(valley, 60)
            best[multivariate].append(study.best_value)
    assert np.median(best[True]) < np.median(best[False])


@both
def test_asking_is_quick(multivariate):
    trials = finished(drawn(TREE, 200), rng(1).random(200))
    searcher, taken = TPESearch(multivariate=multivariate), []
    for k in range(5):
        start = time.process_time()
        searcher.suggest(TREE, trials, rng(k))
        taken.append(time.process_time() - start)
    assert min(taken) < 0.05


@pytest.mark.parametrize(
    ("kwargs", "message"),
    [
        ({"gamma": 0}, r"gamma is in \(0, 1\), got 0"),
        ({"gamma": 1.0}, r"gamma is in \(0, 1\), got 1.0"),
        ({"gamma": "0.1"}, r"gamma is in \(0, 1\), got '0.1'"),
        ({"n_candidates": 0}, "n_candidates is a whole number from 1, got 0"),
        ({"n_startup_trials": -1}, "n_startup_trials is a whole number from 0, got -1"),
        ({"n_startup_trials": 2.5}, "n_startup_trials is a whole number from 0, got 2.5"),
        ({"n_parallel": 0}, "n_parallel is a whole number from 1, got 0"),
        ({"multivariate": "yes"}, "multivariate is True or False, got 'yes'"),
        ({"prior_weight": 0}, "prior_weight is a number above 0, got 0"),
        ({"prior_weight": math.inf}, "prior_weight is a number above 0, got inf"),
    ],
)
def test_bad_input_is_refused(kwargs, message):
    with pytest.raises(ValueError, match=message):
        TPESearch(**kwargs)
