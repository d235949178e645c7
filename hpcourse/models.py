"""Networks that the chapters train, as plain Keras models."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Sequence
from numbers import Integral, Real
from typing import Any

import keras
import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from hpcourse._validation import unknown_name
from hpcourse.training import Batches

__all__ = ["KerasClassifier", "mlp", "side_by_side"]


def mlp(
    units: Sequence[int] = (64, 64),
    *,
    input_shape: Sequence[int] = (784,),
    n_classes: int = 10,
    activation: str = "relu",
    initializer: str = "glorot_uniform",
    dropout: float | Sequence[float] = 0.0,
    l2: float = 0.0,
    seed: int | None = None,
) -> keras.Sequential:
    """Return a multilayer perceptron that ends in a softmax, not yet compiled.

    Parameters
    ----------
    units : sequence of int
        Neurons of each hidden layer; ``()`` gives multinomial logistic regression.
    input_shape : sequence of int
        Shape of one input; inputs of more than one axis are flattened first.
    n_classes : int
        Size of the output, at least 2.
    activation, initializer : str
        Of the hidden layers, and of every layer's weights, by Keras's names.
    dropout : float or sequence of float
        Share of a hidden layer's outputs set to zero in training, in [0, 1): one for all
        hidden layers or one for each.
    l2 : float
        Factor of the squared weights added to the loss, 0 or more.
    seed : int, optional
        Fixes initial weights and dropout; None takes Keras's global generator.

    Raises
    ------
    ValueError
        For sizes below 1, shares outside [0, 1), or another number of them than of layers.

    Examples
    --------
    >>> mlp((64, 64)).count_params()  # (784 + 1) * 64 + (64 + 1) * 64 + (64 + 1) * 10
    55050
    """
    shares = [dropout] * len(units) if isinstance(dropout, Real) else list(dropout)
    if len(shares) != len(units):
        raise ValueError(f"dropout has {len(shares)} shares for {len(units)} hidden layers")
    if any(not isinstance(n, Integral) or n < 1 for n in units):
        raise ValueError(f"units are whole numbers from 1, got {units!r}")
    if any(not isinstance(n, Integral) or n < 1 for n in input_shape):
        raise ValueError(f"input_shape holds whole numbers from 1, got {input_shape!r}")
    if any(not 0 <= share < 1 for share in shares):
        raise ValueError(f"dropout lies in [0, 1), got {dropout!r}")
    if not isinstance(n_classes, Integral) or n_classes < 2:
        raise ValueError(f"n_classes is a whole number from 2, got {n_classes!r}")
    if not l2 >= 0:
        raise ValueError(f"l2 is 0 or more, got {l2!r}")

    # A seed for each layer: layers that share one would drop the same units together.
    def layer_seed(position):
        return None if seed is None else 1000 * int(seed) + position

    def dense(n, activation, position):
        return keras.layers.Dense(
            int(n),
            activation=activation,
            kernel_initializer=_seeded(initializer, layer_seed(position)),
            kernel_regularizer=keras.regularizers.L2(l2) if l2 else None,
        )

    model = keras.Sequential([keras.Input(tuple(int(n) for n in input_shape))])
    if len(input_shape) > 1:
        model.add(keras.layers.Flatten())
    for position, (n, share) in enumerate(zip(units, shares, strict=True)):
        model.add(dense(n, activation, position))
        if share:
            model.add(keras.layers.Dropout(float(share), seed=layer_seed(500 + position)))
    model.add(dense(n_classes, "softmax", len(units)))
    return model


def _seeded(initializer: str, seed: int | None) -> keras.initializers.Initializer:
    """Return Keras's initializer of that name, with a seed of its own if it takes one."""
    made = keras.initializers.get(initializer)
    config = made.get_config()
    return type(made).from_config(config | {"seed": seed} if "seed" in config else config)


def side_by_side(networks: Sequence[keras.Sequential]) -> keras.Sequential:
    """Return one model that computes K networks of the same shape at once, not yet compiled.

    Each keeps weights of its own, copied from ``networks``. Sum the loss over the K outputs:
    then every network gets the gradient that it would get alone, and an optimizer that treats
    each weight by itself, as SGD and Adam do, trains it as it would alone.

    Parameters
    ----------
    networks : sequence of K keras.Sequential
        Built, of ``Dense`` layers with the same units and activations.

    Returns
    -------
    keras.Sequential
        Inputs of shape (n, K, d), one column for each network; outputs (n, K, units).

    Raises
    ------
    ValueError
        For no networks, or networks that are not such or differ in more than their weights.

    Examples
    --------
    >>> pair = [mlp((4,), input_shape=(2,), n_classes=3, seed=seed) for seed in (0, 1)]
    >>> side_by_side(pair).output_shape
    (None, 2, 3)
    """
    layers_of = [network.layers for network in networks]
    plain = all(
        type(layer) is keras.layers.Dense
        and layer.built
        and layer.use_bias
        and layer.kernel_regularizer is None
        for layers in layers_of
        for layer in layers
    )
    kinds = plain and [[(x.kernel.shape, x.activation) for x in layers] for layers in layers_of]
    if not kinds or any(kind != kinds[0] for kind in kinds):
        raise ValueError(
            "networks are built Sequential models of Dense layers with biases and no penalty, "
            "all with the same units and activations"
        )
    k = len(networks)
    model = keras.Sequential([keras.Input((k, *networks[0].input_shape[1:]))])
    for layers in zip(*layers_of, strict=True):
        together = keras.layers.EinsumDense(
            "nki,kio->nko",
            output_shape=(k, layers[0].units),
            bias_axes="ko",
            activation=layers[0].activation,
        )
        model.add(together)
        weights = zip(*(layer.get_weights() for layer in layers), strict=True)
        together.set_weights([np.stack(weight) for weight in weights])
    return model


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
        At least 1. The order of the samples is that of :class:`hpcourse.training.Batches`.
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
    >>> from hpcourse import datasets
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
        return mlp if self.build is None else self.build

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
        y : array of n labels
        """
        if not callable(self._function):
            raise ValueError(f"build is a function that returns a model, got {self.build!r}")
        for name in ("epochs", "batch_size"):
            value = getattr(self, name)
            if not isinstance(value, Integral) or value < 1:
                raise ValueError(f"{name} is a whole number from 1, got {value!r}")
        if not 0 <= self.validation_split < 1:
            raise ValueError(f"validation_split is in [0, 1), got {self.validation_split!r}")
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
        n = len(X) - int(self.validation_split * len(X))
        self.history_ = self.model_.fit(
            Batches(X[:n], labels[:n], int(self.batch_size), seed=seed),
            epochs=int(self.epochs),
            validation_data=(X[n:], labels[n:]) if n < len(X) else None,
            callbacks=copy.deepcopy(self.callbacks),
            verbose=self.verbose,
        ).history
        return self

    def _compiled(self, input_shape, seed):
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
        check_is_fitted(self)
        X = validate_data(self, X, dtype=_dtype(), allow_nd=True, reset=False)
        # Not model.predict: compiling it costs more than such a network, and TensorFlow warns
        # of it in every search.
        pieces = (X[start : start + _ROWS] for start in range(0, len(X), _ROWS))
        outputs = [
            keras.ops.convert_to_numpy(self.model_(piece, training=False)) for piece in pieces
        ]
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
    return keras.config.dtype_policy().variable_dtype


def _one_hot(loss: Any) -> bool:
    name = loss if isinstance(loss, str) else getattr(loss, "name", getattr(loss, "__name__", ""))
    return name == "categorical_crossentropy"
