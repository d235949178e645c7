"""How near searches come to known minima in 50 evaluations: ours beside their peers.

    python tests/benchmarks/regret.py RESULT.json [--methods ours] [--seeds 20] [--jobs 2]

Simple regret is the best value found minus the true minimum; it is kept after 10, 20, 30, 40
and 50 evaluations. ``--functions`` takes names, ``ten`` (the default) or ``held-out``, functions
that no default of this package was chosen with; ``--methods`` takes names, ``peers``, ``ours`` or
``all`` (the default). Every method has its own defaults and one thread. BoTorch's is the loop of
its tutorials: ten Sobol points, then SingleTaskGP with Normalize and Standardize, and the
maximizer of LogExpectedImprovement from 5 of 128 starts, in double precision. A method that is
not installed is passed over, and what a record has of it stays. BoTorch and Optuna's GPSampler
need PyTorch, which this project does not: ``pip install torch botorch`` in an environment of its
own, and this script there, with the same RESULT.json.

Each run is appended to RESULT.jsonl beside the result as soon as it has finished, so a run that
broke off goes on; several of them may write there at once. RESULT.json keeps of them the medians
and every seed's last regret, in order of seeds; once it has all seeds asked for, RESULT.jsonl may
be deleted. Runs made with other versions of a method's packages are refused, or with ``--renew``
made anew; for ours, the code without comments and docstrings counts as the version.

The tables show the medians, and geometric means of the ratios ours / theirs over the functions,
in which regrets below 1e-10 count as 1e-10. ``--plot FILE`` draws the medians; ``--check`` exits
with 1 unless ours keep what the project promises; ``--show`` runs nothing. A run of 50 evaluations
takes scikit-optimize 10 seconds, BoTorch 6, GPSampler 4, BayesianSearch 1, the others less; all
of the ten functions and 20 seeds are two hours of one core.
"""

from __future__ import annotations

import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")

import argparse
import ast
import hashlib
import importlib
import importlib.metadata
import importlib.util
import json
import logging
import multiprocessing
import platform
import re
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from hpcourse import landscapes
from hpcourse.arguments import unknown_name
from hpcourse.compute import processor

sys.path.insert(0, str(Path(__file__).parents[2] / "book"))
import chapters

EVALUATIONS = 50
CHECKPOINTS = 5  # at equal distances
FLOOR = 1e-10  # of regrets in ratios: below, it is rounding that is compared
FAILING = 0.2  # share of the trials that fail where some do

FUNCTIONS = {
    "ten": {
        "beale": ("beale", 2),
        "branin": ("branin", 2),
        "goldstein_price": ("goldstein_price", 2),
        "himmelblau": ("himmelblau", 2),
        "six_hump_camel": ("six_hump_camel", 2),
        "rosenbrock": ("rosenbrock", 2),
        "ackley": ("ackley", 2),
        "styblinski_tang-3": ("styblinski_tang", 3),
        "hartmann3": ("hartmann3", 3),
        "hartmann6": ("hartmann6", 6),
    },
    "held-out": {
        "booth": ("booth", 2),
        "levy": ("levy", 2),
        "matyas": ("matyas", 2),
        "mccormick": ("mccormick", 2),
        "rastrigin": ("rastrigin", 2),
        "sphere": ("sphere", 2),
        "three_hump_camel": ("three_hump_camel", 2),
        "zakharov": ("zakharov", 2),
        "zakharov-3": ("zakharov", 3),
        "levy-4": ("levy", 4),
        "rosenbrock-4": ("rosenbrock", 4),
        "ackley-4": ("ackley", 4),
    },
}
LANDSCAPES = FUNCTIONS["ten"] | FUNCTIONS["held-out"]


# The methods: each calls f with n points within the bounds.


def at_random(f, bounds, n, seed):
    rng = np.random.default_rng(seed)
    for _ in range(n):
        f(rng.uniform(*bounds.T))


def skopt(f, bounds, n, seed, **settings):
    from skopt import gp_minimize

    gp_minimize(
        f, [tuple(pair) for pair in bounds.tolist()], n_calls=n, random_state=seed, **settings
    )


def hyperopt(f, bounds, n, seed):
    from hyperopt import fmin, hp, tpe

    logging.getLogger("hyperopt").setLevel(logging.ERROR)
    names = [f"x{i}" for i in range(len(bounds))]
    space = {name: hp.uniform(name, *pair) for name, pair in zip(names, bounds, strict=True)}
    fmin(
        lambda x: f([x[name] for name in names]),
        space,
        algo=tpe.suggest,
        max_evals=n,
        rstate=np.random.default_rng(seed),
        show_progressbar=False,
        verbose=False,
    )


def optuna(sampler, f, bounds, n, seed):
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    if sampler == "GPSampler":
        one_thread()
    study = optuna.create_study(sampler=getattr(optuna.samplers, sampler)(seed=seed))

    def objective(trial):
        return f([trial.suggest_float(f"x{i}", *pair) for i, pair in enumerate(bounds)])

    study.optimize(objective, n_trials=n)


def botorch(f, bounds, n, seed):
    import torch
    from botorch.utils.sampling import draw_sobol_samples

    one_thread()
    torch.manual_seed(seed)
    box = torch.tensor(bounds.T, dtype=torch.double)
    x = draw_sobol_samples(box, n=min(10, n), q=1, seed=seed).squeeze(1)
    y = torch.tensor([[f(point.numpy())] for point in x], dtype=torch.double)
    while len(x) < n:
        new = botorch_next(x, y, box)
        x = torch.cat([x, new])
        y = torch.cat([y, torch.tensor([[f(new[0].numpy())]], dtype=torch.double)])


def botorch_next(x, y, box):
    """Return the next point, shape (1, d), after points of shape (n, d) with values (n, 1)."""
    from botorch.acquisition import LogExpectedImprovement
    from botorch.fit import fit_gpytorch_mll
    from botorch.models import SingleTaskGP
    from botorch.models.transforms import Normalize, Standardize
    from botorch.optim import optimize_acqf
    from gpytorch.mlls import ExactMarginalLogLikelihood

    y = -y  # BoTorch maximizes
    scales = {"input_transform": Normalize(x.shape[1]), "outcome_transform": Standardize(1)}
    model = SingleTaskGP(x, y, **scales)
    fit_gpytorch_mll(ExactMarginalLogLikelihood(model.likelihood, model))
    improvement = LogExpectedImprovement(model, best_f=y.max())
    return optimize_acqf(improvement, box, q=1, num_restarts=5, raw_samples=128)[0]


def smac(f, bounds, n, seed):
    import ConfigSpace

    names = [f"x{i}" for i in range(len(bounds))]
    box = dict(zip(names, map(tuple, bounds.tolist()), strict=True))
    space = ConfigSpace.ConfigurationSpace(space=box, seed=seed)
    smac_facade("BlackBoxFacade", lambda c: f([c[name] for name in names]), space, n, seed)


def smac_facade(facade, f, space, n, seed):
    """Minimize a function of a ConfigSpace's configurations."""
    import smac

    with tempfile.TemporaryDirectory() as folder:
        scenario = smac.Scenario(
            space, output_directory=Path(folder), deterministic=True, n_trials=n, seed=seed
        )

        def evaluate(configuration, seed=0):
            return f(dict(configuration))

        getattr(smac, facade)(scenario, evaluate, logging_level=logging.CRITICAL).optimize()


def ax(f, bounds, n, seed):
    from ax.api.client import Client
    from ax.api.configs import RangeParameterConfig

    logging.disable(logging.WARNING)
    one_thread()
    client = Client(random_seed=seed)
    names = [f"x{i}" for i in range(len(bounds))]
    client.configure_experiment(
        [
            RangeParameterConfig(name=name, parameter_type="float", bounds=tuple(pair))
            for name, pair in zip(names, bounds.tolist(), strict=True)
        ]
    )
    client.configure_optimization(objective="-y")
    for _ in range(n):
        for index, params in client.get_next_trials(max_trials=1).items():
            value = float(f([params[name] for name in names]))
            client.complete_trial(trial_index=index, raw_data={"y": value})


def one_thread():
    import torch

    torch.set_num_threads(1)


def gp_minimize(f, bounds, n, seed):
    from hpcourse import bayes

    bayes.gp_minimize(f, [tuple(pair) for pair in bounds.tolist()], n_calls=n, random_state=seed)


def searcher(path, f, bounds, n, seed, failing=0.0):
    from hpcourse import Float, Space, Study

    space = Space(**{f"x{i}": Float(*map(float, pair)) for i, pair in enumerate(bounds)})
    fails = np.random.default_rng((seed, n)).random(n) < failing

    def objective(trial):
        point = [trial.params[name] for name in space]
        return f(point, fails[trial.number])

    Study(space, find(path)(), seed=seed).optimize(objective, n_trials=n)


def find(path):
    module, name = path.split(":")
    return getattr(importlib.import_module(module), name)


class Method(NamedTuple):
    label: str
    run: Callable
    packages: tuple[str, ...]  # whose versions count
    needs: tuple[str, ...] = ()  # modules, or module:name for ours


SKOPT = (("scikit-optimize", "scikit-learn", "numpy", "scipy"), ("skopt",))
OURS = ("numpy", "scipy")
BAYES = (*OURS, "scikit-optimize", "scikit-learn")  # whose models BayesianSearch uses
RANDOM, SOBOL = "hpcourse.search:RandomSearch", "hpcourse.search:SobolSearch"
TPE, BAYESIAN = "hpcourse.search:TPESearch", "hpcourse.bayes:BayesianSearch"
METHODS = {
    "random": Method("random", at_random, ("numpy",)),
    "skopt": Method("scikit-optimize", skopt, *SKOPT),
    "skopt-ei": Method("scikit-optimize, EI", partial(skopt, acq_func="EI"), *SKOPT),
    "hyperopt-tpe": Method("Hyperopt, TPE", hyperopt, ("hyperopt", "numpy"), ("hyperopt",)),
    "optuna-tpe": Method(
        "Optuna, TPE", partial(optuna, "TPESampler"), ("optuna", "numpy"), ("optuna",)
    ),
    "optuna-cmaes": Method(
        "Optuna, CMA-ES",
        partial(optuna, "CmaEsSampler"),
        ("optuna", "cmaes", "numpy"),
        ("optuna", "cmaes"),
    ),
    "optuna-gp": Method(
        "Optuna, GP",
        partial(optuna, "GPSampler"),
        ("optuna", "torch", "scipy", "numpy"),
        ("optuna", "torch"),
    ),
    "botorch": Method(
        "BoTorch, log-EI",
        botorch,
        ("botorch", "gpytorch", "torch", "scipy", "numpy"),
        ("botorch", "torch"),
    ),
    "smac": Method("SMAC3, black box", smac, ("smac", "ConfigSpace", "numpy"), ("smac",)),
    "ax": Method(
        "Ax", ax, ("ax-platform", "botorch", "torch", "scipy", "numpy"), ("ax.api.client",)
    ),
    "ours-random": Method("RandomSearch", partial(searcher, RANDOM), OURS, (RANDOM,)),
    "ours-sobol": Method("SobolSearch", partial(searcher, SOBOL), OURS, (SOBOL,)),
    "ours-tpe": Method("TPESearch", partial(searcher, TPE), OURS, (TPE,)),
    "ours-gp-minimize": Method("gp_minimize", gp_minimize, BAYES, ("hpcourse.bayes:gp_minimize",)),
    "ours-bayesian": Method("BayesianSearch", partial(searcher, BAYESIAN), BAYES, (BAYESIAN,)),
    "ours-bayesian-failing": Method(
        f"BayesianSearch, {FAILING:.0%} fail",
        partial(searcher, BAYESIAN, failing=FAILING),
        BAYES,
        (BAYESIAN,),
    ),
}


def is_ours(method):
    return method.startswith("ours-")


def is_installed(method):
    for need in METHODS[method].needs:
        try:
            if ":" in need:
                find(need)
            elif importlib.util.find_spec(need) is None:
                return False
        except (ImportError, AttributeError):
            return False
    return True


def versions(method):
    """Return what a run of the method must have been made with."""
    made_with = {name: importlib.metadata.version(name) for name in METHODS[method].packages}
    return made_with | ({"hpcourse": code()} if is_ours(method) else {})


def our_files():
    """Return the files of this package that our searches reach."""
    names = (*METHODS["ours-tpe"].needs, *METHODS["ours-gp-minimize"].needs, BAYESIAN, RANDOM)
    imports = (f"from {module} import {name}" for module, name in (n.split(":") for n in names))
    return sorted(chapters.used(ast.parse("\n".join(imports)), chapters.ROOT))


def code():
    """Return a digest of our searches and all that they import from this package, as code."""
    text = "\n".join(chapters.module(path, chapters.ROOT)[0] for path in our_files())
    return hashlib.sha256(text.encode()).hexdigest()[:12]


# One run


class Recorder:
    """A landscape that notes the values that it gave, as long as they count."""

    def __init__(self, landscape, n):
        self.landscape, self.n, self.values = landscape, n, []

    def __call__(self, x, fails=False):
        low, high = self.landscape.bounds.T
        value = float(self.landscape(np.clip(np.asarray(x, dtype=float), low, high)))
        self.values.append(np.inf if fails else value)
        return np.nan if fails else value

    def regrets(self):
        """Return the regrets at the checkpoints."""
        best = np.minimum.accumulate([*self.values, np.inf][: self.n])
        at = [best[min(end, len(best)) - 1] for end in checkpoints(self.n)]
        # The minima are known up to rounding: a value may lie 1e-15 below.
        return [max(0.0, float(value - self.landscape.minimum)) for value in at]


def checkpoints(n):
    return [k * n // CHECKPOINTS for k in range(1, CHECKPOINTS + 1)]


def play(seed, function, method, n):
    """Run one method on one function with one seed, and return what is known of it then."""
    landscape = landscapes.get(*LANDSCAPES[function])
    recorder, error = Recorder(landscape, n), None
    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            METHODS[method].run(recorder, landscape.bounds, n, seed)
        except Exception as raised:  # a peer's fault must not end hours of measurements
            error = f"{type(raised).__name__}: {raised}"
    row = {
        "function": function,
        "method": method,
        "seed": seed,
        "regrets": [float(f"{regret:.4g}") for regret in recorder.regrets()],
        "seconds": round(time.perf_counter() - start, 2),
    }
    if len(recorder.values) < n and error is None:
        error = f"{len(recorder.values)} evaluations of {n}"
    return row | ({"error": error} if error else {})


# The record


class Record:
    """Runs, in a journal of JSON lines and a summary; of each method, those of one version."""

    def __init__(self, path, n):
        self.path, self.journal, self.n = path, path.with_suffix(".jsonl"), n
        self.methods, self.functions, self.rows = {}, {}, {}
        if path.exists():
            summary = json.loads(path.read_text(encoding="utf-8"))
            self._check(path, summary["evaluations"])
            self.methods, self.functions = summary["methods"], summary["functions"]
        text = self.read()
        if text and not text.endswith("\n"):  # the next row must not continue half a row
            self.journal.write_text(text + "\n", encoding="utf-8")

    def _check(self, path, n):
        if n != self.n:
            raise SystemExit(
                f"{path} has runs of {n} evaluations, not {self.n}; give the new record a new name"
            )

    def read(self):
        """Take what any process has written into the journal; later rows replace earlier ones."""
        text = self.journal.read_text(encoding="utf-8") if self.journal.exists() else ""
        for line in text.splitlines():
            try:
                row = json.loads(line)
            except json.JSONDecodeError:  # the run broke off while writing it
                continue
            self._check(self.journal, row["evaluations"])
            self._take(row)
        return text

    def _take(self, row):
        key = row["method"], row["function"], row["seed"]
        self.rows.pop(key, None)  # so that the newest is the last
        self.rows[key] = row

    def add(self, row):
        with self.journal.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
        self._take(row)

    def missing(self, method, functions, n_seeds, renew):
        """Return the (function, seed) that have no run of the present versions."""
        made_with, missing, others = versions(method), [], []
        for function in functions:
            cell = self.functions.get(function, {}).get(method, {"seeds": 0})
            kept = self.methods[method]["versions"] if cell["seeds"] >= n_seeds else None
            for seed in range(n_seeds):
                row = self.rows.get((method, function, seed))
                known = row["versions"] if row else kept
                if known != made_with:
                    missing.append((function, seed))
                    others += [known] if known else []
        if others and not renew:
            raise SystemExit(
                f"{self.path} has runs of {method} made with {others[0]}, now it is {made_with}; "
                "--renew makes them anew, or give the new record a new name"
            )
        return missing

    def fold(self):
        """Take the journal into the summary: the seeds from 0 without a gap."""
        self.read()
        for row in {row["method"]: row for row in self.rows.values()}.values():  # the newest
            method = row["method"]
            if self.methods.get(method, {}).get("versions") != row["versions"]:
                for cells in self.functions.values():
                    cells.pop(method, None)
            self.methods[method] = {
                "label": METHODS[method].label,
                **{key: row[key] for key in ("versions", "python", "cpu")},
            }
        runs = {}
        for method, function, seed in sorted(self.rows):
            row, rows = self.rows[method, function, seed], runs.setdefault((function, method), [])
            if seed == len(rows) and row["versions"] == self.methods[method]["versions"]:
                rows.append(row)
        for (function, method), rows in runs.items():
            cells = self.functions.setdefault(function, {})
            if len(rows) > cells.get(method, {"seeds": 0})["seeds"]:
                cells[method] = summarize(rows)
        self.methods = {key: self.methods[key] for key in METHODS if key in self.methods}
        self.functions = {
            key: {method: cells[method] for method in METHODS if method in cells}
            for key in LANDSCAPES
            if (cells := self.functions.get(key))
        }

    def save(self):
        self.fold()
        summary = {
            "evaluations": self.n,
            "checkpoints": checkpoints(self.n),
            "methods": self.methods,
            "functions": self.functions,
        }
        text = json.dumps(summary, indent=1)
        text = re.sub(r"\[[^]\"]*\]", lambda match: "".join(match[0].split()), text)
        self.path.write_text(text + "\n", encoding="utf-8")


def summarize(rows):
    regrets = np.array([row["regrets"] for row in rows])
    errors = [row["error"] for row in rows if "error" in row]
    return {
        "seeds": len(rows),
        "medians": short(np.median(regrets, axis=0)),
        "final": short(regrets[:, -1]),
        "seconds": float(np.median([row["seconds"] for row in rows]).round(2)),
    } | ({"errors": errors} if errors else {})


def short(values):
    return [float(f"{value:.3g}") for value in values]


def run_all(record, methods, functions, n_seeds, n_jobs, renew):
    """Run what is missing, seed by seed, so that a record that broke off is balanced."""
    missing = [
        (seed, function, method)
        for method in methods
        for function, seed in record.missing(method, functions, n_seeds, renew)
    ]
    missing.sort(key=lambda run: (run[0], functions.index(run[1])))
    about = {"evaluations": record.n, "cpu": processor(), "python": platform.python_version()}
    made_with = {method: versions(method) for method in methods}

    def keep(row):
        record.add(row | about | {"versions": made_with[row["method"]]})
        print("{seed:3} {function:18} {method:22} {seconds:8.2f} s".format(**row), flush=True)
        if "error" in row:
            print(f"    {row['error']}", file=sys.stderr, flush=True)

    if n_jobs == 1:
        for run in missing:
            keep(play(*run, record.n))
    else:
        with ProcessPoolExecutor(n_jobs, multiprocessing.get_context("spawn")) as pool:
            for done in as_completed([pool.submit(play, *run, record.n) for run in missing]):
                keep(done.result())
    record.save()


# What it says


def final(record, method, function):
    """Return the median of the last regrets, or None."""
    cell = record.functions.get(function, {}).get(method)
    return cell and cell["medians"][-1]


def ratio(record, mine, theirs, functions):
    """Return the geometric mean of mine / theirs over the functions that both were run on."""
    pairs = [
        [final(record, method, function) for method in (mine, theirs)] for function in functions
    ]
    pairs = np.array([pair for pair in pairs if None not in pair]).reshape(-1, 2)
    logs = np.log(np.maximum(pairs, FLOOR)) @ [1, -1]
    return float(np.exp(logs.mean())) if len(logs) else np.nan


def show(record, functions):
    methods = [m for m in METHODS if any(final(record, m, f) is not None for f in functions)]
    print(f"\nMedian regret after {record.n} evaluations\n")
    print(f"{'':26}" + "".join(f"{function[:11]:>12}" for function in functions))
    for method in methods:
        values = [final(record, method, function) for function in functions]
        cells = [f"{'':>12}" if value is None else f"{value:12.2g}" for value in values]
        print(f"{METHODS[method].label:26}" + "".join(cells))
    ours = [method for method in COMPARED if method in methods]
    print("\nGeometric means of the ratios ours / theirs\n")
    print(f"{'':49}" + "".join(f"{METHODS[name].label:>16}" for name in ours))
    for method in methods:
        cells = [record.functions[f][method] for f in functions if method in record.functions[f]]
        seeds = sorted({cell["seeds"] for cell in cells})
        about = f"{seeds[0]}-{seeds[-1]} seeds" if len(seeds) > 1 else f"{seeds[0]} seeds"
        seconds = np.median([cell["seconds"] for cell in cells])
        ratios = [ratio(record, mine, method, functions) for mine in ours]
        numbers = "".join(f"{number:16.3g}" for number in ratios)
        failed = sum(len(cell.get("errors", [])) for cell in cells)
        note = f"   {failed} runs broke off" if failed else ""
        print(f"{METHODS[method].label:26}{about:>11} {seconds:7.2f} s {numbers}{note}")


COMPARED = ("ours-bayesian", "ours-gp-minimize", "ours-tpe")
PROMISES = {"optuna-gp": 0.05, "skopt": 0.02}  # geometric means of ours / theirs, at most


def check(record):
    """Return whether ours keep what the project promises, and print what was found."""
    ten, results = list(FUNCTIONS["ten"]), []
    peers = [method for method in METHODS if not is_ours(method)]
    for mine in COMPARED[:2]:
        for theirs, most in PROMISES.items():
            found = ratio(record, mine, theirs, ten)
            if any(final(record, method, f) is None for method in (mine, theirs) for f in ten):
                found = np.nan
            results.append((f"{mine} / {theirs}, geometric mean", found, most))
        for function in ten:
            ratios = [ratio(record, mine, peer, [function]) for peer in peers]
            known = [found for found in ratios if not np.isnan(found)]
            results.append((f"{mine} / best peer, {function}", max(known, default=np.nan), 2))
        beale = final(record, mine, "beale")
        results.append((f"{mine}, beale", np.nan if beale is None else beale, 1e-3))
    print()
    for what, found, most in results:
        kept = "kept" if found <= most else "not in the record" if np.isnan(found) else "BROKEN"
        print(f"{what:48} {found:9.3g}, at most {most:<5g} {kept}")
    return all(found <= most for _, found, most in results)


DRAWN = {  # method: name of its color in the course, line style
    "random": ("random", "-"),
    "optuna-cmaes": ("evolution", ":"),
    "hyperopt-tpe": ("tpe", ":"),
    "optuna-tpe": ("tpe", "--"),
    "ours-tpe": ("tpe", "-"),
    "skopt": ("bayesian", ":"),
    "optuna-gp": ("bayesian", "--"),
    "botorch": ("bayesian", "-."),
    "ours-bayesian": ("bayesian", "-"),
}


def draw(record, functions, path):
    """Draw the median regrets: a color for each kind of search, solid lines for ours."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    from hpcourse import plots

    plots.use_style()
    columns = min(3, len(functions) + 1)
    rows = -(-(len(functions) + 1) // columns)  # the legend has the last place
    figure, axes = plt.subplots(
        rows, columns, figsize=(3.6 * columns, 2.9 * rows), sharex=True, squeeze=False
    )
    for ax in axes.flat[len(functions) :]:
        ax.axis("off")
    lines = {}
    for ax, function in zip(axes.flat, functions, strict=False):
        for method, (kind, style) in DRAWN.items():
            cell = record.functions.get(function, {}).get(method)
            if cell:
                regrets = np.maximum(cell["medians"], FLOOR)
                label = METHODS[method].label
                (lines[label],) = ax.plot(
                    checkpoints(record.n), regrets, style, color=plots.color(kind)
                )
        ax.set(title=function.replace("_", " "), yscale="log")
    for column in range(columns):
        last = [row for row in range(rows) if row * columns + column < len(functions)]
        if last:
            axes[last[-1], column].set_xlabel("evaluations")
            axes[last[-1], column].tick_params(labelbottom=True)
    figure.supylabel("median regret")
    axes[-1, -1].legend(lines.values(), lines.keys(), loc="center", fontsize=11)
    figure.savefig(path)


def chosen(what, given, single, groups):
    """Return the names that are given, singly or as groups, in the order of all."""
    names = []
    for name in given:
        if name not in single and name not in groups:
            raise SystemExit(str(unknown_name(what, name, [*groups, *single])))
        names += groups.get(name, [name])
    return [name for name in single if name in names]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("result", type=Path, help="the JSON file to write, or to go on with")
    parser.add_argument("--methods", nargs="+", default=["all"])
    parser.add_argument("--functions", nargs="+", default=["ten"])
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--evaluations", type=int, default=EVALUATIONS)
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--renew", action="store_true", help="make anew what has other versions")
    parser.add_argument("--show", action="store_true", help="run nothing")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw the medians")
    parser.add_argument("--check", action="store_true", help="exit with 1 if a promise is broken")
    arguments = parser.parse_args()
    if arguments.seeds < 1 or arguments.jobs < 1 or arguments.evaluations < CHECKPOINTS:
        parser.error(f"at least 1 seed, 1 process and {CHECKPOINTS} evaluations")
    for path in (arguments.result, arguments.plot):
        if path is not None and not path.absolute().parent.is_dir():
            parser.error(f"there is no folder {path.parent}")
    kinds = {
        "all": list(METHODS),
        "ours": [method for method in METHODS if is_ours(method)],
        "peers": [method for method in METHODS if not is_ours(method)],
    }
    methods = chosen("method", arguments.methods, METHODS, kinds)
    functions = chosen("function", arguments.functions, LANDSCAPES, FUNCTIONS)
    record = Record(arguments.result, arguments.evaluations)
    if arguments.show:
        record.fold()
    else:
        installed = [method for method in methods if is_installed(method)]
        for method in methods:
            if method not in installed:
                print(f"{method}: not installed", file=sys.stderr)
        run_all(
            record,
            installed,
            functions,
            arguments.seeds,
            arguments.jobs,
            arguments.renew,
        )
    show(record, [function for function in functions if function in record.functions])
    if arguments.plot:
        draw(record, [f for f in functions if f in record.functions], arguments.plot)
    return 0 if not arguments.check or check(record) else 1


if __name__ == "__main__":
    sys.exit(main())
