"""The multilayer perceptron: sizes, seeds, dropout, penalties; what all of training refuses."""

import re
import warnings

import keras
import numpy as np
import pytest

from hpcourse import training
from hpcourse.schedules import Cosine


def kinds(model):
    return [type(layer).__name__ for layer in model.layers]


@pytest.mark.parametrize(
    ("units", "kwargs", "count"),
    [
        ((64, 64), {}, (784 + 1) * 64 + (64 + 1) * 64 + (64 + 1) * 10),
        ((), {}, (784 + 1) * 10),
        ((3,), {"input_shape": (2,), "n_classes": 4}, (2 + 1) * 3 + (3 + 1) * 4),
        ([5, 4, 3], {"input_shape": (2,), "n_classes": 2}, 15 + 24 + 15 + 8),
        (np.array([5, 4]), {"input_shape": (2,), "n_classes": 2}, 15 + 24 + 10),
    ],
)
def test_counts(units, kwargs, count):
    assert training.mlp(units, **kwargs).count_params() == count


@pytest.mark.parametrize("shape", [(6,), (2, 3), (1, 2, 3), [6]])
def test_inputs_of_any_shape_are_flattened(shape):
    model = training.mlp((4,), input_shape=shape, n_classes=3, seed=0)
    x = np.random.default_rng(0).normal(size=(5, *shape)).astype("float32")
    flat = training.mlp((4,), input_shape=(6,), n_classes=3, seed=0)
    outputs = model.predict(x, verbose=0)
    assert outputs.shape == (5, 3)
    np.testing.assert_allclose(outputs.sum(axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(outputs, flat.predict(x.reshape(5, 6), verbose=0), rtol=1e-5)
    assert ("Flatten" in kinds(model)) == (len(shape) > 1)


def test_activations():
    model = training.mlp((4, 5), input_shape=(3,), activation="tanh")
    assert [layer.activation.__name__ for layer in model.layers] == ["tanh", "tanh", "softmax"]


@pytest.mark.parametrize("initializer", ["glorot_uniform", "he_normal", "uniform", "zeros"])
def test_a_seed_fixes_the_weights(initializer):
    def weights(seed):
        model = training.mlp((8, 8), input_shape=(8,), initializer=initializer, seed=seed)
        return model.get_weights()

    for one, two in zip(weights(3), weights(3), strict=True):
        np.testing.assert_array_equal(one, two)
    if initializer == "zeros":
        assert not any(weight.any() for weight in weights(3))
        return
    kernels = weights(3)[::2]
    assert not np.array_equal(kernels[0], weights(4)[0])
    assert not np.array_equal(kernels[0], kernels[1])  # layers of one shape differ


def test_without_a_seed_the_global_generator_decides():
    def weights(seed):
        keras.utils.set_random_seed(seed)
        return training.mlp((4,), input_shape=(3,)).get_weights()[0]

    np.testing.assert_array_equal(weights(1), weights(1))
    assert not np.array_equal(weights(1), weights(2))


@pytest.mark.parametrize("seed", [np.int64(7), 2**31, 2**40])
def test_seeds_of_any_size(seed):
    model = training.mlp((4,), input_shape=(3,), dropout=0.5, seed=seed)
    model(np.ones((1, 3), "float32"), training=True)


@pytest.mark.parametrize(
    ("dropout", "shares"),
    [
        (0, []),
        (0.1, [0.1, 0.1]),
        (np.float32(0.25), [0.25, 0.25]),
        ((0.1, 0), [0.1]),
        ((0, 0.2), [0.2]),
        ([0.1, 0.2], [0.1, 0.2]),
    ],
)
def test_dropout_follows_its_hidden_layer(dropout, shares):
    model = training.mlp((4, 5), input_shape=(3,), dropout=dropout)
    rates = [layer.rate for layer in model.layers if hasattr(layer, "rate")]
    assert rates == pytest.approx(shares)
    for before, layer in zip(model.layers, model.layers[1:], strict=False):
        if hasattr(layer, "rate"):
            assert isinstance(before, keras.layers.Dense)
    assert kinds(model)[-1] == "Dense"


def test_dropout_of_the_last_hidden_layer_only():
    model = training.mlp((4, 5), input_shape=(3,), dropout=(0, 0.2))
    assert kinds(model) == ["Dense", "Dense", "Dropout", "Dense"]


def test_dropout_repeats_with_its_seed_and_differs_between_layers():
    def drops(seed):
        model = training.mlp((50, 50), input_shape=(3,), dropout=0.5, seed=seed)
        layers = [layer for layer in model.layers if hasattr(layer, "rate")]
        ones = np.ones((4, 50), "float32")
        return [keras.ops.convert_to_numpy(layer(ones, training=True)) > 0 for layer in layers]

    first, second = drops(5)
    assert 0.3 < first.mean() < 0.7
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(first, drops(5)[0])
    assert not np.array_equal(first, drops(6)[0])


def test_l2_adds_the_squared_weights_to_the_loss():
    model = training.mlp((4, 5), input_shape=(3,), l2=0.01, seed=0)
    kernels = model.get_weights()[::2]
    expected = 0.01 * sum((kernel**2).sum() for kernel in kernels)
    assert float(sum(model.losses)) == pytest.approx(expected, rel=1e-5)
    assert training.mlp((4, 5), input_shape=(3,)).losses == []


def test_numbers_of_numpy_make_the_same_network():
    given = {
        "units": np.array([4, 5]),
        "input_shape": np.array([3]),
        "n_classes": np.int64(2),
        "dropout": np.array([0.25, 0.5]),
        "l2": np.float32(0.5),
        "seed": np.int64(7),
    }
    plain = {"units": (4, 5), "input_shape": (3,), "n_classes": 2, "dropout": (0.25, 0.5)}
    plain |= {"l2": 0.5, "seed": 7}
    made, expected = training.mlp(**given), training.mlp(**plain)

    def settings(model):
        config = model.get_config()["layers"]
        return [{k: v for k, v in layer["config"].items() if k != "name"} for layer in config]

    assert settings(made) == settings(expected)
    assert [type(layer.rate) for layer in made.layers if hasattr(layer, "rate")] == [float] * 2
    for one, two in zip(made.get_weights(), expected.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize(
    ("units", "kwargs", "message"),
    [
        ((0,), {}, r"units is a sequence of whole numbers from 1, got \(0,\)"),
        ((64, -1), {}, "units is a sequence of whole numbers"),
        ((64.0,), {}, "units is a sequence of whole numbers"),
        (
            (64,),
            {"input_shape": (0,)},
            "input_shape is a sequence of 1 or more",
        ),
        (
            (64,),
            {"input_shape": (None, 3)},
            "input_shape is a sequence of 1 or more",
        ),
        ((64,), {"n_classes": 1}, "n_classes is a whole number from 2, got 1"),
        ((64,), {"n_classes": 2.5}, "n_classes is a whole number from 2"),
        ((64,), {"dropout": 1}, r"dropout is in \[0, 1\), got 1"),
        ((64,), {"dropout": -0.1}, "dropout is in"),
        ((64,), {"dropout": float("nan")}, "dropout is in"),
        ((64, 64), {"dropout": (0.1,)}, "dropout is one number or one for each of 2 hidden"),
        ((64,), {"dropout": (0.1, 0.1)}, "dropout is one number or one for each of 1 hidden"),
        ((64,), {"l2": -1e-4}, "l2 is a number from 0"),
        ((64,), {"l2": float("nan")}, "l2 is a number from 0"),
        ((64,), {"initializer": "glorot"}, "unknown initializer 'glorot'; did you mean 'glorot_"),
        ((64,), {"activation": "rele"}, "unknown activation 'rele'; did you mean 'relu'"),
    ],
)
def test_errors_name_the_argument(units, kwargs, message):
    with pytest.raises(ValueError, match=message):
        training.mlp(units, **kwargs)


# What the functions of this room refuse

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(70, 5)).astype("float32"), RNG.integers(3, size=70)
NETWORK = training.mlp((4,), input_shape=(5,), n_classes=3, seed=1)
RAGGED = [[1.0], [2.0, 3.0]]
RANGE_TEST = {"learning_rates": [0.1, 1.0], "losses": [1.0, np.nan], "suggestion": np.float32(0.5)}
NOT_FUNCTIONS = [print, 3, "ab", None, [3], [training.LearningRateLogger], [lambda: None]]


def population(configurations=({"units": (4,)}, {"units": (4,)}), **more):
    return training.Population(configurations, **{"input_shape": (5,), "n_classes": 3} | more)


def fit(**given):
    return population().fit(**{"x": X, "y": Y} | given)


def train_all(**given):
    arguments = {"configurations": [{"units": (4,)}], "x": X, "y": Y, "input_shape": (5,)}
    return training.train_all(**arguments | {"n_classes": 3} | given)


def compiled():
    model = training.mlp((4,), input_shape=(5,), n_classes=3, seed=1)
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def lr_range_test(**given):
    return training.lr_range_test(**{"model": compiled(), "x": X, "y": Y} | given)


# A function, and for each of its arguments what it does not accept.
REFUSED = {
    population: {
        "configurations": [None, 3, "ab", [], {}, [3], [None], ["units"], iter([{}])],
        "input_shape": [None, 5, (), (0,), "5", (2.0,), (True,)],
        "n_classes": [1, None, 3.0, True, "3"],
        "seed": [-1, None, 1.0, True, "1"],
    },
    fit: {
        "x": [None, 3, "ab", RAGGED, X.astype(str), X + 1j, X[0], X[:, :2], X[:0], [[np.nan] * 5]],
        "y": [None, 3, "ab", RAGGED, Y.astype(str), Y[:3], Y - 1, Y + 0.5, np.full(70, np.nan)],
        "epochs": [0, None, 1.5, True, "1", np.nan],
        "batch_size": [0, None, 1.5, True, "1", np.nan],
        "validation_data": [3, "ab", X, (X,), (X, Y, Y)],
        "validation x": [(None, Y), (X.astype(str), Y), (np.full_like(X, np.inf), Y)],
        "validation y": [(X, None), (X, Y + 1), (X, RAGGED)],
        "callbacks": NOT_FUNCTIONS,
    },
    lambda **given: population().evaluate(**{"x": X, "y": Y} | given): {
        "x": [None, 3, RAGGED, "ab"],
        "y": [None, 3, RAGGED, "ab"],
    },
    lambda **given: population().predict(**given): {"x": [None, 3, RAGGED, "ab"]},
    lambda **given: population().select(**given): {
        "indices": [None, "ab", 2, -3, 0.5, [0.5], [], True, [True], [[0]], np.nan],
    },
    lambda **given: population().copy_weights(**{"source": 0, "target": 1} | given): {
        "source": [None, "ab", 2, 0.5, [], True, [[0]], [0, 1, 1]],
        "target": [None, "ab", 2, 0.5, [], True, [[0]]],
    },
    lambda **given: population().to_keras(**given): {"i": [None, "ab", 2, -3, 0.5, [0], True]},
    train_all: {
        "configurations": [None, 3, "ab", [], {}, [3]],
        "x": [None, 3, "ab", RAGGED],
        "y": [None, 3, "ab", RAGGED, Y + 1],
        "epochs": [0, None, 1.5, True, "1"],
        "batch_size": [0, None, 1.5, True, "1"],
        "validation_data": [3, X, (X,)],
        "seed": [-1, None, True],
    },
    training.mlp: {
        "units": [64, None, "ab", [0], [2.0], [True], [np.nan], {4: 5}],
        "input_shape": [784, None, "ab", (), (0,)],
        "n_classes": [1, None, 2.0, True],
        "activation": [None, "rleu", 3, True, keras.layers.ReLU],
        "initializer": [None, "he", 3, True, keras.initializers.HeNormal],
        "dropout": [1, None, "ab", True, np.nan, {}, RAGGED, [0.1], np.zeros(3)],
        "l2": [-1, None, "ab", True, np.nan, [0.1]],
        "seed": [-1, 1.5, "ab", True],
    },
    training.side_by_side: {
        "networks": [None, 3, "ab", [], NETWORK, [3], [NETWORK, None], [keras.Sequential]],
    },
    lr_range_test: {
        "model": [None, 3, keras.Model, NETWORK],
        "x": [None, 3, "ab", RAGGED, X[:3], X[:, :2], X.astype(str), np.full_like(X, np.nan)],
        "y": [None, 3, RAGGED, "ab"],
        "low": [0, None, "ab", True, np.nan, [0.1]],
        "high": [0, None, "ab", True, np.nan, [0.1]],
        "n_updates": [9, None, 10.0, True, "ab"],
        "batch_size": [0, None, 10.0, True, "ab"],
        "seed": [-1, None, 1.5, True],
    },
    lambda **given: training.RestartLearningRate(**{"after": [1]} | given): {
        "after": [None, 3, "12", [], [0], [2, 1], [1.5], [True], {1: 2}],
        "schedule": [0.1, "ab", True, Cosine, Cosine(0.1, 9), lambda: 0.1],
    },
    lambda **given: training.LRRangeTest(**RANGE_TEST | given): {
        "learning_rates": [None, 3, "ab", [0.1], ["1", "2"], RAGGED, [np.nan, 1], [[0.1, 1]]],
        "losses": [None, 3, "ab", [0.1], ["1", "2"], RAGGED, [[0.1, 1]]],
        "suggestion": [0, None, "ab", True, np.nan, [0.1]],
    },
    training.latest_checkpoint: {"folder": [None, 3, True, b"a", ["a"], __file__]},
}
CASES = [
    pytest.param(call, name, given, id=f"{getattr(call, '__name__', call)}-{name}-{k}")
    for call, arguments in REFUSED.items()
    for name, several in arguments.items()
    for k, given in enumerate(several)
]


@pytest.mark.parametrize(("call", "name", "given"), CASES)
def test_what_is_refused_is_named_before_any_work(call, name, given):
    passed = "validation_data" if name.startswith("validation") else name
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValueError, match=rf"\b{name}\b") as raised:
            call(**{passed: given})
    assert re.search(r"got|unknown|contains|has shape|is not compiled", str(raised.value))
