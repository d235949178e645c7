"""Any searcher as a scikit-learn search, beside ``GridSearchCV`` and ``RandomizedSearchCV``."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from numbers import Integral
from typing import Any

from sklearn.base import BaseEstimator
from sklearn.model_selection._search import BaseSearchCV
from sklearn.utils import check_random_state

from hpcourse.search import RandomSearch
from hpcourse.space import Space
from hpcourse.study import Study

__all__ = ["SearchCV"]


class SearchCV(BaseSearchCV):
    """Search a space with a searcher, scoring each configuration by cross-validation.

    All that scikit-learn's searches offer is there: ``cv_results_``, ``best_estimator_``,
    ``predict`` and so on, several metrics, ``error_score``. The searcher is shown the mean
    scores over the folds; a configuration whose score is not finite counts as failed.

    Parameters
    ----------
    estimator : estimator
    space : Space
        Named after the estimator's parameters (``"kerasclassifier__units"`` in a pipeline).
        A parameter that a configuration does not have, by a condition, keeps the estimator's
        value.
    searcher : object with ``suggest(space, trials, rng)``, optional
        Default :class:`hpcourse.search.RandomSearch`. Configurations that need no result of
        each other, as a grid's or those of a generation, are evaluated together.
    n_iter : int or None
        Configurations at most; None goes on until the searcher has none left.
    scoring, n_jobs, refit, cv, verbose, pre_dispatch, error_score, return_train_score
        As of ``RandomizedSearchCV``. With several metrics, ``refit`` is the name of the one
        that is searched for. All configurations are scored on the same folds, so a splitter
        that shuffles needs a ``random_state``.
    random_state : int, RandomState or None

    Attributes
    ----------
    study_ : Study
        What the searcher has seen, for tables and figures; its values are the mean scores.
    cv_results_, best_estimator_, best_params_, best_score_, best_index_, ...
        As of ``RandomizedSearchCV``.

    Raises
    ------
    ValueError
        When fitted, for ``n_iter`` below 1, a space that is none, several metrics without the
        name of one as ``refit``, or folds that would change.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.svm import SVC
    >>> from hpcourse.space import Float
    >>> space = Space(C=Float(1e-3, 1e3, log=True), gamma=Float(1e-4, 10, log=True))
    >>> search = SearchCV(SVC(), space, n_iter=20, random_state=0).fit(*load_iris(return_X_y=True))
    >>> bool(search.best_score_ > 0.95), len(search.study_.trials)
    (True, 20)
    """

    def __init__(
        self,
        estimator: BaseEstimator,
        space: Space,
        searcher: Any = None,
        *,
        n_iter: int | None = 10,
        scoring: str | Callable | Iterable | Mapping | None = None,
        n_jobs: int | None = None,
        refit: bool | str | Callable = True,
        cv: Any = None,
        verbose: int = 0,
        pre_dispatch: int | str = "2*n_jobs",
        random_state: Any = None,
        error_score: float | str = math.nan,
        return_train_score: bool = False,
    ):
        super().__init__(
            estimator,
            scoring=scoring,
            n_jobs=n_jobs,
            refit=refit,
            cv=cv,
            verbose=verbose,
            pre_dispatch=pre_dispatch,
            error_score=error_score,
            return_train_score=return_train_score,
        )
        self.space = space
        self.searcher = searcher
        self.n_iter = n_iter
        self.random_state = random_state

    def _run_search(self, evaluate_candidates):
        if not isinstance(self.space, Space):
            raise ValueError(f"space is a Space, got {self.space!r}")
        if self.n_iter is not None and not (isinstance(self.n_iter, Integral) and self.n_iter > 0):
            raise ValueError(f"n_iter is a whole number from 1 or None, got {self.n_iter!r}")
        seeded = isinstance(getattr(self.cv, "random_state", 0), Integral)
        if getattr(self.cv, "shuffle", True) and not seeded:
            raise ValueError(
                "all configurations are scored on the same folds: give the splitter that "
                f"shuffles a whole number as random_state, got {self.cv}"
            )
        several = isinstance(self.scoring, Iterable) and not isinstance(self.scoring, str)
        if several and not isinstance(self.refit, str):
            raise self._refit_error(self.scoring)
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        searcher = RandomSearch() if self.searcher is None else self.searcher
        self.study_ = Study(self.space, searcher, direction="maximize", seed=seed)
        left = math.inf if self.n_iter is None else self.n_iter
        while batch := self.study_.ask_ready(min(left, _AT_ONCE)):
            left -= len(batch)
            results = evaluate_candidates([trial.params for trial in batch])
            scores = results[self._metric(results)][-len(batch) :]
            for trial, score in zip(batch, scores, strict=True):
                self.study_.tell(trial, float(score))

    def _metric(self, results):
        for name in ("mean_test_score", f"mean_test_{self.refit}"):
            if name in results:
                return name
        raise self._refit_error(key[10:] for key in results if key.startswith("mean_test_"))

    def _refit_error(self, metrics):
        return ValueError(
            "with several metrics, refit is the name of the one to search for: "
            f"{', '.join(sorted(metrics))}; got {self.refit!r}"
        )


_AT_ONCE = 256  # configurations handed out together where nothing else limits them
