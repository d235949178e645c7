"""Searchers with scikit-learn's contract."""

import warnings

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_iris
from sklearn.exceptions import FitFailedWarning
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import GridSearchCV, KFold, ShuffleSplit
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.utils.estimator_checks import parametrize_with_checks

from hpcourse import (
    BayesianSearch,
    Choice,
    EvolutionSearch,
    Float,
    GridSearch,
    OptunaSearch,
    RandomSearch,
    SearchCV,
    SobolSearch,
    Space,
    TPESearch,
    TrialState,
)

X, Y = load_iris(return_X_y=True)
SPACE = Space(C=Float(1e-2, 1e2, log=True), gamma=Float(1e-3, 1, log=True))
FOLDS = KFold(3, shuffle=True, random_state=0)


@pytest.mark.filterwarnings("ignore")  # they give it what it warns of
@parametrize_with_checks(
    [SearchCV(LogisticRegression(), Space(C=Float(0.1, 10, log=True)), n_iter=2, cv=2)]
)
def test_scikit_learns_own_checks(estimator, check):
    check(estimator)


def test_a_grid_is_scikit_learns_grid():
    """The same configurations, folds and scores as GridSearchCV."""
    ours = SearchCV(SVC(), SPACE, GridSearch(3), n_iter=None, cv=FOLDS).fit(X, Y)
    values = {name: SPACE[name].values(3) for name in SPACE}
    theirs = GridSearchCV(SVC(), values, cv=FOLDS).fit(X, Y)
    assert ours.cv_results_["params"] == theirs.cv_results_["params"]
    assert np.array_equal(
        ours.cv_results_["mean_test_score"], theirs.cv_results_["mean_test_score"]
    )
    assert ours.best_params_ == theirs.best_params_
    assert ours.best_score_ == theirs.best_score_
    assert np.array_equal(ours.predict(X), theirs.predict(X))
    assert set(theirs.cv_results_) == set(ours.cv_results_)


@pytest.mark.parametrize(
    "searcher", [None, RandomSearch(), SobolSearch(), EvolutionSearch(population_size=4)]
)
def test_the_same_seed_and_n_jobs_give_the_same_search(searcher):
    results = []
    for n_jobs in (1, 2):
        search = SearchCV(
            SVC(), SPACE, searcher, n_iter=10, cv=FOLDS, random_state=1, n_jobs=n_jobs
        )
        search.fit(X, Y)
        results.append((search.cv_results_["params"], search.best_params_))
        assert len(search.study_.trials) == 10
        assert search.best_score_ == search.study_.best_value
        assert search.best_params_ == search.study_.best_params
    assert results[0] == results[1]
    other = clone(search).set_params(random_state=2, searcher=RandomSearch()).fit(X, Y)
    assert other.cv_results_["params"] != results[0][0]


def test_a_searcher_that_learns_sees_the_scores():
    seen = []

    def watch(space, trials, rng):
        seen.append([trial.value for trial in trials])
        return space.sample(rng)

    search = SearchCV(SVC(), SPACE, watch, n_iter=3, cv=FOLDS).fit(X, Y)
    scores = search.cv_results_["mean_test_score"]
    assert seen == [[], [-scores[0]], [-scores[0], -scores[1]]]  # what is to be minimized


def test_conditions_and_pipelines():
    space = Space(
        svc__kernel=Choice(["linear", "rbf"]),
        svc__gamma=Float(1e-3, 1, log=True, when={"svc__kernel": "rbf"}),
    )
    search = SearchCV(make_pipeline(StandardScaler(), SVC()), space, n_iter=8, random_state=0)
    search.fit(X, Y)
    masked = search.cv_results_["param_svc__gamma"].mask
    assert masked.tolist() == [k == "linear" for k in search.cv_results_["param_svc__kernel"]]


def test_several_metrics():
    search = SearchCV(
        SVC(), SPACE, n_iter=6, scoring=["accuracy", "f1_macro"], refit="f1_macro", random_state=0
    ).fit(X, Y)
    means = search.cv_results_["mean_test_f1_macro"]
    assert [trial.value for trial in search.study_.trials] == means.tolist()
    assert search.best_index_ == means.argmax()
    assert "mean_test_accuracy" in search.cv_results_


def test_failures_are_failed_trials():
    space = Space(C=Choice([1.0, -1.0]))  # SVC refuses the second
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        search = SearchCV(SVC(), space, GridSearch(), n_iter=None).fit(X, Y)
    states = [trial.state for trial in search.study_.trials]
    assert states == [TrialState.COMPLETE, TrialState.FAIL]
    assert np.isnan(search.cv_results_["mean_test_score"][1])
    assert search.best_params_ == {"C": 1.0}
    with pytest.raises(ValueError, match="C"):
        SearchCV(SVC(), space, GridSearch(), n_iter=None, error_score="raise").fit(X, Y)


# What cannot be fitted


class Fragile(LogisticRegression):
    """Cannot be fitted with some solvers, nor, with "sometimes", on some folds."""

    def fit(self, X, y):
        if self.solver.startswith("no_such") or (
            self.solver == "sometimes" and len(X) < 150 and X[0, 0] == 5.1
        ):
            raise ValueError(f"there is no solver {self.solver}")
        vars(self).update(LogisticRegression(C=self.C, max_iter=2000).fit(X, y).__dict__)
        return self


def in_order(*configurations):
    """A searcher that asks for one configuration after the other, and notes what it is shown."""

    def suggest(space, trials, rng):
        suggest.seen.append([trial.value for trial in trials])
        if len(trials) == len(configurations):
            raise StopIteration
        return configurations[len(trials)]

    suggest.seen = []
    return suggest


def two_metrics(estimator, X, y):
    predicted = estimator.predict(X)
    return {"right": accuracy_score(y, predicted), "f1": f1_score(y, predicted, average="macro")}


def one_metric(estimator, X, y):
    return accuracy_score(y, estimator.predict(X))


SOLVERS = Space(C=Float(1e-2, 1e5, log=True), solver=Choice(["lbfgs", "no_such", "sometimes"]))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("error_score", [np.nan, -1, 0.5])
@pytest.mark.parametrize(
    ("scoring", "refit"),
    [
        (None, True),
        ("f1_macro", True),
        (one_metric, True),
        (["accuracy", "f1_macro"], "f1_macro"),
        (two_metrics, "right"),
    ],
)
@pytest.mark.parametrize(
    "solvers",
    [
        ["no_such", "lbfgs", "lbfgs"],
        ["lbfgs", "no_such", "lbfgs"],
        ["lbfgs", "lbfgs", "no_such"],
        ["no_such", "no_such", "lbfgs", "no_such", "sometimes", "lbfgs", "no_such"],
    ],
)
def test_results_have_the_rows_that_scikit_learn_gives(solvers, scoring, refit, error_score):
    """A search that asks for one at a time, and one that evaluates all at once."""
    asked = [{"C": 10.0**n, "solver": solver} for n, solver in enumerate(solvers, -2)]
    common = {"scoring": scoring, "refit": refit, "cv": FOLDS, "error_score": error_score}
    common["return_train_score"] = True
    ours = SearchCV(Fragile(), SOLVERS, in_order(*asked), n_iter=None, **common).fit(X, Y)
    grid = [{name: [value] for name, value in params.items()} for params in asked]
    theirs = GridSearchCV(Fragile(), grid, **common).fit(X, Y)
    assert ours.cv_results_["params"] == asked
    assert set(ours.cv_results_) == set(theirs.cv_results_)
    for name, expected in theirs.cv_results_.items():
        if not name.endswith("_time"):
            np.testing.assert_array_equal(ours.cv_results_[name], expected, err_msg=name)
    assert ours.best_index_ == theirs.best_index_
    assert ours.best_params_ == theirs.best_params_
    assert ours.best_score_ == theirs.best_score_
    hopeless = [solver == "no_such" for solver in solvers]
    assert [trial.state is TrialState.FAIL for trial in ours.study_.trials] == [
        failed or (solver == "sometimes" and np.isnan(error_score))
        for failed, solver in zip(hopeless, solvers, strict=True)
    ]
    times = ours.cv_results_["mean_fit_time"]
    assert np.isnan(times[hopeless]).all()
    assert np.isfinite(times[~np.array(hopeless)]).all()


ONE_AT_A_TIME = {
    "Bayesian": lambda: BayesianSearch(n_initial_points=2),
    "Optuna": lambda: OptunaSearch(pytest.importorskip("optuna").samplers.TPESampler()),
    "TPE": lambda: TPESearch(n_startup_trials=2),
    "random": RandomSearch,
    "evolution": lambda: EvolutionSearch(population_size=3),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("error_score", [np.nan, -1])
@pytest.mark.parametrize("name", ONE_AT_A_TIME)
def test_a_search_goes_on_after_what_cannot_be_fitted(name, error_score):
    space = Space(C=Float(0.1, 10, log=True), solver=Choice(["lbfgs", "no_such_solver"]))
    search = SearchCV(
        LogisticRegression(max_iter=2000),
        space,
        ONE_AT_A_TIME[name](),
        n_iter=8,
        cv=2,
        random_state=0,
        error_score=error_score,
    ).fit(X, Y)
    trials, results = search.study_.trials, search.cv_results_
    assert [trial.params for trial in trials] == results["params"]
    failed = np.array([params["solver"] == "no_such_solver" for params in results["params"]])
    assert 0 < failed.sum() < len(trials) == 8
    assert [trial.state is TrialState.FAIL for trial in trials] == failed.tolist()
    assert all(
        ("no_such_solver" in trial.reason) == no for trial, no in zip(trials, failed, strict=True)
    )
    means = results["mean_test_score"]
    assert np.array_equal(means[failed], np.full(failed.sum(), error_score), equal_nan=True)
    assert set(results["rank_test_score"][failed]) == {len(trials) - failed.sum() + 1}
    assert means[search.best_index_] == search.best_score_ == means[~failed].max()
    assert search.best_params_["solver"] == "lbfgs"
    assert search.score(X, Y) > 0.9


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("error_score", [np.nan, -1, 0])
def test_a_searcher_is_shown_no_score_of_what_cannot_be_fitted(error_score):
    asked = [{"C": 1.0, "solver": solver} for solver in ("no_such", "lbfgs", "no_such", "lbfgs")]
    searcher = in_order(*asked)
    search = SearchCV(
        Fragile(), SOLVERS, searcher, n_iter=None, cv=FOLDS, error_score=error_score
    ).fit(X, Y)
    score = -search.best_score_  # what is to be minimized
    assert searcher.seen[-1] == [None, score, None, score]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("searcher", [in_order({"C": 1.0, "solver": "sometimes"}), RandomSearch()])
def test_folds_that_cannot_be_fitted_have_the_error_score(searcher):
    space = Space(C=Choice([1.0]), solver=Choice(["sometimes"]))
    search = SearchCV(Fragile(), space, searcher, n_iter=1, cv=FOLDS, error_score=-1).fit(X, Y)
    scores = [search.cv_results_[f"split{fold}_test_score"][0] for fold in range(3)]
    assert 0 < scores.count(-1) < 3
    (trial,) = search.study_.trials
    assert trial.state is TrialState.COMPLETE
    assert trial.value == search.best_score_ == pytest.approx(np.mean(scores))


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_one_warning_speaks_of_all_that_could_not_be_fitted(n_jobs):
    asked = [{"C": 1.0, "solver": solver} for solver in ("no_such", "lbfgs", "no_such_2", "lbfgs")]
    space = Space(C=Choice([1.0]), solver=Choice(["lbfgs", "no_such", "no_such_2"]))
    search = SearchCV(Fragile(), space, in_order(*asked), n_iter=4, cv=2, n_jobs=n_jobs)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        search.fit(X, Y)
    told = [str(w.message) for w in caught if w.category is FitFailedWarning]
    assert len(told) == 1
    assert "All fits of 2 configurations failed; their scores are set to nan" in told[0]
    assert "there is no solver no_such" in told[0]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("searcher", [None, GridSearch(2), TPESearch(), BayesianSearch()])
@pytest.mark.parametrize("error_score", [np.nan, -1])
def test_if_nothing_can_be_fitted_that_is_the_error(searcher, error_score):
    space = Space(C=Float(0.1, 10), solver=Choice(["no_such", "no_such_2"]))
    search = SearchCV(Fragile(), space, searcher, n_iter=3, cv=2, error_score=error_score)
    with pytest.raises(
        ValueError, match=r"All the \d+ fits failed(.|\n)*there is no solver no_such"
    ):
        search.fit(X, Y)
    assert {trial.state for trial in search.study_.trials} == {TrialState.FAIL}


@pytest.mark.parametrize("solver", ["no_such", "no_such: All the 2 fits failed"])
def test_an_error_to_be_raised_is_raised(solver):
    asked = [{"C": 1.0, "solver": "lbfgs"}, {"C": 1.0, "solver": solver}]
    space = Space(C=Choice([1.0]), solver=Choice(["lbfgs", solver]))
    search = SearchCV(Fragile(), space, in_order(*asked), n_iter=2, cv=2, error_score="raise")
    with pytest.raises(ValueError, match=f"^there is no solver {solver}$"):
        search.fit(X, Y)


def test_an_error_of_the_search_itself_is_no_failed_configuration():
    with pytest.raises(ValueError, match="'no_such' for estimator SVC"):
        SearchCV(SVC(), Space(no_such=Choice([1, 2])), TPESearch(), n_iter=3).fit(X, Y)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"n_iter": 0}, "n_iter is a whole number from 1 or None, got 0"),
        ({"n_iter": True}, "n_iter is a whole number from 1 or None, got True"),
        ({"n_iter": 2.0}, "n_iter is a whole number from 1 or None, got 2.0"),
        ({"space": {"C": [1]}}, "space is a Space, got {'C': "),
        ({"space": Space}, "space is a Space, got <class "),
        ({"space": None}, "space is a Space, got None"),
        ({"searcher": TPESearch}, "searcher has a method suggest.* got <class .*TPESearch"),
        ({"searcher": RandomSearch}, "searcher has a method suggest.* got <class .*RandomSearch"),
        ({"searcher": "random"}, "searcher has a method suggest.* got 'random'"),
        ({"searcher": len}, "searcher has a method suggest.* got <built-in function len>"),
        ({"random_state": "0"}, "random_state is a whole number .* got '0'"),
        ({"random_state": -1}, "random_state is a whole number .* got -1"),
        ({"random_state": np.random.default_rng(0)}, "random_state is a whole .* got Generator"),
        ({"error_score": "ignore"}, "error_score"),
        ({"verbose": "loud"}, "verbose"),
        ({"cv": KFold(3, shuffle=True)}, "the same folds"),
        ({"cv": ShuffleSplit(3)}, "the same folds"),
        (
            {"scoring": ["f1_macro", "accuracy"], "refit": False},
            "the one to search for: accuracy, f1_macro; got False",
        ),
    ],
)
def test_bad_settings_are_one_error_before_any_work(changes, message):
    class Never(SVC):
        def fit(self, *_):
            raise AssertionError("work has started")

    search = SearchCV(Never(), SPACE, error_score="raise").set_params(**changes)
    with pytest.raises(ValueError, match=message):
        search.fit(X, Y)
