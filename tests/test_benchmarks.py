"""The benchmarks of searches: what they keep, that they go on, and that they mix no versions."""

import importlib
import json
import math
import os
import sys
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace

import chapters
import numpy as np
import pytest

CHEAP = ["random", "optuna-tpe", "ours-random"]


@pytest.fixture
def run(monkeypatch, capsys):
    """Return a function that runs a script and returns its exit status and what it printed."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent / "benchmarks"))
    environment = dict(os.environ)

    def call(name, *arguments):
        module = importlib.import_module(name)
        monkeypatch.setattr(sys, "argv", [name, *map(str, arguments)])
        status = module.main()
        return status, capsys.readouterr().out

    yield call
    os.environ.clear()  # the scripts want a single thread, what comes after them does not
    os.environ.update(environment)


@pytest.fixture
def regret(run, tmp_path):
    """Return a function that gives its arguments to regret.py, and what regret.py wrote then."""
    path = tmp_path / "regret.json"

    def call(*arguments, methods=CHEAP, seeds=1):
        short = ["--functions", "branin", "--evaluations", 20, "--methods", *methods]
        status, printed = run("regret", path, *short, "--seeds", seeds, *arguments)
        journal = path.with_suffix(".jsonl")
        rows = [json.loads(line) for line in journal.read_text().splitlines() if line[-1] == "}"]
        return status, printed, json.loads(path.read_text()), rows

    call.path = path
    return call


def test_regrets_are_kept_by_method_and_seed(regret):
    _, printed, record, rows = regret(seeds=2)
    assert record["checkpoints"] == [4, 8, 12, 16, 20]
    assert list(record["functions"]["branin"]) == CHEAP
    assert [(row["seed"], row["method"]) for row in rows] == [
        (seed, method) for seed in range(2) for method in CHEAP
    ]
    for method, cell in record["functions"]["branin"].items():
        assert cell["seeds"] == len(cell["final"]) == 2
        assert cell["medians"] == sorted(cell["medians"], reverse=True)
        assert cell["medians"][-1] == pytest.approx(sum(cell["final"]) / 2, rel=0.01)
        assert 0 < min(cell["final"]) < max(cell["final"]) < 60
        assert "errors" not in cell
        assert record["methods"][method]["label"] in printed
    assert "hpcourse" in record["methods"]["ours-random"]["versions"]


def test_a_record_depends_on_all_the_code_that_our_searches_reach(run):
    files = importlib.import_module("regret").our_files()
    reached = {path.relative_to(chapters.ROOT / "hpcourse").as_posix() for path in files}
    wanted = {"bayes/proposals.py", "search/tpe.py", "search/dimensions.py", "arguments.py"}
    assert wanted <= reached
    assert not [path for path in reached if path.startswith(("plots/", "training/", "grading/"))]


def test_a_run_goes_on_where_it_broke_off(regret):
    *_, first = regret()
    journal = regret.path.with_suffix(".jsonl")
    journal.write_text("\n".join(journal.read_text().splitlines()[:-1]) + '\n{"function": "bra')
    *_, record, rows = regret(seeds=2)
    assert rows[:2] == first[:2]
    assert len(rows) == 6
    assert {cell["seeds"] for cell in record["functions"]["branin"].values()} == {2}
    journal.write_text("")  # the summary alone tells that all is there
    *_, again, rows = regret(seeds=2)
    assert not rows
    assert again == record


def test_processes_find_what_one_finds(regret):
    *_, one, _ = regret()
    regret.path.unlink()
    regret.path.with_suffix(".jsonl").unlink()
    *_, two, _ = regret("--jobs", 2)
    for method in CHEAP:
        finals = [record["functions"]["branin"][method]["final"] for record in (one, two)]
        assert finals[0] == finals[1]


def test_other_versions_are_refused_or_made_anew(regret, monkeypatch):
    *_, record, rows = regret(seeds=2)
    module = sys.modules["regret"]
    versions = module.versions

    def changed(method):
        return versions(method) | ({"optuna": "0"} if method == "optuna-tpe" else {})

    monkeypatch.setattr(module, "versions", changed)
    with pytest.raises(SystemExit, match=r"optuna-tpe made with .*--renew"):
        regret()
    *_, renewed, more = regret("--renew")
    assert [row["method"] for row in more[len(rows) :]] == ["optuna-tpe"]
    cells = renewed["functions"]["branin"]
    assert {method: cell["seeds"] for method, cell in cells.items()} == {
        "random": 2,
        "optuna-tpe": 1,
        "ours-random": 2,
    }
    assert renewed["methods"]["optuna-tpe"]["versions"]["optuna"] == "0"
    assert renewed["methods"]["random"] == record["methods"]["random"]


def test_a_peer_that_raises_ends_nothing(regret, monkeypatch):
    regret(methods=["optuna-tpe"])
    module = sys.modules["regret"]
    fails = module.METHODS["random"]._replace(run=lambda f, bounds, n, seed: f([0, 0]) / 0)
    monkeypatch.setitem(module.METHODS, "random", fails)
    _, printed, record, _ = regret()
    cell = record["functions"]["branin"]["random"]
    assert cell["errors"] == ["ZeroDivisionError: float division by zero"]
    assert cell["final"] == [55.2]
    assert "1 runs broke off" in printed


def test_a_failed_trial_counts_as_an_evaluation_without_a_value(regret):
    regret()
    module = sys.modules["regret"]
    recorder = module.Recorder(module.landscapes.get("branin"), 40)
    module.searcher(module.RANDOM, recorder, recorder.landscape.bounds, 40, 0, failing=0.5)
    assert len(recorder.values) == 40
    assert 10 < sum(value == float("inf") for value in recorder.values) < 30
    assert recorder.regrets() == sorted(recorder.regrets(), reverse=True)


def test_what_is_not_there_is_named(regret, capsys):
    with pytest.raises(SystemExit, match="ours-tpe"):
        regret(methods=["our-tpe"])
    status, printed, *_ = regret("--check")
    assert status == 1
    assert "not in the record" in printed


def test_ask_times_are_kept_by_round(run, tmp_path):
    path, sides = tmp_path / "ask.json", ["suggest", "ask", "optuna-tpe"]
    short = [path, "--sides", *sides, "--told", 10]
    run("ask_time", *short, "--rounds", 1)
    first = json.loads(path.read_text())["sides"]
    status, printed = run("ask_time", *short, "--rounds", 2, "--check")
    assert status == 1
    assert "not in the record" in printed
    record = json.loads(path.read_text())["sides"]
    for side in sides:
        for dimension in ("2-d", "6-d"):
            one, two = (sides[side]["milliseconds"][dimension] for sides in (first, record))
            assert one["10"] == two["10"][:1]
            assert len(two["10"]) == 2
            assert all(0 < time < 10_000 for time in two["10"])
            assert two["50"] == []


@pytest.fixture
def tunings(run, tmp_path, monkeypatch):
    """Return a function that gives its arguments to tunings.py, and what tunings.py wrote then."""
    path = tmp_path / "tunings.json"
    monkeypatch.syspath_prepend(str(Path(__file__).parent / "benchmarks"))
    module = importlib.import_module("tunings")
    monkeypatch.setattr(module, "EVALUATIONS", 6)
    monkeypatch.setattr(module, "REFERENCE", 12)
    monkeypatch.setattr(module, "ProcessPoolExecutor", AtOnce)

    def call(*arguments, methods=("random", "reference", "ours-random"), seeds=(101, 102)):
        short = ["--problems", "neighbors-wine", "--methods", *methods, "--seeds", *seeds]
        status, printed = run("tunings", path, *short, *arguments)
        assert status == 0
        rows = [json.loads(line) for line in path.with_suffix(".jsonl").read_text().splitlines()]
        return printed, json.loads(path.read_text()), rows

    call.path, call.module = path, module
    return call


class AtOnce:
    """An executor that runs what is submitted here, with what a test has changed."""

    def __init__(self, *arguments):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *raised):
        pass

    def submit(self, function, *arguments):
        future = Future()
        future.set_result(function(*arguments))
        return future


def test_tunings_go_on_where_they_broke_off(tunings):
    printed, first, rows = tunings()
    assert "neighbors-wine" in printed
    assert {(row["method"], row["seed"]) for row in rows} == {
        ("reference", 0),
        *((method, seed) for method in ("random", "ours-random") for seed in (101, 102)),
    }
    assert "hpcourse" in first["methods"]["ours-random"]["versions"]
    assert not any("raised" in row for row in rows)
    journal = tunings.path.with_suffix(".jsonl")
    journal.write_text("\n".join(journal.read_text().splitlines()[:-1]) + "\n")
    tunings.path.unlink()
    _, again, more = tunings(seeds=(101, 102, 103))
    assert more[:4] == rows[:4]
    assert len(more) == 7
    assert [run["best"] for run in again["runs"] if run["seed"] != 103] == [
        run["best"] for run in first["runs"]
    ]
    journal.write_text("")  # the summary alone tells that all is there
    assert tunings(seeds=(101, 102, 103))[1:] == (again, [])


def test_scores_of_tunings_are_0_at_the_best_known_and_1_at_random_search(tunings):
    record = tunings.module.Record(tunings.path)
    about = {"problem": "p", "versions": {}, "python": "", "cpu": ""}
    for method, bests in {"random": [3, 4, 9], "reference": [2], "ours-tpe": [3, 6]}.items():
        for seed, best in enumerate(bests):
            record.take(about | {"method": method, "seed": seed, "best": best})
    assert record.scores("random", "p") == [0.5, 1, 3.5]
    assert record.scores("ours-tpe", "p") == [0.5, 2]
    assert record.scores("ours-tpe", "p", [1]) == [2]
    assert record.scores("ours-bayesian", "p") == []


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_every_tuning_gives_a_value_at_a_first_point(tunings):
    from hpcourse import Choice, Float, Int

    module, kinds = tunings.module, set()
    assert len(module.TUNING) >= 6
    assert len(module.REPORT) >= 10
    for name, problem in module.PROBLEMS.items():
        space = problem.space
        assert math.isfinite(problem.loss(space.from_unit([0.5] * len(space)))), name
        for given in space.parameters.values():
            kinds.add((type(given), given.log))
            kinds |= {"condition"} if given.when else set()
    scales = {(kind, log) for kind in (Float, Int) for log in (False, True)}
    assert kinds == scales | {(Choice, False), "condition"}


def test_peers_are_asked_for_configurations_of_the_space(tunings):
    module = tunings.module
    for name in ("svc-breast_cancer", "elastic_net-diabetes"):
        problem = module.PROBLEMS[name]
        for method in ("optuna-tpe", "hyperopt-tpe", "smac-forest"):
            if module.is_installed(method):
                stub = SimpleNamespace(space=problem.space, loss=lambda params: float(len(params)))
                objective = module.Objective(stub)
                module.METHODS[method].run(objective, 10, 0)
                asked = [json.loads(key) for key in objective.keys]
                assert len(asked) == 10
                for params in asked:
                    problem.space.check(params)


@pytest.fixture
def bbob(run, tmp_path):
    """Return a function that gives its arguments to bbob.py, and what bbob.py wrote then."""
    pytest.importorskip("cocoex")
    path = tmp_path / "bbob.json"

    def call(*arguments):
        short = ["--methods", "random", "optuna-tpe", "--dimensions", 2, "--functions", 1, 15]
        printed = run("bbob", path, *short, *arguments)[1]
        rows = path.with_suffix(".jsonl").read_text().splitlines()
        return printed, json.loads(path.read_text()), rows

    call.path, call.module = path, importlib.import_module("bbob")
    return call


def test_bbob_knows_how_its_methods_are_run(bbob):
    for method in (bbob.module.OURS, *bbob.module.METHODS):
        assert method in bbob.module.regret.METHODS
        assert bbob.module.regret.is_installed(method) in (True, False)


def test_runs_on_bbob_go_on_where_they_broke_off(bbob):
    printed, first, rows = bbob("--instances", 101)
    assert len(rows) == 4
    assert "near, multimodal" in printed
    journal = bbob.path.with_suffix(".jsonl")
    journal.write_text("\n".join(rows[:-1]) + '\n{"method": "ran')
    bbob.path.unlink()
    _, again, more = bbob("--instances", 101, 102)
    assert len(more) == 8
    for method, runs in first["runs"].items():
        for function, (error, near, _) in runs["2"]["101"].items():
            assert again["runs"][method]["2"]["101"][function][:2] == [error, near]
    assert again["runs"]["random"]["2"]["101"] != again["runs"]["random"]["2"]["102"]


def test_what_is_known_of_a_problem_of_bbob(bbob):
    module = bbob.module
    sphere = module.Recorder(1, 2, 101)
    best = np.array([0.0, 0.0])
    for i in range(2):  # the sphere's minimum: from three values along each axis
        at = [sphere.problem(np.eye(2)[i] * x) for x in (-1, 0, 1)]
        best[i] = (at[0] - at[2]) / 2 / (at[0] - 2 * at[1] + at[2])
    sphere(best)
    assert sphere.error() == pytest.approx(0, abs=1e-6)
    inward = -10 * np.sign(best[0])
    for away in (0.001, 0.05, 0.3, 0.305, 0.046):  # near the best, new, new, near each of these
        sphere(np.add(best, [away * inward, 0]))
    assert sphere.near() == 2
    assert sorted(f for group in module.GROUPS.values() for f in group) == list(range(1, 25))
    assert module.interval(np.log([2.0] * 24)) == pytest.approx([2, 2])


def test_ratios_on_bbob_are_geometric_means_above_a_floor(bbob):
    module = bbob.module
    record = module.Record(bbob.path)
    about = {"versions": {}, "python": "", "cpu": "", "dimension": 2, "near": 0, "seconds": 0}
    for method, errors in {"a": [1e-9, 8.0], "b": [2e-3, 2.0]}.items():
        for instance, error in enumerate(errors):
            run = {"method": method, "function": 3, "instance": instance, "error": error}
            record.take(about | run)
    logs = module.compare(record, "a", "b", 2, [0, 1])
    assert np.exp(logs[2]) == pytest.approx(np.sqrt(0.5 * 4))
    assert np.isnan(logs[[0, 1, 3]]).all()
