"""Keras's side of the classifier: networks built, trained on and understood as it needs them."""

from __future__ import annotations

import inspect
import random
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
from numpy.random import mtrand
from numpy.typing import ArrayLike, NDArray
from sklearn.utils import check_random_state

from hpcourse.arguments import real
from hpcourse.schedules import Schedule


def dtype() -> str:
    """Return the type that Keras is set to keep numbers in; layers cast to what they compute in."""
    return keras.config.dtype_policy().variable_dtype


def check(build: Any, callbacks: Any) -> None:
    """Refuse what is no function, and what is no list of callbacks."""
    if not callable(build) or isinstance(build, keras.Layer):
        raise ValueError(f"build is a function that returns a model, got {build!r}")
    given, kind = [] if callbacks is None else callbacks, keras.callbacks.Callback
    if not isinstance(given, list | tuple) or not all(isinstance(one, kind) for one in given):
        raise ValueError(f"callbacks is a list of keras.callbacks.Callback, got {callbacks!r}")


def own_settings(optimizer: Any, learning_rate: Any) -> dict[str, Any]:
    """Return optimizer and learning rate as Keras has them; None stays None."""
    if isinstance(optimizer, keras.optimizers.Optimizer):
        optimizer = type(optimizer).from_config(optimizer.get_config())
    if isinstance(learning_rate, Schedule):
        if learning_rate.counts != "updates":
            raise ValueError(
                "learning_rate is a number above 0 or a schedule of updates, got "
                f"{learning_rate!r}: convert it with .to_updates(steps_per_epoch)"
            )
        learning_rate = learning_rate.to_keras()
    elif not isinstance(learning_rate, keras.optimizers.schedules.LearningRateSchedule):
        learning_rate = real("learning_rate", learning_rate, above=0, optional=True)
    return {"optimizer": optimizer, "learning_rate": learning_rate}


def optimizer_of(given: Any) -> keras.optimizers.Optimizer:
    """Return the optimizer that is given or named; None is Keras's default."""
    try:
        return keras.optimizers.get("rmsprop" if given is None else given)
    except Exception:  # it fails in several ways
        raise ValueError(
            f"optimizer is one of Keras's optimizers, or its name, got {given!r}"
        ) from None


_GLOBAL_STATE = threading.RLock()


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Seed the global generators of Python and NumPy for a while.

    Layers and initializers without a seed of their own draw one from Python's when they are made.
    """
    with _GLOBAL_STATE:
        singleton, generator = check_random_state(None), mtrand.get_bit_generator()
        python, numpy = random.getstate(), singleton.get_state(legacy=False)
        random.seed(seed)
        mtrand.set_bit_generator(np.random.MT19937(seed))
        try:
            yield
        finally:
            random.setstate(python)
            mtrand.set_bit_generator(generator)
            singleton.set_state(numpy)


def built(
    build: Callable[..., Any],
    arguments: Mapping[str, Any],
    own: Mapping[str, Any],
    input_shape: Sequence[int],
    n_classes: int,
    seed: int,
) -> tuple[keras.Model, int]:
    """Return a compiled model with all its weights, and how many outputs it has."""
    taken = inspect.signature(build).parameters
    from_data = {"input_shape": input_shape, "n_classes": n_classes, "seed": seed}
    model = build(**arguments, **{k: v for k, v in from_data.items() if k in taken})
    if not isinstance(model, keras.Model):
        raise ValueError(f"build returns a Keras model, got {model!r}")
    # A model that has not had an input yet makes its weights here.
    made = model(keras.KerasTensor((None, *input_shape)))
    shape = tuple(made.shape[1:]) if isinstance(made, keras.KerasTensor) else ()
    if shape != (n_classes,) and (shape, n_classes) != ((1,), 2):
        several = f"outputs of shape {shape}" if shape else "several outputs"
        raise ValueError(
            "the model has one output for each class, or a single one for two classes; for "
            f"{n_classes} classes, got {several}"
        )
    unused = [name for name, value in own.items() if value is not None and name not in taken]
    if model.compiled and unused:
        raise ValueError(
            f"{' and '.join(unused)} would have no effect: build returns a compiled model "
            "and does not take it"
        )
    if not model.compiled:
        optimizer = optimizer_of(own["optimizer"])
        if own["learning_rate"] is not None:
            config = optimizer.get_config() | {"learning_rate": own["learning_rate"]}
            optimizer = type(optimizer).from_config(config)
        kind, logits = "Binary" if shape == (1,) else "SparseCategorical", _ends_linear(model)
        accuracy = getattr(keras.metrics, f"{kind}Accuracy")("accuracy")
        if shape == (1,) and logits:
            accuracy = keras.metrics.BinaryAccuracy("accuracy", threshold=0)
        loss = getattr(keras.losses, f"{kind}Crossentropy")(from_logits=logits)
        model.compile(optimizer, loss, metrics=[accuracy])
    return model, shape[0]


def _ends_linear(model):
    """Whether the last layer could have an activation and has none."""
    last = model.layers if isinstance(model, keras.Sequential) else getattr(model, "operations", [])
    return bool(last) and getattr(last[-1], "activation", None) is keras.activations.linear


def meaning(loss: Any, n_outputs: int) -> tuple[str | None, bool]:
    """Return what a model's loss tells of its outputs and of its targets.

    Returns
    -------
    link : {"sigmoid", "softmax"} or None
        Of ``keras.ops``, to make probabilities of outputs that the loss takes for logits.
    one_hot : bool
        Whether the loss takes targets of the outputs' shape.
    """
    losses = [keras.losses.get(one) for one in keras.tree.flatten(loss)]
    loss = losses[0] if len(losses) == 1 else None
    function = getattr(loss, "fn", getattr(loss, "func", loss))  # behind a class, behind a partial
    name = getattr(function, "__name__", getattr(loss, "name", ""))
    logits = getattr(loss, "from_logits", None)
    if logits is None and isinstance(loss, keras.losses.Loss):
        logits = loss.get_config().get("from_logits")
    elif logits is None and loss is not None:
        option = inspect.signature(loss).parameters.get("from_logits")
        logits = option is not None and option.default is True
    link = "sigmoid" if n_outputs == 1 or name.startswith("binary") else "softmax"
    of_keras = str(getattr(function, "__module__", "")).startswith("keras.")
    one_hot = (of_keras and name not in _NUMBERED) or name == "categorical_crossentropy"
    return link if logits else None, one_hot and n_outputs > 1


_NUMBERED = ("sparse_categorical_crossentropy", "circle", "categorical_generalized_cross_entropy")


def weights(
    classes: NDArray,
    labels: NDArray,
    n: int,
    sample_weight: ArrayLike | None,
    class_weight: Mapping | str | None,
) -> NDArray | None:
    """Return the weights of the first n samples, None for none; ``labels`` are numbers."""
    if sample_weight is None and class_weight is None:
        return None
    try:
        given = np.asarray(
            np.ones(len(labels)) if sample_weight is None else sample_weight, dtype()
        )
    except (TypeError, ValueError):
        given = np.empty(0)
    if given.shape != labels.shape or not np.all((given >= 0) & (given < np.inf)):
        raise ValueError(
            f"sample_weight is an array of {len(labels)} numbers from 0, got {sample_weight!r:.200}"
        )
    factors = _of_classes(classes, np.bincount(labels[:n], given[:n], len(classes)), class_weight)
    trained = given[:n] * factors[labels[:n]].astype(given.dtype)
    if not trained.any():
        raise ValueError("the weight of each sample that is trained on is zero: nothing to learn")
    return trained


def _of_classes(classes, sums, class_weight):
    """Return the factor of each class, of whose samples' weights we know the sums."""
    if class_weight is None:
        return np.ones(len(classes))
    if isinstance(class_weight, str) and class_weight == "balanced":
        return sums.sum() / (max(1, np.sum(sums > 0)) * np.where(sums > 0, sums, np.inf))
    is_dict, labels = isinstance(class_weight, Mapping), classes.tolist()
    known = [label for label in labels if is_dict and label in class_weight]
    if not is_dict or len(known) < min(len(class_weight), len(classes)):
        raise ValueError(
            f"class_weight is 'balanced' or a dict of labels of y, {labels}, got {class_weight!r}"
        )
    values = {label: real(f"class_weight[{label!r}]", class_weight[label], 0) for label in known}
    return np.array([values.get(label, 1.0) for label in labels])


_ROWS = 4096  # predicted at once


def outputs(model: keras.Model, X: NDArray) -> NDArray:
    """Return a model's outputs, shape (n, outputs)."""
    # Not model.predict: compiling it costs more than such a network, and TensorFlow warns
    # of it in every search.
    pieces = (X[start : start + _ROWS] for start in range(0, len(X), _ROWS))
    parts = [keras.ops.convert_to_numpy(model(piece, training=False)) for piece in pieces]
    made = np.concatenate(parts).astype(dtype())
    if not np.isfinite(made).all():
        raise ValueError("the model's outputs are not finite: its training has diverged")
    return made


_ROUNDING = 0.01  # in half precision


def probabilities(outputs: NDArray, link: str | None) -> NDArray:
    """Return the probabilities of the classes, given outputs and what :func:`meaning` says."""
    if link is not None:
        outputs = keras.ops.convert_to_numpy(getattr(keras.ops, link)(outputs))
    if outputs.shape[1] == 1:
        outputs = np.hstack([1 - outputs, outputs])
    sums = outputs.sum(axis=1)
    if outputs.min() < -_ROUNDING or np.abs(sums - 1).max() > _ROUNDING:
        raise ValueError(
            f"the model's outputs are no probabilities: they go from {outputs.min():.3g} to "
            f"{outputs.max():.3g}, their sums from {sums.min():.3g} to {sums.max():.3g}; end it in "
            "a softmax or a sigmoid, or compile it with a loss that has from_logits=True"
        )
    return outputs
