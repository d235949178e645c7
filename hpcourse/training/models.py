"""Networks that the chapters train, as plain Keras models."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from hpcourse.arguments import flag, one_of, plain, real, unknown_name, whole, wholes

_NORMALIZATIONS = {
    "batch": keras.layers.BatchNormalization,
    "layer": keras.layers.LayerNormalization,
}


def mlp(
    units: Sequence[int] = (64, 64),
    *,
    input_shape: Sequence[int] = (784,),
    n_classes: int = 10,
    activation: str = "relu",
    initializer: str = "glorot_uniform",
    dropout: float | Sequence[float] = 0.0,
    l2: float = 0.0,
    normalization: str | None = None,
    residual: bool = False,
    seed: int | None = None,
) -> keras.Model:
    """Return a multilayer perceptron that ends in a softmax, not yet compiled.

    A hidden layer is dense, then normalization, activation, dropout; with a residual connection
    its input is added to what comes out.

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
    normalization : "batch", "layer" or None
        ``BatchNormalization`` [1]_ or ``LayerNormalization`` [2]_ of each hidden layer, with
        Keras's defaults. The dense layer before batch normalization has no biases, which would
        be subtracted again.
    residual : bool
        Whether each hidden layer but the first has a residual connection [3]_ where the layer
        before it has equally many neurons.
    seed : int, optional
        Fixes initial weights and dropout; None takes Keras's global generator.

    Returns
    -------
    keras.Model
        A ``keras.Sequential`` unless a layer has a residual connection.

    Raises
    ------
    ValueError
        For sizes below 1, shares outside [0, 1), another number of them than of layers, or a
        name that Keras does not have.

    References
    ----------
    .. [1] S. Ioffe and C. Szegedy, "Batch normalization: accelerating deep network training by
       reducing internal covariate shift", ICML 2015.
    .. [2] J. L. Ba, J. R. Kiros and G. E. Hinton, "Layer normalization", 2016.
    .. [3] K. He, X. Zhang, S. Ren and J. Sun, "Deep residual learning for image recognition",
       CVPR 2016.

    Examples
    --------
    >>> mlp((64, 64)).count_params()  # (784 + 1) * 64 + (64 + 1) * 64 + (64 + 1) * 10
    55050
    >>> mlp((64, 64), normalization="layer", residual=True).count_params()  # 2 * (64 + 64) more
    55306
    """
    units = wholes("units", units, 1)
    input_shape = wholes("input_shape", input_shape, 1, least=1)
    n_classes, seed = whole("n_classes", n_classes, 2), whole("seed", seed, optional=True)
    l2 = float(real("l2", l2, 0))
    each = shares("dropout", dropout, len(units))
    _named("activation", activation, keras.activations)
    _named("initializer", initializer, keras.initializers)
    normalization = one_of("normalization", normalization, _NORMALIZATIONS, optional=True)
    residual = flag("residual", residual)

    def dense(n, activation, position, use_bias=True):
        return keras.layers.Dense(
            n,
            activation=activation,
            use_bias=use_bias,
            kernel_initializer=seeded(initializer, layer_seed(seed, position)),
            kernel_regularizer=keras.regularizers.L2(l2) if l2 else None,
        )

    def hidden(position):
        if normalization is None:
            yield dense(units[position], activation, position)
        else:
            yield dense(units[position], None, position, normalization != "batch")
            yield _NORMALIZATIONS[normalization]()
            yield keras.layers.Activation(activation)
        if each[position]:
            yield keras.layers.Dropout(each[position], seed=layer_seed(seed, 500 + position))

    added = [residual and pair[0] == pair[1] for pair in itertools.pairwise((None, *units))]
    start = [keras.layers.Flatten()] if len(input_shape) > 1 else []
    end = dense(n_classes, "softmax", len(units))
    if not any(added):
        layers = [layer for position in range(len(units)) for layer in hidden(position)]
        return keras.Sequential([keras.Input(input_shape), *start, *layers, end])
    inputs = outputs = keras.Input(input_shape)
    for layer in start:
        outputs = layer(outputs)
    for position, add in enumerate(added):
        before = outputs
        for layer in hidden(position):
            outputs = layer(outputs)
        if add:
            outputs = keras.layers.Add()([before, outputs])
    return keras.Model(inputs, end(outputs))


def shares(name: str, given: Any, n_layers: int) -> tuple[float, ...]:
    """Return a share in [0, 1) for each hidden layer, given one for all or one for each.

    >>> shares("dropout", 0.5, 2)
    (0.5, 0.5)
    """
    given = plain(given)
    several = isinstance(given, list | tuple)
    each = given if several else [given] * max(n_layers, 1)
    checked = tuple(float(real(name, share, 0, below=1)) for share in each)
    if several and len(checked) != n_layers:
        raise ValueError(
            f"{name} is one number or one for each of {n_layers} hidden layers, got {given!r}"
        )
    return checked[:n_layers]


def _named(kind: str, given: Any, module: Any) -> None:
    """Say which names Keras has if this is none of them."""
    state = random.getstate()  # an initializer that is made draws a seed from there
    try:
        found = isinstance(given, str) and module.get(given) is not None
    except Exception:  # it fails in several ways
        found = False
    finally:
        random.setstate(state)
    if not found:
        names = {name for name in dir(module) if name.islower() and name[0] != "_"}
        raise unknown_name(kind, given, names - {"get", "serialize", "deserialize"})


def layer_seed(seed: int | None, position: int) -> int | None:
    """Return a seed for each layer: layers that share one would drop the same units together."""
    return None if seed is None else (1000 * seed + position) % 2**32  # JAX takes no more


def seeded(initializer: str, seed: int | None) -> keras.initializers.Initializer:
    """Return Keras's initializer of that name, with a seed of its own if it takes one."""
    state = random.getstate()
    made = keras.initializers.get(initializer)  # which draws a seed from there
    if seed is None:
        return made
    random.setstate(state)
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
    several = isinstance(networks, list | tuple)
    each = [net for net in networks if isinstance(net, keras.Sequential)] if several else []
    layers_of = [network.layers for network in each]
    dense = all(
        type(layer) is keras.layers.Dense
        and layer.built
        and layer.use_bias
        and layer.kernel_regularizer is None
        for layers in layers_of
        for layer in layers
    )
    kinds = dense and [[(x.kernel.shape, x.activation) for x in layers] for layers in layers_of]
    if not kinds or len(each) < len(networks) or any(kind != kinds[0] for kind in kinds):
        raise ValueError(
            "networks is a list of built Sequential models of Dense layers with biases and no "
            f"penalty, all with the same units and activations, got {networks!r}"
        )
    k = len(networks)
    model = keras.Sequential([keras.Input((k, *networks[0].input_shape[1:]))])
    for layers in zip(*layers_of, strict=True):
        together = keras.layers.EinsumDense(
            "nki,kio->nko",
            output_shape=(k, layers[0].units),
            bias_axes="ko",
            activation=layers[0].activation,
            kernel_initializer="zeros",
        )
        model.add(together)
        weights = zip(*(layer.get_weights() for layer in layers), strict=True)
        together.set_weights([np.stack(weight) for weight in weights])
    return model
