"""Bayesian optimization: what it promises, the drop-in for scikit-optimize's, bad input."""

import copy
import inspect
import math
import pickle
import re
import warnings

import joblib
import numpy as np
import pytest
from scipy.spatial.distance import pdist
from sklearn.datasets import load_iris
from sklearn.svm import SVC
from skopt.space import Categorical, Integer, Real

from hpcourse import (
    BayesianSearch,
    Choice,
    Float,
    Int,
    RandomSearch,
    SearchCV,
    Space,
    Study,
    Trial,
    TrialState,
    gp_minimize,
    landscapes,
)
from hpcourse.bayes import Surrogate
from hpcourse.bayes.bayesian_search import ACQUISITIONS, WARPS
from hpcourse.bayes.proposals import REACH, Proposals, features, finite_grid, to_points
from hpcourse.bayes.warp import Warp

LINE = Space(x=Float(0, 1))
SQUARE = Space(x=Float(0, 1), y=Float(0, 1))
BRANIN = landscapes.get("branin")
MIXED = Space(
    rate=Float(1e-4, 1, log=True),
    layers=Int(1, 4),
    optimizer=Choice(["sgd", "adam", (1, 2)]),
    momentum=Float(0, 1, when={"optimizer": "adam"}),
)


def rng(seed=0):
    return np.random.default_rng(seed)


def bowl(trial):
    return (trial.params["x"] - 0.7) ** 2 + (trial.params["y"] - 0.3) ** 2


def mixed(trial):
    given = trial.params
    option = 1.0 if given["optimizer"] == "sgd" else 0.6
    if "momentum" in given:
        option = 2 * (given["momentum"] - 0.8) ** 2
    return np.log10(given["rate"] / 0.02) ** 2 + 0.3 * (given["layers"] - 3) ** 2 + option


def finished(params, values):
    """Return trials with these values; None makes one fail."""
    return [
        Trial(k, p, TrialState.FAIL if v is None else TrialState.COMPLETE, v)
        for k, (p, v) in enumerate(zip(params, values, strict=True))
    ]


def history(n, space=MIXED, seed=0):
    draw = rng(seed)
    return finished([space.sample(draw) for _ in range(n)], draw.normal(size=n).tolist())


def ran(objective, space, n, seed=0, direction="minimize", searcher=None, **given):
    study = Study(space, searcher or BayesianSearch(**given), direction, seed=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # overflows of values near the largest
        study.optimize(objective, n)
    return study


def tried(study):
    return [trial.params for trial in study.trials]


def written(study):
    return [str(params) for params in tried(study)]


# The contract of searchers

SEARCHERS = {
    "one by one": {},
    "batches": {"n_parallel": 4},
    "short start, bound": {"n_initial_points": 2, "acq_func": "LCB"},
    "forest": {"base_estimator": "ET", "n_initial_points": 8},
}
every_searcher = pytest.mark.parametrize("given", SEARCHERS.values(), ids=SEARCHERS)


@every_searcher
def test_no_hidden_state(given):
    """Called twice, or made anew, or after other questions: the same answer."""
    searcher = BayesianSearch(**given)
    for n in (0, 5, 13):
        known = history(n)
        first = searcher.suggest(MIXED, known, rng(n))
        MIXED.check(first)
        assert searcher.suggest(MIXED, known, rng(n)) == first
        searcher.suggest(SQUARE, history(14, SQUARE), rng(9))
        assert searcher.suggest(MIXED, known, rng(n)) == first
        assert BayesianSearch(**given).suggest(MIXED, known, rng(n)) == first


@every_searcher
def test_the_history_is_left_as_it_was(given):
    known = history(15)
    known[3].state, known[3].value = TrialState.FAIL, None
    known[14].state, known[14].value = TrialState.RUNNING, None
    before = copy.deepcopy(known)
    BayesianSearch(**given).suggest(MIXED, known, rng()).clear()
    assert known == before


def test_horizon_is_the_begin_of_the_batch():
    """The start, here of 6 trials, waits for nothing: it looks at no result."""
    assert [BayesianSearch().horizon(n, SQUARE) for n in (0, 5, 6, 7, 20)] == [0, 0, 6, 7, 20]
    batches = BayesianSearch(n_parallel=4)
    assert [batches.horizon(n, SQUARE) for n in (0, 3, 5, 6, 7, 9)] == [0, 0, 0, 4, 4, 8]
    study = Study(SQUARE, BayesianSearch(), seed=0)
    assert len(study.ask_ready(20)) == 6


def test_a_searcher_can_be_pickled_and_copied():
    study = ran(bowl, SQUARE, 11)
    for again in (pickle.loads(pickle.dumps(study.searcher)), copy.deepcopy(study.searcher)):
        known = study.trials
        assert again.suggest(SQUARE, known, rng()) == study.searcher.suggest(SQUARE, known, rng())


@pytest.mark.parametrize("n_parallel", [1, 4])
def test_same_seed_same_trials(n_parallel):
    """In one go, several at once, asked by hand, resumed from a file after a cut."""
    expected = tried(ran(mixed, MIXED, 20, seed=5, n_parallel=n_parallel))
    assert expected != tried(ran(mixed, MIXED, 20, seed=6, n_parallel=n_parallel))
    parallel = Study(MIXED, BayesianSearch(n_parallel=n_parallel), seed=5)
    with joblib.parallel_config(backend="threading"):
        parallel.optimize(mixed, 20, n_jobs=4)
    assert tried(parallel) == expected
    asked = Study(MIXED, BayesianSearch(n_parallel=n_parallel), seed=5)
    while len(asked.trials) < 20:
        for trial in reversed(asked.ask_ready(n_parallel)):
            asked.tell(trial, mixed(trial))
    assert tried(asked) == expected


@pytest.mark.filterwarnings("ignore:the last line of:UserWarning")
def test_resumed_after_a_cut(tmp_path):
    expected = tried(ran(mixed, MIXED, 18, seed=5))
    path = tmp_path / "study.jsonl"
    Study(MIXED, BayesianSearch(), seed=5, storage=path).optimize(mixed, 15)
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:-2]) + lines[-2][: len(lines[-2]) // 2])
    resumed = Study(MIXED, BayesianSearch(), seed=5, storage=path)
    assert len(resumed.trials) in (13, 14)
    resumed.optimize(mixed, 18 - len(resumed.trials))
    assert tried(resumed) == expected


# The start


def test_the_start_fills_the_space_evenly_and_differs_between_studies():
    starts = []
    for seed in range(3):
        study = ran(bowl, SQUARE, 8, seed=seed, n_initial_points=8)
        for name in "xy":
            assert sorted(int(8 * params[name]) for params in tried(study)) == list(range(8))
        starts.append(tried(study))
    assert starts[0] != starts[1] != starts[2] != starts[0]


def test_the_start_looks_at_no_values():
    one, other = (ran(f, SQUARE, 9, seed=2) for f in (bowl, lambda trial: -bowl(trial)))
    n_start = one.searcher.n_start(SQUARE)
    assert 1 < n_start < 9
    assert tried(one)[:n_start] == tried(other)[:n_start]
    assert tried(one)[n_start:] != tried(other)[n_start:]


@pytest.mark.parametrize(("n", "given"), [(1, 5), (3, 7), (16, 20), (30, 20)])
def test_length_of_the_start(n, given):
    space = Space(**{f"x{k}": Float(0, 1) for k in range(n)})
    assert BayesianSearch().n_start(space) == given
    assert BayesianSearch(n_initial_points=3).n_start(space) == 3


def test_there_is_a_model_after_the_start():
    searcher = BayesianSearch(n_initial_points=4)
    for n in range(8):
        searcher.suggest(SQUARE, history(n, SQUARE), rng(n))
        assert (searcher.model_ is not None) == (n >= 4)
        assert searcher.model_ is None or isinstance(searcher.model_, Surrogate)


# Nothing twice


SPACES = {
    "floats": SQUARE,
    "a short range": Space(x=Float(0, 1e-9), y=Float(1, 1 + 1e-6)),
    "whole numbers": Space(a=Int(1, 6), b=Int(1, 5)),
    "choices": Space(a=Choice(["x", "y", "z"]), b=Choice([True, False, None]), c=Int(1, 3)),
    "steps": Space(a=Float(0, 1, step=0.25), b=Choice([1, 2, 4, 8, 16], ordered=True)),
    "many whole numbers": Space(a=Int(1, 10**4, log=True), b=Int(0, 50)),
    "conditions": Space(a=Choice(["p", "q"]), b=Int(1, 20, when={"a": "q"}), c=Choice([1, 2])),
    "mixed": MIXED,
}


@pytest.mark.parametrize("space", SPACES.values(), ids=SPACES)
def test_no_configuration_is_tried_twice(space):
    """Even if the model wants to stay where it is: the best is at the end of each range."""

    def objective(trial):
        return float(np.nansum(space.to_unit(trial.params)))

    study = ran(objective, space, 25)
    assert len(set(written(study))) == len(study.trials) == 25
    for params in tried(study):
        space.check(params)


@pytest.mark.parametrize("given", [{}, {"n_parallel": 4}, {"base_estimator": "RF"}])
def test_a_finite_space_is_searched_completely_and_then_ends(given):
    space = Space(a=Choice(["p", "q"]), b=Int(1, 3, when={"a": "q"}), c=Choice([1, 2, 3]))
    study = ran(lambda trial: trial.params["c"], space, None, **given)
    assert sorted(written(study)) == sorted(map(str, space.grid()))
    with pytest.raises(StopIteration):
        study.ask()


def test_a_space_of_one_point():
    assert len(ran(lambda trial: 1.0, Space(a=Choice(["only"])), None).trials) == 1


def test_the_constraint_holds_from_the_first_trial():
    def inside(params):
        return params["x"] + params["y"] < 0.6

    study = ran(bowl, SQUARE, 20, constraint=inside)
    assert all(inside(params) for params in tried(study))
    assert len(set(written(study))) == 20
    assert study.best_value < 0.083  # at (.5, .1), on the border, it is 0.08
    finite = ran(
        lambda trial: trial.params["a"],
        Space(a=Int(1, 9)),
        None,
        constraint=lambda params: params["a"] % 2 == 0,
    )
    assert sorted(params["a"] for params in tried(finite)) == [2, 4, 6, 8]


def test_a_constraint_that_hardly_anything_fulfills():
    study = ran(bowl, SQUARE, 4, n_candidates=64, constraint=lambda params: params["x"] < 0.002)
    assert len(study.trials) == 4


def test_a_constraint_that_nothing_fulfills_ends_the_study():
    assert ran(bowl, SQUARE, 5, constraint=lambda params: False).trials == []


# Trials that are running


def branin(trial):
    return BRANIN([15 * trial.params["x"] - 5, 15 * trial.params["y"]])


def test_running_trials_are_spread():
    """Eight asked for at once are apart, where each alone would choose about the same."""
    alone, together = [], []
    for seed in range(5):
        study = ran(branin, SQUARE, 10, seed=seed)
        known, searcher = study.trials, study.searcher
        each = [searcher.suggest(SQUARE, known, rng((seed, 10 + k))) for k in range(8)]
        batch = [trial.params for trial in study.ask(8)]
        assert len(set(map(str, batch))) == 8
        alone.append(np.median(pdist([list(params.values()) for params in each])))
        together.append(np.median(pdist([list(params.values()) for params in batch])))
    assert np.median(alone) < 0.01
    assert min(together) > 0.05
    assert np.median(together) > 0.2


def test_batches_find_the_minimum():
    found = [ran(branin, SQUARE, 40, seed=seed, n_parallel=4).best_value for seed in range(3)]
    assert np.median(found) - BRANIN.minimum < 1e-3


def test_running_trials_change_what_is_tried_but_not_what_is_believed():
    known = history(12, SQUARE)
    point = BayesianSearch().suggest(SQUARE, known, rng(3))
    running = [*known, Trial(12, point)]
    assert BayesianSearch().suggest(SQUARE, running, rng(3)) != point
    searcher = BayesianSearch()
    one, other = (
        searcher.surrogate(SQUARE, known, rng()),
        searcher.surrogate(SQUARE, running, rng()),
    )
    x = features(SQUARE, rng().random((20, 2)))
    np.testing.assert_allclose(one.predict(x), other.predict(x), atol=0.02)
    at = features(SQUARE, to_points(SQUARE, running[12:]))
    assert other.predict(at, return_std=True)[1] < one.predict(at, return_std=True)[1]


@pytest.mark.parametrize("base_estimator", ["RF", "ET"])
def test_forests_take_running_trials_into_account(base_estimator):
    known = history(20, SQUARE)
    running = [*known, *(Trial(20 + k, SQUARE.sample(rng(k))) for k in range(10))]
    searcher, x = BayesianSearch(base_estimator), rng().random((50, 2))
    one, other = (searcher.surrogate(SQUARE, trials, rng(1)) for trials in (known, running))
    assert (one.predict(x) != other.predict(x)).any()
    assert np.corrcoef(one.predict(x), other.predict(x))[0, 1] > 0.7


@pytest.mark.parametrize("base_estimator", ["GP", "RF"])
def test_only_running_trials(base_estimator):
    """Before there is any value, there is no model, and still nothing is tried twice."""
    study = Study(SQUARE, BayesianSearch(base_estimator, n_initial_points=2), seed=0)
    assert len({str(trial.params) for trial in study.ask(6)}) == 6
    assert study.searcher.model_ is None


def test_pruned_trials_count_with_their_values():
    known = history(12, SQUARE)
    pruned = copy.deepcopy(known)
    pruned[5].state = TrialState.PRUNED
    searcher = BayesianSearch()
    assert searcher.suggest(SQUARE, known, rng()) == searcher.suggest(SQUARE, pruned, rng())
    pruned[5].value = None
    assert searcher.suggest(SQUARE, known, rng()) != searcher.suggest(SQUARE, pruned, rng())


# Failures


FAILURES = {"nan": np.nan, "infinity": np.inf, "minus infinity": -np.inf}


@pytest.mark.parametrize("value", [*FAILURES.values(), None], ids=[*FAILURES, "raised"])
def test_failures_are_told_apart_from_values(value):
    """Whatever makes trials fail: the same trials follow."""

    def objective(trial):
        if trial.params["x"] > 0.8:
            if value is None:
                raise ZeroDivisionError
            return value
        return bowl(trial)

    study = Study(SQUARE, BayesianSearch(), seed=1)
    study.optimize(objective, 16, catch=ZeroDivisionError)
    states = [trial.state for trial in study.trials]
    assert 0 < states.count(TrialState.FAIL) < 8
    reference = ran(lambda t: np.nan if t.params["x"] > 0.8 else bowl(t), SQUARE, 16, seed=1)
    assert tried(study) == tried(reference)


def test_failures_that_lie_together_are_avoided():
    """Two fifths of the space fail; of the later suggestions less than a fourth are there."""
    shares = []
    for seed in range(5):
        study = ran(
            lambda t: (
                np.nan if t.params["x"] > 0.6 else (t.params["x"] - 0.5) ** 2 + t.params["y"] ** 2
            ),
            SQUARE,
            30,
            seed=seed,
        )
        shares.append(np.mean([params["x"] > 0.6 for params in tried(study)[10:]]))
        assert study.best_value < 1e-4
    assert np.mean(shares) < 0.25


def test_failures_by_chance_do_not_hide_the_minimum():
    for seed in range(3):
        fails = rng(seed + 50).random(30) < 0.25
        study = ran(lambda t, f=fails: np.nan if f[t.number] else bowl(t), SQUARE, 30, seed=seed)
        assert study.best_value < 1e-4


def test_all_trials_fail():
    study = ran(lambda trial: math.nan, SQUARE, 14)
    assert len(set(written(study))) == 14
    assert study.searcher.model_ is None
    with pytest.raises(ValueError, match="none of 14 trials is complete"):
        study.searcher.best_predicted(study)


def test_one_value_among_failures():
    study = ran(lambda t: 1.0 if t.number == 3 else math.nan, SQUARE, 14)
    assert len(set(written(study))) == 14
    assert study.searcher.best_predicted(study)[0] == tried(study)[3]


# Values of all kinds


VALUES = {
    "constant": lambda x: 3.0,
    "two values": lambda x: float(x > 0.5),
    "24 decades": lambda x: 10.0 ** (24 * abs(x - 0.4) - 12),
    "huge": lambda x: 1e300 * (x - 0.4) ** 2,
    "huge of both signs": lambda x: 1.7e308 * (abs(x - 0.4) - 0.3),
    "tiny": lambda x: 1e-300 * (x - 0.4) ** 2,
    "on a pedestal": lambda x: 1e6 + 1e-3 * (x - 0.4) ** 2,
    "outliers": lambda x: 1e300 if x > 0.8 else (x - 0.4) ** 2,
    "whole numbers": lambda x: round(100 * abs(x - 0.4)),
}


@pytest.mark.parametrize("function", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("warp", ["auto", "none", "log"])
def test_values_of_any_size(function, warp):
    study = ran(lambda trial: function(trial.params["x"]), LINE, 16, warp=warp)
    assert len(set(written(study))) == 16
    model = study.searcher.model_
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        predicted = model.predict(np.linspace(0, 1, 9)[:, None])
    assert np.isfinite(predicted).all()
    if function not in (VALUES["constant"], VALUES["two values"]) and warp == "auto":
        assert abs(study.best_params["x"] - 0.4) < 0.05


@pytest.mark.parametrize("base_estimator", ["RF", "ET"])
def test_forests_and_values_of_any_size(base_estimator):
    for name in ("constant", "huge"):
        study = ran(
            lambda trial, name=name: VALUES[name](trial.params["x"]),
            LINE,
            8,
            base_estimator=base_estimator,
        )
        assert len(study.trials) == 8


def test_units_of_the_objective_do_not_matter():
    one = ran(bowl, SQUARE, 14, seed=4)
    other = ran(lambda trial: 1024 * bowl(trial), SQUARE, 14, seed=4)
    assert tried(one) == tried(other)


def test_units_of_the_hyperparameters_do_not_matter():
    wide = Space(x=Float(-1024, 1024), y=Float(0, 4096))
    other = ran(
        lambda t: (t.params["x"] / 2048 - 0.2) ** 2 + (t.params["y"] / 4096 - 0.3) ** 2, wide, 13
    )
    one = ran(bowl, SQUARE, 13)
    for small, large in zip(tried(one), tried(other), strict=True):
        assert (large["x"] / 2048 + 0.5, large["y"] / 4096) == pytest.approx(
            (small["x"], small["y"]), abs=1e-3
        )


def test_maximizing_mirrors_minimizing():
    down = ran(bowl, SQUARE, 15)
    up = ran(lambda trial: -bowl(trial), SQUARE, 15, direction="maximize")
    assert tried(down) == tried(up)
    (params, value), (same, mirrored) = (s.searcher.best_predicted(s) for s in (down, up))
    assert params == same
    assert mirrored == -value
    assert mirrored == pytest.approx(0, abs=1e-3)


def test_best_predicted_is_less_biased_than_the_best_value():
    """With noise, the best value is a lucky one: far better than its point is."""
    predicted, best, elsewhere = [], [], 0
    for seed in range(5):
        noise = 0.3 * rng(seed + 50).normal(size=30)
        study = ran(lambda t, n=noise: 4 * bowl(t) + n[t.number], SQUARE, 30, seed=seed)
        params, value = study.searcher.best_predicted(study)
        assert params in tried(study)
        elsewhere += params != study.best_params
        model = study.searcher.surrogate(SQUARE, study.trials)
        assert value == min(model.predict(to_points(SQUARE, study.trials)))
        predicted.append(value - 4 * bowl(Trial(0, params)))
        best.append(study.best_value - 4 * bowl(study.best_trial))
    assert elsewhere > 0
    assert np.mean(best) < -0.3
    assert abs(np.mean(predicted)) < 0.15
    assert np.mean(np.abs(predicted)) < 0.5 * np.mean(np.abs(best))


def test_best_predicted_looks_at_all_trials():
    """Also at those of a batch that is not complete, and after one that is running."""
    batch = ran(bowl, SQUARE, 11, n_parallel=8)
    first = Study(SQUARE, BayesianSearch(), seed=0)
    for trial in first.ask(4)[1:]:
        first.tell(trial, bowl(trial))
    for study in (batch, first):
        params, value = study.searcher.best_predicted(study)
        assert params in tried(study)
        assert (params, value) == BayesianSearch().best_predicted(study)
    assert bowl(Trial(0, batch.searcher.best_predicted(batch)[0])) < batch.best_value + 1e-3


def test_best_predicted_of_pruned_trials_is_an_error():
    study = Study(SQUARE, BayesianSearch(), seed=0)
    for trial in study.ask(3):
        study.tell(trial, 1.0, TrialState.PRUNED)
    with pytest.raises(ValueError, match="none of 3 trials is complete"):
        study.searcher.best_predicted(study)


def test_best_predicted_without_noise_is_the_best():
    study = ran(bowl, SQUARE, 18)
    params, value = study.searcher.best_predicted(study)
    assert bowl(Trial(0, params)) < study.best_value + 1e-4
    assert value == pytest.approx(study.best_value, abs=1e-3)


# What is learned


def test_each_acquisition_and_warp_learns():
    """Better than the median of random searches, each; nearly all by far."""
    few = [ran(bowl, SQUARE, 18, seed=seed, searcher=RandomSearch()) for seed in range(20)]
    threshold = np.median([study.best_value for study in few])
    found = {
        (acq_func, warp): ran(bowl, SQUARE, 18, acq_func=acq_func, warp=warp).best_value
        for acq_func in ACQUISITIONS
        for warp in WARPS
    }
    for given, value in found.items():
        assert value < threshold, given
    assert np.median(list(found.values())) < threshold / 30


@pytest.mark.parametrize("acq_func", ACQUISITIONS)
@pytest.mark.parametrize("base_estimator", ["RF", "ET"])
def test_forests_learn(base_estimator, acq_func):
    """Of five options the best, of whole numbers the better ones."""
    space = Space(a=Choice(list("pqrst")), b=Int(1, 30), x=Float(0, 1))
    draw = rng(1)
    known = [space.sample(draw) for _ in range(50)]
    values = [abs(params["b"] - 20) / 10 + 2 * (params["a"] != "r") for params in known]
    searcher = BayesianSearch(base_estimator, acq_func, warp="none" if acq_func == "PI" else "auto")
    found = [searcher.suggest(space, finished(known, values), rng(k)) for k in range(5)]
    assert sum(params["a"] == "r" for params in found) >= 4
    model = searcher.model_
    grid = [{"a": "r", "b": b, "x": 0.5} for b in (2, 20)]
    predicted = model.predict(features(space, np.array([space.to_unit(one) for one in grid])))
    assert predicted[1] < predicted[0] - 0.3
    assert not {str(params) for params in found} & {str(params) for params in known}


def test_forests_in_a_study():
    for base_estimator in ("RF", "ET"):
        for warp in WARPS:
            study = ran(
                mixed, MIXED, 10, base_estimator=base_estimator, warp=warp, n_initial_points=8
            )
            assert len(set(written(study))) == 10
            x = features(MIXED, to_points(MIXED, study.trials))
            mean, std = study.searcher.model_.predict(x, return_std=True)
            assert np.isfinite(mean).all()
            assert (std > 0).all()


def test_warps_of_forests():
    known = history(30, SQUARE)
    for trial in known:
        trial.value = math.exp(3 * trial.value)
    values = np.array([trial.value for trial in known])
    for kind in WARPS:
        warp = BayesianSearch("RF", warp=kind).surrogate(SQUARE, known).warp
        assert warp == Warp.of(values, "yeo-johnson" if kind == "auto" else kind)
    assert BayesianSearch("RF").surrogate(SQUARE, known).warp.power < 0.5


def test_conditions_and_categories_beat_random_search():
    for seed in range(5):
        random = ran(mixed, MIXED, 24, seed=seed, searcher=RandomSearch()).best_value
        assert ran(mixed, MIXED, 24, seed=seed).best_value < random / 2


def test_twenty_dimensions_beat_random_search():
    """On Levy's function, by far in most runs."""

    def levy(x):
        w = 1 + (np.asarray(x) - 1) / 4
        middle = (w[:-1] - 1) ** 2 * (1 + 10 * np.sin(np.pi * w[:-1] + 1) ** 2)
        last = (w[-1] - 1) ** 2 * (1 + np.sin(2 * np.pi * w[-1]) ** 2)
        return np.sin(np.pi * w[0]) ** 2 + middle.sum() + last

    ratios = []
    for seed in range(5):
        result = gp_minimize(levy, [(-10.0, 10.0)] * 20, n_calls=60, random_state=seed)
        random = min(levy(x) for x in rng(seed).uniform(-10, 10, (60, 20)))
        ratios.append(result.fun / random)
    assert np.median(ratios) < 0.85


@pytest.mark.parametrize(("name", "n", "limit"), [("beale", 50, 1e-3), ("branin", 40, 1e-4)])
def test_landscapes(name, n, limit):
    """The promise of the course: Beale to 1e-3 in 50 evaluations, at the median."""
    landscape = landscapes.get(name)
    bounds = [tuple(map(float, pair)) for pair in landscape.bounds]
    found = [gp_minimize(landscape, bounds, n_calls=n, random_state=seed).fun for seed in range(3)]
    assert np.median(found) - landscape.minimum < limit


def test_xi_and_kappa_explore():
    """The more improvement is wanted, or doubt is worth, the farther from the best."""

    def spread(**given):
        study = ran(bowl, SQUARE, 16, seed=1, **given)
        points = np.array([list(params.values()) for params in tried(study)[8:]])
        return np.median(np.hypot(*(points - [0.7, 0.3]).T))

    assert spread(xi=0.3) > 3 * spread(xi=0.0)
    assert spread(acq_func="LCB", kappa=100) > 3 * spread(acq_func="LCB", kappa=0.1)


def test_xi_is_in_units_of_the_objective():
    one = ran(bowl, SQUARE, 14, seed=4, xi=0.25)
    other = ran(lambda trial: 1024 * bowl(trial), SQUARE, 14, seed=4, xi=256)
    assert tried(one) == tried(other)


# Points that are proposed


def test_features_of_what_does_not_exist_are_in_the_middle():
    space = Space(
        a=Choice([1, 2]),
        x=Float(0, 1, when={"a": 2}),
        c=Choice(["p", "q", "r", "s"], when={"a": 2}),
        n=Int(1, 9, when={"a": 2}),
    )
    got = features(space, space.to_unit({"a": 1})[None])
    np.testing.assert_allclose(got, [[0, 0.5, 0.25, 0.25, 0.25, 0.25, 0.5]])
    full = features(space, space.to_unit({"a": 2, "x": 0.25, "c": "r", "n": 3})[None])
    np.testing.assert_allclose(full, [[1, 0.25, 0, 0, 1, 0, 0.25]])


def test_features_of_a_point_are_those_of_its_configuration():
    space = Space(
        x=Float(1, 9, log=True),
        s=Float(0, 1, step=0.25),
        n=Int(1, 9, step=2),
        m=Int(1, 50, log=True),
        c=Choice(["p", "q", "r"]),
        o=Choice([1, 4, 16], ordered=True),
    )
    points = np.vstack([rng().random((50, 6)), np.zeros(6), np.ones(6)])
    snapped = np.array([space.to_unit(space.from_unit(point)) for point in points])
    np.testing.assert_allclose(features(space, points), features(space, snapped), atol=1e-9)


def test_points_as_near_as_floats_can_tell_are_not_the_same():
    """Converging means trying points that are very near each other, but not the same."""
    proposals = Proposals(SQUARE, finished([{"x": 0.5, "y": 0.25}], [1.0]))
    points = np.array([[0.5, 0.25], [0.5 + 1e-6, 0.25], [0.5, 0.25 + 1e-6], [0.25, 0.5]])
    np.testing.assert_array_equal(proposals.allowed(points), points[1:])
    np.testing.assert_array_equal(Proposals(SQUARE, []).allowed(points), points)


def test_candidates_are_everywhere_and_around_the_best():
    known = history(20, SQUARE)
    proposals = Proposals(SQUARE, known)
    points = proposals.candidates(400, rng())
    assert ((points >= 0) & (points <= 1)).all()
    anywhere, near = points[:400], points[400:]
    assert (np.abs(np.histogram(anywhere[:, 0], 4, (0, 1))[0] - 100) < 40).all()
    for trial in sorted(known, key=lambda trial: trial.value)[:3]:
        away = np.abs(near - SQUARE.to_unit(trial.params)).max(axis=1)
        assert 0 < away.min() < 0.003
        assert (away < 0.05).sum() >= 20
    worst = max(known, key=lambda trial: trial.value)
    away = np.abs(near - SQUARE.to_unit(worst.params)).max(axis=1)
    assert (away < 0.01).sum() < 5


def test_choices_near_the_best_change_now_and_then():
    best = history(1)
    near = Proposals(MIXED, best).candidates(1, rng())[1:]
    options = [MIXED.from_unit(np.nan_to_num(point, nan=0.5))["optimizer"] for point in near]
    assert 0.6 < np.mean([option == best[0].params["optimizer"] for option in options]) < 0.93


def test_candidates_of_a_small_space_are_all_that_is_left():
    space = SPACES["conditions"]
    known = history(5, space)
    left = Proposals(space, known, finite_grid(space)).candidates(10, rng())
    assert len(left) == len(list(space.grid())) - len({str(trial.params) for trial in known})


class Hill:
    """A model the mean of which falls towards one point; no doubt anywhere."""

    def __init__(self, top):
        self.top = np.array(top)

    def posterior(self, x):
        return ((x - self.top) ** 2).sum(axis=1), np.ones(len(x))

    def gradients(self, x):
        assert ((x >= 0) & (x <= 1)).all(), "nothing is known outside of the unit cube"
        mean, std = self.posterior(x)
        return mean, std, 2 * (x - self.top), np.zeros_like(x)


def upwards(mean, std, slopes=None):
    return -mean if slopes is None else (-mean, -slopes[0])


def test_the_acquisition_is_climbed():
    """To its top, or as near as the space, the constraint and what is tried allow."""
    candidates = rng().random((50, 2))
    best = Proposals(SQUARE, []).best(candidates, Hill([0.321, 0.654]), upwards)
    np.testing.assert_allclose(best, [0.321, 0.654], atol=1e-4)
    best = Proposals(SQUARE, []).best(candidates, Hill([1.3, -0.2]), upwards)
    np.testing.assert_allclose(best, [1, 0], atol=1e-6)
    top = finished([{"x": 0.25, "y": 0.75}], [1.0])
    best = Proposals(SQUARE, top).best(candidates, Hill([0.25, 0.75]), upwards)
    assert np.abs(best - [0.25, 0.75]).max() > 1e-10


def test_what_does_not_exist_and_what_is_not_continuous_stays_when_climbing():
    space = Space(
        c=Choice(["p", "q", "r"]), x=Float(0, 1), n=Int(1, 5), y=Float(0, 1, when={"c": "q"})
    )
    model = Hill([0, 1, 0, 0.321, 0.5, 0.654])
    candidates = np.array([space.to_unit(space.sample(rng(k))) for k in range(60)])
    proposals = Proposals(space, [])
    params = space.from_unit(np.nan_to_num(proposals.best(candidates, model, upwards), nan=0.5))
    assert (params["c"], params["n"]) == ("q", 3)
    assert (params["x"], params["y"]) == pytest.approx((0.321, 0.654), abs=1e-3)
    model = Hill([1, 0, 0, 0.321, 0.5, 0.654])
    absent = candidates[np.isnan(candidates[:, 3])]
    best = proposals.best(absent, model, upwards)
    assert np.isnan(best[3])
    assert best[1] == pytest.approx(0.321, abs=1e-3)


def test_climbing_in_many_dimensions_stays_near_its_start():
    d = 20
    space = Space(**{f"x{k}": Float(0, 1) for k in range(d)})
    candidates = 0.5 + 0.01 * rng().normal(size=(5, d))
    best = Proposals(space, []).best(candidates, Hill(np.ones(d)), upwards)
    moved = np.abs(best - candidates[:, None]).max(axis=-1).min()
    assert 0.5 * REACH / d < moved <= REACH / d + 1e-9


# The drop-in for skopt.gp_minimize


def square(x):
    return (x[0] - 0.3) ** 2


UNIT = [(0.0, 1.0)]


def test_gp_minimize_is_a_study_of_bayesian_search():
    def objective(x):
        return (x[0] - 0.2) ** 2 + x[1] + (x[2] == "b")

    result = gp_minimize(
        objective, [(-1.0, 1.0), (1, 5), ["a", "b", "c"]], n_calls=16, random_state=7
    )
    space = Space(x0=Float(-1, 1), x1=Int(1, 5), x2=Choice(["a", "b", "c"]))
    study = ran(lambda trial: objective(list(trial.params.values())), space, 16, seed=7)
    assert result.x_iters == [list(params.values()) for params in tried(study)]
    assert result.func_vals.tolist() == [trial.value for trial in study.trials]


def test_what_gp_minimize_returns():
    result = gp_minimize(square, UNIT, n_calls=10, n_initial_points=4, random_state=0)
    assert len(result.x_iters) == len(result.func_vals) == 10
    assert [square(x) for x in result.x_iters] == result.func_vals.tolist()
    assert result.fun == result.func_vals.min()
    assert isinstance(result.fun, float)
    assert result.x == result.x_iters[int(np.argmin(result.func_vals))]
    assert [(d.low, d.high) for d in result.space.dimensions] == UNIT
    assert result.specs["function"] == "gp_minimize"
    assert result.specs["args"]["n_calls"] == 10
    assert isinstance(result.random_state, np.random.RandomState)
    assert len(result.models) == 10 - 4 + 1
    assert all(isinstance(model, Surrogate) for model in result.models)
    mean, std = result.models[-1].predict([[0.25], [0.75]], return_std=True)
    np.testing.assert_allclose(mean, [0.05**2, 0.45**2], atol=0.02)
    assert (std > 0).all()


def test_units_of_predictions_are_the_objectives():
    def shifted(x):
        return 500 + 1000 * square(x)

    result = gp_minimize(shifted, UNIT, n_calls=12, n_initial_points=8, random_state=0)
    grid = np.linspace(0, 1, 11)[:, None]
    mean, std = result.models[-1].predict(grid, return_std=True)
    expected = np.array([shifted(x) for x in grid])
    assert np.median(np.abs(mean - expected)) < 20
    assert (np.abs(mean - expected) < 6 * std + 1).all()
    at = result.space.transform(result.x_iters)
    np.testing.assert_allclose(result.models[-1].predict(at), result.func_vals, atol=5)


@pytest.mark.parametrize(("size", "count"), [(None, 7), (1, 1), (3, 3), (0, 0)])
def test_model_queue_size(size, count):
    result = gp_minimize(
        square, UNIT, n_calls=10, n_initial_points=4, random_state=0, model_queue_size=size
    )
    assert len(result.models) == count
    if count:
        full = gp_minimize(square, UNIT, n_calls=10, n_initial_points=4, random_state=0)
        at = [[0.1], [0.9]]
        expected = full.models[-count].predict(at)
        np.testing.assert_array_equal(result.models[0].predict(at), expected)


def test_random_state():
    def points(state):
        return gp_minimize(square, UNIT, n_calls=8, random_state=state).x_iters

    assert points(3) == points(np.int64(3)) != points(4)
    assert points(np.random.RandomState(3)) == points(np.random.RandomState(3))
    assert points(None) != points(None)
    state = np.random.RandomState(3)
    assert points(state) != points(state)


@pytest.mark.parametrize("n_calls", [1, 2, 5, 7])
def test_fewer_calls_than_the_start_has(n_calls):
    result = gp_minimize(square, UNIT, n_calls=n_calls, random_state=0)
    assert len(result.x_iters) == n_calls
    longer = gp_minimize(square, UNIT, n_calls=9, random_state=0)
    assert result.x_iters == longer.x_iters[:n_calls]


@pytest.mark.parametrize("x0", [[0.25], [[0.25]], ([0.25],), np.array([0.25]), [[0.25], [0.5]]])
def test_points_to_begin_with(x0):
    seen = []
    result = gp_minimize(
        lambda x: seen.append(x[0]) or square(x), UNIT, n_calls=9, x0=x0, random_state=0
    )
    given = np.ravel(x0).tolist()
    assert [x[0] for x in result.x_iters[: len(given)]] == given
    assert seen == [x[0] for x in result.x_iters]
    assert len(seen) == len(set(seen)) == 9


@pytest.mark.parametrize(
    ("x0", "y0"),
    [
        ([0.25], 5.0),
        ([0.25], [5.0]),
        ([[0.25]], np.array([5.0])),
        ([0.25], np.float64(5)),
        ([[0.25], [0.5]], [5, 6]),
        ([[0.25], [0.5]], (math.nan, 6.0)),
        ([0.25], math.nan),
        ([0.25], np.array(3)),
    ],
)
def test_points_with_known_values(x0, y0):
    seen = []
    result = gp_minimize(
        lambda x: seen.append(x[0]) or square(x), UNIT, n_calls=7, x0=x0, y0=y0, random_state=0
    )
    given, values = np.ravel(x0).tolist(), np.ravel(y0).tolist()
    assert [x[0] for x in result.x_iters] == given + seen
    assert len(seen) == 7
    np.testing.assert_array_equal(
        result.func_vals[: len(given)], [np.inf if np.isnan(v) else v for v in values]
    )
    assert not set(given) & set(seen)


def test_known_values_count():
    """Of a minimum that is given with its value, the model knows."""
    x0 = [[x] for x in np.linspace(0, 1, 9)]
    y0 = [square(x) for x in x0]
    result = gp_minimize(square, UNIT, n_calls=3, n_initial_points=1, x0=x0, y0=y0, random_state=0)
    assert min(result.func_vals[10:]) < 1e-4


def test_start_after_points_to_begin_with():
    result = gp_minimize(
        square, UNIT, n_calls=9, n_initial_points=3, x0=[[0.1], [0.2]], random_state=0
    )
    assert len(result.models) == 9 - 2 - 3 + 1
    for n_calls, count in ((4, 1), (5, 2)):
        models = gp_minimize(square, UNIT, n_calls=n_calls, n_initial_points=4).models
        assert len(models) == count
    result = gp_minimize(square, UNIT, n_calls=2, x0=[[0.1], [0.2]], random_state=0)
    assert result.x_iters == [[0.1], [0.2]]


@pytest.mark.parametrize(
    ("x0", "y0", "message"),
    [
        (None, [1.0], "y0 gives the values of x0, which is missing"),
        ([[0.1, 0.2]], None, r"each of 1 dimensions, got \[0.1, 0.2\]"),
        ([], None, "x0 is a point or a list of points"),
        (0.5, None, "x0 is a point or a list of points, got 0.5"),
        ([0.5], "a", "y0 is a number or a list of numbers, got 'a'"),
        ([0.5], ["a"], "y0 is a number or a list of numbers"),
        ([[]], None, "each of 1 dimensions"),
        ([[0.1], [0.2]], [1.0], "2 points, got 1 values"),
        ([[0.1]], [1.0, 2.0], "1 points, got 2 values"),
        ([[0.1]], [], "1 points, got 0 values"),
        ([[1.5]], None, r"got 1\.5"),
        ([["a"]], None, "got 'a'"),
        ([[math.nan]], None, "got nan"),
    ],
)
def test_bad_points_to_begin_with(x0, y0, message):
    with pytest.raises(ValueError, match=message):
        gp_minimize(never, UNIT, n_calls=5, x0=x0, y0=y0)


def never(x):
    raise AssertionError("the function is called before the arguments are checked")


DIMENSIONS = {
    "a range": ((-3.0, 5.0), float, lambda v: -3 <= v <= 5),
    "whole numbers": ((1, 5), int, lambda v: 1 <= v <= 5),
    "logarithmic": ((1e-4, 1.0, "log-uniform"), float, lambda v: 1e-4 <= v <= 1),
    "whole and logarithmic": ((1, 100, "log-uniform"), int, lambda v: 1 <= v <= 100),
    "categories": (["a", "b", "c"], str, lambda v: v in "abc"),
    "numbers to choose from": ([1, 2, 4, 8], int, lambda v: v in (1, 2, 4, 8)),
    "Real": (Real(1e-3, 1, "log-uniform", name="rate"), float, lambda v: 1e-3 <= v <= 1),
    "Integer": (Integer(2, 6, name="layers"), int, lambda v: 2 <= v <= 6),
    "True or False": ([True, False], bool, lambda v: v in (True, False)),
    "Categorical": (Categorical(["p", "q"], transform="label"), str, lambda v: v in "pq"),
}


@pytest.mark.parametrize(("dimension", "kind", "inside"), DIMENSIONS.values(), ids=DIMENSIONS)
def test_dimensions(dimension, kind, inside):
    """func gets plain values of Python, and the result's space knows its points."""
    seen = []
    result = gp_minimize(
        lambda x: seen.append(x[0]) or len(seen) % 3 + x[1],
        [dimension, (0.0, 1.0)],
        n_calls=10,
        random_state=0,
    )
    assert all(type(value) is kind and inside(value) for value in seen)
    assert len(set(seen)) > 1
    assert all(x in result.space for x in result.x_iters)
    assert result.space.transform(result.x_iters).shape[0] == 10


def test_categories_of_several_kinds():
    seen = []
    dimensions = [Categorical([None, "a", 1]), (0.0, 1.0)]
    result = gp_minimize(
        lambda x: seen.append(x[0]) or x[1], dimensions, n_calls=9, x0=[None, 0.5], random_state=0
    )
    assert seen[0] is None
    assert set(seen) == {None, "a", 1}
    assert [x[0] for x in result.x_iters] == seen


def test_categories_of_numpy():
    result = gp_minimize(lambda x: x[0], [Categorical(np.array([3, 1, 2])), (0.0, 1.0)], n_calls=5)
    assert all(type(x[0]) is int for x in result.x_iters)


def test_two_dimensions_of_one_name():
    for dimensions in ([Real(0, 1, name="a")] * 2, [Real(0, 1, name="x1"), (0.0, 1.0)]):
        with pytest.raises(ValueError, match="two dimensions have the name"):
            gp_minimize(never, dimensions, n_calls=9)


def test_names_of_dimensions():
    result = gp_minimize(
        lambda x: x[0] + x[1], [Real(0, 1, name="a"), Real(0, 1)], n_calls=3, random_state=0
    )
    assert [d.name for d in result.space.dimensions] == ["a", None]


def test_space_constraint():
    def inside(x):
        assert isinstance(x, list)
        return x[0] > 0.5 and x[1] == "b"

    result = gp_minimize(
        square,
        [(0.0, 1.0), ["a", "b"]],
        n_calls=10,
        space_constraint=inside,
        random_state=0,
    )
    assert all(inside(x) for x in result.x_iters)
    assert result.x[0] < 0.52


def test_deviations_of_predictions_are_the_objectives():
    """Without a warp they are the model's, in its scale; with one, half an interval."""
    study = ran(lambda trial: 10 * bowl(trial), SQUARE, 12, warp="none")
    model, x = study.searcher.model_, rng().random((20, 2))
    std = model.posterior(x)[1]
    np.testing.assert_allclose(model.predict(x, return_std=True)[1], std * model.warp.scale)


def test_a_finite_space_warns_and_stops():
    with pytest.warns(UserWarning, match="no other point of the space is left after 6"):
        result = gp_minimize(lambda x: x[0], [(0, 2), ["a", "b"]], n_calls=20, random_state=0)
    assert len(result.x_iters) == 6
    assert result.fun == 0


def test_callbacks_see_results_and_stop():
    lengths, others = [], []

    def stop(result):
        lengths.append(len(result.x_iters))
        assert result.fun == min(result.func_vals)
        return len(result.x_iters) == 7

    result = gp_minimize(square, UNIT, n_calls=20, random_state=0, callback=[others.append, stop])
    assert lengths == list(range(1, 8))
    assert len(result.x_iters) == len(others) == 7
    single = gp_minimize(square, UNIT, n_calls=20, random_state=0, callback=stop)
    assert single.x_iters == result.x_iters


def test_callbacks_see_known_values_and_stop():
    seen = []
    result = gp_minimize(
        never,
        UNIT,
        n_calls=5,
        x0=[[0.1], [0.2]],
        y0=[2.0, 1.0],
        callback=lambda r: seen.append(len(r.x_iters)) or True,
    )
    assert seen == [2]
    assert (result.x, result.fun) == ([0.2], 1.0)


def test_verbose(capsys):
    callbacks = [lambda result: None]
    gp_minimize(square, UNIT, n_calls=2, callback=callbacks, verbose=True)
    assert len(callbacks) == 1
    assert capsys.readouterr().out.count("ended") == 2
    gp_minimize(square, UNIT, n_calls=8, x0=[0.1], n_initial_points=3, random_state=0, verbose=True)
    said = capsys.readouterr().out
    assert said.count("at provided point") == 2
    assert said.count("at random point") == 2 * 3
    assert said.count("Current minimum") == 8
    gp_minimize(square, UNIT, n_calls=3, random_state=0)
    assert capsys.readouterr().out == ""


def test_failures_of_the_function():
    def objective(x):
        return [math.nan, math.inf, -math.inf, square(x), None][min(int(5 * x[0]), 4)]

    result = gp_minimize(objective, UNIT, n_calls=14, random_state=0)
    assert len(result.x_iters) == 14
    assert np.isfinite(result.fun)
    assert 0.6 <= result.x[0] < 0.8
    assert not np.isnan(result.func_vals).any()
    assert np.isposinf(result.func_vals).any()
    assert not np.isneginf(result.func_vals).any()


def test_nothing_but_failures_is_an_error():
    calls = []
    with pytest.raises(ValueError, match="none of 9 evaluations gave a finite value"):
        gp_minimize(lambda x: calls.append(x) or math.nan, UNIT, n_calls=9)
    assert len(calls) == 9


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("broken")])
def test_what_was_found_before_an_error_is_kept(error):
    calls = []

    def objective(x):
        calls.append(x)
        if len(calls) == 10:
            raise error
        return square(x)

    with pytest.raises(type(error)) as caught:
        gp_minimize(objective, UNIT, n_calls=20, random_state=0)
    assert len(calls) == 10
    assert caught.value is error
    partial = error.partial_result
    assert partial.x_iters == calls[:9]
    assert partial.func_vals.tolist() == [square(x) for x in calls[:9]]
    assert partial.fun == min(partial.func_vals)
    assert any("partial_result" in note for note in error.__notes__)
    assert len(partial.models) >= 1


def test_what_was_found_before_other_errors_is_kept():
    """Of a callback, of a result that is no number, of the constraint."""

    def stop(result):
        if len(result.x_iters) == 4:
            raise KeyboardInterrupt

    count = iter(range(100))
    results = iter([1.0, 2.0, 3.0, 4.0, "five"])
    for error, n, given in (
        (KeyboardInterrupt, 4, {"callback": stop}),
        (TypeError, 4, {"func": lambda x: next(results)}),
        (ZeroDivisionError, None, {"space_constraint": lambda x: 1 / (50 - next(count))}),
    ):
        with pytest.raises(error) as caught:
            gp_minimize(**{"func": square, "dimensions": UNIT, "n_calls": 9} | given)
        found = len(caught.value.partial_result.x_iters)
        assert found == n or (n is None and found >= 1)


def test_an_error_of_the_first_call_comes_through():
    with pytest.raises(ZeroDivisionError) as caught:
        gp_minimize(lambda x: 1 / 0, UNIT, n_calls=20)
    assert not hasattr(caught.value, "partial_result")


def test_a_result_that_is_no_number_is_an_error():
    for value in ("1", [1.0], {}):
        with pytest.raises(TypeError, match="is a number, got"):
            gp_minimize(lambda x, v=value: v, UNIT, n_calls=3)


# Bad input


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"base_estimator": "GPR"}, "unknown base_estimator 'GPR'; did you mean 'GP'"),
        ({"base_estimator": "XGB"}, "Accepted: ET, GP, RF"),
        ({"acq_func": "EIs"}, "unknown acq_func 'EIs'; did you mean 'EI'"),
        ({"acq_func": None}, "unknown acq_func None"),
        ({"acq_func": "ei"}, "did you mean 'EI'"),
        ({"base_estimator": ["GP"]}, "unknown base_estimator"),
        ({"warp": "logs"}, "unknown warp 'logs'; did you mean 'log'"),
        ({"warp": "yeo_johnson"}, "did you mean 'yeo-johnson'"),
        ({"xi": -0.1}, "xi is a number from 0, got -0.1"),
        ({"xi": math.nan}, "xi is a number from 0, got nan"),
        ({"kappa": "1"}, "kappa is a number from 0, got '1'"),
        ({"kappa": math.inf}, "kappa is a number from 0, got inf"),
        *(
            ({name: value}, f"{name} is a whole number from 1( or None)?, got {value}")
            for name in ("n_initial_points", "n_parallel", "n_candidates")
            for value in (0, -1, 1.5, True)
        ),
        ({"constraint": 3}, "constraint is a function of a configuration, got 3"),
    ],
)
def test_bad_input_to_the_searcher(given, message):
    with pytest.raises(ValueError, match=message):
        BayesianSearch(**given)
    given = {{"n_candidates": "n_points"}.get(k, k): v for k, v in given.items()}
    if given.get("base_estimator") != "GPR" and not {"n_parallel", "constraint"} & set(given):
        with pytest.raises(ValueError, match=r"got|unknown"):
            gp_minimize(never, UNIT, n_calls=9, **given)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        *(({"n_calls": n}, f"n_calls is a whole number from 1, got {n}") for n in (0, -1, 2.5)),
        ({"n_calls": True}, "n_calls is a whole number from 1, got True"),
        ({"n_calls": "9"}, "n_calls .* got '9'"),
        ({"n_calls": 3, "n_initial_points": 4}, "n_calls is a whole number from 4"),
        ({"n_calls": 1, "x0": [[0.1], [0.2]]}, "n_calls is a whole number from 2"),
        ({"n_calls": 3, "x0": [[0.1], [0.2]], "n_initial_points": 2}, "number from 4"),
        ({"acq_func": "gp_hedge"}, "acq_func is 'EI', 'PI' or 'LCB', got 'gp_hedge'"),
        ({"acq_func": "EIps"}, "unknown acq_func 'EIps'; did you mean 'EI'"),
        ({"initial_point_generator": "lhs"}, "initial_point_generator is one of .*got 'lhs'"),
        ({"acq_optimizer": "sampling"}, "acq_optimizer is one of .*got 'sampling'"),
        ({"n_restarts_optimizer": 5}, "n_restarts_optimizer is one of .*got 5"),
        ({"noise": 1e-10}, "noise is one of .*got 1e-10"),
        ({"n_jobs": 2}, "n_jobs is one of .*got 2"),
        ({"n_random_starts": 5, "n_initial_points": 4}, "n_random_starts is another .* 5 and 4"),
        ({"func": 3}, "func is a function of a list of values, got 3"),
        ({"dimensions": []}, "at least one hyperparameter"),
        ({"dimensions": [(1.0, 0.0)]}, "lower bound"),
        ({"dimensions": None}, "dimensions is a list"),
        ({"dimensions": "ab"}, "dimensions is a list"),
        ({"callback": 3}, "callback"),
        ({"space_constraint": 3}, "space_constraint is a function of a point or None, got 3"),
        ({"model_queue_size": 1.5}, "model_queue_size is a whole number from 0 or None, got 1.5"),
        ({"model_queue_size": -1}, "model_queue_size is a whole number from 0 or None, got -1"),
        ({"n_initial_points": "4"}, "n_initial_points is a whole number from 0 or None, got '4'"),
        ({"n_initial_points": 0}, "n_initial_points is a whole number from 1 without x0"),
        ({"n_random_starts": 0}, "n_initial_points is a whole number from 1 without x0"),
        ({"random_state": -1}, "0"),
        ({"random_state": "seed"}, "seed"),
    ],
)
def test_bad_input_to_gp_minimize(given, message):
    arguments = {"func": never, "dimensions": UNIT, "n_calls": 9} | given
    with pytest.raises(ValueError, match=message):
        gp_minimize(**arguments)


def numpys_state():
    """The state of NumPy's own generator."""
    return np.random.get_state()[1].tolist()  # noqa: NPY002


NO_FUNCTIONS = [3, "ab", Study, [Study], True]
KNOWN = {"x0": [[0.5]], "y0": 1.0}
# For each argument of gp_minimize, what it does not accept.
REFUSED = {
    "func": [None, *NO_FUNCTIONS],
    "dimensions": [None, 3, "ab", [], {}, {"a": (0.0, 1.0)}, (0.0, 1.0), [3], [None], [[]], ["ab"]],
    "base_estimator": [3, "gp", ["GP"], True, np.array(["GP", "RF"]), Surrogate],
    "acq_func": [None, 3, "ei", ["EI"], True, np.array(["EI", "PI"])],
    "warp": [None, 3, "logs", ["log"], True, math.nan],
    "acq_optimizer": [None, 3, "sampling", ["auto"], np.array(["auto", "lbfgs"])],
    "initial_point_generator": [3, "lhs", ["sobol"], np.array(["sobol", "lhs"])],
    "noise": [1e-10, "ab", True, math.nan, np.array([1.0, 2.0])],
    "n_jobs": [0, 2, -1, 1.0, True, "1", np.array([1, 1])],
    "n_restarts_optimizer": [5, 1.0, True, "ab"],
    "n_random_starts": [-1, 1.5, True, "5", math.nan, [5]],
    "n_initial_points": [-1, 1.5, True, "5", math.nan, [5], 0],
    "n_calls": [0, None, 1.5, True, "9", math.nan, [9]],
    "n_points": [0, None, 1.5, True, "9", math.nan, [9]],
    "model_queue_size": [-1, 1.5, True, "9", math.nan, [9]],
    "xi": [-1, None, True, "1", math.nan, math.inf, [0.1]],
    "kappa": [-1, None, True, "1", math.nan, math.inf, [0.1]],
    "x0": [3, "ab", [], {}, {0.1}, [[0.1], 3], iter([[0.1]]), [[]], [[0.1, 0.2]], [["a"]], [True]],
    "y0": [True, "5", ["5"], 1j, {}, [], [1.0, 2.0], [[1.0]], lambda x: x, "ab"],
    "random_state": [-1, 1.5, True, "0", [1], 2**32, np.random, np.random.default_rng(0)],
    "verbose": [None, 1, 0, "yes", [True]],
    "callback": [*NO_FUNCTIONS, [3], {}, iter([print])],
    "space_constraint": [*NO_FUNCTIONS, [print]],
}


def test_the_table_of_what_is_refused_has_every_argument():
    assert set(REFUSED) == set(inspect.signature(gp_minimize).parameters)


@pytest.mark.parametrize(
    ("name", "given"), [(name, given) for name, several in REFUSED.items() for given in several]
)
def test_what_is_refused_is_named_before_the_first_call(name, given):
    arguments = {"func": never, "dimensions": UNIT, "n_calls": 9}
    arguments |= {"x0": [[0.5]]} if name == "y0" else {}
    before = numpys_state()
    with pytest.raises(ValueError, match=rf"\b{name}\b") as raised:
        gp_minimize(**arguments | {name: given})
    assert re.search("got|unknown", str(raised.value))
    assert numpys_state() == before


def test_the_older_name_of_the_size_of_the_start():
    new, old, both = (
        gp_minimize(square, UNIT, n_calls=7, random_state=0, **given)
        for given in (
            {"n_initial_points": 3},
            {"n_random_starts": 3},
            {"n_random_starts": np.int64(3), "n_initial_points": 3},
        )
    )
    assert new.x_iters == old.x_iters == both.x_iters
    assert len(old.models) == 7 - 3 + 1


def test_numbers_of_numpy_are_those_of_python():
    given = {"n_calls": 8, "n_initial_points": 4, "n_points": 32, "xi": 0.5, "random_state": 3}
    given |= {"model_queue_size": 2, "verbose": False, "x0": [[0.25]], "y0": [1.0], "n_jobs": 1}
    numpy = {name: np.array([value])[0] for name, value in given.items()}
    numpy |= {"x0": np.array([[0.25]], "float32"), "y0": np.array([1], "int8")}
    numpy["acq_func"] = np.str_("EI")
    plain, other = (gp_minimize(square, UNIT, **args) for args in (given, numpy))
    assert plain.x_iters == other.x_iters
    assert all(type(x) is float for point in other.x_iters for x in point)


def test_what_is_passed_in_stays_as_it_is():
    """Dimensions, points, callbacks; and NumPy's generator."""
    dimensions = [Real(0, 1, name="a"), Integer(1, 3), Categorical(["x", "y"], transform="label")]
    x0, y0, callbacks = [[0.5, 2, "x"]], np.array([1.0]), [lambda result: None]
    before = [repr(vars(given)) for given in dimensions]
    state = numpys_state()
    for random_state in (0, None):
        gp_minimize(
            lambda x: x[0],
            dimensions,
            n_calls=3,
            x0=x0,
            y0=y0,
            callback=callbacks,
            random_state=random_state,
        )
    assert [repr(vars(given)) for given in dimensions] == before
    assert (x0, y0.tolist(), len(callbacks)) == ([[0.5, 2, "x"]], [1.0], 1)
    assert numpys_state() == state


# A search that goes on


def rugged(x):
    """Of three dimensions; a quarter of the space fails."""
    value = (x[0] - 0.2) ** 2 + 0.1 * x[1] + (x[2] == "b")
    return math.nan if x[0] > 0.5 else value


ROOM = [(-1.0, 1.0), (1, 50), ["a", "b", "c"]]


def going_on(first, more, then=None, **given):
    """A search in two calls: the results of both, and what the second one evaluated."""
    begun = gp_minimize(rugged, ROOM, n_calls=first, **given)
    known, seen = {"x0": begun.x_iters, "y0": begun.func_vals}, []
    given |= {"n_calls": more, **known, **(then or {})}
    longer = gp_minimize(lambda x: seen.append(x) or rugged(x), ROOM, **given)
    return begun, longer, seen


@pytest.mark.parametrize("then", [{}, {"n_initial_points": 5}, {"n_initial_points": 0}])
@pytest.mark.parametrize("random_state", [0, 1, None])
def test_a_search_that_goes_on_evaluates_no_known_point_again(random_state, then):
    begun, longer, seen = going_on(20, 10, then, random_state=random_state)
    assert np.isposinf(begun.func_vals).any()
    assert len(seen) == 10
    assert longer.x_iters == begun.x_iters + seen
    np.testing.assert_array_equal(longer.func_vals[:20], begun.func_vals)
    assert len({str(x) for x in longer.x_iters}) == 30
    assert len(longer.models) == 11  # the model has chosen each of the ten, there was no new start


@pytest.mark.parametrize(("first", "more"), [(20, 10), (3, 9), (2, 11), (7, 6)])
@pytest.mark.parametrize("given", [{}, {"base_estimator": "RF"}, {"acq_func": "LCB"}])
def test_a_search_in_two_calls_is_the_search_in_one(first, more, given):
    whole = gp_minimize(rugged, ROOM, n_calls=first + more, random_state=4, **given)
    _, longer, _ = going_on(first, more, random_state=4, **given)
    assert longer.x_iters == whole.x_iters
    np.testing.assert_array_equal(longer.func_vals, whole.func_vals)
    assert longer.fun == whole.fun


@pytest.mark.parametrize(
    ("known", "n_initial_points", "n_models"),
    [(0, 4, 4), (3, 4, 7), (4, 4, 8), (9, 4, 8), (3, 0, 8), (3, None, 6), (5, None, 8)],
)
def test_known_points_count_among_those_of_the_start(known, n_initial_points, n_models):
    """One dimension has a start of five; of seven evaluations those after it have a model each."""
    x0 = [[x] for x in np.linspace(0, 1, known)]
    given = {"x0": x0, "y0": [square(x) for x in x0]} if known else {}
    result = gp_minimize(
        square, UNIT, n_calls=7, n_initial_points=n_initial_points, random_state=0, **given
    )
    assert len(result.models) == n_models
    assert len(result.x_iters) == known + 7


def test_without_a_start_the_points_to_begin_with_come_first():
    result = gp_minimize(square, UNIT, n_calls=4, n_initial_points=0, x0=[[0.1], [0.9]])
    assert result.x_iters[:2] == [[0.1], [0.9]]
    assert len(result.models) == 3


@pytest.mark.parametrize("failure", [math.inf, -math.inf, math.nan, None])
def test_known_failures_are_failures(failure):
    x0 = [[0.1], [0.2], [0.9]]
    result = gp_minimize(square, UNIT, n_calls=6, x0=x0, y0=[failure, 1.0, failure], random_state=0)
    assert np.isposinf(result.func_vals).tolist() == [True, False, True] + [False] * 6
    assert result.fun < 1.0
    with pytest.raises(ValueError, match="none of 4 evaluations gave a finite value"):
        gp_minimize(lambda x: failure, UNIT, n_calls=1, x0=x0, y0=[failure] * 3, n_initial_points=0)


def test_arguments_for_scikit_optimizes_sake_are_taken():
    result = gp_minimize(
        square,
        UNIT,
        n_calls=9,
        n_initial_points=4,
        n_random_starts=4,
        initial_point_generator="sobol",
        acq_optimizer="lbfgs",
        noise="gaussian",
        n_jobs=1,
        random_state=0,
    )
    plain = gp_minimize(square, UNIT, n_calls=9, n_initial_points=4, random_state=0)
    assert result.x_iters == plain.x_iters


def test_arguments_reach_the_searcher():
    """Each that changes the search changes the points after the start, and only those."""
    plain = gp_minimize(square, UNIT, n_calls=12, random_state=0).x_iters
    for given in (
        {"base_estimator": "RF"},
        {"acq_func": "LCB"},
        {"acq_func": "PI"},
        {"warp": "none"},
        {"xi": 0.2},
        {"n_points": 3},
    ):
        other = gp_minimize(square, UNIT, n_calls=12, random_state=0, **given).x_iters
        assert other[:5] == plain[:5], given
        assert other != plain, given
    low, high = (
        gp_minimize(square, UNIT, n_calls=12, random_state=0, acq_func="LCB", kappa=kappa).x_iters
        for kappa in (0.1, 50.0)
    )
    assert low != high


def test_documentation_names_every_argument():
    for function in (gp_minimize, BayesianSearch):
        for name in inspect.signature(function).parameters:
            assert name in function.__doc__


def test_in_a_search_of_scikit_learn():
    search = SearchCV(
        SVC(),
        Space(C=Float(1e-3, 1e3, log=True), gamma=Float(1e-4, 10, log=True)),
        BayesianSearch(n_initial_points=5),
        n_iter=12,
        cv=3,
        random_state=0,
    ).fit(*load_iris(return_X_y=True))
    assert search.best_score_ > 0.95
    assert len(search.cv_results_["params"]) == 12
    params, value = search.searcher.best_predicted(search.study_)
    assert params in search.cv_results_["params"]
    assert value == pytest.approx(search.best_score_, abs=0.03)
