"""The multilayer perceptron: sizes, seeds, dropout, penalties, and what its errors say."""

import keras
import numpy as np
import pytest

from hpcourse import training


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


def test_a_hidden_layer_is_dense_normalization_activation_dropout():
    more = {"input_shape": (3,), "dropout": 0.5, "residual": True}
    for normalization, name, biases in (("batch", "Batch", False), ("layer", "Layer", True)):
        model = training.mlp((4, 4, 5), normalization=normalization, **more)
        block = ["Dense", f"{name}Normalization", "Activation", "Dropout"]
        assert kinds(model) == ["InputLayer", *block, *block, "Add", *block, "Dense"]
        dense = [layer for layer in model.layers if isinstance(layer, keras.layers.Dense)]
        assert [layer.use_bias for layer in dense] == [biases] * 3 + [True]
        before, added = model.layers[4].output, model.layers[9].input
        assert added[0] is before
        assert added[1] is model.layers[8].output
    plain = training.mlp((4, 5, 4), **more)  # no neighbours are equally wide
    assert isinstance(plain, keras.Sequential)
    assert "Add" in kinds(training.mlp((4, 4), input_shape=(2, 2), residual=True))
    with pytest.raises(ValueError, match=r"did you mean 'batch'.* batch, layer or None"):
        training.mlp(normalization="batsh")


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
        ((64,), {"input_shape": (0,)}, "input_shape is a sequence of 1 or more"),
        ((64,), {"n_classes": 1}, "n_classes is a whole number from 2, got 1"),
        ((64,), {"dropout": 1}, r"dropout is in \[0, 1\), got 1"),
        ((64, 64), {"dropout": (0.1,)}, "dropout is one number or one for each of 2 hidden"),
        ((64,), {"dropout": (0.1, 0.1)}, "dropout is one number or one for each of 1 hidden"),
        ((64,), {"l2": -1e-4}, "l2 is a number from 0"),
        ((64,), {"initializer": "glorot"}, "unknown initializer 'glorot'; did you mean 'glorot_"),
        ((64,), {"activation": "rele"}, "unknown activation 'rele'; did you mean 'relu'"),
    ],
)
def test_errors_name_the_argument(units, kwargs, message):
    with pytest.raises(ValueError, match=message):
        training.mlp(units, **kwargs)
