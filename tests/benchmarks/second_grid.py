"""Run the second grid of Stewart (2019) again, with several seeds and the winner it left out.

    python tests/benchmarks/second_grid.py RESULT.json [--seeds 5]

784-64-64-10 with dropout 0.1 after the first hidden layer, RMSprop with default settings, three
unshuffled folds of MNIST's 60,000 training images: batch size {128, 512} x epochs {10, 20} x
initializer {glorot_uniform, uniform}, and lecun_uniform, which had won the first grid and was not
carried on. The three networks of a fold, a batch size and a seed are one population; their score
after 10 epochs is taken on the way to 20. A seed fixes the order of the images, the initial
weights and the dropout. A seed costs about 40 seconds on two cores.

The file is written after every batch size; a run that broke off goes on, and a finished one can
be given more seeds.
"""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from initializers import CONFIG, FOLDS, load, save, settings
from sklearn.model_selection import KFold

from hpcourse import Population, datasets

GRID = {
    "batch_size": [128, 512],
    "epochs": [10, 20],
    "initializers": ["lecun_uniform", "glorot_uniform", "uniform"],
}


def run(x, y, batch_size, seed):
    """Return accuracies on the folds held out, shape (folds, epochs, initializers)."""

    def one_fold(split):
        train, held = split
        scores = []
        configurations = [CONFIG | {"initializer": name} for name in GRID["initializers"]]
        population = Population(configurations, seed=seed)
        for epochs in GRID["epochs"]:
            population.fit(x[train], y[train], epochs - population.epochs, batch_size)
            scores.append(population.evaluate(x[held], y[held])["accuracy"])
        return scores

    with ThreadPoolExecutor(FOLDS) as pool:
        return np.array(list(pool.map(one_fold, KFold(FOLDS).split(x))))


def measure(data, path, n_seeds):
    """Fill the record: accuracy[seed][batch size][fold][epochs][initializer], and seconds."""
    x = np.concatenate([data.x_train, data.x_val])
    y = np.concatenate([data.y_train, data.y_val])
    record = load(path, settings(data) | GRID)
    for seed in range(n_seeds):
        if seed not in record["seeds"]:
            for key, value in (("seeds", seed), ("accuracy", []), ("seconds", [])):
                record[key].append(value)
        row = record["seeds"].index(seed)
        for batch_size in GRID["batch_size"][len(record["accuracy"][row]) :]:
            start = time.perf_counter()
            accuracy = run(x, y, batch_size, seed)
            seconds = time.perf_counter() - start
            record["accuracy"][row].append(accuracy.round(6).tolist())
            record["seconds"][row].append(round(seconds, 2))
            save(path, record)
            print(f"seed {seed}, batch size {batch_size}: {seconds:.1f} s", flush=True)
    return record


def show(record):
    accuracy = np.array(record["accuracy"]).mean(axis=2)  # seeds x batch sizes x epochs x names
    print(f"\n{record['machine']['device']}, {record['machine']['cores']} cores; {record['data']}")
    print(f"{len(accuracy)} seeds, {np.sum(record['seconds']):.0f} s\n")
    print(f"{'batch':>6}{'epochs':>8}  " + "".join(f"{name:>22}" for name in GRID["initializers"]))
    for i, batch_size in enumerate(GRID["batch_size"]):
        for j, epochs in enumerate(GRID["epochs"]):
            means, spreads = accuracy[:, i, j].mean(axis=0), accuracy[:, i, j].std(axis=0)
            cells = [f"{m:.4f} (seeds {s:.4f})" for m, s in zip(means, spreads, strict=True)]
            print(f"{batch_size:6}{epochs:8}  " + "".join(f"{cell:>22}" for cell in cells))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("result", type=Path, help="the JSON file to write, or to go on with")
    parser.add_argument("--seeds", type=int, default=5)
    arguments = parser.parse_args()
    show(measure(datasets.load().flat(), arguments.result, arguments.seeds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
