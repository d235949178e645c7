"""Batches in a fixed order; trainings that go on where a failure stopped them."""

import os
import signal
import subprocess
import sys
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import keras
import numpy as np
import pytest

from hpcourse import training

RNG = np.random.default_rng(0)
X = RNG.normal(size=(70, 5)).astype("float32")
Y = RNG.integers(3, size=70)
SIZE = 8  # so the last of 9 batches has 6 samples


def new_model(**compiling):
    """A small network with all the state a training has: Adam, and dropout in two layers."""
    model = training.mlp((16, 16), input_shape=(5,), n_classes=3, dropout=0.3, seed=1)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"], **compiling)
    return model


def train(model, epochs, initial_epoch=0, callbacks=(), **fitting):
    batches = training.Batches(X, Y, SIZE, seed=3, initial_epoch=initial_epoch)
    return model.fit(
        batches,
        epochs=epochs,
        initial_epoch=initial_epoch,
        callbacks=list(callbacks),
        verbose=0,
        **fitting,
    )


def checkpoints(folder):
    return keras.callbacks.ModelCheckpoint(f"{folder}/{{epoch:04d}}.keras")


def assert_equal(model, other):
    """Weights and optimizer state, to the last bit."""
    for variables in (
        (model.variables, other.variables),
        (model.optimizer.variables, other.optimizer.variables),
    ):
        for one, two in zip(*variables, strict=True):
            one, two = map(keras.ops.convert_to_numpy, (one, two))
            np.testing.assert_array_equal(one, two)


class Interrupt(keras.callbacks.Callback):
    """Ctrl-C in the middle of an epoch."""

    def __init__(self, epoch, batch=4):
        super().__init__()
        self.epoch, self.batch = epoch, batch

    def on_epoch_begin(self, epoch, logs=None):
        self.now = epoch

    def on_train_batch_end(self, batch, logs=None):
        if (self.now, batch) == (self.epoch, self.batch):
            raise KeyboardInterrupt


# Batches


def numbered(n, batch_size, **kwargs):
    return training.Batches(np.arange(n), 10 * np.arange(n), batch_size, **kwargs)


@pytest.mark.parametrize(
    ("n", "batch_size", "sizes"),
    [(6, 4, [4, 2]), (6, 3, [3, 3]), (6, 1, [1] * 6), (6, 6, [6]), (6, 100, [6]), (1, 1, [1])],
)
def test_an_epoch_has_every_sample_once(n, batch_size, sizes):
    batches = numbered(n, batch_size, seed=5)
    assert len(batches) == len(sizes)
    assert [len(x) for x, y in batches] == sizes
    x = np.concatenate([x for x, y in batches])
    assert sorted(x) == list(range(n))
    assert (np.concatenate([y for x, y in batches]) == 10 * x).all()


def test_a_batch_beyond_the_last_is_an_index_error():
    batches = numbered(6, 4)
    assert (batches[-1][0] == batches[1][0]).all()
    with pytest.raises(IndexError):
        batches[2]


def test_the_order_depends_on_seed_and_epoch():
    def order(**kwargs):
        return numbered(50, 50, **kwargs)[0][0].tolist()

    orders = [order(seed=s, initial_epoch=e) for s in range(3) for e in range(3)]
    assert orders == [order(seed=s, initial_epoch=e) for s in range(3) for e in range(3)]
    assert len({tuple(order) for order in orders}) == 9


@pytest.mark.parametrize(
    ("x", "y", "batch_size", "message"),
    [
        (np.zeros(3), np.zeros(4), 2, "3 samples and 4 targets"),
        (np.zeros(0), np.zeros(0), 2, "length above 0"),
        (np.zeros(3), np.zeros(3), 0, "batch_size is a whole number from 1, got 0"),
        (np.zeros(3), np.zeros(3), -1, "batch_size is a whole number from 1, got -1"),
    ],
)
def test_bad_batches(x, y, batch_size, message):
    with pytest.raises(ValueError, match=message):
        training.Batches(x, y, batch_size)


def test_weights_go_with_their_samples():
    weights = np.arange(6) / 2
    batches = numbered(6, 4, sample_weight=weights.tolist(), seed=5)
    assert all((weight == x / 2).all() for x, _, weight in batches)
    plain = numbered(6, 4, seed=5)
    assert [x.tolist() for x, _, _ in batches] == [x.tolist() for x, _ in plain]


@pytest.mark.parametrize("weights", [np.ones(5), np.ones(7), np.ones((6, 1)), 1.0, []])
def test_weights_are_one_number_for_each_sample(weights):
    with pytest.raises(ValueError, match="sample_weight has one number for each of 6 samples"):
        numbered(6, 4, sample_weight=weights)


@pytest.mark.parametrize("weight", [0.0, 1.0, 2.5])
def test_fit_trains_with_the_weights(weight):
    x, y = np.ones((6, 1), "float32"), np.ones((6, 1), "float32")
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, kernel_initializer="zeros")])
    model.compile(keras.optimizers.SGD(0.1), "mse")
    model.fit(training.Batches(x, y, 6, sample_weight=np.full(6, weight)), verbose=0)
    assert float(model.get_weights()[0][0, 0]) == pytest.approx(0.1 * 2 * weight)


def orders_in_fit(batches, *fits):
    """The targets in the order in which ``fit`` trains on them."""
    seen = []

    def loss(y, predicted):
        seen.extend(keras.ops.convert_to_numpy(y).ravel().astype(int).tolist())
        return keras.ops.mean(predicted)

    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", loss, run_eagerly=True)
    for epochs, initial_epoch in fits:
        model.fit(batches, epochs=epochs, initial_epoch=initial_epoch, verbose=0)
    return seen


def rows(n, **kwargs):
    return training.Batches(np.zeros((n, 1), "float32"), np.arange(n), 4, **kwargs)


def test_fit_trains_in_the_order_of_the_batches():
    expected = [
        int(y)
        for epoch in range(3)
        for _, targets in rows(30, seed=2, initial_epoch=epoch)
        for y in targets
    ]
    # Neither the state of the global generators nor one fit or two makes a difference.
    keras.utils.set_random_seed(1)
    assert orders_in_fit(rows(30, seed=2), (3, 0)) == expected
    keras.utils.set_random_seed(2)
    assert orders_in_fit(rows(30, seed=2), (1, 0), (3, 1)) == expected
    assert orders_in_fit(rows(30, seed=2, initial_epoch=2), (3, 2)) == expected[60:]


# Checkpoints


def test_no_checkpoint(tmp_path):
    assert training.latest_checkpoint(tmp_path) is None
    assert training.latest_checkpoint(tmp_path / "nowhere") is None


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved")
    train(new_model(), 3, callbacks=[checkpoints(folder)])
    return folder


def cut(data):
    return data[: len(data) // 2]


def cut_near_the_end(data):
    return data[:-10]


def nothing(data):
    return b""


def one_bit(data):
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


def zeros(data):
    return bytes(len(data))


@pytest.mark.parametrize("harm", [cut, cut_near_the_end, nothing, one_bit, zeros])
def test_a_torn_checkpoint_is_passed_over(saved, tmp_path, harm):
    for file in saved.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    torn = tmp_path / "0003.keras"
    torn.write_bytes(harm(torn.read_bytes()))
    with pytest.warns(UserWarning, match=r"0003\.keras is half-written"):
        _, epochs = training.latest_checkpoint(tmp_path)
    assert epochs == 2


def test_a_checkpoint_whose_writing_was_interrupted_is_passed_over(saved, tmp_path):
    # An exception while Keras saves leaves a zip archive that is valid but lacks the weights.
    (tmp_path / "0001.keras").write_bytes((saved / "0001.keras").read_bytes())
    with (
        zipfile.ZipFile(saved / "0002.keras") as whole,
        zipfile.ZipFile(tmp_path / "0002.keras", "w") as partial,
    ):
        for name in ("metadata.json", "config.json"):
            partial.writestr(name, whole.read(name))
    with pytest.warns(UserWarning, match=r"0002\.keras is half-written"):
        assert training.latest_checkpoint(tmp_path)[1] == 1


def test_torn_checkpoints_only(tmp_path):
    (tmp_path / "0001.keras").write_bytes(b"PK")
    with pytest.warns(UserWarning, match="half-written"):
        assert training.latest_checkpoint(tmp_path) is None


def test_the_latest_is_the_highest_number_and_other_names_are_left_alone(saved, tmp_path):
    for name in ("best", "9999", "10000"):
        (tmp_path / f"{name}.keras").write_bytes((saved / "0001.keras").read_bytes())
    (tmp_path / "20000.weights.h5").write_bytes(b"")
    assert training.latest_checkpoint(tmp_path)[1] == 10000


def test_a_model_that_was_not_compiled_cannot_be_resumed(tmp_path):
    training.mlp((4,), input_shape=(5,), dropout=0.5, seed=1).save(tmp_path / "0001.keras")
    with pytest.raises(ValueError, match="not compiled"):
        training.latest_checkpoint(tmp_path)


def test_dropout_without_a_seed_is_announced(tmp_path):
    model = training.mlp((4,), input_shape=(5,), dropout=0.5)
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.save(tmp_path / "0001.keras")
    with pytest.warns(UserWarning, match="dropout layer has no seed"):
        training.latest_checkpoint(tmp_path)


# Resumed equals uninterrupted


def test_a_resumed_training_equals_an_uninterrupted_one(tmp_path):
    compiling = {"steps_per_execution": 4}
    uninterrupted = new_model(**compiling)
    history = train(uninterrupted, 5, validation_data=(X, Y)).history

    train(new_model(**compiling), 2, callbacks=[checkpoints(tmp_path)], validation_data=(X, Y))
    keras.utils.set_random_seed(99)  # as good as another process
    model, done = training.latest_checkpoint(tmp_path)
    assert done == 2
    rest = train(model, 5, done, validation_data=(X, Y)).history

    assert_equal(model, uninterrupted)
    assert {name: values[2:] for name, values in history.items()} == rest


def test_ctrl_c_in_the_middle_of_an_epoch(tmp_path):
    uninterrupted = new_model()
    train(uninterrupted, 4)

    with pytest.raises(KeyboardInterrupt):
        train(new_model(), 4, callbacks=[checkpoints(tmp_path), Interrupt(2)])
    model, done = training.latest_checkpoint(tmp_path)
    assert done == 2
    train(model, 4, done)
    assert_equal(model, uninterrupted)


# Imports once, then forks a training without end for each folder that it is told.
TRAINER = """
import os, signal, sys
from test_training import checkpoints, new_model, train

for folder in map(str.strip, sys.stdin):
    child = os.fork()
    if not child:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # also where a shell ignores it
        os.dup2(os.open(f"{folder}/error", os.O_CREAT | os.O_WRONLY), 2)
        print(os.getpid(), flush=True)
        train(new_model(), 10**6, callbacks=[checkpoints(folder)])
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.fixture(scope="module")
def trainer():
    command = [sys.executable, "-c", TRAINER]
    env = os.environ | {"PYTHONPATH": str(Path(__file__).parent)}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=env) as process:
        yield process
        process.stdin.close()


@pytest.mark.filterwarnings("ignore:checkpoint .* is half-written")
@pytest.mark.parametrize("blow", ["SIGINT", "SIGKILL"])
def test_a_killed_training_resumes_in_another_process(trainer, tmp_path, blow):
    print(tmp_path, file=trainer.stdin, flush=True)
    process = int(trainer.stdout.readline())
    try:
        deadline = time.monotonic() + 120
        while not (tmp_path / "0002.keras").exists():
            assert time.monotonic() < deadline, (tmp_path / "error").read_text()
            os.kill(process, 0)  # it is there
            time.sleep(0.01)
        os.kill(process, getattr(signal, blow))
        status = int(trainer.stdout.readline())
    finally:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    if blow == "SIGKILL":
        assert status == -signal.SIGKILL
    else:
        assert status != 0
        assert "KeyboardInterrupt" in (tmp_path / "error").read_text()

    model, done = training.latest_checkpoint(tmp_path)
    assert done >= 1  # the second checkpoint may be the one that was torn
    train(model, done + 3, done)
    uninterrupted = new_model()
    train(uninterrupted, done + 3)
    assert_equal(model, uninterrupted)


# Paths


def test_a_folder_is_found_whatever_becomes_of_the_working_directory(saved, tmp_path, monkeypatch):
    """What is said and what is loaded later do not depend on where one was."""
    (tmp_path / "run").mkdir()
    for number in (1, 2):
        name = f"000{number}.keras"
        (tmp_path / "run" / name).write_bytes((saved / name).read_bytes())
    (tmp_path / "run" / "0002.keras").write_bytes(b"PK")
    monkeypatch.chdir(tmp_path)
    load = keras.saving.load_model

    def elsewhere(file):
        monkeypatch.chdir("/")
        return load(file)

    monkeypatch.setattr(keras.saving, "load_model", elsewhere)
    for folder in ("run", Path("run"), "./run"):
        monkeypatch.chdir(tmp_path)
        with pytest.warns(UserWarning, match="half-written") as caught:
            model, epochs = training.latest_checkpoint(folder)
        assert epochs == 1
        assert str(tmp_path / "run") in str(caught[0].message)
    train(model, 2, 1)
