"""What a trial costs beside its objective: Study and RandomSearch against Optuna's.

    python tests/benchmarks/study_overhead.py RESULT.json [--rounds 5] [--trials 1000]

Both draw the same five hyperparameters at random for an objective that costs nothing, in
memory and with storage: ours is a file of JSON lines, Optuna's are its journal file and
SQLite. The sides take turns in every round, in reversed order in every other one. Each study
starts with an empty file in a temporary folder (``TMPDIR`` moves it to another disk).

The last line is the cost of the disk alone: opening a file, appending the line of one trial,
and waiting until it is on the disk. No storage that keeps a finished trial through a power cut
is below that.

The file is written after every round. If it exists, and was made with the same settings and
versions, only the rounds that are missing are played. On a disk that takes 3 ms to write a
line, a round takes about three minutes, nearly all of them Optuna's waiting for the disk.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import shutil
import sys
import tempfile
import time
import warnings
from functools import partial
from pathlib import Path

import numpy as np
import optuna
from optuna.storages import JournalStorage, RDBStorage
from optuna.storages.journal import JournalFileBackend

from hpcourse import Choice, Float, Int, RandomSearch, Space, Study, compute

SPACE = Space(
    learning_rate=Float(1e-4, 1, log=True),
    momentum=Float(0, 0.99),
    units=Int(16, 256, log=True),
    layers=Int(1, 5),
    optimizer=Choice(["sgd", "adam", "rmsprop"]),
)
EDGE = 200  # trials at the beginning and at the end that show how the cost grows


def ours(storage, n, seed, folder):
    path = folder / "study.jsonl" if storage == "file" else None
    moments = []

    def objective(trial):
        moments.append(time.perf_counter())
        return trial.params["learning_rate"]

    start = time.perf_counter()
    study = Study(SPACE, RandomSearch(), seed=seed, storage=path)
    study.optimize(objective, n_trials=n)
    end = time.perf_counter()
    assert len(study.trials) == n
    assert path is None or path.read_bytes().count(b"\n") == 2 * n + 1  # begun, finished
    return start, moments, end


def theirs(storage, n, seed, folder):
    moments = []

    def objective(trial):
        moments.append(time.perf_counter())
        learning_rate = trial.suggest_float("learning_rate", 1e-4, 1, log=True)
        trial.suggest_float("momentum", 0, 0.99)
        trial.suggest_int("units", 16, 256, log=True)
        trial.suggest_int("layers", 1, 5)
        trial.suggest_categorical("optimizer", ["sgd", "adam", "rmsprop"])
        return learning_rate

    start = time.perf_counter()
    if storage == "journal":
        kept = JournalStorage(JournalFileBackend(str(folder / "journal.log")))
    else:
        kept = RDBStorage(f"sqlite:///{folder}/study.db") if storage == "sqlite" else None
    study = optuna.create_study(storage=kept, sampler=optuna.samplers.RandomSampler(seed))
    study.optimize(objective, n_trials=n)
    end = time.perf_counter()
    assert len(study.trials) == n
    return start, moments, end


SIDES = {
    "hpcourse, memory": partial(ours, "memory"),
    "Optuna, memory": partial(theirs, "memory"),
    "hpcourse, file": partial(ours, "file"),
    "Optuna, journal": partial(theirs, "journal"),
    "Optuna, SQLite": partial(theirs, "sqlite"),
}
PAIRS = [
    ("hpcourse, memory", "Optuna, memory"),
    ("hpcourse, file", "Optuna, journal"),
    ("hpcourse, file", "Optuna, SQLite"),
]


def disk(folder, n=200):
    """Return the microseconds of opening a file, appending a line, and having it on the disk."""
    line, path = b"x" * 299 + b"\n", folder / "bare"
    path.touch()
    start = time.perf_counter()
    for _ in range(n):
        with path.open("ab") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
    return 1e6 * (time.perf_counter() - start) / n


def play(record):
    """Add one round to the record: each side once, and the disk alone."""
    done, n = len(record["disk_alone"]), record["trials"]
    for name in list(SIDES)[:: -1 if done % 2 else 1]:
        folder = Path(tempfile.mkdtemp())
        try:
            start, moments, end = SIDES[name](n, done, folder)
        finally:
            shutil.rmtree(folder)
        first, last = moments[EDGE] - moments[0], moments[-1] - moments[-1 - EDGE]
        for part, each in (
            ("all", (end - start) / n),
            ("first", first / EDGE),
            ("last", last / EDGE),
        ):
            record["microseconds"][name][part].append(round(1e6 * each, 1))
    with tempfile.TemporaryDirectory() as folder:
        record["disk_alone"].append(round(disk(Path(folder)), 1))


def warm_up():
    """Import and prepare what the first study of each side would pay for."""
    for side in SIDES.values():
        with tempfile.TemporaryDirectory() as folder:
            side(5, 0, Path(folder))


def machine():
    mounts = Path("/proc/mounts")
    kinds = (
        [line.split()[1:3] for line in mounts.read_text().splitlines()] if mounts.exists() else []
    )
    here = Path(tempfile.gettempdir()).resolve()
    holding = [kind for kind in kinds if here.is_relative_to(kind[0])]
    packages = ("numpy", "optuna", "sqlalchemy", "joblib", "filelock")
    return {
        "cpu": compute.processor(),
        "cores": compute.cores(),
        "system": platform.system(),
        "filesystem": max(holding, key=lambda kind: len(kind[0]))[1] if holding else "unknown",
        "versions": {"python": platform.python_version()}
        | {name: importlib.metadata.version(name) for name in packages},
    }


def load(path, trials):
    """Return the record that is there, or an empty one."""
    made_with = {"machine": machine(), "trials": trials, "edge": EDGE}
    if not path.exists():
        empty = {name: {"all": [], "first": [], "last": []} for name in SIDES}
        return made_with | {"microseconds": empty, "disk_alone": []}
    record = json.loads(path.read_text(encoding="utf-8"))
    for key, value in made_with.items():
        if record.get(key) != value:
            raise SystemExit(f"{path} was made with another {key}; give the new record a new name")
    return record


def show(record):
    where, n, rounds = record["machine"], record["trials"], len(record["disk_alone"])
    versions = ", ".join(f"{name} {version}" for name, version in where["versions"].items())
    print(f"{where['cpu']}, {where['cores']} cores, files on {where['filesystem']}\n{versions}")
    print(f"Microseconds a trial: medians and ranges of {rounds} rounds of {n:,} trials\n")
    print(f"{'':18}" + "".join(f"{x:>30}" for x in ("all", f"1-{EDGE}", f"{n - EDGE + 1}-{n}")))
    for name, parts in record["microseconds"].items():
        print(f"{name:18}" + "".join(cell(parts[part]) for part in ("all", "first", "last")))
    print(f"{'the disk alone':18}{cell(record['disk_alone'])}\n")
    for pair in PAIRS:  # round by round, so that what slows both does not count
        mine, others = (np.array(record["microseconds"][name]["all"]) for name in pair)
        print(f"{' / '.join(pair):36}{cell(mine / others, '.3f')}")


def cell(values, form=",.0f"):
    return f"{np.median(values):10{form}} {f'({min(values):{form}} - {max(values):{form}})':>19}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("result", type=Path, help="the JSON file to write")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--trials", type=int, default=1000)
    arguments = parser.parse_args()
    if arguments.rounds < 1 or arguments.trials <= 2 * EDGE:
        parser.error(f"at least 1 round and {2 * EDGE + 1} trials")
    if not arguments.result.absolute().parent.is_dir():
        parser.error(f"there is no folder {arguments.result.parent}")
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
    record = load(arguments.result, arguments.trials)
    warm_up()
    while len(record["disk_alone"]) < arguments.rounds:
        play(record)
        arguments.result.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        print(f"round {len(record['disk_alone'])} of {arguments.rounds}", file=sys.stderr)
    show(record)
    return 0


if __name__ == "__main__":
    sys.exit(main())
