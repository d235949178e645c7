"""The recorded learning curves: complete, undamaged, replayed as they are, and true."""

import shutil

import keras
import numpy as np
import pytest

from hpcourse import (
    Batches,
    GridSearch,
    RandomSearch,
    SobolSearch,
    Study,
    TrialState,
    datasets,
    load_table,
    mlp,
    records,
)


@pytest.fixture(scope="module")
def table():
    return load_table("mnist_mlp")


def test_the_table_holds_what_it_promises(table):
    assert len(table) >= 600
    assert table.accuracy.shape[-2] == 3
    assert table.accuracy.shape[-1] == table.epochs >= 20
    assert table.loss.shape == table.accuracy.shape
    assert table.test_accuracy.shape == table.accuracy.shape[:-1]
    assert table.seconds.shape == table.accuracy.shape[:-2]
    assert table.accuracy.shape[:-2] == tuple(
        len(table.space[name].options) for name in table.space
    )
    assert 0 <= table.accuracy.min() <= table.accuracy.max() < 0.99
    assert np.array_equal(table.accuracy, np.round(table.accuracy, 4))  # of 10,000 images
    assert (table.seconds > 0).all()
    files = [records.FOLDER / f"mnist_mlp.{kind}" for kind in ("npz", "json")]
    assert sum(len(file.read_bytes()) for file in files) < 3_000_000
    for key in ("device", "cores", "backend", "versions"):
        assert table.about["machine"][key]


def test_some_networks_learn_and_some_die(table):
    final = table.accuracy[..., -1]
    assert table.best()[1] > 0.97
    assert 0.01 < (final < 0.12).mean() < 0.2
    assert np.isfinite(table.loss).mean() > 0.9


def test_the_objective_replays_a_curve(table):
    study = Study(table.space, RandomSearch(), direction=table.direction, seed=0)
    study.optimize(table.objective, n_trials=5)
    for trial in study.trials:
        curve = table.curves(trial.params).mean(axis=0)
        assert list(trial.intermediate_values.values()) == curve.tolist()
        assert trial.value == curve[-1] == table.values()[table.index(trial.params)]


@pytest.mark.parametrize("metric", ["accuracy", "loss"])
@pytest.mark.parametrize("seed", [None, 0, 2])
def test_best_is_the_best_of_all(metric, seed):
    table = load_table(metric=metric, seed=seed)
    study = Study(table.space, GridSearch(), direction=table.direction)
    study.optimize(table.objective)
    assert len(study.trials) == len(table)
    params, value = table.best()
    assert value == study.best_value
    assert table.values()[table.index(params)] == value
    failed = sum(trial.state is TrialState.FAIL for trial in study.trials)
    assert failed == np.sum(~np.isfinite(table.values()))


def test_best_of_a_budget(table):
    early, value = table.best(3)
    assert value == table.values(3).max()
    assert table.values()[table.index(early)] <= table.best()[1]


def test_pruning_ends_a_replay(table):
    def impatient(reports, trial):
        return max(trial.intermediate_values) >= 4

    study = Study(table.space, RandomSearch(), direction="maximize", pruner=impatient, seed=0)
    study.optimize(table.objective, n_trials=3)
    assert all(trial.state is TrialState.PRUNED for trial in study.trials)
    assert all(len(trial.intermediate_values) == 5 for trial in study.trials)


def test_many_searches_are_replayed(table):
    values = table.replay(lambda seed: RandomSearch(), n_trials=12, n_seeds=3)
    study = Study(table.space, RandomSearch(), direction="maximize", seed=2)
    study.optimize(table.objective, n_trials=12)
    assert values[2].tolist() == [trial.value for trial in study.trials]
    assert not np.array_equal(values[0], values[1])
    short = table.replay(lambda seed: GridSearch(1), n_trials=3, n_seeds=1)
    assert np.isnan(short).tolist() == [[False, True, True]]


def test_places_and_configurations(table):
    for place in (0, 17, len(table) - 1):
        params = table.params(place)
        assert np.ravel_multi_index(table.index(params), table.accuracy.shape[:-2]) == place
        assert table.params(table.index(params)) == params
    assert "648 configurations" in repr(table)


def test_bad_input_is_named(table):
    with pytest.raises(ValueError, match="unknown table 'mnist'; did you mean 'mnist_mlp'"):
        load_table("mnist")
    with pytest.raises(ValueError, match="unknown metric 'acuracy'; did you mean 'accuracy'"):
        load_table(metric="acuracy")
    with pytest.raises(ValueError, match=r"seed is one of \[0, 1, 2\] or None .*, got 3"):
        load_table(seed=3)
    with pytest.raises(ValueError, match="epochs is a whole number from 1 to 27 or None, got 0"):
        table.best(0)
    with pytest.raises(ValueError, match="units is in Choice"):
        table.curves(table.params(0) | {"units": 20})


PARAMS = {
    "learning_rate": 0.16,
    "momentum": 0.5,
    "units": 64,
    "dropout": 0.1,
    "batch_size": 128,
}


def test_a_class_may_make_the_searchers(table):
    """Where its objects are made of a seed."""
    values = table.replay(SobolSearch, n_trials=3, n_seeds=2)
    expected = table.replay(lambda seed: SobolSearch(seed), n_trials=3, n_seeds=2)
    assert values.tolist() == expected.tolist()


def test_numbers_of_numpy_are_those_of_python(table):
    third = load_table(np.str_("mnist_mlp"), np.str_("loss"), np.int64(2))
    assert (type(third.seed), type(third.metric)) == (int, str)
    numpy = {name: np.array([value])[0] for name, value in PARAMS.items()}
    assert table.index(numpy) == table.index(PARAMS)
    assert table.params(np.int64(17)) == table.params(17)
    assert table.params(tuple(np.array(table.index(PARAMS)))) == PARAMS
    assert table.best(np.int8(3)) == table.best(3)
    given = {"n_trials": np.int64(2), "n_seeds": np.int32(1)}
    assert table.replay(lambda seed: RandomSearch(), **given).shape == (1, 2)


def test_a_damaged_file_is_an_error(tmp_path, monkeypatch):
    for kind in ("npz", "json"):
        shutil.copy(records.FOLDER / f"mnist_mlp.{kind}", tmp_path)
    content = bytearray((tmp_path / "mnist_mlp.npz").read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "mnist_mlp.npz").write_bytes(content)
    monkeypatch.setattr(records, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match="damaged: install the package again"):
        load_table()


ROWS = [
    {"learning_rate": 0.16, "momentum": 0.5, "units": 64, "dropout": 0.1, "batch_size": 128},
    {"learning_rate": 0.025, "momentum": 0.9, "units": 32, "dropout": 0.0, "batch_size": 512},
    {"learning_rate": 0.004, "momentum": 0.0, "units": 16, "dropout": 0.3, "batch_size": 512},
]


@pytest.mark.parametrize("params", ROWS, ids=["fast", "momentum", "slow"])
def test_single_keras_models_give_the_recorded_curves(table, params):
    """A network trained alone in Keras, with another seed, lies within seed noise of the record."""
    epochs = 6
    data = datasets.load().flat()
    if data.name != "mnist":
        pytest.skip("the table is of MNIST, which is not here")
    model = mlp((params["units"],) * 2, dropout=params["dropout"], seed=10)
    model.compile(
        keras.optimizers.SGD(params["learning_rate"], momentum=params["momentum"]),
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
        steps_per_execution=16,
    )
    history = model.fit(
        Batches(data.x_train, data.y_train, params["batch_size"], seed=10),
        epochs=epochs,
        validation_data=(data.x_val, data.y_val),
        verbose=0,
    ).history
    recorded = table.curves(params)[:, :epochs].mean(axis=0)
    # Three values say little about their spread: take that of all networks that do as well.
    means, variances = (
        f(table.accuracy[..., :epochs], axis=-2) for f in (np.mean, sample_variance)
    )
    alike = np.abs(means - recorded) < 0.005 + 0.1 * (1 - recorded)
    noise = np.sqrt([variances[..., e][alike[..., e]].mean() for e in range(epochs)])
    z = (np.array(history["val_accuracy"]) - recorded) / (noise * np.sqrt(1 + 1 / 3))
    assert np.abs(z).max() < 4, z
    assert np.sqrt(np.mean(z**2)) < 2, z


def sample_variance(values, axis):
    return np.var(values, axis=axis, ddof=1)
