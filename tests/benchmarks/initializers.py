"""Compare eight initializers by 3-fold cross-validation, with several seeds.

    python tests/benchmarks/initializers.py RESULT.json [--seeds 5]

The experiment of Stewart (2019): 784-64-64-10 with dropout 0.1 after the first hidden layer,
RMSprop with default settings, batch 128, 10 epochs, three unshuffled folds of MNIST's 60,000
training images. The eight networks of a fold and a seed are one population: they see the same
images in the same order. A seed fixes that order, the initial weights and the dropout. Each
fold costs about 10 seconds on two cores, a seed half a minute.

The file is written after every fold. If it exists, and was made with the same settings and
versions, what it holds is kept and only what is missing is computed: a run that broke off goes
on, and a finished one can be given more seeds.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
from sklearn.model_selection import KFold

from hpcourse import Population, compute, datasets

INITIALIZERS = "lecun_uniform glorot_uniform he_uniform he_normal glorot_normal normal uniform zero"
FOLDS, EPOCHS, BATCH = 3, 10, 128
CONFIG = {"optimizer": "rmsprop", "dropout": [0.1, 0.0], "units": [64, 64]}


def settings(data):
    """Return what a record must agree in to be continued."""
    machine = compute.describe()
    machine["versions"]["scikit-learn"] = importlib.metadata.version("scikit-learn")
    return {
        "data": f"{data.name}, {len(data.y_train) + len(data.y_val):,} training images",
        "config": CONFIG,
        "folds": FOLDS,
        "epochs": EPOCHS,
        "batch_size": BATCH,
        "initializers": INITIALIZERS.split(),
        "machine": machine,
    }


def run(x, y, seed, train, held):
    """Return each network's accuracy on the fold held out."""
    configurations = [CONFIG | {"initializer": name} for name in INITIALIZERS.split()]
    population = Population(configurations, seed=seed)
    population.fit(x[train], y[train], EPOCHS, BATCH)
    return population.evaluate(x[held], y[held])["accuracy"]


def save(path, record):
    """Replace the file at once, so that a crash leaves the old one or the new one."""
    beside = path.with_suffix(".part")
    beside.write_text(json.dumps(record, indent=1) + "\n")
    beside.replace(path)


def load(path, made_with):
    """Return the record that is there, or an empty one."""
    if not path.exists():
        return made_with | {"seeds": [], "accuracy": [], "seconds": []}
    record = json.loads(path.read_text())
    for key, value in made_with.items():
        if record.get(key) != value:
            raise SystemExit(f"{path} was made with another {key}; give the new record a new name")
    return record


def measure(data, path, n_seeds):
    """Fill the record: accuracy[seed][fold][initializer], and the seconds of each fold."""
    x = np.concatenate([data.x_train, data.x_val])
    y = np.concatenate([data.y_train, data.y_val])
    record = load(path, settings(data))
    for seed in range(n_seeds):
        if seed not in record["seeds"]:
            for key, value in (("seeds", seed), ("accuracy", []), ("seconds", [])):
                record[key].append(value)
        row = record["seeds"].index(seed)
        for fold, (train, held) in enumerate(KFold(FOLDS).split(x)):
            if fold < len(record["accuracy"][row]):
                continue
            start = time.perf_counter()
            accuracy = run(x, y, seed, train, held)
            seconds = time.perf_counter() - start
            record["accuracy"][row].append([round(float(value), 6) for value in accuracy])
            record["seconds"][row].append(round(seconds, 2))
            save(path, record)
            print(f"seed {seed}, fold {fold + 1}: {seconds:.1f} s", flush=True)
    return record


def show(record):
    accuracy = np.array(record["accuracy"]).mean(axis=1)  # a row for each seed
    print(f"\n{record['machine']['device']}, {record['machine']['cores']} cores; {record['data']}")
    print(f"{len(accuracy)} seeds, {np.sum(record['seconds']):.0f} s\n")
    print(f"{'initializer':16}{'accuracy':>10}{'deviation of a seed':>22}")
    for name, values in zip(record["initializers"], accuracy.T, strict=True):
        deviation = values.std(ddof=1) if len(values) > 1 else np.nan
        print(f"{name:16}{values.mean():10.4f}{deviation:22.4f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("result", type=Path, help="the JSON file to write, or to go on with")
    parser.add_argument("--seeds", type=int, default=5)
    arguments = parser.parse_args()
    show(measure(datasets.load().flat(), arguments.result, arguments.seeds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
