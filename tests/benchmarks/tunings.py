"""How good searches are at real tunings, with mixed spaces: ours beside their peers.

    python tests/benchmarks/tunings.py RESULT.json [--methods ours-bayesian] [--problems report]
        [--seeds 201 202] [--jobs 2]

A problem is a model of scikit-learn and one of its data sets; the value of a configuration is its
loss in a cross-validation with five fixed folds. A run is 40 evaluations. What is tuned on are the
problems ``tuning``, with the seeds from 101 on; the problems ``report`` and the seeds from 201 on
are for the report: looked at once, when all is decided.

A run's score is 0 at the best value known (of all runs in the record, and of a random search of 300
configurations that is recorded for each problem) and 1 at the median of the random searches of 40.
``repeated`` counts the evaluations of a configuration that the run has had before; ``seconds`` are
the method's own, of processor time, without the models'. A configuration that cannot be fitted is a
failed trial: NaN, to Hyperopt a failure, to SMAC3 and scikit-optimize the worst value so far.

A peer is given the same space in its own terms. Conditions are branches for Optuna and Hyperopt,
conditions for SMAC3; scikit-optimize has none and is given all dimensions. Each run is appended to
RESULT.jsonl as soon as it has finished, so what broke off goes on, and several processes may write
there; RESULT.json keeps those with the newest versions. Peers that need packages which this project
does not (PyTorch, SMAC3) are run in an environment of their own, with the same RESULT.json.
"""

from __future__ import annotations

import argparse
import functools
import importlib.metadata
import importlib.util
import json
import logging
import math
import multiprocessing
import platform
import sys
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from pathlib import Path
from typing import NamedTuple

import regret  # sets the number of threads before NumPy is loaded
from bbob import Runs

# ruff: isort: split
import numpy as np
import sklearn.datasets
from scipy.stats import rankdata
from sklearn.decomposition import PCA
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
)
from sklearn.kernel_approximation import Nystroem
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import ElasticNet, LogisticRegression, SGDClassifier
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler
from sklearn.svm import SVC, SVR, NuSVC
from sklearn.tree import DecisionTreeClassifier

from hpcourse import Choice, Float, Int, Space, Study
from hpcourse.compute import processor

EVALUATIONS, REFERENCE = 40, 300


# The problems


@functools.cache
def data(name):
    """Return scaled inputs, targets, and five folds."""
    x, y = getattr(sklearn.datasets, f"load_{name}")(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(x))[: 300 if name == "digits" else None]
    x, y = StandardScaler().fit_transform(x[order]), y[order]
    continuous = name == "diabetes"
    folds = (KFold if continuous else StratifiedKFold)(5, shuffle=True, random_state=0)
    return x, (y - y.mean()) / y.std() if continuous else y, list(folds.split(x, y))


def log_loss(model, x, y):
    chances = model.predict_proba(x)[np.arange(len(y)), y]
    return -np.log(np.maximum(chances, 1e-6)).mean()


def error(model, x, y):
    return np.mean(model.predict(x) != y)


def deviance(model, x, y):
    """Return the log loss of two classes, with the decision's values as logits."""
    return np.logaddexp(0, np.where(y == 1, -1, 1) * model.decision_function(x)).mean()


def unexplained(model, x, y):
    return ((y - model.predict(x)) ** 2).mean() / y.var()  # 1 - R2


class Problem(NamedTuple):
    data: str
    measure: Callable
    model: Callable
    space: Space

    def loss(self, params):
        x, y, folds = data(self.data)
        try:
            losses = [
                self.measure(self.model(**params).fit(x[train], y[train]), x[test], y[test])
                for train, test in folds
            ]
        except (ValueError, np.linalg.LinAlgError):
            return math.nan
        return float(np.mean(losses))


def seeded(model, **fixed):
    return partial(model, random_state=0, **fixed)


def neighbors(scores=None, metric="minkowski", **given):
    model = KNeighborsClassifier(metric=metric, **given)
    return make_pipeline(PCA(scores, random_state=0), model) if scores else model


def network(units, layers, **given):
    return MLPClassifier((units,) * layers, random_state=0, **given)


def elastic_net(degree, interaction_only=False, **given):
    features = PolynomialFeatures(degree, interaction_only=interaction_only, include_bias=False)
    return make_pipeline(features, StandardScaler(), ElasticNet(max_iter=100, **given))


def components(n_components, whiten, **given):
    first = PCA(n_components, whiten=whiten, random_state=0)
    return make_pipeline(first, LogisticRegression(**given))


def approximation(n_components, kernel, C, **given):
    first = Nystroem(kernel=kernel, n_components=n_components, random_state=0, **given)
    return make_pipeline(first, LogisticRegression(C=C, max_iter=50))


MODELS = {
    "logistic": partial(LogisticRegression, max_iter=100),
    "neighbors": KNeighborsClassifier,
    "tree": seeded(DecisionTreeClassifier),
    "bayes": GaussianNB,
}


def any_model(model, **given):
    return MODELS[model](**given)


KERNELS, RATES = ["linear", "rbf", "poly", "sigmoid"], ["invscaling", "constant"]
C, GAMMA = Float(1e-4, 1e4, log=True), (1e-4, 10, True)
KERNEL = {
    "kernel": Choice(KERNELS),
    "gamma": Float(*GAMMA, when={"kernel": KERNELS[1:]}),
    "degree": Int(2, 5, when={"kernel": "poly"}),
    "coef0": Float(-1, 3, when={"kernel": KERNELS[2:]}),
}
NEIGHBORS = {
    "n_neighbors": Int(1, 60, log=True),
    "weights": Choice(["uniform", "distance"]),
}
TREE = {
    "max_depth": Int(1, 16, log=True),
    "min_samples_leaf": Int(1, 40, log=True),
    "max_features": Float(0.1, 1),
}
NETWORK = {
    "units": Int(4, 64, log=True),
    "activation": Choice(["relu", "tanh", "logistic"]),
    "alpha": Float(1e-6, 10, log=True),
}

# A row each, as in a table.
# fmt: off
TUNING = {
    "neighbors-wine": Problem("wine", log_loss, neighbors, Space(
        **NEIGHBORS, metric=Choice(["minkowski", "chebyshev", "cosine", "canberra"]),
        p=Int(1, 4, when={"metric": "minkowski"}))),
    "svc-breast_cancer": Problem("breast_cancer", error, partial(SVC, max_iter=2000), Space(
        C=C, **KERNEL)),
    "network-digits": Problem("digits", log_loss, partial(network, max_iter=4), Space(
        **NETWORK, layers=Int(1, 2), batch_size=Int(32, 128, log=True),
        learning_rate_init=Float(1e-4, 0.3, log=True))),
    "boosting-iris": Problem("iris", log_loss, seeded(HistGradientBoostingClassifier), Space(
        max_iter=Int(2, 12), learning_rate=Float(0.02, 2, log=True), max_leaf_nodes=Int(2, 16),
        min_samples_leaf=Int(1, 40, log=True), l2_regularization=Float(1e-4, 10, log=True),
        max_features=Float(0.2, 1))),
    "elastic_net-diabetes": Problem("diabetes", unexplained, elastic_net, Space(
        degree=Int(1, 2), interaction_only=Choice([False, True], when={"degree": 2}),
        alpha=Float(1e-4, 10, log=True), l1_ratio=Float(0, 1))),
    "logistic-breast_cancer": Problem(  # lbfgs has no L1: such trials fail
        "breast_cancer", log_loss, seeded(LogisticRegression), Space(
            solver=Choice(["lbfgs", "liblinear", "saga"]), l1_ratio=Choice([0.0, 1.0]), C=C,
            max_iter=Int(5, 100, log=True), fit_intercept=Choice([True, False]))),
}
REPORT = {
    "neighbors-digits": Problem("digits", log_loss, neighbors, Space(
        **NEIGHBORS, scores=Int(2, 64, log=True), p=Int(1, 4))),
    "svr-diabetes": Problem("diabetes", unexplained, partial(SVR, max_iter=2000), Space(
        C=C, epsilon=Float(1e-3, 1, log=True), **KERNEL)),
    "network-wine": Problem("wine", log_loss, partial(network, layers=1, max_iter=15), Space(
        **NETWORK, solver=Choice(["lbfgs", "sgd", "adam"]),
        learning_rate_init=Float(1e-4, 1, log=True, when={"solver": ["sgd", "adam"]}),
        momentum=Float(0, 0.99, when={"solver": "sgd"}))),
    "extra_trees-digits": Problem("digits", error, seeded(ExtraTreesClassifier), Space(
        **TREE, n_estimators=Int(2, 10), criterion=Choice(["gini", "entropy"]),
        bootstrap=Choice([False, True]), max_samples=Float(0.2, 1, when={"bootstrap": True}))),
    "tree-breast_cancer": Problem("breast_cancer", log_loss, seeded(DecisionTreeClassifier), Space(
        **TREE, criterion=Choice(["gini", "entropy"]), splitter=Choice(["best", "random"]),
        ccp_alpha=Float(1e-5, 0.1, log=True))),
    "kernel_ridge-diabetes": Problem("diabetes", unexplained, KernelRidge, Space(
        kernel=Choice(["rbf", "laplacian", "poly", "cosine"]), alpha=Float(1e-4, 100, log=True),
        gamma=Float(*GAMMA, when={"kernel": ["rbf", "laplacian", "poly"]}),
        degree=Int(1, 4, when={"kernel": "poly"}), coef0=Float(0, 3, when={"kernel": "poly"}))),
    "sgd-digits": Problem("digits", error, seeded(SGDClassifier, max_iter=6), Space(
        loss=Choice(["hinge", "log_loss", "modified_huber"]), alpha=Float(1e-6, 1, log=True),
        penalty=Choice(["l2", "l1", "elasticnet"]),
        l1_ratio=Float(0, 1, when={"penalty": "elasticnet"}),
        learning_rate=Choice(["optimal", *RATES]),
        eta0=Float(1e-4, 1, log=True, when={"learning_rate": RATES}),
        power_t=Float(0.1, 0.9, when={"learning_rate": "invscaling"}))),
    "components-digits": Problem("digits", log_loss, components, Space(
        n_components=Int(1, 60), whiten=Choice([False, True]), C=C,
        max_iter=Int(3, 50, log=True))),
    "boosting-diabetes": Problem("diabetes", unexplained, seeded(GradientBoostingRegressor), Space(
        **TREE, n_estimators=Int(2, 16, log=True), learning_rate=Float(0.02, 1, log=True),
        subsample=Float(0.3, 1))),
    "nu_svc-breast_cancer": Problem(  # a nu may be infeasible: such trials fail
        "breast_cancer", deviance, partial(NuSVC, max_iter=2000), Space(
            nu=Float(0.01, 1), **KERNEL)),
    "any-iris": Problem("iris", log_loss, any_model, Space(
        model=Choice(list(MODELS)), C=Float(1e-3, 1e3, log=True, when={"model": "logistic"}),
        n_neighbors=Int(1, 60, log=True, when={"model": "neighbors"}),
        p=Int(1, 4, when={"model": "neighbors"}), max_depth=Int(1, 8, when={"model": "tree"}),
        min_samples_leaf=Int(1, 40, log=True, when={"model": "tree"}),
        var_smoothing=Float(1e-9, 1, log=True, when={"model": "bayes"}))),
    "nystroem-breast_cancer": Problem("breast_cancer", log_loss, approximation, Space(
        n_components=Int(5, 80, log=True), C=C, kernel=Choice(["rbf", "laplacian", "poly"]),
        gamma=Float(*GAMMA), degree=Int(1, 4, when={"kernel": "poly"}))),
}
# fmt: on
PROBLEMS = TUNING | REPORT


class Objective:
    """A problem that notes what it was asked, what it answered and how long it took."""

    def __init__(self, problem):
        self.problem, self.space = problem, problem.space
        self.values, self.keys, self.known, self.seconds = [], [], {}, 0.0

    def __call__(self, params):
        start = time.process_time()
        key = json.dumps(params, sort_keys=True)
        if key not in self.known:
            self.known[key] = self.problem.loss(params)
        self.keys.append(key)
        self.values.append(self.known[key])
        self.seconds += time.process_time() - start
        return self.values[-1]

    def settled(self, values):
        """Return the value at what a peer chose: options by number, what has no effect too."""

        def choose(name):
            given, value = self.space[name], values[name]
            if isinstance(given, Choice):
                return given.options[int(value)]
            value = min(max(value, given.low), given.high)
            return round(value) if isinstance(given, Int) else float(value)

        return self(self.space.assemble(choose))

    def finite(self, values):
        """Return the same to peers that cannot do without a value: the worst one so far."""
        value = self.settled(values)
        known = [known for known in self.values if not math.isnan(known)]
        return max(known, default=1.0) if math.isnan(value) else value

    def repeated(self, n):
        return len(self.keys[:n]) - len(set(self.keys[:n]))


# The methods


def at_random(objective, n, seed):
    rng = np.random.default_rng(seed)
    for _ in range(n):
        objective(objective.space.sample(rng))


def searcher(path, objective, n, seed):
    study = Study(objective.space, regret.find(path)(), seed=seed)
    study.optimize(lambda trial: objective(trial.params), n_trials=n)


def optuna(sampler, objective, n, seed):
    import optuna

    from hpcourse.bridges.optuna import objective_to_optuna

    optuna.logging.set_verbosity(optuna.logging.CRITICAL)  # it logs each NaN
    if sampler == "GPSampler":
        regret.one_thread()
    study = optuna.create_study(sampler=getattr(optuna.samplers, sampler)(seed=seed))
    study.optimize(
        objective_to_optuna(lambda trial: objective(trial.params), objective.space), n_trials=n
    )


def hyperopt(objective, n, seed):
    from hyperopt import STATUS_FAIL, STATUS_OK, fmin, tpe

    logging.getLogger("hyperopt").setLevel(logging.ERROR)

    def evaluate(nested):
        value = objective.settled(flat(nested))
        failed = math.isnan(value)
        return {"status": STATUS_FAIL} if failed else {"status": STATUS_OK, "loss": value}

    fmin(
        evaluate,
        hyperopt_space(objective.space),
        algo=tpe.suggest,
        max_evals=n,
        rstate=np.random.default_rng(seed),
        show_progressbar=False,
        verbose=False,
    )


def hyperopt_space(space):
    """Return nested choices; what depends on a number is always there."""
    from hyperopt import hp

    nodes = {}

    def node(name):
        given = space[name]
        if name not in nodes and isinstance(given, Choice):
            options = [
                {name: str(k)} | {child: node(child) for child in children(name, option)}
                for k, option in enumerate(given.options)
            ]
            nodes[name] = hp.choice(name, options)
        elif name not in nodes:
            half = 0.5 if isinstance(given, Int) else 0.0
            ends = [given.low - half, given.high + half]
            ends = np.log(ends).tolist() if given.log else ends
            kind = ("q" if half else "") + ("loguniform" if given.log else "uniform")
            nodes[name] = getattr(hp, kind)(name, *ends, *([1] if half else []))
        return nodes[name]

    def children(name, option):
        below = [child for child in space if name in (space[child].when or {})]
        return [child for child in below if space.active(child, {name: option})]

    return {
        name: node(name)
        for name in space
        if not any(isinstance(space[parent], Choice) for parent in space[name].when or {})
    }


def flat(nested):
    values = {}
    for name, value in nested.items():
        values |= flat(value) if isinstance(value, dict) else {name: value}
    return values


def skopt(objective, n, seed):
    from skopt import gp_minimize
    from skopt.space import Categorical, Integer, Real

    def dimension(given):
        if isinstance(given, Choice):
            return Categorical([str(k) for k in range(given.n_values)])
        kind = Integer if isinstance(given, Int) else Real
        return kind(given.low, given.high, "log-uniform" if given.log else "uniform")

    def evaluate(point):
        return objective.finite(dict(zip(objective.space, point, strict=True)))

    dimensions = [dimension(given) for given in objective.space.parameters.values()]
    gp_minimize(evaluate, dimensions, n_calls=n, random_state=seed)


def smac(facade, objective, n, seed):
    regret.smac_facade(facade, objective.finite, configspace(objective.space, seed), n, seed)


def configspace(space, seed):
    import ConfigSpace as cs

    made = cs.ConfigurationSpace(seed=seed)
    for name, given in space.parameters.items():
        if isinstance(given, Choice):
            options = [str(k) for k in range(given.n_values)]
            made.add(cs.CategoricalHyperparameter(name, options))
        else:
            whole = isinstance(given, Int)
            kind = cs.UniformIntegerHyperparameter if whole else cs.UniformFloatHyperparameter
            made.add(kind(name, given.low, given.high, log=given.log))
    for name, given in space.parameters.items():
        for parent in given.when or {}:
            options = enumerate(space[parent].values())
            there = [(str(k), o) for k, o in options if space.active(name, {parent: o})]
            is_choice = isinstance(space[parent], Choice)
            values = [option if is_choice else number for option, number in there]
            made.add(cs.InCondition(made[name], made[parent], values))
    return made


class Method(NamedTuple):
    run: Callable
    packages: tuple[str, ...] = ()
    needs: str | None = None


def theirs(name, run, *packages):
    """Return a method of a peer with what regret.py knows of it."""
    known = regret.METHODS[name]
    return Method(run, known.packages, known.needs[-1] if known.needs else None)


METHODS = {
    "ours-bayesian": Method(partial(searcher, regret.BAYESIAN), regret.BAYES),
    "ours-tpe": Method(partial(searcher, regret.TPE), regret.OURS),
    "ours-random": Method(partial(searcher, regret.RANDOM), regret.OURS),
    "random": Method(at_random, ("numpy",)),
    "reference": Method(at_random, ("numpy",)),
    "hyperopt-tpe": theirs("hyperopt-tpe", hyperopt),
    "optuna-tpe": theirs("optuna-tpe", partial(optuna, "TPESampler")),
    "optuna-gp": theirs("optuna-gp", partial(optuna, "GPSampler")),
    "skopt": theirs("skopt", skopt),
    "smac-gp": theirs("smac", partial(smac, "BlackBoxFacade")),
    "smac-forest": theirs("smac", partial(smac, "HyperparameterOptimizationFacade")),
}


# The record


def versions(method):
    """Return what a run of the method must have been made with."""
    packages = (*METHODS[method].packages, "scikit-learn")
    made_with = {name: importlib.metadata.version(name) for name in packages}
    return made_with | ({"hpcourse": regret.code()} if regret.is_ours(method) else {})


def is_installed(method):
    needs = METHODS[method].needs
    return needs is None or importlib.util.find_spec(needs) is not None


def play(problem, method, seed):
    objective, raised = Objective(PROBLEMS[problem]), None
    n = REFERENCE if method == "reference" else EVALUATIONS
    start = time.process_time()
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            METHODS[method].run(objective, n, seed)
        except Exception as error:  # a peer's fault must not end hours of measurements
            raised = f"{type(error).__name__}: {error}"
    seconds = time.process_time() - start - objective.seconds
    values = objective.values[:n]
    if len(values) < n and raised is None:
        raised = f"{len(values)} evaluations of {n}"
    good = [value for value in values if math.isfinite(value)]
    return {
        "problem": problem,
        "method": method,
        "seed": seed,
        "best": float(f"{min(good, default=math.inf):.6g}"),
        "repeated": objective.repeated(n),
        "failed": len(values) - len(good),
        "seconds": round(seconds, 2),
        "each": round(objective.seconds / max(1, len(objective.known)), 4),
    } | ({"raised": raised} if raised else {})


class Record(Runs):
    """Runs of the tunings."""

    names = "problem", "seed"

    def missing(self, made_with, problems, seeds):
        """Return the runs that the record does not have of methods in these versions."""
        found = []
        for method, wanted in made_with.items():
            known = self.methods.get(method, {}).get("versions") == wanted
            for problem in problems:
                for seed in [0] if method == "reference" else seeds:
                    if not known or (method, problem, seed) not in self.runs:
                        found.append((problem, method, seed))
        return sorted(found, key=lambda run: run[2])

    def save(self):
        runs = ",\n".join(json.dumps(self.runs[key]) for key in sorted(self.runs))
        text = f'{{"methods": {json.dumps(self.methods)},\n"runs": [\n{runs}\n]}}\n'
        self.path.write_text(text, encoding="utf-8")

    def of(self, method, problem, seeds=None):
        """Return the runs of a method on a problem."""
        runs = [run for key, run in self.runs.items() if key[:2] == (method, problem)]
        return [run for run in runs if seeds is None or run["seed"] in seeds]

    def scores(self, method, problem, seeds=None):
        """Return each run's score: 0 is the best value known, 1 the median of random search."""
        best = min(run["best"] for key, run in self.runs.items() if key[1] == problem)
        usual = np.median([run["best"] for run in self.of("random", problem)] or [math.nan])
        if not usual > best:  # nothing to be gained, or nothing known
            return []
        runs = self.of(method, problem, seeds)
        return [(run["best"] - best) / (usual - best) for run in runs]


def interval(values, draws=2000):
    """Return the mean's interval of 95 %: a bootstrap over the problems."""
    rng = np.random.default_rng(0)
    means = np.take(values, rng.integers(len(values), size=(draws, len(values)))).mean(axis=1)
    return np.percentile(means, [2.5, 97.5])


def show(record, methods, problems, seeds):
    methods = [m for m in methods if m != "reference"]
    cells = np.full((len(problems), len(methods)), math.nan)
    for i, problem in enumerate(problems):
        for j, method in enumerate(methods):
            if scores := record.scores(method, problem, seeds):
                cells[i, j] = np.mean(scores)
    there = np.flatnonzero(~np.isnan(cells).all(axis=0))
    methods, cells = [methods[j] for j in there], cells[:, there]
    print("\nMean scores: 0 is the best value known, 1 the median of random search\n")
    print(" " * 24 + "".join(f"{method[:13]:>14}" for method in methods))
    for problem, row in zip(problems, cells, strict=True):
        print(f"{problem:24}" + "".join(f"{score:14.2f}" for score in row))
    full = ~np.isnan(cells).any(axis=1)
    if not full.any():
        return
    ranks = rankdata(cells[full], axis=1).mean(axis=0)
    print(f"\nOn the {full.sum()} problems that all of them were run on\n")
    for method, values, rank in zip(methods, cells[full].T, ranks, strict=True):
        runs = [run for problem in problems for run in record.of(method, problem, seeds)]
        repeated, seconds = (np.mean([run[key] for run in runs]) for key in ("repeated", "seconds"))
        low, high = interval(values)
        broken = sum("raised" in run for run in runs)
        print(
            f"{method:14} {values.mean():5.2f} ({low:.2f} to {high:.2f}), rank {rank:.1f}; "
            f"{repeated:4.1f} repeated, {seconds:6.2f} s a run"
            + (f"; {broken} of {len(runs)} broke off" if broken else "")
        )


def main():
    groups = {"tuning": TUNING, "report": REPORT, "all": PROBLEMS}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("result", type=Path)
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=list(METHODS))
    parser.add_argument("--problems", nargs="+", default=["tuning"], help="names or groups")
    parser.add_argument("--seeds", nargs="+", type=int, default=range(101, 111))
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--show", action="store_true", help="run nothing")
    given = parser.parse_args()
    problems = regret.chosen("problem", given.problems, PROBLEMS, groups)
    record = Record(given.result)
    if not given.show:
        about = {"cpu": processor(), "python": platform.python_version()}
        made_with = {method: versions(method) for method in given.methods if is_installed(method)}
        missing = record.missing(made_with, problems, given.seeds)
        with ProcessPoolExecutor(given.jobs, multiprocessing.get_context("spawn")) as pool:
            for done in as_completed([pool.submit(play, *run) for run in missing]):
                row = done.result()
                record.add(row | about | {"versions": made_with[row["method"]]})
        Record(given.result).save()  # with what others have written
    show(record, given.methods, problems, given.seeds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
