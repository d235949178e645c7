"""The Keras model as a scikit-learn classifier."""

import pickle

import keras
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from hpcourse import KerasClassifier, datasets, training


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
        ({"build": sigmoid}, "the model has 1 outputs for 3 classes"),
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
