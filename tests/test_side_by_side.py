"""Networks side by side compute and learn what each would alone."""

import keras
import numpy as np
import pytest

from hpcourse import training


def network(seed, units=(5, 4), activation="tanh", **kwargs):
    def dense(n, activation, position):
        start = keras.initializers.GlorotUniform(seed=10 * seed + position)
        return keras.layers.Dense(n, activation, kernel_initializer=start, **kwargs)

    layers = [dense(n, activation, position) for position, n in enumerate(units)]
    return keras.Sequential([keras.Input((2,)), *layers, dense(3, None, 9)])


def total(targets, outputs):
    return keras.ops.sum(keras.ops.mean(keras.ops.square(targets - outputs), axis=-1), axis=-1)


@pytest.fixture
def x():
    return np.random.default_rng(0).normal(size=(48, 3, 2)).astype("float32")


def test_outputs_are_those_of_the_networks(x):
    networks = [network(seed) for seed in range(3)]
    together = training.side_by_side(networks).predict(x, verbose=0)
    assert together.shape == (48, 3, 3)
    for k, alone in enumerate(networks):
        np.testing.assert_allclose(
            together[:, k], alone.predict(x[:, k], verbose=0), rtol=1e-5, atol=1e-6
        )


@pytest.mark.parametrize(
    "optimizer",
    [lambda: keras.optimizers.SGD(0.05, momentum=0.9), lambda: keras.optimizers.Adam(0.01)],
)
def test_each_learns_as_it_would_alone(x, optimizer):
    networks = [network(seed) for seed in range(3)]
    y = np.sin(3 * x[..., :1] + np.arange(3, dtype="float32"))
    together = training.side_by_side(networks)
    together.compile(optimizer(), total)
    together.fit(x, y, batch_size=16, epochs=5, shuffle=False, verbose=0)
    outputs = together.predict(x, verbose=0)
    for k, alone in enumerate(networks):
        before = alone.predict(x[:, k], verbose=0)
        alone.compile(optimizer(), "mse")
        alone.fit(x[:, k], y[:, k], batch_size=16, epochs=5, shuffle=False, verbose=0)
        after = alone.predict(x[:, k], verbose=0)
        np.testing.assert_allclose(outputs[:, k], after, rtol=1e-3, atol=1e-4)
        assert np.abs(after - before).max() > 0.05, "it should have learned something"


@pytest.mark.parametrize(
    "networks",
    [
        [],
        [network(0), network(1, units=(5, 5))],
        [network(0), network(1, units=(5,))],
        [network(0), network(1, activation="relu")],
        [network(0, use_bias=False)],
        [network(0, kernel_regularizer="l2")],
        [keras.Sequential([keras.layers.Dense(3)])],
        [training.mlp((4,), dropout=0.5)],
    ],
)
def test_networks_that_differ_or_are_not_plain(networks):
    with pytest.raises(ValueError, match="Dense layers with biases and no penalty"):
        training.side_by_side(networks)
