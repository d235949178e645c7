"""scikit-learn's side: networks as classifiers, searchers beside ``GridSearchCV``."""

from __future__ import annotations

import copy
import inspect
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from numbers import Integral
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection._search import BaseSearchCV
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from hpcourse.arguments import real, unknown_name, whole
from hpcourse.search import RandomSearch, Space, Study

if TYPE_CHECKING:
    import keras


class SearchCV(BaseSearchCV):
    """Search a space with a searcher, scoring each configuration by cross-validation.

    All that scikit-learn's searches offer is there: ``cv_results_``, ``best_estimator_``,
    ``predict`` and so on, several metrics, ``error_score``. The searcher is shown the mean
    scores over the folds; a configuration whose score is not finite counts as failed.

    Parameters
    ----------
    estimator : estimator
        Any of scikit-learn's contract; it is cloned, never changed.
    space : Space
        Named after the estimator's parameters (``"kerasclassifier__units"`` in a pipeline).
        A parameter that a configuration does not have, by a condition, keeps the estimator's
        value.
    searcher : object with ``suggest(space, trials, rng)``, optional
        Default :class:`hpcourse.RandomSearch`. Configurations that need no result of
        each other, as a grid's or those of a generation, are evaluated together.
    n_iter : int or None
        Configurations at most; None goes on until the searcher has none left.
    scoring, n_jobs, refit, cv, verbose, pre_dispatch, error_score, return_train_score
        As of ``RandomizedSearchCV``. With several metrics, ``refit`` is the name of the one
        that is searched for. All configurations are scored on the same folds, so a splitter
        that shuffles needs a ``random_state``.
    random_state : int, RandomState or None
        The same whole number gives the same configurations.

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
    >>> from hpcourse import Float
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
        n_iter = whole("n_iter", self.n_iter, 1, optional=True)
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
        left = math.inf if n_iter is None else n_iter
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


class KerasClassifier(ClassifierMixin, BaseEstimator):
    """A scikit-learn classifier around a function that builds a Keras model.

    The function's keyword parameters are parameters of the classifier: a search sets
    ``units`` as it sets ``epochs``. ``input_shape``, ``n_classes`` and ``seed``, where the
    function takes them, are not: they come from the data and from ``random_state``.

    Parameters
    ----------
    build : function, optional
        Returns a Keras model with one output a class, as from a softmax, or a single one, as
        from a sigmoid; default :func:`mlp`. A model that is not compiled gets the
        cross-entropy that fits its output.
    epochs, batch_size : int
        At least 1. The order of the samples is that of :class:`hpcourse.Batches`.
    optimizer : str, optional
        For models that are not compiled, or for ``build`` where it takes one; default Keras's
        (``"rmsprop"``).
    learning_rate : float, optional
        Likewise; default the optimizer's own.
    validation_split : float
        Share of the samples, the last ones, to be scored after each epoch and not trained on,
        in [0, 1).
    callbacks : list of keras.callbacks.Callback, optional
        Each training gets copies.
    random_state : int, RandomState or None
        An int gives the same network each time. It then also seeds Keras's global generator,
        for layers without a seed of their own.
    verbose : {0, 1, 2}
        As of ``model.fit``.
    **hyperparameters
        Parameters of ``build``.

    Attributes
    ----------
    model_ : keras.Model
    history_ : dict
        Lists with a value for each epoch, as ``model.fit(...).history``.
    classes_ : array
        The labels, sorted.
    n_features_in_ : int

    Raises
    ------
    ValueError
        For a parameter that neither this class nor ``build`` has; when fitted, for values out
        of range, and for an optimizer or learning rate that would have no effect.

    Examples
    --------
    >>> from sklearn.model_selection import GridSearchCV
    >>> from hpcourse import datasets, mlp
    >>> data = datasets.load_digits().flat()
    >>> search = GridSearchCV(
    ...     KerasClassifier(mlp, epochs=8, batch_size=32, random_state=0),
    ...     {"units": [(4,), (64,)]},
    ...     cv=2,
    ... )
    >>> search.fit(data.x_train, data.y_train).best_params_
    {'units': (64,)}
    """

    def __init__(
        self,
        build: Callable[..., keras.Model] | None = None,
        *,
        epochs: int = 10,
        batch_size: int = 32,
        optimizer: str | None = None,
        learning_rate: float | None = None,
        validation_split: float = 0.0,
        callbacks: Sequence[keras.callbacks.Callback] | None = None,
        random_state: int | np.random.RandomState | None = None,
        verbose: int = 0,
        **hyperparameters,
    ):
        self.build = build
        self.epochs = epochs
        self.batch_size = batch_size
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.validation_split = validation_split
        self.callbacks = callbacks
        self.random_state = random_state
        self.verbose = verbose
        self.set_params(**hyperparameters)

    @property
    def _function(self):
        if self.build is not None:
            return self.build
        from hpcourse.training import mlp

        return mlp

    def _hyperparameters(self):
        """Return what ``build`` takes and the data do not give: names, and defaults."""
        build = self._function
        if not callable(build):  # an error when fitted; until then keep what there is
            own = self._get_param_names()
            return {k: v for k, v in vars(self).items() if k not in own and k[-1] != "_"}
        taken = inspect.signature(build).parameters.values()
        named = [p for p in taken if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)]
        return {p.name: p.default for p in named if p.name not in _FROM_DATA}

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return all parameters: this class's and those of ``build``."""
        own = super().get_params(deep)
        return own | {
            name: getattr(self, name, default)
            for name, default in self._hyperparameters().items()
            if name not in own
        }

    def set_params(self, **params) -> KerasClassifier:
        """Set parameters of this class and of ``build``."""
        if "build" in params:
            self.build = params.pop("build")
        accepted = self.get_params(deep=False)
        for name in params:
            if name not in accepted and callable(self._function):
                raise unknown_name("parameter", name, accepted)
        for name, value in params.items():
            setattr(self, name, value)
        return self

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        return tags

    def fit(self, X: ArrayLike, y: ArrayLike) -> KerasClassifier:
        """Build a new network and train it.

        Parameters
        ----------
        X : array of shape (n, features), or (n, ...) for networks that take such
            The samples, finite numbers.
        y : array of n labels
            Of at least two classes, numbers or texts.
        """
        import keras

        from hpcourse.training import Batches

        if not callable(self._function):
            raise ValueError(f"build is a function that returns a model, got {self.build!r}")
        epochs, batch_size = (
            whole("epochs", self.epochs, 1),
            whole("batch_size", self.batch_size, 1),
        )
        held_out = real("validation_split", self.validation_split, 0, below=1)
        X, y = validate_data(self, X, y, dtype=_dtype(), allow_nd=True)
        check_classification_targets(y)
        self.classes_, labels = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(f"y has at least two classes, got one class: {self.classes_[0]!r}")
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        if self.random_state is not None:
            keras.utils.set_random_seed(seed)
        self.model_ = self._compiled(X.shape[1:], seed)
        if self.model_.output_shape[-1] == len(self.classes_) and _one_hot(self.model_.loss):
            labels = np.eye(len(self.classes_))[labels]
        n = len(X) - int(held_out * len(X))
        self.history_ = self.model_.fit(
            Batches(X[:n], labels[:n], batch_size, seed=seed),
            epochs=epochs,
            validation_data=(X[n:], labels[n:]) if n < len(X) else None,
            callbacks=copy.deepcopy(self.callbacks),
            verbose=self.verbose,
        ).history
        return self

    def _compiled(self, input_shape, seed):
        import keras

        build, given = self._function, self._hyperparameters()
        arguments = {name: getattr(self, name) for name in given if hasattr(self, name)}
        own = {name: getattr(self, name) for name in ("optimizer", "learning_rate")}
        for name, value in own.items():
            if value is None:  # the function's own default
                arguments.pop(name, None)
        from_data = {"input_shape": input_shape, "n_classes": len(self.classes_), "seed": seed}
        taken = inspect.signature(build).parameters
        model = build(**arguments, **{k: v for k, v in from_data.items() if k in taken})
        outputs = model.output_shape[-1]
        if outputs != len(self.classes_) and (outputs, len(self.classes_)) != (1, 2):
            raise ValueError(f"the model has {outputs} outputs for {len(self.classes_)} classes")
        unused = [k for k, v in own.items() if v is not None and k not in taken]
        if model.compiled and unused:
            raise ValueError(
                f"{' and '.join(unused)} would have no effect: build returns a compiled model "
                "and does not take it"
            )
        if not model.compiled:
            optimizer = keras.optimizers.get(self.optimizer or "rmsprop")
            if self.learning_rate is not None:
                optimizer.learning_rate = self.learning_rate
            kind = "binary" if outputs == 1 else "sparse_categorical"
            model.compile(optimizer, f"{kind}_crossentropy", metrics=["accuracy"])
        return model

    def predict_proba(self, X: ArrayLike) -> NDArray:
        """Return the probability of each class, shape (n, n_classes)."""
        from keras import ops

        check_is_fitted(self)
        X = validate_data(self, X, dtype=_dtype(), allow_nd=True, reset=False)
        # Not model.predict: compiling it costs more than such a network, and TensorFlow warns
        # of it in every search.
        pieces = (X[start : start + _ROWS] for start in range(0, len(X), _ROWS))
        outputs = [ops.convert_to_numpy(self.model_(piece, training=False)) for piece in pieces]
        outputs = np.concatenate(outputs)
        return np.hstack([1 - outputs, outputs]) if outputs.shape[1] == 1 else outputs

    def predict(self, X: ArrayLike) -> NDArray:
        """Return the most probable label for each sample, shape (n,)."""
        likeliest = self.predict_proba(X).argmax(axis=1)
        return self.classes_[likeliest]


_FROM_DATA = ("input_shape", "n_classes", "seed")


_ROWS = 4096  # predicted at once


def _dtype() -> str:
    """The type that Keras is set to keep numbers in; its layers cast to what they compute in."""
    from keras import config

    return config.dtype_policy().variable_dtype


def _one_hot(loss: Any) -> bool:
    name = loss if isinstance(loss, str) else getattr(loss, "name", getattr(loss, "__name__", ""))
    return name == "categorical_crossentropy"
