"""The range test, the logger of rates and the restarts, on small real networks."""

import keras
import matplotlib as mpl
import numpy as np
import pytest
from sklearn.datasets import load_digits

from hpcourse import mlp, plots
from hpcourse.schedules import Cosine, Exponential
from hpcourse.training import LearningRateLogger, LRRangeTest, RestartLearningRate, lr_range_test
from hpcourse.training.lr_range import _suggest

mpl.use("Agg")

DIGITS = load_digits()
X, Y = (DIGITS.data / 16).astype("float32"), DIGITS.target
SMALL = X[:256], Y[:256]


def compiled(optimizer, units=(32,), dropout=0.0, **arguments):
    model = mlp(units, input_shape=(64,), dropout=dropout, seed=0)
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"], **arguments)
    return model


def state(model):
    """Everything that a training changes, as plain values."""
    optimizer = model.optimizer
    variables = [*model.variables, *optimizer.variables, *model.metrics_variables]
    return {
        variable.path: np.array(keras.ops.convert_to_numpy(variable.value))
        for variable in variables
    } | {"schedule": getattr(optimizer, "inner_optimizer", optimizer)._learning_rate}


def assert_same(before, after):
    assert before["schedule"] is after["schedule"]
    for path, value in before.items():
        np.testing.assert_array_equal(after[path], value, err_msg=path)


def tenth():
    """A learning rate as a function, as Keras calls it: without a step."""
    return 0.1


OPTIMIZERS = {
    "sgd": lambda: keras.optimizers.SGD(0.03, momentum=0.9),
    "adam": lambda: keras.optimizers.Adam(0.002),
    "schedule": lambda: keras.optimizers.SGD(Cosine(0.03, 500).to_keras(), momentum=0.9),
    "function": lambda: keras.optimizers.SGD(tenth),
    "loss scale": lambda: keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.03)),
}


@pytest.mark.parametrize("name", list(OPTIMIZERS))
@pytest.mark.parametrize("trained", [False, True])
def test_leaves_the_model_as_it_was(name, trained):
    model = compiled(OPTIMIZERS[name](), dropout=0.2)
    if trained:
        model.fit(*SMALL, batch_size=64, epochs=2, verbose=0)
        before = state(model)
    else:  # the variables of the optimizer do not exist yet
        before = {v.path: np.array(keras.ops.convert_to_numpy(v.value)) for v in model.variables}
        before["schedule"] = model.optimizer._learning_rate if name != "loss scale" else None
    lr_range_test(model, *SMALL, batch_size=32, n_updates=30)
    after = state(model)
    if trained or name != "loss scale":
        assert_same(before, after)
    assert int(model.optimizer.iterations) == (8 if trained else 0)


def test_training_goes_on_as_if_nothing_had_been():
    histories = []
    for test in (False, True):
        model = compiled(OPTIMIZERS["schedule"](), dropout=0.2, steps_per_execution=4)
        for _ in range(2):
            history = model.fit(*SMALL, batch_size=32, epochs=2, shuffle=False, verbose=0)
            if test:
                lr_range_test(model, *SMALL, batch_size=32, n_updates=20)
                assert model.steps_per_execution == 4
        histories.append((history.history["loss"], model.get_weights()[0]))
    np.testing.assert_array_equal(histories[0][0], histories[1][0])
    np.testing.assert_array_equal(histories[0][1], histories[1][1])


@pytest.mark.parametrize("name", ["sgd", "schedule"])
@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_leaves_the_model_as_it_was_when_interrupted(name, error, monkeypatch):
    model = compiled(OPTIMIZERS[name]())
    model.fit(*SMALL, batch_size=64, verbose=0)
    before, function = state(model), model.train_function
    train, calls = model.train_on_batch, []

    def interrupted(*args, **kwargs):
        calls.append(train(*args, **kwargs))
        if len(calls) == 5:
            raise error
        return calls[-1]

    monkeypatch.setattr(model, "train_on_batch", interrupted)
    with pytest.raises(error):
        lr_range_test(model, *SMALL, batch_size=32)
    assert len(calls) == 5
    assert_same(before, state(model))
    assert model.train_function is function


@pytest.mark.parametrize("name", ["sgd", "schedule"])
@pytest.mark.parametrize("steps", [1, 8])
def test_rates_grow_and_losses_are_those_of_the_batches(name, steps):
    model = compiled(OPTIMIZERS[name](), steps_per_execution=steps)
    seen, train = [], model.train_on_batch

    def watched(x, y, **kwargs):
        seen.append((float(model.optimizer.learning_rate), model.test_on_batch(x, y)[0]))
        return train(x, y, **kwargs)

    if steps == 1:  # else evaluation runs eight batches at once too
        model.train_on_batch = watched
    found = lr_range_test(model, *SMALL, 1e-3, 0.1, batch_size=32, n_updates=20)
    np.testing.assert_allclose(found.learning_rates, np.geomspace(1e-3, 0.1, 20))
    assert found.losses.shape == (20,)
    if steps == 1:
        np.testing.assert_allclose([rate for rate, _ in seen], found.learning_rates, rtol=1e-5)
        np.testing.assert_allclose([loss for _, loss in seen], found.losses, rtol=1e-4)


def test_same_seed_same_result():
    model = compiled(OPTIMIZERS["adam"]())
    first, second, other = (
        lr_range_test(model, *SMALL, batch_size=32, n_updates=20, seed=seed) for seed in (1, 1, 2)
    )
    # At large rates the training is chaotic, and the last bits differ from run to run.
    np.testing.assert_allclose(first.losses[:10], second.losses[:10], rtol=1e-3)
    assert not np.allclose(first.losses[:10], other.losses[:10], rtol=1e-3)


def test_numbers_of_numpy_give_the_same_test():
    model = compiled(OPTIMIZERS["sgd"]())
    plain = lr_range_test(model, *SMALL, 0.5**10, 2.0, n_updates=12, batch_size=32, seed=1)
    found = lr_range_test(
        model,
        *SMALL,
        np.float32(0.5**10),
        np.float16(2),
        n_updates=np.int64(12),
        batch_size=np.int32(32),
        seed=np.uint8(1),
    )
    assert found.learning_rates.dtype == float
    np.testing.assert_array_equal(found.learning_rates, plain.learning_rates)
    np.testing.assert_allclose(found.losses, plain.losses, rtol=1e-3)


def test_stops_when_the_loss_diverges():
    model = compiled(keras.optimizers.SGD(0.1))
    found = lr_range_test(model, X, Y, 1e-3, 1e6, batch_size=64)
    assert len(found.losses) == len(found.learning_rates) < 200
    assert found.learning_rates[-1] < 1e5
    assert 0.01 < found.suggestion < 3


def test_low_is_too_high():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1), "mse")
    x = np.full((64, 3), 1e15, "float32")
    before = model.get_weights()[0]
    with pytest.raises(ValueError, match="low is a rate at which the network can train"):
        lr_range_test(model, x, np.zeros(64), 1e-3, 1e3, batch_size=8)
    np.testing.assert_array_equal(model.get_weights()[0], before)


@pytest.mark.parametrize(("units", "momentum"), [((64, 64), 0.0), ((256,), 0.9)])
def test_suggestion_trains_about_as_well_as_the_best_rate(units, momentum):
    """On the digits; on MNIST the chapter on the learning rate shows it."""
    model = compiled(keras.optimizers.SGD(0.1, momentum=momentum), units, steps_per_execution=38)
    suggestion = lr_range_test(model, X[:1200], Y[:1200], batch_size=32).suggestion
    start = state(model)
    scores = []
    for rate in [suggestion, *np.geomspace(1e-3, 1, 7)]:
        for variable in [*model.variables, *model.optimizer.variables]:
            variable.assign(start[variable.path])
        model.optimizer.learning_rate = float(rate)
        model.fit(X[:1200], Y[:1200], batch_size=32, epochs=10, shuffle=False, verbose=0)
        scores.append(model.evaluate(X[1200:], Y[1200:], batch_size=597, verbose=0)[1])
    assert scores[0] >= max(scores[1:]) - 0.03, (suggestion, scores)


def smooth_curve(edge, rng):
    """Losses that fall from 2.3 to 0.3 around edge / 10 and rise beyond the edge."""
    rates = np.geomspace(1e-4, 10, 200)
    fall = 2 / (1 + (rates / (edge / 10)) ** 2)
    return rates, 0.3 + fall + (rates / edge) ** 4 + rng.normal(0, 0.1, 200)


@pytest.mark.parametrize("edge", [0.01, 0.1, 1.0])
def test_suggestion_lies_below_the_edge(edge):
    for seed in range(20):
        rates, losses = smooth_curve(edge, np.random.default_rng(seed))
        keep = losses < 8
        assert edge / 8 < _suggest(rates[keep], losses[keep]) < edge


def test_plot():
    found = LRRangeTest(np.geomspace(1e-3, 1, 20), np.linspace(2, 1, 20), 0.1)
    ax = plots.range_test(found)
    assert (ax.get_xscale(), ax.get_xlabel(), ax.get_ylabel()) == (
        "log",
        "learning rate",
        "training loss",
    )
    assert plots.range_test(found, ax=ax) is ax


class TestBadInput:
    def check(self, match, x=X, y=Y, model=None, **arguments):
        model = model or compiled("sgd")
        before = model.get_weights()
        with pytest.raises(ValueError, match=match):
            lr_range_test(model, x, y, **arguments)
        for a, b in zip(before, model.get_weights(), strict=True):
            np.testing.assert_array_equal(a, b)

    @pytest.mark.parametrize(
        ("low", "high"), [(1, 1), (2, 1), (0, 1), (-1, 1), (np.nan, 1), (1e-3, np.nan), (1, np.inf)]
    )
    def test_rates(self, low, high):
        self.check("(low|high) is a number above .*, got", low=low, high=high)

    def test_fewer_samples_than_a_batch(self):
        self.check("at least batch_size=64 samples, got 63", X[:63], Y[:63], batch_size=64)

    def test_not_compiled(self):
        self.check("model is not compiled", model=mlp((4,), input_shape=(64,)))

    def test_lengths(self):
        self.check("same length, got 1797 and 1796", y=Y[:-1])

    @pytest.mark.parametrize("value", [np.nan, np.inf])
    def test_no_number(self, value):
        bad = X.copy()
        bad[5, 5] = value
        self.check("x has finite numbers", bad)
        target = Y.astype(float)
        target[5] = value
        self.check("y has finite numbers", y=target)
        self.check("y is an array of numbers", y=Y.astype(str))

    @pytest.mark.parametrize("schedule", [Cosine(0.1, 9), Cosine(0.1, 9, counts="epochs")])
    def test_an_optimizer_that_was_given_a_schedule_as_it_is(self, schedule):
        optimizer = keras.optimizers.SGD(schedule)
        self.check(r"model's optimizer .* as \.to_keras\(\) makes", model=compiled(optimizer))

    @pytest.mark.parametrize("value", [0, -1, 9, 2.5, None])
    def test_counts(self, value):
        self.check("n_updates is a whole number from 10", n_updates=value)
        if value != 9:
            self.check("batch_size is a whole number from 1", batch_size=value)


def logged(optimizer, *callbacks, epochs=4, **arguments):
    logger = LearningRateLogger()
    model = compiled(optimizer, **arguments)
    # 5 updates in an epoch, the last of them with fewer samples
    model.fit(*SMALL, batch_size=60, epochs=epochs, verbose=0, callbacks=[*callbacks, logger])
    assert len(logger.per_update) == 5 * epochs
    assert len(logger.per_epoch) == epochs
    assert logger.per_epoch == logger.per_update[::5]
    return logger.per_update


@pytest.mark.parametrize("steps", [1, 2, 5, 32])
def test_logger_sees_a_schedule(steps):
    schedule = Cosine(0.1, 20)
    rates = logged(keras.optimizers.SGD(schedule.to_keras()), steps_per_execution=steps)
    np.testing.assert_allclose(rates, schedule(np.arange(20)), atol=1e-7)


@pytest.mark.parametrize("steps", [1, 2, 32])
def test_logger_sees_a_scheduler(steps):
    schedule = Exponential(0.1, 0.5, counts="epochs")
    callback = keras.callbacks.LearningRateScheduler(schedule)
    rates = logged(keras.optimizers.SGD(0.7), callback, steps_per_execution=steps)
    np.testing.assert_allclose(rates, np.repeat(schedule(np.arange(4)), 5), rtol=1e-6)


@pytest.mark.parametrize("steps", [1, 32])
def test_logger_sees_a_reduction_on_plateau(steps):
    callback = keras.callbacks.ReduceLROnPlateau(
        monitor="loss", factor=0.5, patience=1, min_delta=100
    )
    rates = logged(keras.optimizers.SGD(0.1), callback, steps_per_execution=steps)
    np.testing.assert_allclose(rates, np.repeat([0.1, 0.1, 0.05, 0.025], 5), rtol=1e-6)


def test_logger_sees_only_the_last_fit():
    logger, model = LearningRateLogger(), compiled(keras.optimizers.SGD(0.1))
    for _ in range(2):
        model.fit(*SMALL, batch_size=64, verbose=0, callbacks=[logger])
    assert len(logger.per_update) == 4


def test_restarts_of_a_schedule():
    schedule = Exponential(0.1, 0.5, counts="epochs")
    rates = logged(keras.optimizers.SGD(0.7), RestartLearningRate([2, 5], schedule), epochs=8)
    expected = schedule(np.array([0, 1, 0, 1, 2, 0, 1, 2]))
    np.testing.assert_allclose(rates[::5], expected, rtol=1e-6)


def test_restarts_after_other_reductions():
    def half(epoch, learning_rate):
        return learning_rate / 2 if epoch else learning_rate

    scheduler = keras.callbacks.LearningRateScheduler(half)
    rates = logged(
        keras.optimizers.SGD(0.8), scheduler, RestartLearningRate(range(3, 7, 3)), epochs=8
    )
    expected = [0.8, 0.4, 0.2, 0.8, 0.4, 0.2, 0.8, 0.4]
    np.testing.assert_allclose(rates[::5], expected, rtol=1e-6)


@pytest.mark.parametrize("after", [[], [0], [-1, 2], [2, 2], [3, 2], [1.5], ["1"]])
def test_restarts_refuse_bad_epochs(after):
    with pytest.raises(
        ValueError,
        match=r"after is (a sequence of 1 or more whole numbers from 1|in ascending order)",
    ):
        RestartLearningRate(after)


def test_restarts_refuse_bad_schedules():
    for given in (0.1, "fast", True, Cosine, lambda: 0.1):
        with pytest.raises(ValueError, match="schedule is a function of the epochs done, got"):
            RestartLearningRate([1], given)
    with pytest.raises(ValueError, match=r"schedule counts epochs.* \.to_epochs\(steps_per_epoch"):
        RestartLearningRate([1], Cosine(0.1, 100))
    with pytest.raises(ValueError, match="schedule counts epochs, got one of Keras's"):
        RestartLearningRate([1], Cosine(0.1, 100).to_keras())


@pytest.mark.parametrize(
    ("rate", "kind"), [(Cosine(0.1, 20).to_keras(), "Keras schedule"), (tenth, "function")]
)
def test_restarts_refuse_an_optimizer_that_follows_a_schedule(rate, kind):
    with pytest.raises(ValueError, match=f"this one follows a {kind}"):
        logged(keras.optimizers.SGD(rate), RestartLearningRate([1]))


def test_logger_sees_a_function():
    assert logged(keras.optimizers.SGD(tenth)) == [0.1] * 20
