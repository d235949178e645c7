"""Searchers with scikit-learn's contract."""

import warnings

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, KFold, ShuffleSplit
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.utils.estimator_checks import parametrize_with_checks

from hpcourse import (
    Choice,
    EvolutionSearch,
    Float,
    GridSearch,
    RandomSearch,
    SearchCV,
    SobolSearch,
    Space,
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


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"n_iter": 0}, "n_iter is a whole number from 1 or None, got 0"),
        ({"space": {"C": [1]}}, "space is a Space, got {'C': "),
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
