"""Networks that the chapters train, as plain Keras models."""

from __future__ import annotations

from collections.abc import Sequence

import keras

__all__ = ["mlp"]


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
    shares = (
        [dropout] * len(units) if isinstance(dropout, int | float) else list(dropout)
    )
    if len(shares) != len(units):
        raise ValueError(
            f"dropout has {len(shares)} shares for {len(units)} hidden layers"
        )
    if any(not isinstance(n, int) or n < 1 for n in units):
        raise ValueError(f"units are whole numbers from 1, got {units!r}")
    if any(not 0 <= share < 1 for share in shares):
        raise ValueError(f"dropout lies in [0, 1), got {dropout!r}")
    if n_classes < 2:
        raise ValueError(f"n_classes is at least 2, got {n_classes!r}")
    if not l2 >= 0:
        raise ValueError(f"l2 is 0 or more, got {l2!r}")

    def dense(n, activation, position):
        layer_seed = None if seed is None else 1000 * seed + position
        return keras.layers.Dense(
            n,
            activation=activation,
            kernel_initializer=_seeded(initializer, layer_seed),
            kernel_regularizer=keras.regularizers.L2(l2) if l2 else None,
        )

    model = keras.Sequential([keras.Input(tuple(input_shape))])
    if len(input_shape) > 1:
        model.add(keras.layers.Flatten())
    for position, (n, share) in enumerate(zip(units, shares, strict=True)):
        model.add(dense(n, activation, position))
        if share:
            model.add(keras.layers.Dropout(share, seed=seed))
    model.add(dense(n_classes, "softmax", len(units)))
    return model


def _seeded(initializer: str, seed: int | None) -> keras.initializers.Initializer:
    """Return Keras's initializer of that name, with a seed of its own if it takes one."""
    made = keras.initializers.get(initializer)
    config = made.get_config()
    return type(made).from_config(
        config | {"seed": seed} if "seed" in config else config
    )
