"""Measure how fast a population trains, beside what people use otherwise.

    python tests/benchmarks/population_throughput.py RESULT.json [--repeats 3]

Two measurements in one run, on whatever device Keras sees:

* sixteen learning rates of Adam on 20,000 images, 784-64-64-10, batch 128, 3 epochs, by a
  population, by a loop of ``model.fit`` (plain and with ``steps_per_execution=32``), and by
  grid searches with scikit-learn, KerasTuner and Optuna where they are installed;
  compile time included, best validation accuracies compared;
* the time of an epoch, once compiled, beside the bare matrix products of the same sizes.

``python -m hpcourse.compute`` measures the cost of one network in populations of any size.

Times on a shared machine vary. Everything is repeated in turn, round after round, and the
medians are reported, with the ratio of each round.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import importlib.metadata
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
from keras import ops

from hpcourse import Population, compute, datasets, training
from hpcourse.training import batched

# Adam, because with plain SGD the best of these networks lie where one epoch's accuracy and
# the next differ by 0.02: nothing to compare by.
RATES = np.geomspace(1e-5, 1e-1, 16)
EPOCHS, BATCH, IMAGES = 3, 128, 20_000


def clock(work):
    """Return the seconds that some work takes, and what it returns."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def compiled(rate, steps_per_execution=1):
    keras.utils.set_random_seed(0)  # all peers shuffle alike, so their accuracies agree
    model = training.mlp((64, 64), seed=0)
    model.compile(
        keras.optimizers.Adam(float(rate)),
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
        steps_per_execution=steps_per_execution,
    )
    return model


def fit(model, data):
    options = {"epochs": EPOCHS, "batch_size": BATCH, "verbose": 0}
    validation = (data.x_val, data.y_val)
    history = model.fit(data.x_train, data.y_train, validation_data=validation, **options)
    return history.history["val_accuracy"][-1]


# Each peer trains one network for each rate and returns the best validation accuracy.


def population(data, rates=RATES):
    members = Population([{"optimizer": "adam", "learning_rate": rate} for rate in rates])
    history = members.fit(
        data.x_train, data.y_train, EPOCHS, BATCH, validation_data=(data.x_val, data.y_val)
    )
    return float(history["val_accuracy"][-1].max())


def loop(data, rates=RATES, steps_per_execution=1):
    return max(fit(compiled(rate, steps_per_execution), data) for rate in rates)


def faster_loop(data, rates=RATES):
    return loop(data, rates, steps_per_execution=32)


def grid_search(data):
    from sklearn.base import BaseEstimator, ClassifierMixin
    from sklearn.model_selection import GridSearchCV, PredefinedSplit

    class Network(ClassifierMixin, BaseEstimator):
        def __init__(self, learning_rate=0.01):
            self.learning_rate = learning_rate

        def fit(self, x, y):
            self.classes_ = np.unique(y)
            self.model_ = compiled(self.learning_rate)
            self.model_.fit(x, y, epochs=EPOCHS, batch_size=BATCH, verbose=0)
            return self

        def predict(self, x):
            return self.model_.predict(x, batch_size=BATCH, verbose=0).argmax(axis=1)

    x = np.concatenate([data.x_train, data.x_val])
    y = np.concatenate([data.y_train, data.y_val])
    fold = np.repeat([-1, 0], [len(data.x_train), len(data.x_val)])
    grid = {"learning_rate": RATES.tolist()}
    search = GridSearchCV(Network(), grid, cv=PredefinedSplit(fold), refit=False)
    return float(search.fit(x, y).cv_results_["mean_test_score"].max())


def keras_tuner(data):
    import keras_tuner

    def build(trial):
        return compiled(trial.Choice("learning_rate", RATES.tolist()))

    with tempfile.TemporaryDirectory() as folder:
        tuner = keras_tuner.GridSearch(
            build, objective="val_accuracy", max_trials=len(RATES), directory=folder
        )
        tuner.search(
            data.x_train,
            data.y_train,
            epochs=EPOCHS,
            batch_size=BATCH,
            validation_data=(data.x_val, data.y_val),
            verbose=0,
        )
        return float(tuner.oracle.get_best_trials()[0].score)


def optuna(data):
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sampler = optuna.samplers.GridSampler({"learning_rate": RATES.tolist()})
    study = optuna.create_study(sampler=sampler, direction="maximize")

    def objective(trial):
        return fit(compiled(trial.suggest_categorical("learning_rate", RATES.tolist())), data)

    study.optimize(objective, n_trials=len(RATES))
    return study.best_value


PEERS = {  # what it is called, what it needs besides Keras, how it runs
    "Population": (None, population),
    "loop of model.fit": (None, loop),
    "loop of model.fit, steps_per_execution=32": (None, faster_loop),
    "GridSearchCV": ("sklearn", grid_search),
    "KerasTuner": ("keras_tuner", keras_tuner),
    "Optuna": ("optuna", optuna),
}


def installed(package):
    try:
        importlib.import_module(package or "keras")
    except ImportError:
        return False
    return True


def throughput(data, repeats):
    """Time each peer, compile time included, round after round."""
    runs = {name: [] for name, (package, _) in PEERS.items() if installed(package)}
    accuracies = {name: [] for name in runs}
    for _ in range(repeats):
        for name, times in runs.items():
            forget()
            seconds, accuracy = clock(lambda run=PEERS[name][1]: run(data))
            times.append(seconds)
            accuracies[name].append(accuracy)
    rows = []
    for name in PEERS:
        if name not in runs:
            rows.append({"method": name, "installed": False})
            continue
        ratios = [a / b for a, b in zip(runs[name], runs["Population"], strict=True)]
        rows.append(
            {
                "method": name,
                "installed": True,
                "seconds": statistics.median(runs[name]),
                "times_population": statistics.median(ratios),
                "times_population_by_round": ratios,
                "best_val_accuracy": statistics.median(accuracies[name]),
            }
        )
    return rows


def forget():
    """Drop every compiled function, so that the next run pays for its own."""

    batched.compiled.cache_clear()
    keras.backend.clear_session()


def steady_state(data, repeats, optimizer, k=16):
    """Compare an epoch, once compiled, with the bare matrix products of its updates.

    The products of an update are, for K members, batch B and layers 784-64-64-10: forward
    (64 K x 784)(784 x B) and, for each member, (64 x 64)(64 x B) and (10 x 64)(64 x B);
    backward the same sizes once for the weights and, above the first layer, once for the
    inputs.
    """
    members = Population([{"optimizer": optimizer}] * k)
    x, y = data.x_train, data.y_train
    members.fit(x, y, 1, BATCH)
    rng = np.random.default_rng(0)

    def normal(*shape):
        return ops.convert_to_tensor(rng.normal(size=shape).astype("float32"))

    pairs = [
        (normal(64 * k, 784), normal(784, BATCH)),  # first layer: forward, weights
        (normal(64 * k, BATCH), normal(BATCH, 784)),
        (normal(k, 64, 64), normal(k, 64, BATCH)),  # second: forward, weights, inputs
        (normal(k, 64, BATCH), normal(k, BATCH, 64)),
        (normal(k, 64, 64), normal(k, 64, BATCH)),
        (normal(k, 10, 64), normal(k, 64, BATCH)),  # output: forward, weights, inputs
        (normal(k, 10, BATCH), normal(k, BATCH, 64)),
        (normal(k, 64, 10), normal(k, 10, BATCH)),
    ]
    steps = -(-len(x) // BATCH)

    def products():
        for _ in range(steps):
            results = [ops.matmul(left, right) for left, right in pairs]
        return ops.convert_to_numpy(results[-1])  # waits for the device

    products()
    epochs, bare = [], []
    for _ in range(max(5, 3 * repeats)):
        epochs.append(clock(lambda: members.fit(x, y, 1, BATCH))[0])
        bare.append(clock(products)[0])
    ratios = [b / e for b, e in zip(bare, epochs, strict=True)]
    return {
        "optimizer": optimizer,
        "members": k,
        "epoch_seconds": statistics.median(epochs),
        "products_seconds": statistics.median(bare),
        "fraction": statistics.median(ratios),
        "fraction_by_round": ratios,
    }


def peers_versions():
    """Return the versions of the tools that the population is compared with."""
    found = {}
    for package in ("scikit-learn", "keras-tuner", "optuna"):
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found[package] = importlib.metadata.version(package)
    return found


def show(result):
    machine = result["machine"]
    versions = ", ".join(f"{name} {v}" for name, v in machine["versions"].items())
    print(f"\n{machine['device']}, {machine['cores']} cores; {versions}; {result['data']}\n")
    print(f"{'16 learning rates, 3 epochs':44}{'seconds':>9}{'ratio':>8}{'accuracy':>10}")
    for row in result["throughput"]:
        if row["installed"]:
            print(
                f"{row['method']:44}{row['seconds']:9.2f}{row['times_population']:8.1f}"
                f"{row['best_val_accuracy']:10.4f}"
            )
        else:
            print(f"{row['method']:44}{'not installed':>17}")
    print()
    for row in result["steady_state"]:
        print(
            f"an epoch of {row['members']} networks with {row['optimizer']}: "
            f"{row['epoch_seconds']:.2f} s; its matrix products alone: "
            f"{row['products_seconds']:.2f} s; fraction {row['fraction']:.2f}"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("result", type=Path, help="where to write the JSON file")
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    data = datasets.load().flat()
    data = datasets.replace(data, x_train=data.x_train[:IMAGES], y_train=data.y_train[:IMAGES])
    fit(compiled(1e-3), data)  # imports and caches that neither side should pay for
    machine = compute.describe()
    machine["versions"] |= peers_versions()
    machine["load"] = os.getloadavg()[0]
    result = {
        "machine": machine,
        "data": repr(data),
        "repeats": arguments.repeats,
        "throughput": throughput(data, arguments.repeats),
        "steady_state": [
            steady_state(data, arguments.repeats, optimizer) for optimizer in ("sgd", "adam")
        ],
    }
    arguments.result.write_text(json.dumps(result, indent=1) + "\n")
    show(result)
    return 0


if __name__ == "__main__":
    sys.exit(main())
