"""Populations against Keras, and what they promise: isolation, resuming, one clear error."""

import keras
import numpy as np
import on_jax
import pytest

from hpcourse import Batches, Population, train_all, training
from hpcourse.schedules import Cosine, Exponential, OneCycle, WarmUp
from hpcourse.training import ACTIVATIONS, INITIALIZERS

INPUTS, CLASSES, BATCH = 20, 4, 16
SHAPE = {"input_shape": (INPUTS,), "n_classes": CLASSES}


def make_data(n, seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, INPUTS)).astype("float32")
    teacher = np.random.default_rng(0).normal(size=(INPUTS, CLASSES))
    return x, (x @ teacher + rng.normal(size=(n, CLASSES))).argmax(axis=1)


X, Y = make_data(155, 1)  # the last of 10 batches has 11 samples
X_NEW, Y_NEW = make_data(90, 2)


def small(params=None, **more):
    return {"units": (12, 8), "learning_rate": 0.05, **(params or {}), **more}


def grow(configurations, seed=3):
    return Population(configurations, **SHAPE, seed=seed)


def alone(params, epochs, seed=3):
    """Train one network with Keras on the same batches; return it and its history."""
    rate, momentum = params["learning_rate"], float(params.get("momentum", 0))
    names = ("units", "activation", "initializer", "l2", "seed")
    model = training.mlp(**{"seed": seed} | {k: params[k] for k in names if k in params}, **SHAPE)
    optimizer = {
        "sgd": lambda: keras.optimizers.SGD(rate, momentum, params.get("nesterov", False)),
        "rmsprop": lambda: keras.optimizers.RMSprop(rate),
        "adam": lambda: keras.optimizers.Adam(rate),
    }[params.get("optimizer", "sgd")]()
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    history = {"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []}
    for epoch in range(epochs):
        order = np.random.default_rng((seed, epoch)).permutation(len(X))
        totals = np.zeros(2)
        for start in range(0, len(X), BATCH):
            chosen = order[start : start + BATCH]
            model.reset_metrics()
            totals += len(chosen) * np.array(model.train_on_batch(X[chosen], Y[chosen]))
        loss, accuracy = totals / len(X)
        predictions, penalty = predict(model), float(sum(model.losses))
        cross_entropy = -np.log(predictions[np.arange(len(Y_NEW)), Y_NEW]).mean()
        history["loss"].append(loss)
        history["accuracy"].append(accuracy)
        history["val_loss"].append(cross_entropy + penalty)
        history["val_accuracy"].append((predictions.argmax(axis=1) == Y_NEW).mean())
    return model, history


def predict(model, x=X_NEW):
    return keras.ops.convert_to_numpy(model(x))


# Every optimizer with and without L2, every initializer, every activation. The networks are
# small also because of ReLU: where a sum lies within rounding error of its kink, two correct
# computations may take different slopes.
RULES = [
    {"optimizer": "sgd"},
    {"optimizer": "sgd", "momentum": 0.9},
    {"optimizer": "sgd", "momentum": 0.9, "nesterov": True},
    {"optimizer": "rmsprop", "learning_rate": 0.003},
    {"optimizer": "adam", "learning_rate": 0.003},
]
SMOOTH = {"activation": "tanh"}
DEGENERATE = ["zero", "zeros", "ones"]  # the last cases: their optimizers have others too
CONFIGS = [
    small(
        RULES[i % 5],
        l2=[0.0, 1e-3][i // 5 % 2],
        activation=sorted(ACTIVATIONS)[i % len(ACTIVATIONS)],
        initializer=initializer,
        seed=i,
    )
    for i, initializer in enumerate(
        sorted(INITIALIZERS, key=lambda name: (name in DEGENERATE, name == "ones"))
    )
]


def named(params):
    return "-".join(str(value) for key, value in params.items() if key not in ("units", "seed"))


@pytest.fixture(scope="module")
def trained():
    """Every optimizer, activation and initializer in one population, after 100 updates."""
    population = grow(CONFIGS)
    history = population.fit(X, Y, 10, BATCH, validation_data=(X_NEW, Y_NEW))
    return population, history, population.predict(X_NEW)


def test_the_cases_cover_everything():
    assert {params["activation"] for params in CONFIGS} == set(ACTIVATIONS)
    assert {params["initializer"] for params in CONFIGS} == set(INITIALIZERS)
    rules = {(c["optimizer"], c.get("momentum"), c.get("nesterov"), c["l2"]) for c in CONFIGS[:10]}
    assert len(rules) == 10


@pytest.mark.parametrize("i", range(len(CONFIGS)), ids=map(named, CONFIGS))
def test_a_member_follows_the_path_of_the_network_alone(trained, i):
    population, history, predictions = trained
    assert population.updates == 100
    model, expected = alone(population.configurations[i], epochs=10)
    np.testing.assert_allclose(predictions[i], predict(model), atol=1e-4)
    for key, values in expected.items():
        np.testing.assert_allclose(history[key][:, i], values, rtol=1e-3, atol=1e-4, err_msg=key)


def test_members_start_as_the_same_networks_of_models():
    population = grow([small(), small(seed=7, units=(5, 3)), small(initializer="he_normal")])
    for i, params in enumerate(population.configurations):
        names = ("units", "initializer", "seed")
        model = training.mlp(**{name: params[name] for name in names}, **SHAPE)
        for ours, theirs in zip(
            population.to_keras(i).get_weights(), model.get_weights(), strict=True
        ):
            np.testing.assert_array_equal(ours, theirs)


MIXED = [
    small(units=(12, 3), activation="sigmoid", momentum=0.5),
    small(units=(4, 8), activation="softplus", optimizer="adam", learning_rate=0.01),
    small(units=(7, 7), activation="gelu", optimizer="rmsprop", learning_rate=0.01, l2=1e-3),
    small(units=(12, 8), activation="tanh", momentum=0.9, nesterov=True),
    small(units=(1, 1), activation="silu"),
]


def test_a_mixed_population_equals_separate_ones():
    population = grow(MIXED)
    together = population.fit(X, Y, 3, BATCH, validation_data=(X_NEW, Y_NEW))
    for i, params in enumerate(MIXED):
        single = grow([params])
        history = single.fit(X, Y, 3, BATCH, validation_data=(X_NEW, Y_NEW))
        np.testing.assert_allclose(
            population.predict(X_NEW)[i], single.predict(X_NEW)[0], atol=1e-5
        )
        for key in together:
            np.testing.assert_allclose(together[key][:, i], history[key][:, 0], atol=1e-4)


def test_padding_stays_exactly_zero():
    population = grow(MIXED)
    population.fit(X, Y, 2, BATCH)
    for i, params in enumerate(MIXED):
        first, second = params["units"]
        kernels = [keras.ops.convert_to_numpy(kernel)[i] for kernel in population.weights[::2]]
        assert not kernels[0][first:].any()
        assert not kernels[1][second:].any()
        assert not kernels[1][:, first:].any()
        assert not kernels[2][:, second:].any()


@pytest.mark.parametrize("optimizer", ["sgd", "rmsprop", "adam"])
def test_a_diverging_member_harms_no_other(optimizer):
    calm = [small(SMOOTH, optimizer=optimizer, learning_rate=0.01), small(units=(5, 5))]
    wild = small(activation="elu", optimizer=optimizer, learning_rate=1e30, units=(3, 8))
    population, without = grow([calm[0], wild, calm[1]]), grow(calm)
    history = population.fit(X, Y, 3, BATCH, validation_data=(X_NEW, Y_NEW))
    without.fit(X, Y, 3, BATCH)
    assert not np.isfinite(history["loss"][-1, 1])
    np.testing.assert_allclose(population.predict(X_NEW)[[0, 2]], without.predict(X_NEW), atol=1e-5)
    selected = population.select([0, 2])
    selected.fit(X, Y, 1, BATCH)
    assert np.isfinite(selected.predict(X_NEW)).all()


def test_training_in_two_calls_equals_training_in_one():
    configurations = [
        small(learning_rate=lambda step: 0.1 / (1 + 0.1 * step), momentum=0.9, dropout=0.2),
        small(optimizer="adam", learning_rate=0.01),
    ]
    whole, parts = grow(configurations), grow(configurations)
    history = whole.fit(X, Y, 3, BATCH)
    pieces = [parts.fit(X, Y, epochs, BATCH) for epochs in (2, 1)]
    np.testing.assert_array_equal(whole.predict(X_NEW), parts.predict(X_NEW))
    for key, values in history.items():
        np.testing.assert_array_equal(values, np.concatenate([piece[key] for piece in pieces]))
    assert (parts.epochs, parts.updates) == (3, 30)


def test_every_epoch_has_the_order_of_batches():
    population = grow([small(SMOOTH)])
    population.fit(X, Y, 2, BATCH)
    model = training.mlp((12, 8), activation="tanh", seed=3, **SHAPE)
    model.compile(keras.optimizers.SGD(0.05), "sparse_categorical_crossentropy")
    for epoch in range(2):
        batches = Batches(X, Y, BATCH, seed=3, initial_epoch=epoch)
        for index in range(len(batches)):
            model.train_on_batch(*batches[index])
    expected = predict(model)
    np.testing.assert_allclose(population.predict(X_NEW)[0], expected, atol=1e-5)


def test_a_batch_larger_than_the_data_is_one_batch():
    one, whole = grow([small(SMOOTH)]), grow([small(SMOOTH)])
    one.fit(X, Y, 2, 10_000)
    whole.fit(X, Y, 2, len(X))
    assert one.updates == 2
    np.testing.assert_array_equal(one.predict(X_NEW), whole.predict(X_NEW))


def test_each_member_may_have_its_schedule():
    boundaries = keras.optimizers.schedules.PiecewiseConstantDecay([7], [0.1, 0.02])
    decay = keras.optimizers.schedules.InverseTimeDecay(0.1, 1, 0.3)
    configurations = [
        small(SMOOTH, learning_rate=boundaries),
        small(SMOOTH, learning_rate=decay, momentum=0.5),
        small(SMOOTH, learning_rate=lambda step: 0.1 if step < 12 else 0.01),  # no arrays
        small(SMOOTH, learning_rate=decay, optimizer="adam"),
    ]
    population = grow(configurations)
    history = population.fit(X, Y, 2, BATCH)
    np.testing.assert_allclose(history["learning_rate"][:, 0], [0.02, 0.02])
    np.testing.assert_allclose(history["learning_rate"][:, 1], [0.1 / 3.7, 0.1 / 6.7], rtol=1e-6)
    np.testing.assert_allclose(history["learning_rate"][:, 2], [0.1, 0.01])
    for i in (0, 1, 3):
        expected = predict(alone(configurations[i], epochs=2)[0])
        np.testing.assert_allclose(population.predict(X_NEW)[i], expected, atol=1e-4)


def test_dropout_trains_otherwise_and_predicts_in_full():
    configurations = [small(SMOOTH), small(SMOOTH, dropout=0.5), small(SMOOTH, dropout=(0.5, 0))]
    population, again = grow(configurations), grow(configurations)
    start = population.predict(X_NEW)
    np.testing.assert_array_equal(start[0], start[1])
    population.fit(X, Y, 2, BATCH)
    again.fit(X, Y, 2, BATCH)
    np.testing.assert_array_equal(population.predict(X_NEW), again.predict(X_NEW))
    plain = grow(configurations[:1])
    plain.fit(X, Y, 2, BATCH)
    predictions = population.predict(X_NEW)
    np.testing.assert_allclose(predictions[0], plain.predict(X_NEW)[0], atol=1e-5)
    assert abs(predictions[0] - predictions[1]).max() > 0.01
    assert abs(predictions[1] - predictions[2]).max() > 0.001


def test_dropout_keeps_the_expected_output():
    """With sums linear in what is dropped, the mean training loss shows the share kept."""
    configurations = [
        small(units=(64,), activation="linear", dropout=share) for share in (0.0, 0.4)
    ]
    population = grow([params | {"learning_rate": 1e-12} for params in configurations])
    losses = population.fit(X, Y, 40, BATCH)["loss"].mean(axis=0)
    model = population.to_keras(1)
    total = 0.0
    for _ in range(40):
        probabilities = keras.ops.convert_to_numpy(model(X, training=True))
        total -= np.log(probabilities[np.arange(len(Y)), Y]).mean() / 40
    assert losses[1] == pytest.approx(total, rel=0.03)
    assert losses[1] > losses[0]


def test_select_takes_weights_and_optimizer_state_along():
    population, whole = grow(MIXED), grow(MIXED)
    population.fit(X, Y, 1, BATCH)
    selected = population.select([3, 1])
    assert [params["units"] for params in selected.configurations] == [(12, 8), (4, 8)]
    selected.fit(X, Y, 1, BATCH)
    whole.fit(X, Y, 2, BATCH)
    np.testing.assert_allclose(selected.predict(X_NEW), whole.predict(X_NEW)[[3, 1]], atol=1e-5)
    assert population.epochs == 1
    assert len(population.select(np.array([True, False, False, False, True]))) == 2


def test_copy_weights_copies_optimizer_state_and_keeps_the_configs():
    configurations = [small(SMOOTH, momentum=0.9, seed=seed) for seed in (1, 2)]
    configurations.append(small(SMOOTH, momentum=0.9, learning_rate=0.001, seed=3))
    population = grow(configurations)
    population.fit(X, Y, 1, BATCH)
    before = population.predict(X_NEW)
    population.copy_weights([0, 1], [2, 0])
    after = population.predict(X_NEW)
    np.testing.assert_array_equal(after, before[[1, 1, 0]])
    assert [params["seed"] for params in population.configurations] == [1, 2, 3]
    population.fit(X, Y, 1, BATCH)
    predictions = population.predict(X_NEW)
    np.testing.assert_array_equal(predictions[0], predictions[1])
    assert abs(predictions[2] - predictions[0]).max() > 1e-3
    with pytest.raises(ValueError, match=r"member 0 has units \(12, 8\), member 1 \(3, 3\)"):
        grow([small(), small(units=(3, 3))]).copy_weights(0, 1)


def test_numbers_of_a_config_may_change_between_fits():
    population, other = grow([small(SMOOTH)] * 2), grow([small(SMOOTH)])
    population.fit(X, Y, 1, BATCH)
    other.fit(X, Y, 1, BATCH)
    population.configurations[1]["learning_rate"] = 0.001
    history = population.fit(X, Y, 1, BATCH)
    other.fit(X, Y, 1, BATCH)
    np.testing.assert_allclose(history["learning_rate"], [[0.05, 0.001]])
    predictions = population.predict(X_NEW)
    np.testing.assert_allclose(predictions[0], other.predict(X_NEW)[0], atol=1e-6)
    assert abs(predictions[0] - predictions[1]).max() > 1e-3
    population.configurations[0]["units"] = (3, 3)
    with pytest.raises(ValueError, match="units are fixed"):
        population.fit(X, Y, 1, BATCH)


def test_to_keras_gives_equal_predictions(trained):
    population, _, predictions = trained
    for i in (0, 5, 9):
        model = population.to_keras(i)
        assert isinstance(model, keras.Sequential)
        np.testing.assert_allclose(predict(model), predictions[i], atol=1e-5)
    mixed = grow(MIXED)
    mixed.fit(X, Y, 1, BATCH)
    for i in range(len(MIXED)):
        expected = predict(mixed.to_keras(i))
        np.testing.assert_allclose(mixed.predict(X_NEW)[i], expected, atol=1e-5)


def test_evaluate_agrees_with_the_history(trained):
    population, history, _ = trained
    scores = population.evaluate(X_NEW, Y_NEW)
    np.testing.assert_array_equal(scores["loss"], history["val_loss"][-1])
    np.testing.assert_array_equal(scores["accuracy"], history["val_accuracy"][-1])


def test_scoring_in_pieces_changes_nothing(trained, monkeypatch):
    population, _, predictions = trained
    monkeypatch.setattr("hpcourse.training.population._PIECE", 1)  # pieces of 64
    np.testing.assert_allclose(population.predict(X_NEW), predictions, atol=1e-4)


def test_history_and_callbacks():
    seen = []

    def stop(population, epoch, logs):
        seen.append((len(population), epoch, sorted(logs), logs["loss"].shape))
        return epoch == 1

    population = grow([small(), small(), small()])
    history = population.fit(X, Y, 5, BATCH, callbacks=[stop])
    keys = ["accuracy", "learning_rate", "loss"]
    assert seen == [(3, 0, keys, (3,)), (3, 1, keys, (3,))]
    assert {key: values.shape for key, values in history.items()} == dict.fromkeys(keys, (2, 3))


def test_images_are_flattened_and_no_hidden_layer_is_needed():
    configurations = [{"units": (), "learning_rate": 0.1}]
    flat = grow(configurations)
    images = Population(configurations, (4, 5), CLASSES, seed=3)
    flat.fit(X, Y, 2, BATCH)
    images.fit(X.reshape(-1, 4, 5), Y, 2, BATCH)
    np.testing.assert_array_equal(flat.predict(X_NEW), images.predict(X_NEW.reshape(-1, 4, 5)))
    model = images.to_keras(0)
    expected = predict(model, X_NEW.reshape(-1, 4, 5))
    np.testing.assert_allclose(images.predict(X_NEW)[0], expected, atol=1e-5)


def test_train_all_groups_and_keeps_the_order():
    configurations = [
        small(batch_size=BATCH),
        small(units=(6,), batch_size=32),
        small(SMOOTH),
        small(units=(5,), batch_size=32, learning_rate=0.2),
        small(units=()),
    ]
    history = train_all(configurations, X, Y, 2, 50, (X_NEW, Y_NEW), **SHAPE, seed=3)
    assert history["val_loss"].shape == (2, 5)
    for i, params in enumerate(configurations):
        params = dict(params)
        size = params.pop("batch_size", 50)
        expected = grow([params]).fit(X, Y, 2, size, (X_NEW, Y_NEW))
        for key, values in history.items():
            np.testing.assert_allclose(values[:, i], expected[key][:, 0], atol=1e-4)


@pytest.mark.parametrize(
    ("configurations", "message"),
    [
        ([], "one or more dicts"),
        ({"units": (3,)}, "one or more dicts"),
        ([{}, {"learnin_rate": 0.1}], r"configurations\[1\].*did you mean 'learning_rate'"),
        ([{"optimizer": "adma"}], "did you mean 'adam'"),
        ([{"activation": "rleu"}], "did you mean 'relu'"),
        ([{"initializer": "he_norml"}], "did you mean 'he_normal'"),
        ([{"learning_rate": 0}], "learning_rate .* no schedule, is a number above 0, got 0"),
        ([{"learning_rate": -0.1}], "learning_rate .* above 0"),
        ([{"learning_rate": np.nan}], "learning_rate .* above 0"),
        ([{"learning_rate": np.inf}], "learning_rate .* above 0"),
        ([{"learning_rate": "fast"}], "learning_rate .* above 0"),
        ([{"momentum": 1}], r"momentum .* in \[0, 1\), got 1"),
        ([{"momentum": -0.1}], "momentum"),
        ([{"optimizer": "adam", "momentum": 0.9}], "momentum .* for sgd, muon only, not for adam"),
        (
            [{"optimizer": "rmsprop", "nesterov": True}],
            "nesterov .* for sgd, muon only, not for rmsprop",
        ),
        ([{"dropout": 1.0}], r"dropout .* in \[0, 1\)"),
        ([{"dropout": (0.1,)}], "dropout .* one for each of 2 hidden layers"),
        ([{"l2": -1}], "l2 .* from 0"),
        ([{"units": 64}], "units .* sequence of whole numbers"),
        ([{"units": (64, 0)}], "units"),
        ([{"units": (64, 2.5)}], "units"),
        ([{"seed": -1}], "seed"),
        ([{"units": (8,)}, {"units": (8, 8)}], r"\[1, 2\] hidden layers; train_all"),
    ],
)
def test_bad_configs_are_one_clear_error(configurations, message):
    with pytest.raises(ValueError, match=message):
        Population(configurations)


X_NAN = np.where(np.arange(X.size).reshape(X.shape) == 30, np.nan, X)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"y": Y + 1}, "whole numbers from 0 to 3, got 4"),
        ({"y": Y - 1}, "whole numbers from 0 to 3, got -1"),
        ({"y": Y + 0.5}, "whole numbers from 0 to 3"),
        ({"y": np.where(Y == 1, np.nan, Y)}, "whole numbers from 0 to 3, got nan"),
        ({"y": Y.astype(str)}, "y is an array of numbers, got"),
        (
            {"y": Y[:-1]},
            r"one number for each of the 155 samples of x, got int64 of shape \(154,\)",
        ),
        ({"y": np.eye(CLASSES)[Y]}, r"shape \(155, 4\)"),
        ({"x": X_NAN}, "x contains NaN"),
        ({"x": X[:, :-1]}, r"x has shape \(155, 19\), expected \(n, 20\)"),
        ({"x": X[:0], "y": Y[:0]}, "n from 1"),
        ({"epochs": 0}, "epochs is a whole number from 1, got 0"),
        ({"batch_size": 0}, "batch_size is a whole number from 1"),
        ({"batch_size": 2.5}, "batch_size"),
        ({"validation_data": (X_NAN, Y)}, "validation x contains NaN"),
        ({"validation_data": (X, Y + 1)}, "validation y holds classes"),
    ],
)
def test_bad_data_are_one_clear_error_before_training(arguments, message):
    population = grow([small()])
    with pytest.raises(ValueError, match=message):
        population.fit(**{"x": X, "y": Y, "batch_size": BATCH, **arguments})
    assert population.updates == 0


IN_EPOCHS = [
    Cosine(0.1, 10, counts="epochs"),
    OneCycle(0.1, 10, counts="epochs"),
    WarmUp(Exponential(0.1, 0.1, counts="epochs"), 2),
]


@pytest.mark.parametrize("schedule", IN_EPOCHS, ids=lambda s: type(s).__name__)
def test_a_schedule_of_epochs_is_refused_wherever_a_rate_is_given(schedule):
    """Taken as one of updates it would be over before the first epoch."""
    message = r"learning_rate in configurations\[1\] counts updates, .* \.to_updates\(steps_per_"
    configurations = [small(), small(learning_rate=schedule)]
    for make in (grow, lambda given: train_all(given, X, Y, **SHAPE)):
        with pytest.raises(ValueError, match=message):
            make(configurations)
    population = grow([small(), small()])
    population.configurations[1]["learning_rate"] = schedule
    with pytest.raises(ValueError, match=message):
        population.fit(X, Y)
    assert population.updates == 0
    steps = -(-len(X) // BATCH)
    converted = small(SMOOTH, learning_rate=schedule.to_updates(steps))
    history = grow([converted]).fit(X, Y, 3, BATCH)
    last = np.arange(1, 4) - 1 / steps  # the last update of each epoch
    np.testing.assert_allclose(history["learning_rate"][:, 0], schedule(last), rtol=1e-6)


NUMPY = {
    "learning_rate": np.float32(0.5),
    "momentum": np.float32(0.25),
    "nesterov": np.bool_(True),
    "optimizer": np.str_("sgd"),
    "units": np.array([12, 8]),
    "activation": np.str_("tanh"),
    "initializer": np.str_("he_normal"),
    "dropout": np.array([0.25, 0.5]),
    "l2": np.float16(0.5),
    "seed": np.int64(1),
    "normalization": np.str_("batch"),
    "residual": np.bool_(True),
    "weight_decay": np.float32(0.25),
    "clipnorm": np.float64(0.5),
    "ema_momentum": np.float32(0.5),
    "lr_factors": np.array([1, 0.5, 2]),
}
OF_OTHERS = {  # what stands for other optimizers, or for another bound of the gradients
    **dict.fromkeys(("beta_1", "beta_2", "epsilon", "rho"), np.float32(0.5)),
    **dict.fromkeys(("global_clipnorm", "clipvalue"), np.float16(2)),
    "warmup_steps": np.int8(3),
}


def test_numbers_of_numpy_become_pythons_when_a_population_is_made():
    assert set(NUMPY | OF_OTHERS) == set(training.DEFAULTS)
    (params,) = grow([NUMPY]).configurations
    for key in NUMPY:
        value = params[key]
        for each in value if isinstance(value, tuple) else (value,):
            assert type(each) in (int, float, bool, str), key
        np.testing.assert_array_equal(value, NUMPY[key])
    scalars = {"units": [np.int32(12), np.uint8(8)], "dropout": np.float32(0.25)}
    assert grow([scalars]).configurations[0]["dropout"] == (0.25, 0.25)
    assert NUMPY["units"].tolist() == [12, 8]
    for optimizer in ("schedulefreeadamw", "rmsprop"):
        keys = [*training.OPTIMIZERS[optimizer], "clipvalue"][1:]
        given = {key: OF_OTHERS[key] for key in keys} | {"optimizer": np.str_(optimizer)}
        made = grow([given]).configurations[0]
        assert all(type(made[key]) is type(OF_OTHERS[key].item()) for key in keys)
    population = Population([NUMPY], np.array([INPUTS]), np.int64(CLASSES), seed=np.int64(3))
    assert (type(population.seed), type(population.n_classes)) == (int, int)
    arguments = {"epochs": np.int64(1), "batch_size": np.int32(BATCH)}
    population.fit(X, Y, **arguments)
    population.configurations[0]["learning_rate"] = np.float32(0.125)
    population.fit(X, Y, **arguments)
    assert type(population.configurations[0]["learning_rate"]) is float
    several = [NUMPY | {"batch_size": np.int64(BATCH)}]
    assert train_all(several, X, Y, **arguments, **SHAPE)["loss"].shape == (1, 1)


@pytest.mark.parametrize("given", ["yes", 2, 1, None, 0.0, [True], np.array([True, False])])
def test_nesterov_is_true_or_false(given):
    with pytest.raises(ValueError, match=r"nesterov in configurations\[0\] is True or False, got"):
        grow([small(momentum=0.9, nesterov=given)])


def test_callbacks_may_be_any_iterable_and_see_every_epoch():
    seen = []
    population = grow([small()])
    population.fit(X, Y, 3, BATCH, callbacks=(f for f in [lambda p, e, logs: seen.append(e)]))
    assert seen == [0, 1, 2]
    history = population.fit(X, Y, 3, BATCH, callbacks=[lambda p, e, logs: np.True_])
    assert len(history["loss"]) == 1


@pytest.mark.parametrize("rate", [-0.1, np.nan, np.inf, None, "fast", [0.1, 0.2]])
def test_a_bad_rate_late_in_a_schedule_stops_before_training(rate):
    configurations = [small(), small(learning_rate=lambda step: 0.1 if step < 15 else rate)]
    population = grow(configurations)
    with pytest.raises(ValueError, match=r"configurations\[1\] .* at update 15"):
        population.fit(X, Y, 2, BATCH)
    assert population.updates == 0
    population.fit(X, Y, 1, BATCH)


def test_train_all_finds_errors_before_training(monkeypatch):
    monkeypatch.setattr(Population, "fit", lambda *args, **kwargs: pytest.fail("trained"))
    late = small(units=(3,), learning_rate=lambda step: -1.0)
    for configurations, message in (
        ([small(), small(units=(3,), batch_size=0)], r"batch_size in configurations\[1\]"),
        ([small(), small(units=(3,), momentun=0)], r"did you mean 'momentum'"),
        ([small(), late], "gives the learning rate -1.0 at update 0"),
    ):
        with pytest.raises(ValueError, match=message):
            train_all(configurations, X, Y, **SHAPE)


def test_default_numbers_are_those_of_keras():
    population = Population([{"optimizer": name} for name in training.OPTIMIZERS])
    for params in population.configurations:
        theirs = keras.optimizers.get(params["optimizer"]).get_config()
        for key in (*training.OPTIMIZERS[params["optimizer"]], "weight_decay"):
            default = theirs.get(key, theirs.get(f"adam_{key}")) or 0.0
            assert params[key] == pytest.approx(default), key


JAX_MORE = """
assert abs(population.to_keras(1).predict(data["x_new"], verbose=0) - predictions[1]).max() < 1e-5
dropped = Population([{"units": (12,), "dropout": 0.5}], (20,), 4)
assert np.isfinite(dropped.fit(data["x"], data["y"], 1, 16)["loss"]).all()
"""


def test_the_jax_backend_gives_the_same(tmp_path):
    population = grow(MIXED)  # the backends draw other initial weights from the same seed
    data, data_new = (X, Y), (X_NEW, Y_NEW)
    result = on_jax.train(tmp_path, MIXED, population.weights, data, data_new, 3, JAX_MORE)
    history = population.fit(X, Y, 3, BATCH, (X_NEW, Y_NEW))
    on_jax.assert_same(result, history, population.predict(X_NEW))


def test_seeds_of_any_size():
    alike, other = [{"seed": 2**40, "units": (3,)}], [{"seed": 5_000_000, "units": (3,)}]
    population = Population(alike + other, (4,))
    own, others = (population.to_keras(i).get_weights() for i in range(2))
    plain = training.mlp((3,), input_shape=(4,), seed=2**40).get_weights()
    assert not np.array_equal(own[0], others[0])
    for left, right in zip(own, plain, strict=True):
        np.testing.assert_array_equal(left, right)
