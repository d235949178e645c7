"""Update rules and layers of populations against Keras: 100 updates, weights and all."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from hpcourse import Population, training
from hpcourse.training.rules import CLIPPING

INPUTS, CLASSES, BATCH, EPOCHS = 20, 4, 16, 10
SHAPE = {"input_shape": (INPUTS,), "n_classes": CLASSES}


def make_data(n, seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, INPUTS)).astype("float32")
    teacher = np.random.default_rng(0).normal(size=(INPUTS, CLASSES))
    return x, (x @ teacher + rng.normal(size=(n, CLASSES))).argmax(axis=1)


X, Y = make_data(155, 1)  # the last of 10 batches has 11 samples
X_NEW, Y_NEW = make_data(90, 2)


def case(optimizer="sgd", **params):
    smooth = {"units": (12, 8, 8), "activation": "tanh", "learning_rate": 0.01}
    return smooth | {"optimizer": optimizer} | params


# Members of several widths, rules, normalizations in one population.
CASES = [
    case("adamw", weight_decay=0.5),
    case("adamw", beta_1=0.8, beta_2=0.99, epsilon=1e-4),
    case("adam", weight_decay=0.1, l2=1e-3),
    case("rmsprop", rho=0.7, epsilon=1e-3, weight_decay=0.1),
    case("sgd", momentum=0.9, weight_decay=0.1),
    case("muon"),
    case("muon", momentum=0.9, nesterov=False, weight_decay=0.2, units=(5, 9, 7), beta_1=0.8),
    case("schedulefreeadamw"),
    case("schedulefreeadamw", beta_1=0.8, beta_2=0.99, warmup_steps=30, weight_decay=0.3),
    case("sgd", learning_rate=0.1, momentum=0.9, clipnorm=0.1),
    case("rmsprop", global_clipnorm=0.3),
    case("sgd", learning_rate=0.1, momentum=0.9, nesterov=True, clipvalue=0.02, l2=1e-3),
    case("muon", clipnorm=0.1),
    case("adam", ema_momentum=0.9),
    case("schedulefreeadamw", ema_momentum=0.95, units=(3, 12, 5), clipvalue=0.05),
    case("sgd", learning_rate=0.1, momentum=0.9, nesterov=True, lr_factors=(0.5, 1, 2, 0.1)),
    case("muon", weight_decay=0.2, lr_factors=(3, 1, 0, 0.3)),
    case("sgd", learning_rate=0.1, normalization="batch", momentum=0.9),
    case("sgd", learning_rate=0.1, normalization="layer", momentum=0.9),
    case("adam", normalization="batch", units=(9, 9, 3), residual=True, l2=1e-3),
    case("adam", normalization="layer", units=(6, 10, 10), residual=True, activation="gelu"),
    case("sgd", learning_rate=0.1, residual=True, units=(7, 7, 7), activation="elu"),
    case("muon", normalization="batch", weight_decay=0.1, ema_momentum=0.9, activation="silu"),
    case("schedulefreeadamw", normalization="layer", lr_factors=(1, 0.5, 2, 1), clipnorm=0.2),
    case("adamw", normalization="batch", global_clipnorm=0.5, residual=True),
]


def named(params):
    hidden = case()
    return "-".join(f"{k}={v}" for k, v in params.items() if hidden.get(k) != v)


def grow(configurations, seed=3):
    return Population(configurations, **SHAPE, seed=seed)


def optimizer_of(params, factor=1.0):
    """Return Keras's optimizer, with its own names for what Muon leaves to Adam."""
    kinds = {"sgd": "SGD", "rmsprop": "RMSprop", "adam": "Adam", "adamw": "AdamW", "muon": "Muon"}
    kind = params["optimizer"]
    names = {*training.OPTIMIZERS[kind], "weight_decay", *CLIPPING} - {"learning_rate"}
    given = {name: params[name] for name in names}
    if kind == "muon":
        given |= {f"adam_{key}": given[key] for key in ("beta_1", "beta_2", "weight_decay")}
        del given["beta_1"], given["beta_2"]
    if params["ema_momentum"]:
        given |= {"use_ema": True, "ema_momentum": params["ema_momentum"]}
    made = getattr(keras.optimizers, kinds.get(kind, "ScheduleFreeAdamW"))
    return made(params["learning_rate"] * factor, **given)


def optimizer_for(model, params):
    """Return one optimizer, or one for each dense layer and its normalization."""
    if params["lr_factors"] is None:
        return optimizer_of(params)
    each, owners, used = [optimizer_of(params, f) for f in params["lr_factors"]], {}, -1
    for layer in model.layers:
        used += isinstance(layer, keras.layers.Dense)
        owners |= {variable.path: each[used] for variable in layer.trainable_variables}
    made = keras.optimizers.MultiOptimizer(lambda variable: owners[variable.path])
    made.build(model.trainable_variables)
    return made


def alone(params, start, seed=3):
    """Train one network with Keras on the same batches; return it and its losses."""
    names = ("units", "activation", "l2", "normalization", "residual")
    model = training.mlp(**{name: params[name] for name in names}, **SHAPE, seed=seed)
    model.set_weights(start)
    model.compile(optimizer_for(model, params), "sparse_categorical_crossentropy")
    losses = []
    for epoch in range(EPOCHS):
        order = np.random.default_rng((seed, epoch)).permutation(len(X))
        total = 0.0
        for begin in range(0, len(X), BATCH):
            chosen = order[begin : begin + BATCH]
            model.reset_metrics()
            total += len(chosen) * float(model.train_on_batch(X[chosen], Y[chosen]))
        losses.append(total / len(X))
    model.optimizer.finalize_variable_values(model.trainable_variables)  # as Keras's fit does
    return model, losses


def predict(model, x=X_NEW):
    return keras.ops.convert_to_numpy(model(x))


@pytest.fixture(scope="module")
def trained():
    """All cases in one population, their weights at first, and what came of it."""
    population = grow(CASES)
    start = [population.to_keras(i).get_weights() for i in range(len(CASES))]
    history = population.fit(X, Y, EPOCHS, BATCH, validation_data=(X_NEW, Y_NEW))
    assert population.updates == 100
    return population, start, history, population.predict(X_NEW)


@pytest.mark.parametrize("i", range(len(CASES)), ids=map(named, CASES))
def test_a_member_follows_the_path_of_keras(trained, i):
    population, start, history, predictions = trained
    model, losses = alone(population.configurations[i], start[i])
    copy = population.to_keras(i)
    expected = predict(model)
    differences = [
        abs(ours - theirs).max()
        for ours, theirs in zip(copy.get_weights(), model.get_weights(), strict=True)
    ]
    print(f"weights {max(differences):.1e}, predictions {abs(predictions[i] - expected).max():.1e}")
    assert max(differences) < 1e-4
    np.testing.assert_allclose(predictions[i], expected, atol=1e-4)
    np.testing.assert_allclose(predict(copy), expected, atol=1e-4)
    np.testing.assert_allclose(history["loss"][:, i], losses, rtol=1e-3, atol=1e-4)
