"""How long a search thinks before a trial: ours beside its peers.

    python tests/benchmarks/ask_time.py RESULT.json [--rounds 7] [--check]

After n = 10, 50, 100 and 200 trials at random points, of Branin in two dimensions and of
Hartmann's function in six, each side proposes one more: it fits its model and finds the point,
in one thread, and everything is new, so that nothing kept from earlier proposals helps. (Where
its initial design is longer than n, a side only looks up that: BayesianSearch in six dimensions
after 10.) The sides take turns in every round, in reversed order in every other one; the points
are others in each round, and the same for all sides. For scikit-optimize a proposal is telling
the n-th point and asking, for Optuna asking for a trial and its parameters. BoTorch's model and
search are those of regret.py, whose docstring says how to install what is missing here; a side
that is not installed is passed over, and what a record has of it stays.

The file is written after every round, and a run that broke off goes on. A side that was measured
with other versions (of ours, the code) is refused, or with ``--renew`` measured anew, as is
everything on another machine. ``--check`` exits with 1 unless ours need at most 80 ms after 50
trials in two dimensions and 300 ms after 200, and less than scikit-optimize everywhere. A round
takes about 20 seconds, nearly all of them the peers'.
"""

from __future__ import annotations

import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")

import argparse
import json
import platform
import re
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import regret

from hpcourse import landscapes
from hpcourse.compute import processor

TOLD = (10, 50, 100, 200)
LANDSCAPES = {"2-d": "branin", "6-d": "hartmann6"}
LIMITS = {("2-d", 50): 80, ("2-d", 200): 300}  # milliseconds, of ours


# Each side gets points (n, d), values (n,), bounds (d, 2) and a seed, prepares what it needs,
# and returns what is timed: a function that proposes one more point.


def suggest(x, y, bounds, seed):
    from hpcourse import BayesianSearch, Trial, TrialState

    space, points = ours(x, bounds)
    trials = [
        Trial(number, point, state=TrialState.COMPLETE, value=value)
        for number, (point, value) in enumerate(zip(points, y.tolist(), strict=True))
    ]
    rng = np.random.default_rng((seed, len(y)))
    return lambda: BayesianSearch().suggest(space, trials, rng)


def study_ask(x, y, bounds, seed):
    from hpcourse import BayesianSearch, Study

    space, points = ours(x, bounds)
    study = Study(space, BayesianSearch(), seed=seed)
    for point, value in zip(points, y.tolist(), strict=True):
        study.enqueue_trial(point)
        study.tell(study.ask(), value)
    return lambda: study.ask().params


def ours(x, bounds):
    from hpcourse import Float, Space

    space = Space(**{f"x{i}": Float(*pair) for i, pair in enumerate(bounds.tolist())})
    return space, [dict(zip(space, point, strict=True)) for point in x.tolist()]


def skopt(x, y, bounds, seed):
    from skopt import Optimizer

    optimizer = Optimizer([tuple(pair) for pair in bounds.tolist()], random_state=seed)
    x, y = x.tolist(), y.tolist()
    optimizer.tell(x[:-1], y[:-1], fit=False)

    def propose():
        optimizer.tell(x[-1], y[-1])
        return optimizer.ask()

    return propose


def optuna(sampler):
    def prepare(x, y, bounds, seed):
        import optuna

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        if sampler == "GPSampler":
            regret.one_thread()
        study = optuna.create_study(sampler=getattr(optuna.samplers, sampler)(seed=seed))
        ranges = {
            f"x{i}": optuna.distributions.FloatDistribution(*pair)
            for i, pair in enumerate(bounds.tolist())
        }
        for point, value in zip(x.tolist(), y.tolist(), strict=True):
            params = dict(zip(ranges, point, strict=True))
            trial = optuna.trial.create_trial(params=params, distributions=ranges, value=value)
            study.add_trial(trial)

        def propose():
            trial = study.ask()
            return [trial.suggest_float(name, each.low, each.high) for name, each in ranges.items()]

        return propose

    return prepare


def botorch(x, y, bounds, seed):
    import torch

    regret.one_thread()
    torch.manual_seed(seed)
    x, y, box = (torch.tensor(a, dtype=torch.double) for a in (x, y[:, None], bounds.T))
    return lambda: regret.botorch_next(x, y, box)


SIDES = {  # its label, the method of regret.py with the same packages, and what prepares it
    "suggest": ("BayesianSearch.suggest", "ours-bayesian", suggest),
    "ask": ("Study.ask, BayesianSearch", "ours-bayesian", study_ask),
    "skopt": ("scikit-optimize", "skopt", skopt),
    "optuna-tpe": ("Optuna, TPE", "optuna-tpe", optuna("TPESampler")),
    "optuna-gp": ("Optuna, GP", "optuna-gp", optuna("GPSampler")),
    "botorch": ("BoTorch, log-EI", "botorch", botorch),
}
OURS = ("suggest", "ask")


def measure(side, dimension, n, seed):
    """Return the milliseconds of one proposal."""
    landscape = landscapes.get(LANDSCAPES[dimension])
    x = np.random.default_rng((seed, n)).uniform(*landscape.bounds.T, (n, landscape.dimension))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        propose = SIDES[side][2](x, landscape(x), landscape.bounds, seed)
        start = time.perf_counter()
        propose()
        return 1000 * (time.perf_counter() - start)


def load(path, sides, renew):
    """Return the record that is there, without what is to be measured anew, or an empty one."""
    about = {"cpu": processor(), "system": platform.system(), "python": platform.python_version()}
    record = {"machine": about, "sides": {}}
    if path.exists():
        found = json.loads(path.read_text(encoding="utf-8"))
        if found["machine"] == about:
            record = found
        elif not renew:
            raise SystemExit(
                f"{path} was made on {found['machine']}, this is {about}; --renew measures "
                "everything anew, or give the new record a new name"
            )
    for side in sides:
        label, method, _ = SIDES[side]
        made_with = regret.versions(method)
        known = record["sides"].get(side, {"versions": made_with})["versions"]
        if known != made_with and not renew:
            raise SystemExit(
                f"{path}: {side} was measured with {known}, now it is {made_with}; --renew "
                "measures it anew, or give the new record a new name"
            )
        if side not in record["sides"] or known != made_with:
            empty = {dimension: {str(n): [] for n in TOLD} for dimension in LANDSCAPES}
            record["sides"][side] = {
                "label": label,
                "versions": made_with,
                "milliseconds": empty,
            }
    return record


def run(record, path, sides, told, rounds):
    """Add the rounds that are missing."""
    for side in sides:  # what the first proposal of each would pay for: imports, compilation
        measure(side, "2-d", min(TOLD), 0)
    for turn in range(rounds):
        added = 0
        for dimension in LANDSCAPES:
            for n in told:
                for side in sides[:: -1 if turn % 2 else 1]:
                    times = record["sides"][side]["milliseconds"][dimension][str(n)]
                    if len(times) == turn:
                        times.append(round(measure(side, dimension, n, turn), 2))
                        added += 1
        if added:
            text = json.dumps(record, indent=1)
            text = re.sub(r"\[[^]\"]*\]", lambda match: "".join(match[0].split()), text)
            path.write_text(text + "\n", encoding="utf-8")
            print(f"round {turn + 1} of {rounds}", file=sys.stderr)


def median(record, side, dimension, n):
    times = record["sides"].get(side, {"milliseconds": {}})["milliseconds"].get(dimension, {})
    return float(np.median(times[str(n)])) if times.get(str(n)) else np.nan


def show(record):
    print(f"{record['machine']['cpu']}, Python {record['machine']['python']}, one thread")
    for dimension in LANDSCAPES:
        print(f"\nMilliseconds of a proposal in {dimension} after n trials: median (quartiles)\n")
        print(f"{'':32}" + "".join(f"{f'n = {n}':>24}" for n in TOLD))
        for each in record["sides"].values():
            times = each["milliseconds"][dimension].values()
            print(f"{each['label']:32}" + "".join(f"{cell(values):>24}" for values in times))
        print()
        mine = np.array([median(record, "suggest", dimension, n) for n in TOLD])
        for side, each in record["sides"].items():
            ratios = mine / [median(record, side, dimension, n) for n in TOLD]
            if side != "suggest" and not np.isnan(ratios).all():
                numbers = "".join(f"{number:24.3g}" for number in ratios)
                print(f"{'ours / ' + each['label']:32}{numbers}")


def cell(values):
    if not values:
        return ""
    low, middle, high = np.percentile(values, [25, 50, 75])
    return f"{middle:.0f} ({low:.0f} - {high:.0f})"


def check(record):
    """Return whether ours keep what the project promises, and print what was found."""
    results = []
    for side in OURS:
        for dimension in LANDSCAPES:
            for n in TOLD:
                found = median(record, side, dimension, n)
                theirs = median(record, "skopt", dimension, n)
                results.append((f"{side}, {dimension}, n = {n}, beside skopt", found, theirs))
                if (dimension, n) in LIMITS:
                    results.append((f"{side}, {dimension}, n = {n}", found, LIMITS[dimension, n]))
    print()
    for what, found, most in results:
        missing = np.isnan(found) or np.isnan(most)
        kept = "not in the record" if missing else "kept" if found <= most else "BROKEN"
        print(f"{what:36} {found:8.1f} ms, at most {most:6.1f}  {kept}")
    return all(found <= most for _, found, most in results)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("result", type=Path, help="the JSON file to write, or to go on with")
    parser.add_argument("--sides", nargs="+", choices=SIDES, default=list(SIDES))
    parser.add_argument("--told", nargs="+", type=int, choices=TOLD, default=list(TOLD))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--renew", action="store_true", help="make anew what has other versions")
    parser.add_argument("--check", action="store_true", help="exit with 1 if a promise is broken")
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error("at least 1 round")
    if not arguments.result.absolute().parent.is_dir():
        parser.error(f"there is no folder {arguments.result.parent}")
    sides = [side for side in SIDES if side in arguments.sides]
    for side in list(sides):
        if not regret.is_installed(SIDES[side][1]):
            print(f"{side}: not installed", file=sys.stderr)
            sides.remove(side)
    record = load(arguments.result, sides, arguments.renew)
    run(record, arguments.result, sides, arguments.told, arguments.rounds)
    show(record)
    return 0 if not arguments.check or check(record) else 1


if __name__ == "__main__":
    sys.exit(main())
