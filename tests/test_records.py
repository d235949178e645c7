"""What a study records: what was suggested and what came of it, whoever does what with it."""

import contextlib
import copy
import json
import math
import os
import random
import subprocess
import sys
from collections import Counter

import numpy as np
import pandas as pd
import pytest

from hpcourse import (
    BayesianSearch,
    Choice,
    EvolutionSearch,
    Float,
    GridSearch,
    Int,
    ManualSearch,
    RandomSearch,
    SobolSearch,
    Space,
    Study,
    TPESearch,
    Trial,
    TrialPruned,
    TrialState,
)
from hpcourse.search import Searcher

LINE = Space(x=Float(0, 1))
LISTS = Space(
    units=Choice([[64, 32], [16], {"deep": [8, 8]}]),
    optimizer=Choice(["sgd", "adam"]),
    momentum=Float(0, 0.9, when={"optimizer": "sgd"}),
)


def outcome(study):
    return [(t.number, t.params, t.state, t.value, t.values, t.reason) for t in study.trials]


def tried(study, name="x"):
    return [trial.params[name] for trial in study.trials]


# Whatever users do with what they get


def pops(trial):
    value = len(trial.params)
    trial.params.popitem()
    return value


def appends(trial):
    units = trial.params["units"]
    (units["deep"] if isinstance(units, dict) else units).append(1)
    trial.params["seed"] = 7
    return 1.0


def keeps(trial, kept=[]):  # noqa: B006
    for other in kept:
        other.params["units"] = other.value = other.state = None
        other.user_attrs["late"] = True
    kept.append(trial)
    trial.number = 99
    return 1.0


@pytest.mark.parametrize("n_jobs", [1, 2])
@pytest.mark.parametrize("function", [pops, appends, keeps])
def test_an_objective_may_change_its_trial(tmp_path, function, n_jobs):
    plain = Study(LISTS, RandomSearch(), seed=3)
    plain.optimize(lambda trial: 1.0, 8)
    study = Study(LISTS, RandomSearch(), seed=3, storage=tmp_path / "log")
    study.optimize(function, 8, n_jobs=n_jobs)
    for one in (study, Study(LISTS, RandomSearch(), storage=tmp_path / "log")):
        assert [t.params for t in one.trials] == [t.params for t in plain.trials]
        assert [t.number for t in one.trials] == list(range(8))
        assert not any(trial.user_attrs for trial in one.trials)


def spoil(trial):
    trial.params.clear()
    trial.value, trial.state = -1.0, TrialState.FAIL
    trial.intermediate_values[0] = 3.0
    trial.user_attrs["a"] = 1


HANDED_OUT = {
    "trials": lambda study: [spoil(trial) for trial in study.trials],
    "best_trial": lambda study: spoil(study.best_trial),
    "best_params": lambda study: study.best_params.clear(),
    "best_trials": lambda study: [spoil(trial) for trial in study.best_trials],
    "what tell returns": lambda study: spoil(study.tell(study.ask(), 9.0)),
    "what add_trial returns": lambda study: spoil(
        study.add_trial({"units": [16], "optimizer": "adam"}, 9)
    ),
    "a list among the options": lambda study: study.space["units"].options[0].append(3),
    "a list among the values": lambda study: study.space["units"].values()[0].append(3),
    "a list at a place": lambda study: study.space["units"].from_unit(0).append(3),
    "what the space samples": lambda study: study.space.from_unit([0, 0, 0])["units"].append(3),
}


@pytest.mark.parametrize("change", HANDED_OUT.values(), ids=HANDED_OUT)
def test_what_a_study_hands_out_is_a_copy(change):
    study, space = Study(LISTS, RandomSearch(), seed=1), copy.deepcopy(LISTS)
    study.optimize(lambda trial: trial.number, 4)
    before = outcome(study)
    change(study)
    assert outcome(study)[:4] == before
    assert space == LISTS
    assert str(space.to_dict()) == str(LISTS.to_dict())


def test_what_a_space_is_made_of_may_be_changed():
    options, units, when = [[1], [2]], [3], {"units": [[1]]}
    space = Space(units=Choice(options), n=Choice([units, 4]), x=Float(0, 1, when=when))
    before = copy.deepcopy(space.to_dict())
    options[0].append(9), units.append(9), when["units"].append([2]), when.clear()
    assert space.to_dict() == before
    with pytest.raises(TypeError, match="does not support item"):
        space.parameters["y"] = Float(0, 1)


def test_what_is_given_may_be_changed():
    space = Space(units=Choice([[1], [2]]))
    configurations, queued, added = [{"units": [1]}], {"units": [2]}, {"units": [1]}
    study = Study(space, ManualSearch(configurations))
    study.enqueue_trial(queued)
    study.add_trial(added, 0.0, user_attrs=(attributes := {"a": [1]}))
    for given in (configurations[0], queued, added):
        given["units"].append(5)
    attributes["a"].append(5)
    study.optimize(lambda trial: 1.0, 1)
    assert [t.params for t in study.trials] == [{"units": [1]}, {"units": [2]}]
    assert study.trials[0].user_attrs == {"a": [1]}


def test_a_searcher_may_change_what_it_returned_but_not_the_record():
    kept = []

    class Keeps(Searcher):
        def suggest(self, space, trials, rng):
            for trial in trials:
                trial.params["x"], trial.value = -1, -1
                trial.intermediate_values[5] = 1
            for params in kept:
                params["x"] = -2
            kept.append({"x": rng.random()})
            return kept[-1]

    study = Study(LINE, Keeps(), seed=0)
    for trial in study.ask(3):
        study.tell(trial, trial.params["x"])
    study.optimize(lambda trial: trial.params["x"], 5)
    assert all(0 <= trial.value == trial.params["x"] <= 1 for trial in study.trials)
    assert not any(trial.intermediate_values for trial in study.trials)


# What a finite search tries next is what no trial has tried

FINITE = {
    "grid": (lambda: GridSearch(3), [0.0, 0.5, 1.0]),
    "shuffled grid": (lambda: GridSearch(3, shuffle=True, seed=1), [0.0, 0.5, 1.0]),
    "list": (lambda: ManualSearch([{"x": 0.2}, {"x": 0.2}, {"x": 0.9}]), [0.2, 0.2, 0.9]),
}


@pytest.mark.parametrize(("make", "points"), FINITE.values(), ids=FINITE)
def test_enqueued_trials_take_no_point_away(make, points):
    for others in ([0.3], [0.3, 0.4], [points[1]], [0.3, points[2], 0.7]):
        study = Study(LINE, make())
        for x in others:
            study.enqueue_trial({"x": x})
        study.optimize(lambda trial: trial.params["x"])
        assert tried(study)[: len(others)] == others
        expected = sorted([*points, *(x for x in others if x not in points)])
        assert sorted(tried(study)) == expected


@pytest.mark.parametrize("shuffle", [False, True])
def test_a_grid_is_refined(tmp_path, shuffle):
    for n, expected in ((3, [0, 0.5, 1]), (5, [0, 0.25, 0.5, 0.75, 1]), (5, []), (2, [])):
        before = len(Study(LINE, GridSearch(2), seed=0, storage=tmp_path / "log").trials)
        study = Study(LINE, GridSearch(n, shuffle), seed=0, storage=tmp_path / "log")
        study.optimize(lambda trial: trial.params["x"])
        assert sorted(tried(study)) == (expected or [0, 0.25, 0.5, 0.75, 1])
        assert expected or len(study.trials) == before


def test_true_is_not_one_in_a_grid():
    study = Study(Space(x=Choice([1, True, 0, False])), GridSearch())
    study.enqueue_trial({"x": True})
    study.optimize(lambda trial: 0.0)
    assert tried(study) == [True, 1, 0, False]
    assert [type(x) for x in tried(study)] == [bool, int, int, bool]


def test_a_sequence_goes_on_after_trials_from_elsewhere():
    alone = Study(LINE, SobolSearch(3))
    alone.optimize(lambda trial: 0.0, 16)
    study = Study(LINE, SobolSearch(3))
    study.optimize(lambda trial: 0.0, 5)
    study.enqueue_trial({"x": 0.123})
    study.add_trial({"x": 0.456}, 1.0)
    study.optimize(lambda trial: 0.0, 12)
    assert [x for x in tried(study) if x not in (0.123, 0.456)] == tried(alone)


class Typo:
    """An objective that raises for some values until it is mended."""

    def __init__(self, *bad):
        self.bad, self.calls = bad, []

    def __call__(self, trial):
        self.calls.append(trial.params["x"])
        if trial.params["x"] in self.bad:
            raise NameError("undefined")
        return trial.params["x"]


RETRYING = {
    "grid": lambda: GridSearch(3),
    "list": lambda: ManualSearch([{"x": 0.0}, {"x": 0.5}, {"x": 1.0}]),
    "random": RandomSearch,
    "evolution": EvolutionSearch,
}


@pytest.mark.parametrize("stored", [False, True])
@pytest.mark.parametrize("make", RETRYING.values(), ids=RETRYING)
def test_a_failure_that_ended_the_study_is_tried_again_once(tmp_path, make, stored):
    def begin():
        return Study(LINE, make(), seed=0, storage=tmp_path / "log" if stored else None)

    study = begin()
    first = study.ask()
    study.tell(first, 0.0)
    bad = Study(LINE, make(), seed=0).ask(2)[1].params["x"]
    objective = Typo(bad)
    for _ in range(2):
        with pytest.raises(NameError):
            study.optimize(objective, 5)
        study = begin() if stored else study
    assert objective.calls == [bad, bad]
    study.optimize(objective, 1)
    assert [(t.number, t.retry_of, t.ended_study) for t in study.trials] == [
        (0, None, False),
        (1, None, True),
        (2, 1, True),
        (3, None, False),
    ]
    assert tried(study)[1] == tried(study)[2] != tried(study)[3]


def test_a_failure_that_was_caught_is_not_tried_again():
    study = Study(LINE, GridSearch(3))
    study.optimize(Typo(0.0), 1, catch=NameError)
    study.optimize(lambda trial: math.nan, 1)
    study.optimize(Typo(), 5)
    assert tried(study) == [0, 0.5, 1]
    assert not any(trial.ended_study for trial in study.trials)


# Telling


@pytest.mark.parametrize("state", ["complete", "COMPLETE", TrialState.RUNNING, 1, TrialState, True])
def test_only_a_state_is_a_state(state):
    study = Study(LINE, RandomSearch())
    trial = study.ask()
    for call in (
        lambda: study.tell(trial, 0.5, state),
        lambda: study.add_trial({"x": 0.5}, 0.5, state),
    ):
        with pytest.raises(ValueError, match=r"state is TrialState\.COMPLETE, PRUNED or FAIL, got"):
            call()
    assert (trial.state, trial.value, study.trials) == (TrialState.RUNNING, None, [])
    assert study.tell(trial, 0.5).state is TrialState.COMPLETE


def test_optunas_states_are_refused():
    optuna = pytest.importorskip("optuna")
    study = Study(LINE, RandomSearch())
    with pytest.raises(ValueError, match="state is TrialState"):
        study.tell(study.ask(), 1.0, optuna.trial.TrialState.COMPLETE)
    assert study.trials == []


@pytest.mark.parametrize("value", ["a", [1.0], None.__class__, 1j, {}])
def test_a_value_that_is_none_changes_nothing(value):
    study = Study(LINE, RandomSearch())
    trial = study.ask()
    with pytest.raises(TypeError, match="a value is a number, got"):
        study.tell(trial, value)
    assert study.trials == []
    study.tell(trial.number, 1)
    assert study.best_value == 1.0


@pytest.mark.parametrize("number", [np.int64(1), np.uint8(1)])
def test_numbers_of_numpy_are_numbers_of_trials(number):
    study = Study(LINE, RandomSearch())
    study.ask(2)
    assert study.tell(number, np.float32(0.5)).value == 0.5


@pytest.mark.parametrize("trial", [True, 1.0, "0", None, LINE])
def test_what_is_no_number_of_a_trial(trial):
    study = Study(LINE, RandomSearch())
    study.ask(2)
    with pytest.raises(ValueError, match="trial is a whole number from 0, got"):
        study.tell(trial, 1.0)


# Asking by hand, and running


@pytest.mark.parametrize(
    "make", [TPESearch, BayesianSearch, EvolutionSearch, GridSearch], ids=lambda kind: kind.__name__
)
def test_trials_that_are_asked_for_do_not_stop_a_study(make):
    study = Study(Space(n=Int(0, 50)), make(), seed=0)
    mine = study.ask()
    study.optimize(lambda trial: trial.params["n"], 25)
    assert len(study.trials) == 25
    assert study.tell(mine, 3.0).number == 0
    assert [trial.number for trial in study.trials] == list(range(26))


def test_what_is_interrupted_is_run_again():
    def interrupted(trial):
        if trial.number == 3 and not again:
            raise KeyboardInterrupt
        return trial.params["x"]

    again, study = False, Study(LINE, RandomSearch(), seed=0)
    with pytest.raises(KeyboardInterrupt):
        study.optimize(interrupted, 6)
    again = True
    study.optimize(interrupted, 3)
    plain = Study(LINE, RandomSearch(), seed=0)
    plain.optimize(interrupted, 6)
    assert outcome(study) == outcome(plain)


@pytest.mark.parametrize("n", [0, np.int64(0)])
def test_no_trials_are_no_error(n):
    study = Study(LINE, RandomSearch())
    study.optimize(lambda trial: 1 / 0, n)
    assert study.trials == []


class Unpicklable(Exception):
    def __init__(self, one, other):
        super().__init__(f"{one} and {other}")


class Holds(Exception):
    def __init__(self):
        super().__init__("holds a lock")
        self.lock = open(os.devnull)  # noqa: SIM115


def raises(error):
    def objective(trial):
        raise error()

    return objective


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Unpicklable("this", "that"), "Unpicklable: this and that"),
        (Holds, "Holds: holds a lock"),
        (lambda: ZeroDivisionError("plain"), "plain"),
    ],
)
def test_the_true_error_comes_from_other_processes(make, said):
    study = Study(LINE, RandomSearch())
    with pytest.raises((RuntimeError, ZeroDivisionError), match=said):
        study.optimize(raises(make), 4, n_jobs=2)
    assert said.split(": ")[-1] in study.trials[0].reason


# Paths


def test_a_relative_path_is_where_it_was(tmp_path, monkeypatch):
    (tmp_path / "one").mkdir(), (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path / "one")
    study = Study(LINE, RandomSearch(), storage="log", pruner=lambda reports, trial: False)
    study.optimize(lambda trial: 1.0, 1)
    os.chdir(tmp_path / "other")
    study.optimize(lambda trial: (trial.report(1, 0), trial.should_prune(), 1.0)[-1], 2)
    os.chdir(tmp_path)
    assert not list((tmp_path / "other").iterdir())
    assert len(Study(LINE, RandomSearch(), storage="one/log").trials) == 3


@pytest.mark.parametrize("storage", [3, True, object(), ["log"]])
def test_what_is_no_path(storage):
    with pytest.raises(ValueError, match="storage is the path of a file, got"):
        Study(LINE, RandomSearch(), storage=storage)


# Enqueuing and adding

MIXED = Space(
    units=Int(16, 256),
    rate=Float(1e-4, 1, log=True),
    optimizer=Choice(["sgd", "adam"]),
    momentum=Float(0, 0.9, when={"optimizer": "sgd"}),
)


@pytest.mark.parametrize("searcher", [RandomSearch(), TPESearch(), BayesianSearch()])
def test_a_part_may_be_enqueued(searcher):
    study = Study(MIXED, searcher, seed=0)
    parts = [{"units": 32}, {"momentum": 0.5}, {"optimizer": "adam", "rate": 0.1}, {}]
    for part in parts:
        study.enqueue_trial(part)
    study.optimize(lambda trial: trial.params["rate"], 4)
    for part, trial in zip(parts, study.trials, strict=True):
        MIXED.check(trial.params)
        assert part.items() <= trial.params.items()
    alone = Study(MIXED, searcher, seed=0).ask().params
    assert study.trials[0].params == {**alone, "units": 32}


def test_the_rest_of_a_part_is_there_when_a_search_is_exhausted():
    study = Study(Space(x=Choice([1, 2]), y=Choice([1, 2])), GridSearch())
    study.optimize(lambda trial: 0.0)
    study.enqueue_trial({"x": 2})
    study.optimize(lambda trial: 0.0, 1)
    assert study.trials[-1].params["x"] == 2
    with pytest.raises(StopIteration):
        study.ask()


def test_a_row_of_a_table_may_be_enqueued():
    table = pd.DataFrame(
        {
            "units": [32, 64],
            "rate": [0.1, 0.01],
            "optimizer": ["sgd", "adam"],
            "momentum": [0.5, math.nan],
        }
    )
    study = Study(MIXED, RandomSearch())
    numbers = table[["units", "rate"]].iloc[0]
    for row in (table.iloc[0], table.iloc[1].to_dict(), numbers):
        study.enqueue_trial(row)
    assert numbers["units"] == 32.0
    first, second, third = (study.ask().params for _ in range(3))
    assert first == {"units": 32, "rate": 0.1, "optimizer": "sgd", "momentum": 0.5}
    assert second == {"units": 64, "rate": 0.01, "optimizer": "adam"}
    assert (third["units"], type(third["units"])) == (32, int)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"unit": 3}, "unknown hyperparameter 'unit'; did you mean 'units'"),
        ({"units": 32.5}, r"units is in Int.*got 32\.5"),
        ({"units": math.nan}, r"units is in Int.*got nan"),
        ({"optimizer": "adam", "momentum": 0.5}, "momentum does not exist"),
        ({"momentum": 2}, r"momentum is in Float.*got 2"),
        (3, "params maps names of hyperparameters to values, got 3"),
        ("units", "params maps names"),
    ],
)
def test_what_cannot_be_enqueued(params, message):
    study = Study(MIXED, RandomSearch())
    with pytest.raises(ValueError, match=message):
        study.enqueue_trial(params)
    assert len(study.ask().params) >= 3


def test_results_that_are_there_are_added(tmp_path):
    study = Study(MIXED, TPESearch(n_startup_trials=2), seed=0, storage=tmp_path / "log")
    params = {"units": 32.0, "rate": np.float32(0.5), "optimizer": "adam"}
    study.add_trial(params, np.float64(0.25), user_attrs={"from": "paper"})
    study.add_trial(params | {"units": 64}, state=TrialState.FAIL)
    study.add_trial(
        params | {"units": 65}, 2, TrialState.PRUNED, intermediate_values={0: 3, np.int64(1): 2}
    )
    study.optimize(lambda trial: trial.params["rate"], 3)
    again = Study(MIXED, TPESearch(n_startup_trials=2), storage=tmp_path / "log")
    assert outcome(again) == outcome(study)
    assert [t.state.name for t in again.trials[:3]] == ["COMPLETE", "FAIL", "PRUNED"]
    assert again.trials[0].user_attrs == {"from": "paper"}
    assert again.trials[2].intermediate_values == {0: 3.0, 1: 2.0}
    for call in (
        lambda: study.add_trial({"units": 32}, 1.0),
        lambda: study.add_trial(params | {"units": 3}, 1.0),
    ):
        with pytest.raises(ValueError, match=r"is missing|units is in"):
            call()
    assert len(study.trials) == 6


def test_what_is_set_stays_with_the_trial(tmp_path):
    def objective(trial):
        trial.set_user_attr("n_parameters", np.int64(5))
        trial.set_user_attr("sizes", [1, (2, np.float32(3))])
        return 1.0

    for n_jobs in (1, 2):
        study = Study(LINE, RandomSearch(), storage=tmp_path / f"log{n_jobs}")
        study.optimize(objective, 2, n_jobs=n_jobs)
        for one in (study, Study(LINE, RandomSearch(), storage=tmp_path / f"log{n_jobs}")):
            assert one.trials[1].user_attrs["n_parameters"] == 5
            assert json.dumps(one.trials[0].user_attrs["sizes"]) == "[1, [2, 3.0]]"
        assert study.trials_dataframe()["user_attrs_n_parameters"].tolist() == [5, 5]
    for key, value in ((3, 1), ("a", object()), ("a", {1, 2}), ("a", math.nan)):
        with pytest.raises(ValueError, match=r"key is a text|value is what JSON can hold"):
            Trial(0, {}).set_user_attr(key, value)


# Several directions


def two(trial):
    x = trial.params["x"]
    return [x, (1 - x) ** 2] if trial.number % 4 != 3 else [x, math.nan]


def dominates(one, other):
    return all(a <= b for a, b in zip(one, other, strict=True)) and one != other


EVERY = {
    "random": RandomSearch,
    "sobol": SobolSearch,
    "grid": lambda: GridSearch(12),
    "evolution": EvolutionSearch,
    "tpe": lambda: TPESearch(n_startup_trials=4),
    "forest": lambda: BayesianSearch("RF"),
    "process": BayesianSearch,
}


@pytest.mark.parametrize("make", EVERY.values(), ids=EVERY)
def test_a_study_of_several_values(tmp_path, make):
    directions, path = ["minimize", "maximize"], tmp_path / "log"
    study = Study(LINE, make(), directions=directions, seed=0, storage=path)
    study.optimize(lambda trial: (two(trial)[0], -two(trial)[1]), 12)
    again = Study(LINE, make(), directions=directions, storage=path)
    assert outcome(again) == outcome(study)
    complete = [t for t in study.trials if t.state is TrialState.COMPLETE]
    assert len(complete) == 9
    rows = {t.number: (t.values[0], -t.values[1]) for t in complete}
    front = [n for n in rows if not any(dominates(rows[m], rows[n]) for m in rows)]
    assert [trial.number for trial in study.best_trials] == front
    assert list(study.trials_dataframe().columns[1:3]) == ["values_0", "values_1"]
    for name in ("best_trial", "best_params", "best_value", "direction"):
        with pytest.raises(ValueError, match="several directions"):
            getattr(study, name)


def test_searchers_see_the_mean_rank_of_several_values():
    seen = []

    def suggest(space, trials, rng):
        seen.append([(trial.value, trial.values) for trial in trials])
        return space.sample(rng)

    study = Study(LINE, suggest, directions=["minimize", "maximize"], seed=0)
    values = [(1.0, 5.0), (2.0, 5.0), (3.0, 9.0)]
    for one in values:
        study.tell(study.ask(), one)
    study.ask()
    assert seen[-1] == [(0.375, (1.0, -5.0)), (0.625, (2.0, -5.0)), (0.5, (3.0, -9.0))]


@pytest.mark.parametrize("value", [1.0, [1.0], [1.0, 2.0, 3.0], "ab", None, [1.0, "b"]])
def test_an_objective_returns_as_many_values_as_there_are_directions(value):
    study = Study(LINE, RandomSearch(), directions=["minimize", "minimize"])
    with pytest.raises(TypeError, match=r"2 (numbers|values)"):
        study.optimize(lambda trial: value, 1)
    assert study.trials[0].state is TrialState.FAIL


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"directions": "minimize"}, "directions is a list"),
        ({"directions": []}, "directions is a list"),
        ({"directions": ["minimise"]}, "did you mean 'minimize'"),
        ({"directions": ["minimize"], "direction": "maximize"}, "either direction or directions"),
        ({"directions": ["minimize"] * 2, "pruner": lambda reports, trial: 0}, "a pruner compares"),
        ({"space": {"x": Float(0, 1)}}, "space is a Space, got {'x'"),
        ({"searcher": RandomSearch}, "searcher has a method suggest.*got <class"),
        ({"searcher": "random"}, "searcher has a method suggest.*got 'random'"),
        ({"pruner": TrialPruned}, "pruner has a method prune.*got <class"),
    ],
)
def test_what_makes_no_study(arguments, message):
    with pytest.raises(ValueError, match=message):
        Study(**{"space": LINE, "searcher": RandomSearch(), **arguments})


def test_a_pruner_of_optuna_is_none_of_ours():
    optuna = pytest.importorskip("optuna")
    with pytest.raises(ValueError, match=r"prune\(reports, trial\).*got Optuna's"):
        Study(LINE, RandomSearch(), pruner=optuna.pruners.MedianPruner())


@pytest.mark.parametrize(
    "arguments",
    [
        {"callbacks": print},
        {"callbacks": [3]},
        {"callbacks": [Trial]},
        {"catch": ValueError("a")},
        {"catch": ["ValueError"]},
        {"catch": int},
        {"n_trials": True},
        {"n_jobs": 1.5},
        {"timeout": "1"},
        {"objective": Trial},
        {"objective": 3},
    ],
)
def test_what_cannot_be_optimized(arguments):
    study = Study(LINE, RandomSearch())
    name = next(iter(arguments))
    with pytest.raises(ValueError, match=f"^{name} is "):
        study.optimize(**{"objective": lambda trial: 1.0, "n_trials": 1, **arguments})
    assert study.trials == []


# Random histories


class Hostile(Exception):
    pass


def hostile(trial, draw=random.Random(5)):  # noqa: B008
    chance = draw.random()
    trial.params[draw.choice("xyz")] = draw.random()
    if chance < 0.1:
        raise Hostile
    if chance < 0.15:
        raise KeyboardInterrupt
    if chance < 0.25:
        return math.nan
    if chance < 0.3:
        trial.params.clear()
    return chance


@pytest.mark.filterwarnings("ignore:the last line of .* was cut off")
@pytest.mark.parametrize("seed", range(200))
def test_no_point_of_a_grid_is_lost_or_doubled(tmp_path, seed):
    """Ended, resumed, refined, enqueued into, killed in a line, in random order."""
    draw, path = random.Random(seed), tmp_path / "log"
    n, extra, shuffle, records = 2, [], draw.random() < 0.5, {}

    def begin():
        return Study(LINE, GridSearch(n, shuffle, seed=3), seed=0, storage=path)

    study = begin()
    for _ in range(draw.randrange(3, 12)):
        action = draw.choice(
            ["run", "run", "run", "resume", "refine", "enqueue", "ask", "tear", "catch"]
        )
        if action in ("run", "catch"):
            catch = Hostile if action == "catch" else ()
            with contextlib.suppress(Hostile, KeyboardInterrupt):
                study.optimize(hostile, draw.randrange(4), catch=catch)
        elif action == "resume":
            study = begin()
        elif action == "refine" and n < 9:
            n = 2 * n - 1
            study = begin()
        elif action == "enqueue":
            extra.append(draw.choice([0.3, 0.77, 1.0]))
            study.enqueue_trial({"x": extra[-1]})
            study.optimize(hostile, 0)
        elif action == "ask":
            with contextlib.suppress(StopIteration):
                study.tell(study.ask(), draw.random())
        elif action == "tear":
            with path.open("ab") as file:
                file.write(b'{"number": 1, "sta')
            with pytest.warns(UserWarning, match="cut off"):
                study = begin()
        for trial in study.trials:
            known = records.setdefault(trial.number, trial)
            assert known == trial, "a record changed"
    study = begin()
    while True:
        before = len(study.trials)
        study.optimize(lambda trial: 0.5)
        if len(study.trials) == before:
            break
    found = [trial for trial in begin().trials if trial.retry_of is None]
    grid = np.linspace(0, 1, n).tolist()
    counts = Counter(trial.params["x"] for trial in found)
    assert all(counts.get(x, 0) >= 1 for x in grid), "a point of the grid is lost"
    assert all(counts[x] <= 1 + extra.count(x) for x in grid), "one is doubled"
    assert [trial.number for trial in begin().trials] == list(range(len(begin().trials)))


# Two processes, one file

RUNNER = """
import os, random, signal, sys, time
from hpcourse import Float, GridSearch, Space, Study, TPESearch

SPACE = Space(x=Float(0, 1))
path, kind, seed, kills = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
draw = random.Random(seed)

def work():
    searcher = GridSearch(40) if kind == "grid" else TPESearch(n_startup_trials=8)
    study = Study(SPACE, searcher, seed=1, storage=path)
    def objective(trial):
        time.sleep(0.002 + 0.004 * random.Random(os.getpid() + trial.number).random())
        return (trial.params["x"] - 0.3) ** 2
    def enough(study, trial):
        if len(study.trials) >= 40:
            study.stop()
    study.optimize(objective, None if kind == "grid" else 40, callbacks=[enough])

def start():
    child = os.fork()
    if not child:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return child

running = [start(), start()]
for _ in range(kills):
    time.sleep(draw.uniform(0.005, 0.06))
    victim = draw.randrange(2)
    os.kill(running[victim], signal.SIGKILL)
    os.waitpid(running[victim], 0)
    running[victim] = start()
for child in running:
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
work()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
@pytest.mark.parametrize("kind", ["grid", "tpe"])
@pytest.mark.parametrize("seed", range(10))
def test_two_processes_on_one_file(tmp_path, kind, seed):
    """With kill -9: no number twice, no point lost, everything that was finished is there."""
    path = tmp_path / "log"
    command = [sys.executable, "-c", RUNNER, str(path), kind, str(seed), "4"]
    subprocess.run(command, check=True, timeout=120)
    lines = [json.loads(line) for line in path.read_text().splitlines()[1:]]
    ended = [line["number"] for line in lines if line["state"] != "RUNNING"]
    assert len(ended) == len(set(ended)), "a number twice"
    assert sorted(ended) == list(range(len(ended)))
    assert {line["number"] for line in lines} == set(ended), "a trial was begun and forgotten"
    study = Study(LINE, GridSearch(40), seed=1, storage=path)
    params = {line["number"]: line["params"] for line in lines if line["state"] == "RUNNING"}
    assert all(trial.params == params[trial.number] for trial in study.trials)
    if kind == "grid":
        assert sorted(tried(study)) == pytest.approx(np.linspace(0, 1, 40))
    else:
        assert len(ended) >= 40
    left = [file.name for file in tmp_path.iterdir() if file.name.endswith(".running")]
    assert not left, "locks of dead processes stay"


def test_a_searcher_that_waits_lets_optimize_wait(tmp_path):
    """One process holds a trial whose result the other one's searcher needs."""
    path = tmp_path / "log"
    script = (
        "import sys, time; from hpcourse import *\n"
        "study = Study(Space(x=Float(0, 1)), EvolutionSearch(2), seed=1, storage=sys.argv[1])\n"
        "trial = study.ask(); print('asked', flush=True); time.sleep(0.7)\n"
        "study.tell(trial, 1.0); time.sleep(0.2)\n"
    )
    command = [sys.executable, "-c", script, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        other.stdout.readline()
        study = Study(LINE, EvolutionSearch(2), seed=1, storage=path)
        study.optimize(lambda trial: trial.params["x"], 5)
    assert [trial.number for trial in study.trials] == list(range(6))
    alone = Study(LINE, EvolutionSearch(2), seed=1)
    alone.optimize(lambda trial: trial.params["x"] if trial.number else 1.0, 6)
    assert [t.params for t in study.trials] == [t.params for t in alone.trials]
