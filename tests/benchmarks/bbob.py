"""How near searches come to the minima of COCO's bbob suite: ours beside their peers.

    python tests/benchmarks/bbob.py RESULT.json [--methods ours-bayesian] [--dimensions 2 5]
        [--instances 201 202] [--functions 1 24] [--jobs 2]

The suite [1]_ has 24 functions in five groups, in any dimension; an instance shifts and turns a
function. The instances from 101 on are for tuning, those from 201 on for the report: looked at
once, when all is decided. A run is one instance with the instance's number as the seed: 50, 50, 80
and 150 evaluations in 2, 3, 5 and 10 dimensions. Its error is the best value found minus the
optimum; below 1e-3 (``FLOOR``) errors count as equal. ``near`` counts the evaluations within 1 %
of the box of an earlier one that was not the best so far then: they can hardly tell anything.

Each run is appended to RESULT.jsonl as soon as it has finished, so what broke off goes on, and
several processes may write there; RESULT.json keeps the errors of those with the newest versions.
Peers that need packages which this project does not (PyTorch, SMAC3, Ax) are run in an
environment of their own, with the same RESULT.json; whatever is not installed is passed over.

.. [1] N. Hansen, S. Finck, R. Ros and A. Auger, "Real-parameter black-box optimization
   benchmarking 2009: noiseless functions definitions", INRIA research report 6829, 2009.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import platform
import sys
import time
import warnings
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import regret  # sets the number of threads before NumPy is loaded

# ruff: isort: split
import numpy as np

from hpcourse.compute import processor

FLOOR = 1e-3
EVALUATIONS = {2: 50, 3: 50, 5: 80, 10: 150}
GROUPS = {
    "separable": range(1, 6),
    "moderate": range(6, 10),
    "ill-conditioned": range(10, 15),
    "multimodal": range(15, 20),
    "weak structure": range(20, 25),
}
OURS = "ours-bayesian"
METHODS = ("random", "optuna-tpe", "optuna-cmaes", "optuna-gp", "botorch", "smac", "ax")


class Recorder:
    """A problem of the suite that notes how good the points are at which it is asked."""

    def __init__(self, function, dimension, instance):
        import cocoex

        self.problem = cocoex.BareProblem("bbob", function, dimension, instance)
        self.bounds = np.tile([-5.0, 5.0], (dimension, 1))
        self.optimum, self.n = self.problem.best_value(), EVALUATIONS[dimension]
        self.points, self.values = [], []

    def __call__(self, x, fails=False):
        point = np.clip(np.asarray(x, dtype=float), *self.bounds.T)
        value = float(self.problem(point))
        self.points.append((point + 5) / 10)
        self.values.append(value)
        return value

    def error(self):
        return max(0.0, min(self.values[: self.n]) - self.optimum)

    def near(self):
        """Return how many points lie within 1 % of an earlier one that was not the best."""
        count = 0
        for k in range(1, min(self.n, len(self.values))):
            close = np.abs(np.array(self.points[:k]) - self.points[k]).max(axis=1) < 0.01
            close[np.argmin(self.values[:k])] = False
            count += bool(close.any())
        return count


def play(function, dimension, instance, method):
    recorder, error = Recorder(function, dimension, instance), None
    start = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            regret.METHODS[method].run(recorder, recorder.bounds, recorder.n, instance)
        except Exception as raised:  # a peer's fault must not end hours of measurements
            error = f"{type(raised).__name__}: {raised}"
    if len(recorder.values) < recorder.n and error is None:
        error = f"{len(recorder.values)} evaluations of {recorder.n}"
    return {
        "method": method,
        "function": function,
        "dimension": dimension,
        "instance": instance,
        "error": float(f"{recorder.error():.4g}"),
        "near": recorder.near(),
        "seconds": round(time.process_time() - start, 2),
    } | ({"raised": error} if error else {})


class Runs:
    """Runs by method and what else tells them apart; of each method, those of one version."""

    names: tuple[str, ...]  # what tells the runs of a method apart

    def __init__(self, path):
        self.path, self.journal = path, path.with_suffix(".jsonl")
        self.methods, self.runs = {}, {}
        if path.exists():
            kept = json.loads(path.read_text(encoding="utf-8"))
            self.methods = kept["methods"]
            self.runs = {self._key(run): run for run in self.unfold(kept["runs"])}
        if self.journal.exists():
            for line in self.journal.read_text(encoding="utf-8").splitlines():
                try:
                    self.take(json.loads(line))
                except json.JSONDecodeError:  # it broke off while writing it
                    continue

    def _key(self, run):
        return tuple(run[name] for name in ("method", *self.names))

    def unfold(self, runs):
        """Give the runs of a summary one by one."""
        return runs

    def take(self, row):
        method, about = row["method"], {key: row[key] for key in ("versions", "python", "cpu")}
        if self.methods.get(method, about)["versions"] != about["versions"]:
            self.runs = {key: run for key, run in self.runs.items() if key[0] != method}
        self.methods[method] = about
        self.runs[self._key(row)] = {key: row[key] for key in row if key not in about}

    def add(self, row):
        with self.journal.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
        self.take(row)


class Record(Runs):
    """Runs on the suite; the summary has error, near and seconds of each."""

    names = "dimension", "instance", "function"

    def unfold(self, runs):
        for method, dimensions in runs.items():
            for dimension, instances in dimensions.items():
                for instance, functions in instances.items():
                    for function, (error, near, seconds) in functions.items():
                        yield {
                            "method": method,
                            "dimension": int(dimension),
                            "instance": int(instance),
                            "function": int(function),
                            "error": error,
                            "near": near,
                            "seconds": seconds,
                        }

    def missing(self, methods, dimensions, instances, functions):
        known = {
            method
            for method in methods
            if self.methods.get(method, {}).get("versions") == regret.versions(method)
        }
        return [
            (function, dimension, instance, method)
            for instance in instances
            for dimension in dimensions
            for function in functions
            for method in methods
            if method not in known or (method, dimension, instance, function) not in self.runs
        ]

    def save(self):
        runs = {}
        for (method, dimension, instance, function), run in sorted(self.runs.items()):
            cell = runs.setdefault(method, {}).setdefault(str(dimension), {})
            values = [run["error"], run["near"], run["seconds"]]
            cell.setdefault(str(instance), {})[str(function)] = values
        lines = json.dumps({"methods": self.methods, "runs": runs})
        self.path.write_text(lines.replace('}, "', '},\n"') + "\n", encoding="utf-8")

    def errors(self, method, dimension, instances, floor=FLOOR):
        """Return the logarithms of the floored errors, shape (24, instances); NaN: not run."""
        return np.array(
            [
                [
                    np.log(max(run["error"], floor))
                    if (run := self.runs.get((method, dimension, instance, function)))
                    else np.nan
                    for instance in instances
                ]
                for function in range(1, 25)
            ]
        )


def compare(record, mine, theirs, dimension, instances, floor=FLOOR):
    """Return the mean logarithms of the ratios mine / theirs of each function, NaN: not run."""
    both = record.errors(mine, dimension, instances, floor) - record.errors(
        theirs, dimension, instances, floor
    )
    known = ~np.isnan(both)
    sums = np.where(known, both, 0).sum(axis=1)
    return np.where(known.any(axis=1), sums / np.maximum(known.sum(axis=1), 1), np.nan)


def interval(logs, draws=2000):
    """Return a geometric mean's interval of 95 %: a bootstrap over the functions."""
    rng = np.random.default_rng(0)
    means = logs[rng.integers(len(logs), size=(draws, len(logs)))].mean(axis=1)
    return np.exp(np.percentile(means, [2.5, 97.5]))


def show(record, mine, peers, dimensions, instances):
    print(f"\nGeometric means of the errors after the last evaluation, {mine} / theirs")
    print(f"(floor {FLOOR:g}; interval: bootstrap over functions; better: share of functions)\n")
    print(
        f"{'':20}{'all':>6} {'interval':>14}{'median':>8}{'better':>8}"
        + "".join(f"{g:>16}" for g in GROUPS)
        + "   f7     worst"
    )
    for dimension in dimensions:
        for peer in peers:
            logs = compare(record, mine, peer, dimension, instances)
            known = ~np.isnan(logs)
            if not known.any():
                continue
            low, high = interval(logs[known])
            groups = [logs[[f - 1 for f in fs]] for fs in GROUPS.values()]
            cells = "".join(f"{np.exp(np.nanmean(g)):16.3f}" for g in groups)
            decided = logs[known & (np.abs(logs) > 1e-9)]
            better = (decided < 0).mean() if len(decided) else np.nan
            worst = [f"f{i + 1} {np.exp(logs[i]):.1f}" for i in np.argsort(-logs)[:4] if known[i]]
            print(
                f"{dimension:2}-d {peer:15}{np.exp(logs[known].mean()):6.3f} "
                f"{low:6.3f} - {high:5.3f}{np.exp(np.median(logs[known])):8.3f}{better:8.0%}"
                f"{cells}{np.exp(logs[6]):6.2f}  {', '.join(worst)}"
            )
    for method in (mine, *peers):
        for dimension in dimensions:
            runs = {k[2:]: r for k, r in record.runs.items() if k[:2] == (method, dimension)}
            runs = {k: r for k, r in runs.items() if k[0] in instances}
            if runs:
                near = [r["near"] for k, r in runs.items() if k[1] in GROUPS["multimodal"]]
                seconds = np.mean([r["seconds"] for r in runs.values()])
                print(
                    f"{dimension:2}-d {method:15} near, multimodal: {np.mean(near):5.1f} of "
                    f"{EVALUATIONS[dimension]}; {seconds:6.2f} s of processor time a run"
                )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("result", type=Path)
    parser.add_argument("--methods", nargs="+", choices=regret.METHODS, default=[OURS, *METHODS])
    parser.add_argument("--dimensions", nargs="+", type=int, choices=EVALUATIONS, default=[2, 3, 5])
    parser.add_argument("--instances", nargs="+", type=int, default=[101, 102])
    parser.add_argument("--functions", nargs="+", type=int, default=range(1, 25))
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--show", action="store_true", help="run nothing")
    given = parser.parse_args()
    record = Record(given.result)
    if not given.show:
        methods = [method for method in given.methods if regret.is_installed(method)]
        missing = record.missing(methods, given.dimensions, given.instances, given.functions)
        about = {"cpu": processor(), "python": platform.python_version()}
        made_with = {method: regret.versions(method) for method in methods}
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(given.jobs, spawn) as pool:
            for done in as_completed([pool.submit(play, *run) for run in missing]):
                row = done.result()
                record.add(row | about | {"versions": made_with[row["method"]]})
        record.save()
    peers = [method for method in given.methods if method != OURS]
    show(record, OURS, peers, given.dimensions, given.instances)
    return 0


if __name__ == "__main__":
    sys.exit(main())
