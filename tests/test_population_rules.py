"""Update rules and layers of populations against Keras: 100 updates, weights and all."""

import keras
import numpy as np
import on_jax
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


def case(optimizer="sgd", learning_rate=0.01, **params):
    smooth = {"units": (12, 8, 8), "activation": "tanh"}
    return smooth | {"optimizer": optimizer, "learning_rate": learning_rate} | params


# Members of several widths, rules and layers in one population.
CASES = [
    case("adamw", weight_decay=0.5, beta_1=0.8, beta_2=0.99, epsilon=1e-4),
    case("adam", ema_momentum=0.9, units=(3, 12, 5), l2=1e-3),
    case("rmsprop", rho=0.7, epsilon=1e-3, weight_decay=0.1, global_clipnorm=0.3),
    case("muon"),
    case("muon", momentum=0.9, nesterov=False, weight_decay=0.2, units=(5, 9, 7), beta_1=0.8),
    case("schedulefreeadamw", units=(3, 12, 5)),
    case("schedulefreeadamw", beta_1=0.8, beta_2=0.99, warmup_steps=30, weight_decay=0.3),
    case("sgd", learning_rate=0.1, momentum=0.9, clipnorm=0.1, weight_decay=0.1),
    case("sgd", learning_rate=0.1, momentum=0.9, nesterov=True, clipvalue=0.02, l2=1e-3),
    case("sgd", learning_rate=0.1, momentum=0.9, nesterov=True, lr_factors=(0.5, 1, 2, 0.1)),
    case("muon", weight_decay=0.2, lr_factors=(3, 1, 0, 0.3)),
    case("sgd", learning_rate=0.1, normalization="batch", momentum=0.9),
    case("sgd", learning_rate=0.03, normalization="layer", momentum=0.9),
    case("adam", normalization="batch", units=(9, 9, 3), residual=True, l2=1e-3),
    case("rmsprop", 0.003, normalization="layer", units=(6, 9, 9), residual=True),
    case("sgd", learning_rate=0.1, residual=True, units=(7, 7, 7), activation="elu"),
    case("muon", normalization="batch", weight_decay=0.1, ema_momentum=0.9, activation="silu"),
    case("schedulefreeadamw", 0.003, normalization="layer", lr_factors=(1, 0.5, 2, 1)),
]


def named(params):
    hidden = case()
    return "-".join(f"{k}={v}" for k, v in params.items() if hidden.get(k) != v)


def grow(configurations, seed=3):
    return Population(configurations, **SHAPE, seed=seed)


class ScheduleFreeAdamW(keras.optimizers.ScheduleFreeAdamW):
    """Keras's as it is on JAX and in the paper.

    On TensorFlow, Keras 3.15 takes the new z for the old one: its ``momentum.value`` is the
    variable itself there, read after it has changed.
    """

    def update_step(self, gradient, variable, learning_rate):
        z = self._momentums[self._get_variable_index(variable)]
        old = keras.ops.copy(z)
        super().update_step(gradient, variable, learning_rate)
        if keras.backend.backend() == "tensorflow":
            t = keras.ops.cast(self.iterations + 1, "float32")
            self.assign_add(variable, (1 - 1 / t) * (1 - self.beta_1) * (z - old))


OPTIMIZERS = {
    "sgd": keras.optimizers.SGD,
    "rmsprop": keras.optimizers.RMSprop,
    "adam": keras.optimizers.Adam,
    "adamw": keras.optimizers.AdamW,
    "muon": keras.optimizers.Muon,
    "schedulefreeadamw": ScheduleFreeAdamW,
}


def optimizer_of(params, factor=1.0):
    """Return Keras's optimizer, with its own names for what Muon leaves to Adam."""
    kind = params["optimizer"]
    names = {*training.OPTIMIZERS[kind], "weight_decay", *CLIPPING} - {"learning_rate"}
    given = {name: params[name] for name in names}
    if kind == "muon":
        given["adam_weight_decay"] = given["weight_decay"]
        given |= {f"adam_{key}": given.pop(key) for key in ("beta_1", "beta_2")}
    if params["ema_momentum"]:
        given |= {"use_ema": True, "ema_momentum": params["ema_momentum"]}
    return OPTIMIZERS[kind](params["learning_rate"] * factor, **given)


def optimizer_for(model, params):
    """Return one optimizer, or one for each dense layer and its normalization."""
    if params["lr_factors"] is None:
        made = optimizer_of(params)
    else:
        each, owners, used = [optimizer_of(params, f) for f in params["lr_factors"]], {}, -1
        for layer in model.layers:
            used += isinstance(layer, keras.layers.Dense)
            owners |= {variable.path: each[used] for variable in layer.trainable_variables}
        made = keras.optimizers.MultiOptimizer(lambda variable: owners[variable.path])
    made.build(model.trainable_variables)  # fit, on TensorFlow, would start z at 0
    return made


def alone(params, start, seed=3):
    """Train one network with Keras on the same batches; return it and its losses."""
    names = ("units", "activation", "l2", "normalization", "residual")
    model = training.mlp(**{name: params[name] for name in names}, **SHAPE, seed=seed)
    model.set_weights(start)
    model.compile(optimizer_for(model, params), "sparse_categorical_crossentropy")
    batches = training.Batches(X, Y, BATCH, seed=seed)
    return model, model.fit(batches, epochs=EPOCHS, verbose=0, shuffle=False).history["loss"]


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


def test_the_cases_cover_everything():
    assert {params["optimizer"] for params in CASES} == set(training.OPTIMIZERS)
    assert {params.get("normalization") for params in CASES} == {None, "batch", "layer"}
    used = set().union(*CASES)
    assert set(training.DEFAULTS) - used == {"initializer", "dropout", "seed"}


def test_padding_stays_exactly_zero(trained):
    population = trained[0]
    for i, params in enumerate(CASES):
        arrays = [keras.ops.convert_to_numpy(weight)[i] for weight in population.weights]
        for layer, n in enumerate(params["units"]):
            outgoing, biases, gamma, beta = (
                arrays[at] for at in (2 * layer + 2, 2 * layer + 1, 2 * layer + 8, 2 * layer + 9)
            )
            assert not outgoing[:, n:].any()
            for each in (arrays[2 * layer], biases, gamma, beta):
                assert not each[n:].any()


STATEFUL = [
    case("muon", normalization="batch", ema_momentum=0.9, residual=True),
    case("schedulefreeadamw", normalization="layer", warmup_steps=15, dropout=0.2),
    case("adamw", normalization="batch", global_clipnorm=0.5, ema_momentum=0.5, units=(5, 5, 3)),
]


def test_training_in_two_calls_equals_training_in_one():
    whole, parts = grow(STATEFUL), grow(STATEFUL)
    history = whole.fit(X, Y, 3, BATCH, (X_NEW, Y_NEW))
    pieces = [parts.fit(X, Y, epochs, BATCH, (X_NEW, Y_NEW)) for epochs in (2, 1)]
    np.testing.assert_array_equal(whole.predict(X_NEW), parts.predict(X_NEW))
    for key, values in history.items():
        np.testing.assert_array_equal(values, np.concatenate([piece[key] for piece in pieces]))
    scores = parts.evaluate(X_NEW, Y_NEW)
    np.testing.assert_array_equal(scores["loss"], history["val_loss"][-1])


def test_select_and_copy_take_the_state_along():
    population, whole = grow([*STATEFUL, STATEFUL[0]]), grow(STATEFUL)
    population.fit(X, Y, 1, BATCH)
    selected = population.select([2, 0])
    selected.fit(X, Y, 1, BATCH)
    whole.fit(X, Y, 2, BATCH)
    np.testing.assert_allclose(selected.predict(X_NEW), whole.predict(X_NEW)[[2, 0]], atol=1e-5)
    for i in range(2):
        expected = selected.predict(X_NEW)[i]
        np.testing.assert_allclose(predict(selected.to_keras(i)), expected, atol=1e-5)
    population.configurations[3]["learning_rate"] = 1e-9
    population.fit(X, Y, 1, BATCH)
    population.copy_weights(0, 3)
    population.configurations[3]["learning_rate"] = STATEFUL[0]["learning_rate"]
    population.fit(X, Y, 1, BATCH)
    predictions = population.predict(X_NEW)
    np.testing.assert_array_equal(predictions[0], predictions[3])
    normalized = grow([case(), case(normalization="layer")])
    with pytest.raises(ValueError, match="member 0 has normalization None, member 1 'layer'"):
        normalized.copy_weights(0, 1)
    normalized.configurations[0]["normalization"] = "batch"
    with pytest.raises(ValueError, match="normalization is fixed when a population is made"):
        normalized.fit(X, Y)


def test_averages_begin_when_they_are_asked_for():
    population, plain = grow([case()] * 2), grow([case()])
    for each in (population, plain):
        each.fit(X, Y, 1, BATCH)
    population.configurations[1]["ema_momentum"] = 0.99
    population.fit(X, Y, 1, BATCH)
    between = population.predict(X_NEW)
    before = plain.predict(X_NEW)[0]
    plain.fit(X, Y, 1, BATCH)
    np.testing.assert_allclose(between[0], plain.predict(X_NEW)[0], atol=1e-6)
    change = abs(between - before).max(axis=(1, 2))
    assert 0 < change[1] < 0.2 * change[0]


@pytest.mark.parametrize("optimizer", list(training.OPTIMIZERS))
def test_a_diverging_member_harms_no_other(optimizer):
    calm = [case(optimizer, normalization="layer"), case("muon", normalization="batch")]
    wild = case(optimizer, 1e30, units=(3, 8, 12), activation="elu", weight_decay=1.0)
    population, without = grow([calm[0], wild, calm[1]]), grow(calm)
    history = population.fit(X, Y, 2, BATCH, validation_data=(X_NEW, Y_NEW))
    without.fit(X, Y, 2, BATCH)
    assert not np.isfinite(history["loss"][-1, 1])
    np.testing.assert_allclose(population.predict(X_NEW)[[0, 2]], without.predict(X_NEW), atol=1e-5)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"optimizer": "adam", "momentum": 0.9}, "momentum .* for sgd, muon only, not for adam"),
        ({"optimizer": "sgd", "beta_1": 0.9}, "beta_1 .* for adam, .* only, not for sgd, got 0.9"),
        ({"optimizer": "adam", "rho": 0.9}, "rho .* for rmsprop only, not for adam"),
        ({"optimizer": "adamw", "warmup_steps": 3}, "warmup_steps .* for schedulefreeadamw only"),
        ({"optimizer": "adam", "beta_2": 1}, r"beta_2 .* in \[0, 1\) or None, got 1"),
        ({"optimizer": "adam", "epsilon": 0}, "epsilon .* a number above 0 or None, got 0"),
        ({"optimizer": "schedulefreeadamw", "warmup_steps": 1.5}, "warmup_steps .* whole number"),
        ({"weight_decay": -0.1}, "weight_decay .* a number from 0 or None, got -0.1"),
        ({"clipnorm": 0}, "clipnorm .* a number above 0 or None, got 0"),
        ({"clipnorm": 1, "clipvalue": 1}, "one of clipnorm, global_clipnorm, clipvalue at most"),
        ({"ema_momentum": 1}, r"ema_momentum .* in \(0, 1\) or None, got 1"),
        ({"lr_factors": (1, 2)}, "lr_factors .* one number for each of 3 layers, .* or None, got"),
        ({"lr_factors": 2}, "lr_factors .* one number for each of 3 layers"),
        ({"lr_factors": (1, 2, -1)}, "lr_factors .* a number from 0, got -1"),
        ({"normalization": "bach"}, "normalization .* did you mean 'batch'.* batch, layer or None"),
        ({"residual": 1}, "residual .* True or False, got 1"),
    ],
)
def test_bad_configs_are_one_clear_error(params, message):
    with pytest.raises(ValueError, match=message):
        Population([params])


def test_the_jax_backend_gives_the_same(trained, tmp_path):
    _, _, history, predictions = trained
    data, data_new = (X, Y), (X_NEW, Y_NEW)
    result = on_jax.train(tmp_path, CASES, grow(CASES).weights, data, data_new, EPOCHS)
    on_jax.assert_same(result, history, predictions)
