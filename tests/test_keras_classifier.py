"""The Keras model as a scikit-learn classifier."""

import functools
import pickle
import random
import threading

import keras
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, KFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.estimator_checks import parametrize_with_checks

from hpcourse import (
    Batches,
    Choice,
    GridSearch,
    KerasClassifier,
    SearchCV,
    Space,
    datasets,
    schedules,
    training,
)


@pytest.fixture(scope="module")
def data():
    return datasets.load_digits().flat()


def sigmoid(width=8, learning_rate=0.01, input_shape=(2,)):
    """Build a compiled model of one output that takes its learning rate itself."""
    model = keras.Sequential(
        [
            keras.Input(input_shape),
            keras.layers.Dense(width, activation="relu"),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(keras.optimizers.Adam(learning_rate), "binary_crossentropy")
    return model


def one_hot(n_classes):
    model = keras.Sequential(
        [keras.layers.Flatten(), keras.layers.Dense(n_classes, activation="softmax")]
    )
    model.build((None, 28, 28))
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    return model


EXPECTED = {
    "check_sample_weight_equivalence_on_dense_data": "a batch's loss is divided by its number of "
    "samples, as in Keras, and samples that are repeated make other batches",
    "check_no_attributes_set_in_init": "it knows the parameters of __init__'s signature alone; "
    "here those of build are parameters too",
}


@pytest.fixture
def double():
    usual = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float64")
    yield
    keras.config.set_dtype_policy(usual)


@parametrize_with_checks(
    [KerasClassifier(epochs=6, learning_rate=0.03)],
    expected_failed_checks=lambda estimator: EXPECTED,
)
def test_scikit_learns_own_checks(estimator, check, request):
    if check.func.__name__ == "check_methods_sample_order_invariance":
        request.getfixturevalue("double")  # it allows 1e-7, which is less than a float32 can tell
    check(estimator)


def test_the_order_of_samples_does_not_matter(data):
    """Beyond the rounding of float32, whose sums depend on a row's place in a batch."""
    fitted = KerasClassifier(epochs=2, random_state=0).fit(data.x_train[:200], data.y_train[:200])
    x, rng = data.x_val[:150], np.random.default_rng(0)
    expected = fitted.predict_proba(x)
    for _ in range(20):
        order = rng.permutation(len(x))
        assert np.allclose(fitted.predict_proba(x[order]), expected[order], rtol=1e-4, atol=1e-9)


def test_it_calculates_in_the_precision_that_keras_is_set_to(data, double):
    x, y = data.x_train[:200].astype("float64"), data.y_train[:200]
    fitted = KerasClassifier(epochs=2, random_state=0).fit(x, y)
    assert fitted.predict_proba(x).dtype == "float64"
    moved = x + 1e-10  # which a float32 near 1 does not hold
    assert np.any(fitted.predict_proba(moved) != fitted.predict_proba(x))


def test_hyperparameters_of_the_function_are_parameters():
    classifier = KerasClassifier(training.mlp, units=(8,), epochs=3)
    params = classifier.get_params()
    assert (params["units"], params["epochs"], params["activation"]) == ((8,), 3, "relu")
    assert not {"input_shape", "n_classes", "seed"} & set(params)
    assert classifier.set_params(units=(4, 4), batch_size=7).get_params()["units"] == (4, 4)
    other = clone(classifier)
    assert other is not classifier
    assert other.get_params() == classifier.get_params()
    changed = classifier.set_params(build=sigmoid, width=3)
    assert changed.get_params()["width"] == 3
    assert "units" not in changed.get_params()
    assert "KerasClassifier(" in repr(changed)


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_grid_search_in_a_pipeline(data, n_jobs):
    pipeline = make_pipeline(StandardScaler(), KerasClassifier(random_state=0, batch_size=32))
    grid = {"kerasclassifier__units": [(2,), (32,)], "kerasclassifier__epochs": [1, 6]}
    search = GridSearchCV(pipeline, grid, cv=2, n_jobs=n_jobs, error_score="raise")
    search.fit(data.x_train[:600], data.y_train[:600])
    assert search.best_params_ == {"kerasclassifier__epochs": 6, "kerasclassifier__units": (32,)}
    assert search.best_score_ > search.cv_results_["mean_test_score"].min() + 0.2
    assert search.score(data.x_val, data.y_val) > 0.8
    assert len(search.best_estimator_[-1].history_["loss"]) == 6


def test_it_trains_the_network_that_keras_trains(data):
    """The same as by hand: no argument is dropped on the way."""
    settings = {"units": (16,), "dropout": 0.2}
    made = KerasClassifier(epochs=2, batch_size=50, optimizer="sgd", learning_rate=0.3, **settings)
    made.set_params(random_state=3).fit(data.x_train, data.y_train)
    from hpcourse import Batches

    seed = int(np.random.RandomState(3).randint(2**31 - 1))
    model = training.mlp(**settings, seed=seed)
    model.compile(keras.optimizers.SGD(0.3), "sparse_categorical_crossentropy")
    model.fit(Batches(data.x_train, data.y_train, 50, seed=seed), epochs=2, verbose=0)
    assert np.allclose(made.predict_proba(data.x_val), model.predict(data.x_val, verbose=0))


def test_the_same_random_state_gives_the_same_network(data):
    x, y = data.x_train[:200], data.y_train[:200]
    first = KerasClassifier(epochs=2, dropout=0.3, random_state=1).fit(x, y)
    again = clone(first).fit(x, y)
    other = clone(first).set_params(random_state=2).fit(x, y)
    assert np.array_equal(first.predict_proba(x), again.predict_proba(x))
    assert not np.allclose(first.predict_proba(x), other.predict_proba(x))


def test_it_pickles_fitted(data):
    x, y = data.x_train[:200], data.y_train[:200]
    fitted = KerasClassifier(training.mlp, epochs=1, units=(8,), random_state=0).fit(x, y)
    back = pickle.loads(pickle.dumps(fitted))
    assert np.array_equal(back.predict_proba(x), fitted.predict_proba(x))
    assert back.get_params() == fitted.get_params()


def test_a_sigmoid_and_labels_that_are_words():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(300, 2))
    y = np.where(x[:, 0] > 0, "right", "left")
    fitted = KerasClassifier(sigmoid, epochs=15, learning_rate=0.05, random_state=0).fit(x, y)
    assert fitted.classes_.tolist() == ["left", "right"]
    assert fitted.predict_proba(x).shape == (300, 2)
    assert fitted.score(x, y) > 0.95
    assert float(fitted.model_.optimizer.learning_rate) == pytest.approx(0.05)
    assert float(
        clone(fitted).set_params(learning_rate=None).fit(x, y).model_.optimizer.learning_rate
    ) == (pytest.approx(0.01))


def test_pictures_and_one_hot_losses():
    pictures = datasets.load_digits()
    x, y = pictures.x_train[:400] / 255, pictures.y_train[:400]
    fitted = KerasClassifier(one_hot, epochs=5, random_state=0, validation_split=0.25).fit(x, y)
    assert fitted.score(x, y) > 0.7
    assert len(fitted.history_["val_loss"]) == 5


def test_callbacks_are_copied(data):
    stop = keras.callbacks.EarlyStopping(patience=1, monitor="loss", min_delta=10)
    fitted = KerasClassifier(epochs=9, callbacks=[stop]).fit(data.x_train[:100], data.y_train[:100])
    assert len(fitted.history_["loss"]) < 9
    assert fitted.callbacks == [stop]
    assert stop.stopped_epoch == 0


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"epochs": 0}, "epochs is a whole number from 1, got 0"),
        ({"batch_size": 1.5}, "batch_size is a whole number from 1, got 1.5"),
        ({"validation_split": 1}, r"validation_split is in \[0, 1\), got 1"),
        ({"build": 3}, "build is a function that returns a model, got 3"),
        ({"build": sigmoid, "optimizer": "adam"}, "optimizer would have no effect"),
        ({"build": sigmoid}, r"for 3 classes, got outputs of shape \(1,\)"),
    ],
)
def test_bad_settings_are_named(params, message):
    x, y = np.zeros((9, 2)), np.arange(9) % (3 if "optimizer" not in params else 2)
    with pytest.raises(ValueError, match=message):
        KerasClassifier().set_params(**params).fit(x, y)


def test_an_unknown_parameter_is_named_at_once():
    with pytest.raises(ValueError, match="unknown parameter 'unit'; did you mean 'units'"):
        KerasClassifier(unit=(64,))
    with pytest.raises(ValueError, match="unknown parameter 'units'"):
        KerasClassifier(sigmoid).set_params(units=3)


# Settings that are refused before any training


def in_two(width=3, input_shape=(2,)):
    """A model of two outputs that is not compiled."""
    return small(keras.layers.Dense(width, activation="relu"), input_shape=input_shape)


def small(*layers, input_shape=(2,), n_outputs=2, activation="softmax"):
    last = keras.layers.Dense(n_outputs, activation=activation)
    return keras.Sequential([keras.Input(input_shape), *layers, last])


X = np.random.default_rng(0).normal(size=(60, 2)).astype("float32")
Y = (X[:, 0] > 0).astype(int)


def two_heads():
    given = keras.Input((2,))
    return keras.Model(given, [keras.layers.Dense(2)(given), keras.layers.Dense(2)(given)])


def of_pictures():
    return small(input_shape=(4, 2))


def nothing_returned():
    in_two()


STEP_OF_EPOCHS = schedules.Step(0.1, [3], counts="epochs")


@pytest.fixture
def no_training(monkeypatch):
    def fit(*_, **__):
        raise AssertionError("training has started")

    monkeypatch.setattr(keras.Model, "fit", fit)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"epochs": True}, "epochs is a whole number from 1, got True"),
        ({"epochs": "3"}, "epochs is a whole number from 1, got '3'"),
        ({"epochs": 2.0}, "epochs is a whole number from 1, got 2.0"),
        ({"batch_size": None}, "batch_size is a whole number from 1, got None"),
        ({"batch_size": 0}, "batch_size is a whole number from 1, got 0"),
        ({"verbose": 3}, "verbose is a whole number from 0 to 2, got 3"),
        ({"verbose": True}, "verbose is a whole number from 0 to 2, got True"),
        ({"verbose": "loud"}, "verbose is a whole number from 0 to 2, got 'loud'"),
        ({"validation_split": "0.2"}, r"validation_split is in \[0, 1\), got '0.2'"),
        ({"validation_split": None}, r"validation_split is in \[0, 1\), got None"),
        ({"validation_split": np.nan}, r"validation_split is in \[0, 1\), got nan"),
        ({"random_state": "0"}, "random_state is a whole number .* got '0'"),
        ({"random_state": 0.5}, "random_state is a whole number .* got 0.5"),
        ({"random_state": np.random.default_rng(0)}, "random_state is a whole .* got Generator"),
        ({"callbacks": print}, "callbacks is a list of keras.callbacks.Callback, got <built-in"),
        ({"callbacks": [print]}, "callbacks is a list of keras.callbacks.Callback, got .<built"),
        ({"callbacks": keras.callbacks.EarlyStopping()}, "callbacks is a list of .*EarlyStopping"),
        ({"callbacks": [keras.callbacks.EarlyStopping]}, "callbacks is a list of .*EarlyStopping"),
        ({"build": keras.Sequential()}, "build is a function that returns a model, got <Seq"),
        ({"build": in_two()}, "build is a function that returns a model, got <Seq"),
        ({"build": two_heads()}, "build is a function that returns a model, got <Func"),
        ({"build": "mlp"}, "build is a function that returns a model, got 'mlp'"),
        ({"build": nothing_returned}, "build returns a Keras model, got None"),
        ({"build": lambda: 3}, "build returns a Keras model, got 3"),
        ({"build": lambda: in_two}, "build returns a Keras model, got <function in_two"),
        ({"build": two_heads}, "for 2 classes, got several outputs"),
        ({"build": lambda: small(n_outputs=3)}, r"for 2 classes, got outputs of shape \(3,\)"),
        ({"build": of_pictures}, r"expected shape=\(None, 4, 2\), found shape=\(None, 2\)"),
        ({"optimizer": "adma"}, "optimizer is one of Keras's .*, or its name, got 'adma'"),
        ({"optimizer": 3}, "optimizer is one of Keras's .*, or its name, got 3"),
        ({"optimizer": ""}, "optimizer is one of Keras's .*, or its name, got ''"),
        ({"optimizer": keras.optimizers.Adam}, "optimizer is one of Keras's .* got <class"),
        ({"learning_rate": 0}, "learning_rate is a number above 0 or None, got 0"),
        ({"learning_rate": "fast"}, "learning_rate is a number above 0 or None, got 'fast'"),
        ({"learning_rate": [0.1]}, r"learning_rate is a number above 0 or None, got \[0.1\]"),
        ({"learning_rate": schedules.Step}, "learning_rate is a number above 0 or None, got <cl"),
        ({"learning_rate": STEP_OF_EPOCHS}, r"got Step.*\.to_updates\(steps_per_epoch\)"),
        (
            {"learning_rate": STEP_OF_EPOCHS, "build": sigmoid},
            r"learning_rate is .* got Step.*\.to_updates\(steps_per_epoch\)",
        ),
    ],
)
def test_wrong_settings_are_one_error_before_any_training(params, message, no_training):
    with pytest.raises(ValueError, match=message):
        KerasClassifier().set_params(**params).fit(X, Y)


def needs_one(width, input_shape):
    return in_two(width, input_shape)


def needs_two(width, input_shape, *, depth, n_classes=2):
    return small(*[keras.layers.Dense(width) for _ in range(depth)], input_shape=input_shape)


def needs_a_rate(learning_rate, optimizer="sgd", input_shape=(2,)):
    return sigmoid(3, learning_rate, input_shape)


@pytest.mark.parametrize(
    ("build", "missing"),
    [
        (needs_one, ["width"]),
        (needs_two, ["width", "depth"]),
        (needs_a_rate, ["learning_rate"]),
        (functools.partial(needs_two, depth=1), ["width"]),
    ],
)
def test_what_build_needs_is_named(build, missing, no_training):
    classifier = KerasClassifier(build, random_state=0, epochs=1)
    for made in (classifier, clone(classifier), pickle.loads(pickle.dumps(clone(classifier)))):
        with pytest.raises(
            ValueError, match=f"build needs {' and '.join(missing)}: .*{missing[0]}"
        ):
            made.fit(X, Y)
        params = made.get_params()
        assert "inspect" not in f"{made!r}{params}"
        if build is not needs_a_rate:
            assert repr(params["width"]) == "<needed>"
        assert clone(made).set_params(build=build).get_params() == params | {"build": build}


@pytest.mark.parametrize("build", [needs_one, needs_two, needs_a_rate])
def test_what_build_needs_can_be_given_and_searched(build):
    given = {"width": 3, "depth": 2, "learning_rate": 0.1}
    taken = KerasClassifier(build).get_params()
    given = {name: value for name, value in given.items() if name in taken}
    if build is needs_one:
        del given["learning_rate"]
    classifier = KerasClassifier(build, epochs=1)
    grid = {name: [value] for name, value in given.items()}
    if build is needs_two:
        grid["learning_rate"] = [None]
    search = GridSearchCV(classifier, grid, cv=2, error_score="raise").fit(X, Y)
    assert search.best_params_ == given | ({"learning_rate": None} if build is needs_two else {})


def test_a_value_of_none_is_a_value():
    def build(dropout):
        return in_two() if dropout is None else None

    assert KerasClassifier(build, dropout=None, epochs=1).fit(X, Y).score(X, Y) >= 0


# Schedules and optimizers


@pytest.mark.parametrize("build", [in_two, sigmoid])
@pytest.mark.parametrize(
    "schedule",
    [
        schedules.Step(0.1, [2, 4]),
        schedules.OneCycle(0.1, duration=10),
        STEP_OF_EPOCHS.to_updates(1),
        keras.optimizers.schedules.CosineDecay(0.1, 5),
    ],
)
def test_a_schedule_of_updates_is_a_learning_rate(schedule, build):
    classifier = KerasClassifier(build, learning_rate=schedule, epochs=2, batch_size=30)
    fitted = clone(classifier.set_params(random_state=0)).fit(X, Y)
    in_keras = getattr(schedule, "to_keras", lambda: schedule)()
    rate = keras.ops.convert_to_numpy(fitted.model_.optimizer.learning_rate)
    assert int(fitted.model_.optimizer.iterations) == 4
    assert float(rate) == pytest.approx(float(in_keras(4)))


@pytest.mark.parametrize(
    "optimizer",
    [
        keras.optimizers.SGD(0.25, momentum=0.5),
        keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(0.25, 10, 0.9)),
        keras.optimizers.RMSprop(0.25, rho=0.7),
    ],
)
def test_an_optimizer_is_copied(optimizer):
    before = optimizer.get_config()
    classifier = KerasClassifier(in_two, optimizer=optimizer, learning_rate=0.5, epochs=1)
    for _ in range(2):
        made = classifier.fit(X, Y).model_.optimizer
        assert made is not optimizer
        assert type(made) is type(optimizer)
        assert float(made.learning_rate) == 0.5
        for name in {"momentum", "beta_1", "rho"} & set(before):
            assert made.get_config()[name] == before[name]
    assert optimizer.get_config() == before
    assert not optimizer.built
    assert classifier.optimizer is optimizer


# Global state, and what an int as random_state repeats


class Lazy(keras.layers.Layer):
    """Makes its weights, and a layer with random numbers, when it is built."""

    def build(self, shape):
        self.kernel = self.add_weight(shape=(shape[-1], 4))
        self.noise = keras.layers.GaussianNoise(0.5)
        super().build(shape)

    def call(self, x, training=None):
        return self.noise(keras.ops.matmul(x, self.kernel), training=training)


class Own(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden, self.drop = keras.layers.Dense(8), keras.layers.Dropout(0.5)
        self.last = keras.layers.Dense(2, activation="softmax")

    def call(self, x, training=None):
        return self.last(self.drop(self.hidden(x), training=training))


def by_numpy(shape, dtype=None):
    return np.random.normal(size=shape)  # noqa: NPY002


def by_python(shape, dtype=None):
    return np.reshape([random.gauss(0, 1) for _ in range(np.prod(shape))], shape)


def branches():
    given = keras.Input((2,))
    both = [keras.layers.Dropout(0.3)(keras.layers.Dense(4)(given)) for _ in range(2)]
    joined = keras.layers.Concatenate()(both)
    return keras.Model(given, keras.layers.Dense(2, activation="softmax")(joined))


layers = keras.layers
REPEATABLE = {
    "mlp": None,
    "layers with random numbers": lambda: small(
        layers.GaussianNoise(0.5),
        layers.Dense(8),
        layers.Dropout(0.3),
        layers.GaussianDropout(0.3),
        layers.AlphaDropout(0.3),
    ),
    "recurrent": lambda: small(layers.Reshape((2, 1)), layers.SimpleRNN(3, recurrent_dropout=0.3)),
    "random pictures": lambda: small(
        layers.Reshape((2, 1, 1)), layers.RandomTranslation(0.4, 0.4), layers.Flatten()
    ),
    "no input": lambda: keras.Sequential([layers.Dense(8), layers.Dense(2, "softmax")]),
    "weights made late": lambda: small(Lazy()),
    "late, no input": lambda: keras.Sequential([Lazy(), layers.Dense(2, "softmax")]),
    "own class": Own,
    "branches": branches,
    "the caller's generators": lambda: small(
        layers.Dense(4, kernel_initializer=by_numpy), layers.Dense(4, kernel_initializer=by_python)
    ),
}


def global_state():
    """What the generators of Python and NumPy would give next, without asking them for it."""
    numpy = np.random.get_state(legacy=False)  # noqa: NPY002
    return random.getstate(), numpy["state"]["key"].tolist(), numpy["state"]["pos"], numpy["gauss"]


def weights_of(classifier):
    return [np.asarray(weight) for weight in classifier.model_.get_weights()]


def unsettle(seed):
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002
    np.random.normal()  # noqa: NPY002  one of a pair: the other one is kept for the next call


@pytest.fixture
def restored():
    python, numpy = random.getstate(), np.random.get_state()  # noqa: NPY002
    yield
    random.setstate(python)
    np.random.set_state(numpy)  # noqa: NPY002


@pytest.mark.parametrize("name", REPEATABLE)
def test_an_int_repeats_the_network_and_changes_no_global_state(name, restored):
    made = []
    for seed, random_state in ((1, 7), (2, np.int64(7))):
        unsettle(seed)
        before = global_state()
        classifier = KerasClassifier(REPEATABLE[name], epochs=2, random_state=random_state)
        classifier.fit(X, Y)
        made.append([*weights_of(classifier), classifier.predict_proba(X)])
        assert global_state() == before
    for first, again in zip(*made, strict=True):
        assert np.array_equal(first, again)


@pytest.mark.parametrize("random_state", [0, None, "RandomState"])
def test_the_callers_next_numbers_are_what_they_would_have_been(random_state, restored):
    def draw():
        unsettle(5)
        yield random.random(), random.gauss(0, 1)
        if random_state is None:  # scikit-learn's contract: it draws from NumPy's generator
            np.random.randint(2**31 - 1)  # noqa: NPY002
        yield np.random.normal(size=3).tolist()  # noqa: NPY002

    expected = list(draw())
    given = np.random.RandomState(0) if random_state == "RandomState" else random_state
    classifier = KerasClassifier(in_two, epochs=1, random_state=given)
    unsettle(5)
    classifier.fit(X, Y).predict_proba(X)
    found = [(random.random(), random.gauss(0, 1)), np.random.normal(size=3).tolist()]  # noqa: NPY002
    assert found == expected
    if given is not None and given is not random_state:
        advanced = np.random.RandomState(0)
        advanced.randint(2**31 - 1)
        assert given.randint(1000) == advanced.randint(1000)


def test_tensorflows_next_numbers_are_what_they_would_have_been(restored):
    if keras.backend.backend() != "tensorflow":
        pytest.skip("no TensorFlow")
    import tensorflow as tf

    found = []
    for fits in (False, True):
        tf.random.set_seed(3)
        if fits:
            for build in (None, REPEATABLE["layers with random numbers"]):
                KerasClassifier(build, random_state=0, epochs=1).fit(X, Y).predict(X)
        found.append(tf.random.uniform((3,)).numpy().tolist())
    assert found[0] == found[1]


@pytest.mark.parametrize("where", ["build", "compile", "fit"])
def test_an_error_restores_the_global_state(where, restored):
    class Stop(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            raise RuntimeError("in fit")

    def build():
        model = small(layers.Dropout(0.5))
        if where == "build":
            raise RuntimeError("in build")
        if where == "compile":
            model.compile = None
        return model

    unsettle(1)
    before = global_state()
    with pytest.raises((RuntimeError, TypeError)):
        KerasClassifier(build, random_state=0, callbacks=[Stop()]).fit(X, Y)
    assert global_state() == before


def test_another_bit_generator_of_the_caller_stays(restored):
    usual = np.random.get_bit_generator()
    try:
        np.random.set_bit_generator(np.random.PCG64(3))
        expected = np.random.RandomState(np.random.PCG64(3)).uniform(size=3).tolist()
        KerasClassifier(in_two, epochs=1, random_state=0).fit(X, Y)
        assert np.random.uniform(size=3).tolist() == expected  # noqa: NPY002
    finally:
        np.random.set_bit_generator(usual)


def test_threads_do_not_disturb_each_other(restored):
    found = []

    def train():
        fitted = KerasClassifier(
            REPEATABLE["layers with random numbers"], epochs=1, random_state=0
        ).fit(X, Y)
        found.append(fitted.predict_proba(X))

    unsettle(1)
    before = global_state()
    threads = [threading.Thread(target=train) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert global_state() == before
    assert len(found) == 3
    assert all(np.array_equal(found[0], other) for other in found)


# Logits


def compiled(loss, n_outputs=1, activation=None):
    def build():
        given = keras.Input((2,))
        last = keras.layers.Dense(n_outputs, activation=activation, name="last")
        model = keras.Model(given, last(given))
        model.compile(keras.optimizers.Adam(0.2), loss)
        return model

    return build


def by_hand(y, predicted):
    return keras.losses.binary_crossentropy(y, predicted, from_logits=True)


def by_hand_as_an_option(y, predicted, from_logits=True):
    return keras.losses.binary_crossentropy(y, predicted, from_logits=from_logits)


class OwnLoss(keras.losses.Loss):
    def __init__(self, from_logits=True):
        super().__init__()
        self.from_logits = from_logits

    def call(self, y, predicted):
        return keras.losses.sparse_categorical_crossentropy(y, predicted, self.from_logits)


class ConfigLoss(keras.losses.Loss):
    def call(self, y, predicted):
        return keras.losses.sparse_categorical_crossentropy(y, predicted, True)

    def get_config(self):
        return super().get_config() | {"from_logits": True}


losses = keras.losses
WITH_LOGITS = {
    "binary": (lambda: losses.BinaryCrossentropy(from_logits=True), 1),
    "binary focal": (lambda: losses.BinaryFocalCrossentropy(from_logits=True), 1),
    "in a list": (lambda: [losses.BinaryCrossentropy(from_logits=True)], 1),
    "in a dict": (lambda: {"last": losses.CategoricalCrossentropy(from_logits=True)}, 2),
    "option of a function": (lambda: by_hand_as_an_option, 1),
    "partial": (lambda: functools.partial(losses.binary_crossentropy, from_logits=True), 1),
    "sparse": (lambda: losses.SparseCategoricalCrossentropy(from_logits=True, name="s"), 2),
    "categorical": (lambda: losses.CategoricalCrossentropy(from_logits=True, name="c"), 2),
    "focal": (lambda: losses.CategoricalFocalCrossentropy(from_logits=True), 2),
    "own class": (OwnLoss, 2),
    "own config": (ConfigLoss, 2),
}


@pytest.mark.parametrize("name", WITH_LOGITS)
def test_logits_become_probabilities(name):
    loss, n_outputs = WITH_LOGITS[name]
    words = np.where(Y, "right", "left")
    build = compiled(loss(), n_outputs)
    fitted = KerasClassifier(build, epochs=10, random_state=0).fit(X, words)
    logits = keras.ops.convert_to_numpy(fitted.model_(X))
    assert np.abs(logits).max() > 1
    if n_outputs == 1:
        right = 1 / (1 + np.exp(-logits[:, 0]))
    else:
        right = 1 / (1 + np.exp(logits[:, 0] - logits[:, 1]))
    probabilities = fitted.predict_proba(X)
    assert np.allclose(probabilities, np.column_stack([1 - right, right]), atol=1e-5)
    assert np.array_equal(fitted.predict(X), np.where(right > 0.5, "right", "left"))
    assert fitted.score(X, words) > 0.8


def test_it_still_knows_them_after_pickling():
    build = compiled(keras.losses.BinaryCrossentropy(from_logits=True))
    fitted = KerasClassifier(build, epochs=5, random_state=0).fit(X, Y)
    fitted.build = None  # a function inside of another does not pickle
    back = pickle.loads(pickle.dumps(fitted))
    assert np.array_equal(back.predict_proba(X), fitted.predict_proba(X))


@pytest.mark.parametrize(
    ("n_outputs", "activation"), [(1, None), (2, None), (1, "sigmoid"), (2, "softmax")]
)
def test_a_model_that_is_not_compiled_gets_the_loss_that_fits_its_output(n_outputs, activation):
    def build():
        return small(n_outputs=n_outputs, activation=activation)

    fitted = KerasClassifier(build, epochs=20, learning_rate=0.1, random_state=0).fit(X, Y)
    probabilities = fitted.predict_proba(X)
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    loss, accuracy = fitted.model_.evaluate(X, Y, verbose=0)
    assert accuracy == pytest.approx(fitted.score(X, Y))
    assert accuracy > 0.8
    assert loss == pytest.approx(-np.mean(np.log(probabilities[range(60), Y])), rel=1e-3)


@pytest.mark.parametrize(
    "loss", ["mse", "hinge", by_hand, losses.Huber(), {"last": by_hand}, [by_hand], None]
)
def test_a_single_output_that_is_no_probability_is_refused(loss, monkeypatch):
    monkeypatch.setattr(keras.Model, "fit", lambda *_, **__: keras.callbacks.History())
    monkeypatch.setattr(keras.callbacks.History, "history", {}, raising=False)
    fitted = KerasClassifier(compiled(loss), random_state=0).fit(X, Y)
    fitted.model_.set_weights([np.array([[3.0], [0.0]]), np.zeros(1)])
    for ask in (fitted.predict_proba, fitted.predict):
        with pytest.raises(ValueError, match=r"outputs are no probabilities.* from_logits=True"):
            ask(X)


@pytest.mark.parametrize("loss", ["mse", "categorical_hinge", losses.Huber()])
def test_the_largest_output_is_the_label_without_probabilities(loss):
    fitted = KerasClassifier(compiled(loss, 2), epochs=10, random_state=0).fit(X, Y)
    with pytest.raises(ValueError, match="outputs are no probabilities"):
        fitted.predict_proba(X)
    assert fitted.score(X, Y) > 0.8


@pytest.mark.parametrize(
    ("loss", "n_outputs"),
    [
        ("binary_crossentropy", 1),
        ("bce", 1),
        ("BinaryCrossentropy", 1),
        (losses.binary_crossentropy, 1),
        ("sparse_categorical_crossentropy", 2),
        ("categorical_crossentropy", 2),
        ("CategoricalFocalCrossentropy", 2),
        (losses.CategoricalCrossentropy(name="mine"), 2),
        ("mse", 2),
        ({"last": "kl_divergence"}, 2),
        ([losses.SparseCategoricalCrossentropy()], 2),
    ],
)
def test_probabilities_are_left_alone(loss, n_outputs):
    activation = "sigmoid" if n_outputs == 1 else "softmax"
    build = compiled(loss, n_outputs, activation)
    fitted = KerasClassifier(build, epochs=10, random_state=0).fit(X, Y)
    outputs = keras.ops.convert_to_numpy(fitted.model_(X))
    assert np.array_equal(fitted.predict_proba(X)[:, -1], outputs[:, -1])
    assert fitted.score(X, Y) > 0.8


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_half_precision_is_no_reason_to_refuse_probabilities(policy):
    usual = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        fitted = KerasClassifier(lambda: small(n_outputs=20), epochs=1, random_state=0)
        fitted.fit(np.repeat(X, 2, axis=0), np.arange(120) % 20)
        probabilities = fitted.predict_proba(X)
    finally:
        keras.config.set_dtype_policy(usual)
    assert probabilities.dtype == "float32"


@pytest.mark.parametrize("n_outputs", [1, 2])
def test_a_network_that_has_diverged_says_so(n_outputs):
    kind = "binary" if n_outputs == 1 else "sparse_categorical"
    build = compiled(f"{kind}_crossentropy", n_outputs, "softplus")
    fitted = KerasClassifier(build, epochs=1, random_state=0).fit(X, Y)
    fitted.model_.set_weights([np.full_like(w, np.nan) for w in fitted.model_.get_weights()])
    for ask in (fitted.predict, fitted.predict_proba):
        with pytest.raises(ValueError, match="not finite: its training has diverged"):
            ask(X)


# Weights and validation data


def plain_keras(weight=None, epochs=3, batch_size=16, rate=0.5):
    """The same training by Keras alone."""
    seed = int(np.random.RandomState(0).randint(2**31 - 1))
    model = training.mlp((4,), input_shape=(2,), n_classes=2, seed=seed)
    model.compile(keras.optimizers.SGD(rate), "sparse_categorical_crossentropy")
    rng_orders = [
        Batches(np.arange(60), Y, batch_size, seed=seed, initial_epoch=e) for e in range(epochs)
    ]
    for batches in rng_orders:
        order = np.concatenate([rows for rows, _ in batches])
        model.fit(
            X[order],
            Y[order],
            sample_weight=None if weight is None else np.asarray(weight)[order],
            batch_size=batch_size,
            shuffle=False,
            verbose=0,
        )
    return model.predict(X, verbose=0)


def ours(y=Y, x=X, fit=None, **params):
    params = {"epochs": 3, "batch_size": 16, "learning_rate": 0.5, "random_state": 0} | params
    return KerasClassifier(units=(4,), optimizer="sgd", **params).fit(x, y, **(fit or {}))


WEIGHTS = np.random.default_rng(1).uniform(0, 2, 60)


@pytest.mark.parametrize(
    "weight",
    [None, np.ones(60), WEIGHTS, WEIGHTS.tolist(), WEIGHTS > 1, np.where(WEIGHTS > 1, 2, 0)],
)
def test_sample_weights_are_those_of_keras(weight):
    found = ours(fit={"sample_weight": weight}).predict_proba(X)
    assert np.allclose(found, plain_keras(weight), atol=1e-6)


@pytest.mark.parametrize(
    ("labels", "class_weight", "factors"),
    [
        ([0, 1], {0: 3, 1: 0.5}, [3, 0.5]),
        ([5, 9], {9: 0.5, 5: np.float32(3)}, [3, 0.5]),
        (["left", "right"], {"left": 3, "right": 0.5}, [3, 0.5]),
        (["left", "right"], {"right": 4}, [1, 4]),
        ([True, False], {True: 2, False: 3}, [3, 2]),
        ([1, 2], {1: 2, 2: 3, 7: 4}, [2, 3]),
        ([0, 1], {}, [1, 1]),
    ],
)
def test_class_weights_go_by_label(labels, class_weight, factors):
    y = np.sort(labels)[Y]
    found = ours(y, fit={"class_weight": class_weight, "sample_weight": WEIGHTS})
    expected = ours(y, fit={"sample_weight": WEIGHTS * np.array(factors)[Y]})
    assert np.allclose(found.predict_proba(X), expected.predict_proba(X), atol=1e-6)


def test_class_weights_are_those_of_keras():
    found = ours(fit={"class_weight": {0: 3, 1: 0.5}}).predict_proba(X)
    assert np.allclose(found, plain_keras(np.where(Y, 0.5, 3)), atol=1e-6)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.8])
def test_balanced_is_scikit_learns(share):
    y = np.where(np.arange(60) < share * 60, "a", "b")
    expected = ours(y, fit={"sample_weight": compute_sample_weight("balanced", y)})
    found = ours(y, fit={"class_weight": "balanced"})
    assert np.allclose(found.predict_proba(X), expected.predict_proba(X), atol=1e-6)
    counted = np.where(np.arange(60) % 3, 1, 2)  # as if every third sample were there twice
    twice = np.repeat(y, counted)
    per_class = {label: len(twice) / 2 / np.sum(twice == label) for label in "ab"}
    expected = ours(y, fit={"sample_weight": counted, "class_weight": per_class})
    found = ours(y, fit={"sample_weight": counted, "class_weight": "balanced"})
    assert np.allclose(found.predict_proba(X), expected.predict_proba(X), atol=1e-6)


@pytest.mark.parametrize("change", ["samples", "labels", "both"])
def test_samples_of_weight_zero_do_not_count(change):
    weight = np.where(np.arange(60) % 3, 1.0, 0.0)
    x, y = X.copy(), Y.copy()
    if change != "labels":
        x[weight == 0] = 7
    if change != "samples":
        y[weight == 0] = 1 - y[weight == 0]
    found = ours(y, x, fit={"sample_weight": weight}).predict_proba(X)
    assert np.array_equal(found, ours(fit={"sample_weight": weight}).predict_proba(X))
    assert not np.allclose(found, ours().predict_proba(X))


def test_a_weight_of_two_is_a_sample_that_is_there_twice():
    """In one batch, and up to its number of samples, by which Keras divides."""
    weight = np.where(np.arange(60) % 3, 1, 2)
    twice = np.repeat(np.arange(60), weight)
    common = {"batch_size": 100, "epochs": 5}
    found = ours(fit={"sample_weight": weight}, learning_rate=0.6, **common)
    expected = ours(Y[twice], X[twice], learning_rate=0.6 * len(twice) / 60, **common)
    assert np.allclose(found.predict_proba(X), expected.predict_proba(X), atol=1e-5)


@pytest.mark.parametrize(
    ("loss", "n_outputs"), [("categorical_crossentropy", 2), ("binary_crossentropy", 1)]
)
def test_weights_with_one_hot_and_single_outputs(loss, n_outputs):
    build = compiled(loss, n_outputs, "softmax" if n_outputs == 2 else "sigmoid")
    classifier = KerasClassifier(build, epochs=30, random_state=0)
    classifier.fit(X, Y, class_weight={0: 0})
    sevens = X.copy()
    sevens[Y == 0] = 7
    again = clone(classifier).fit(sevens, Y, class_weight={0: 0})
    assert np.array_equal(classifier.predict_proba(X), again.predict_proba(X))
    assert np.mean(classifier.predict(X)) > 0.8


@pytest.mark.parametrize(
    ("fit", "message"),
    [
        ({"sample_weight": np.ones(59)}, "sample_weight is an array of 60 numbers from 0, got"),
        ({"sample_weight": np.ones((60, 1))}, "sample_weight is an array of 60 numbers from 0"),
        ({"sample_weight": 1.0}, "sample_weight is an array of 60 numbers from 0, got 1.0"),
        ({"sample_weight": ["a"] * 60}, "sample_weight is an array of 60 numbers from 0, got"),
        ({"sample_weight": -np.ones(60)}, "sample_weight is an array of 60 numbers from 0"),
        ({"sample_weight": np.full(60, np.nan)}, "sample_weight is an array of 60 numbers from"),
        ({"sample_weight": {0: 1}}, "sample_weight is an array of 60 numbers from 0, got {0: 1}"),
        ({"sample_weight": np.zeros(60)}, "weight of each sample that is trained on is zero"),
        ({"class_weight": {0: 0, 1: 0}}, "weight of each sample that is trained on is zero"),
        (
            {"sample_weight": np.zeros(60), "class_weight": "balanced"},
            "weight of each sample that is trained on is zero",
        ),
        ({"class_weight": {5: 1, 9: 2}}, r"dict of labels of y, \[0, 1\], got {5: 1, 9: 2}"),
        ({"class_weight": {"0": 1}}, r"dict of labels of y, \[0, 1\], got {'0': 1}"),
        ({"class_weight": {1: 1, 2: 2}}, r"dict of labels of y, \[0, 1\], got {1: 1, 2: 2}"),
        ({"class_weight": [1, 2]}, r"'balanced' or a dict of labels of y, .*got \[1, 2\]"),
        ({"class_weight": "balance"}, "'balanced' or a dict of labels of y, .*got 'balance'"),
        ({"class_weight": {0: -1}}, r"class_weight\[0\] is a number from 0, got -1"),
        ({"class_weight": {1: "2"}}, r"class_weight\[1\] is a number from 0, got '2'"),
        ({"validation_data": X}, r"validation_data is a pair \(X, y\), got array"),
        ({"validation_data": (X,)}, r"validation_data is a pair \(X, y\), got \(array"),
        ({"validation_data": (X, Y, Y)}, r"validation_data is a pair \(X, y\), got \(array"),
        ({"validation_data": 0.2}, r"validation_data is a pair \(X, y\), got 0.2"),
        ({"validation_data": (X, Y + 1)}, r"labels of y, \[0, 1\], got \[1, 2\]"),
        ({"validation_data": (X, Y.astype(str))}, r"labels of y, \[0, 1\], got \['0', '1'\]"),
        ({"validation_data": (X[:, :1], Y)}, "X has 1 features"),
        ({"validation_data": (X[:5], Y)}, "inconsistent numbers of samples"),
    ],
)
def test_wrong_weights_are_one_error_before_any_training(fit, message, no_training):
    with pytest.raises(ValueError, match=message):
        KerasClassifier().fit(X, Y, **fit)


def test_validation_data_and_split_exclude_each_other(no_training):
    classifier = KerasClassifier(validation_split=0.2)
    with pytest.raises(ValueError, match="validation_data takes the place of validation_split"):
        classifier.fit(X, Y, validation_data=(X, Y))


@pytest.mark.parametrize("labels", [[0, 1], [4, 7], ["left", "right"]])
@pytest.mark.parametrize(
    ("loss", "n_outputs"),
    [("categorical_crossentropy", 2), ("sparse_categorical_crossentropy", 2), ("bce", 1)],
)
def test_validation_data_have_the_labels_of_y(labels, loss, n_outputs):
    build = compiled(loss, n_outputs, "softmax" if n_outputs == 2 else "sigmoid")
    y = np.array(labels)[Y]
    given = X[:9].tolist(), y[:9].tolist()
    fitted = KerasClassifier(build, epochs=3, random_state=0).fit(X, y, validation_data=given)
    right = fitted.predict_proba(X[:9])[np.arange(9), Y[:9]]
    expected = -np.mean(np.log(right))
    assert fitted.history_["val_loss"][-1] == pytest.approx(expected, rel=1e-4)
    alone = KerasClassifier(build, epochs=3, random_state=0).fit(X, y)
    assert np.array_equal(fitted.predict_proba(X), alone.predict_proba(X))


def test_samples_that_are_set_aside_keep_their_weights_but_not_those_of_classes():
    common = {"sample_weight": WEIGHTS, "class_weight": {0: 5}}
    fitted = ours(validation_split=0.5, fit=common)
    right = fitted.predict_proba(X[30:])[np.arange(30), Y[30:]]
    expected = np.mean(-np.log(right) * WEIGHTS[30:])
    assert fitted.history_["val_loss"][-1] == pytest.approx(expected, rel=1e-4)
    first = ours(Y[:30], X[:30], fit={"sample_weight": WEIGHTS[:30], "class_weight": {0: 5}})
    assert np.array_equal(fitted.predict_proba(X), first.predict_proba(X))


def searches(estimator, name):
    return {
        "grid": GridSearchCV(estimator, {name: [1, 2]}, cv=KFold(2), error_score="raise"),
        "ours": SearchCV(
            estimator,
            Space(**{name: Choice([1, 2])}),
            GridSearch(),
            cv=KFold(2),
            error_score="raise",
        ),
    }


@pytest.mark.parametrize("kind", ["grid", "ours"])
@pytest.mark.parametrize("prefix", ["", "kerasclassifier__"])
def test_weights_and_validation_data_pass_through_searches(kind, prefix):
    classifier = KerasClassifier(units=(4,), random_state=0, optimizer="sgd", learning_rate=0.5)
    estimator = make_pipeline(StandardScaler(), classifier) if prefix else clone(classifier)
    fit = {"sample_weight": WEIGHTS, "class_weight": {0: 3}, "validation_data": (X[:7], Y[:7])}
    search = searches(estimator, f"{prefix}epochs")[kind]
    search.fit(X, Y, **{prefix + name: value for name, value in fit.items()})
    best = search.best_estimator_[-1] if prefix else search.best_estimator_
    assert len(best.history_["val_loss"]) == best.epochs
    for row, params in enumerate(search.cv_results_["params"]):
        for fold, (train, test) in enumerate(KFold(2).split(X)):
            here = clone(estimator).set_params(**params)
            given = fit | {"sample_weight": WEIGHTS[train]}
            here.fit(X[train], Y[train], **{prefix + name: value for name, value in given.items()})
            found = search.cv_results_[f"split{fold}_test_score"][row]
            # Some versions of scikit-learn give the weights to the scorer too.
            scores = [here.score(X[test], Y[test], weight) for weight in (None, WEIGHTS[test])]
            assert any(found == pytest.approx(score) for score in scores)


def test_weights_pass_through_cross_validation():
    scores = cross_val_score(
        KerasClassifier(epochs=30, learning_rate=0.1, random_state=0),
        X,
        Y,
        cv=2,
        params={"sample_weight": Y.astype(float), "class_weight": {1: 2}},
        error_score="raise",
    )
    assert np.allclose(scores, [np.mean(half) for half in (Y[:30], Y[30:])], atol=0.1)
