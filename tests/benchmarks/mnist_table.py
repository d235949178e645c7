"""Record the learning curves that ``hpcourse.tabular`` replays.

    python tests/benchmarks/mnist_table.py hpcourse/records/mnist_mlp.npz [--processes 2]

Every combination of eight learning rates, three momenta, widths, dropout shares and batch
sizes (648 networks, 784-units-units-10, plain SGD), three times each, for 27 epochs on the
50,000 training images of the real MNIST. After each epoch the 10,000 validation images are
scored; the test images once, at the end.

The networks of one width, batch size and seed are one population: they begin with the same
weights and see the same images in the same order. Each of the 27 populations is a task of
its own for one core, and its result a file in the folder of parts, so a run that broke off
goes on where it stopped. On two cores all of it takes about an hour.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import io
import itertools
import json
import multiprocessing
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import numpy as np

AXES = {
    "learning_rate": [0.0016, 0.004, 0.01, 0.025, 0.063, 0.16, 0.4, 1.0],
    "momentum": [0.0, 0.5, 0.9],
    "units": [16, 32, 64],
    "dropout": [0.0, 0.1, 0.3],
    "batch_size": [32, 128, 512],
}
SEEDS, EPOCHS = [0, 1, 2], 27
INNER = ("learning_rate", "momentum", "dropout")  # what differs within a population
THREADS = {
    "KERAS_BACKEND": "jax",
    "JAX_PLATFORMS": "cpu",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}


def settings():
    """Return what a part must agree in to be part of this table."""
    return {
        "axes": AXES,
        "seeds": SEEDS,
        "epochs": EPOCHS,
        "versions": {name: importlib.metadata.version(name) for name in ("jax", "keras", "numpy")},
    }


def part_path(folder, seed, units, batch_size):
    return folder / f"seed{seed}_units{units}_batch{batch_size}.npz"


def pin(numbers):
    """Give each worker a core of its own, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {numbers.get()})


def train(path, seed, units, batch_size):
    """Train one population and write its part; return the seconds it took."""
    from hpcourse import Population, datasets

    data = datasets.load_mnist().flat()
    configurations = [
        dict(zip(INNER, values, strict=True)) | {"units": (units, units)}
        for values in itertools.product(*(AXES[name] for name in INNER))
    ]
    population = Population(configurations, seed=seed)
    busy, start = time.process_time(), time.perf_counter()
    history = population.fit(
        data.x_train, data.y_train, EPOCHS, batch_size, (data.x_val, data.y_val)
    )
    busy, elapsed = time.process_time() - busy, time.perf_counter() - start
    test = population.evaluate(data.x_test, data.y_test)["accuracy"]
    buffer = io.BytesIO()
    np.savez(
        buffer,
        hits=np.round(history["val_accuracy"] * len(data.y_val)).astype("uint16"),
        loss=history["val_loss"].astype("float32"),
        test_hits=np.round(test * len(data.y_test)).astype("uint16"),
        seconds=np.float32(busy / EPOCHS / len(configurations)),
        settings=json.dumps(settings()),
    )
    replace(path, buffer.getvalue())
    return elapsed


def replace(path, content):
    """Write a file at once, so that a crash leaves the old one or the new one."""
    beside = path.with_name(path.name + ".part")
    beside.write_bytes(content)
    beside.replace(path)


def missing(folder):
    """Return the tasks without a part, the longest of each seed first."""
    every = itertools.product(SEEDS, AXES["units"][::-1], AXES["batch_size"])
    for path in folder.glob("*.npz"):
        with np.load(path) as part:
            if json.loads(str(part["settings"])) != settings():
                raise SystemExit(f"{path} was made with other settings or versions; delete it")
    return [task for task in every if not part_path(folder, *task).exists()]


def compute(folder, processes):
    os.environ.update(THREADS)
    context = multiprocessing.get_context("spawn")
    numbers = context.Queue()
    for number in itertools.islice(itertools.cycle(sorted(cores())), processes):
        numbers.put(number)
    tasks = missing(folder)
    print(f"{len(tasks)} populations of {len(SEEDS) * 9} are to be trained", flush=True)
    with ProcessPoolExecutor(processes, context, pin, (numbers,)) as pool:
        futures = {pool.submit(train, part_path(folder, *task), *task): task for task in tasks}
        for future in as_completed(futures):
            print(*futures[future], f"{future.result():.0f} s", flush=True)


def cores():
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count())


def assemble(folder, seeds):
    """Return the arrays of the table, with an axis for each hyperparameter, in their order."""
    arrays: dict[str, list] = {"hits": [], "loss": [], "test_hits": [], "seconds": []}
    for task in itertools.product(seeds, AXES["units"], AXES["batch_size"]):
        with np.load(part_path(folder, *task)) as part:
            for name, values in arrays.items():
                values.append(part[name])
    n_units, n_batches = len(AXES["units"]), len(AXES["batch_size"])
    outer = len(seeds), n_units, n_batches
    inner = [len(AXES[name]) for name in INNER]
    made = {}
    for name, values in arrays.items():
        whole = np.array(values)
        if name in ("hits", "loss"):  # seed, units, batch, epoch, rate, momentum, dropout
            whole = whole.reshape(*outer, EPOCHS, *inner).transpose(4, 5, 1, 6, 2, 0, 3)
        elif name == "test_hits":
            whole = whole.reshape(*outer, *inner).transpose(3, 4, 1, 5, 2, 0)
        else:  # the same for all that were trained together
            whole = np.median(whole.reshape(outer), axis=0)
        made[name] = whole
    with np.errstate(over="ignore"):  # three digits; what has diverged is infinite
        made["loss"] = made["loss"].astype("float16")
    return made


def machine():
    os.environ.update(THREADS)

    return compute.describe()


def write(path, arrays, seeds, on):
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    replace(path, buffer.getvalue())
    about = {
        "data": "mnist, 50,000 training, 10,000 validation, 10,000 test images",
        "network": "784-units-units-10, relu, glorot_uniform, sgd, cross-entropy",
        "n_validation": 10_000,
        "n_test": 10_000,
        "axes": AXES,
        "seeds": seeds,
        "epochs": EPOCHS,
        "machine": on,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }
    replace(path.with_suffix(".json"), (json.dumps(about, indent=1) + "\n").encode())
    print(f"{path}: {path.stat().st_size:,} bytes")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("result", type=Path, help="the file to write; its .json stands beside")
    parser.add_argument("--parts", type=Path, default=Path("_build/mnist_table"))
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seeds", type=int, default=len(SEEDS), help="how many to assemble")
    arguments = parser.parse_args()
    arguments.parts.mkdir(parents=True, exist_ok=True)
    seeds = SEEDS[: arguments.seeds]
    if any(task[0] in seeds for task in missing(arguments.parts)):
        compute(arguments.parts, arguments.processes)
    write(arguments.result, assemble(arguments.parts, seeds), seeds, machine())
    return 0


if __name__ == "__main__":
    sys.exit(main())
