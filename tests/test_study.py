"""Studies: what they run, what they record, what survives a fault."""

import contextlib
import gc
import json
import math
import os
import random
import signal
import subprocess
import sys
import time
import warnings
from datetime import timedelta

import numpy as np
import pytest

from hpcourse import Choice, Float, Int, Space, Study, Trial, TrialPruned, TrialState, search
from hpcourse.bridges.optuna import study_to_optuna
from hpcourse.search.storage import Log

SPACE = Space(
    x=Float(-5, 5),
    y=Float(1e-3, 1, log=True),
    n=Int(1, 20),
    c=Choice(["a", "b", (1, 2)]),
    z=Float(0, 1, when={"c": "a"}),
)


def objective(trial):
    params = trial.params
    return (params["x"] - 2) ** 2 + params["y"] + 0.1 * params["n"] - params.get("z", 0)


def fails_sometimes(trial):
    if trial.number % 5 == 3:
        raise FloatingPointError(f"trial {trial.number} diverged")
    return math.nan if trial.number % 5 == 4 else objective(trial)


def outcome(study):
    """What must be the same in two studies: all but the times."""
    return [
        (t.number, t.params, t.state, t.value, t.intermediate_values, t.reason)
        for t in study.trials
    ]


def study(searcher=None, **kwargs):
    return Study(SPACE, searcher or search.RandomSearch(), **{"seed": 1, **kwargs})


def finished_lines(path):
    """The lines of a log for trials that have ended."""
    content = path.read_bytes() if path.exists() else b""
    return [line for line in content.splitlines(keepends=True) if b'"seconds"' in line[:-1]]


SEARCHERS = {
    "random": search.RandomSearch,
    "sobol": search.SobolSearch,
    "grid": lambda: search.GridSearch(3),
    "shuffled grid": lambda: search.GridSearch(2, shuffle=True),
    "evolution": lambda: search.EvolutionSearch(population_size=6),
    "truncation": lambda: search.EvolutionSearch(6, selection="truncation", mutation_rate=0.5),
}
every_searcher = pytest.mark.parametrize("make", SEARCHERS.values(), ids=SEARCHERS)


# Running


def test_optimize_runs_and_records_trials():
    done = study()
    assert done.optimize(objective, n_trials=20) is None
    assert [trial.number for trial in done.trials] == list(range(20))
    for trial in done.trials:
        assert trial.state is TrialState.COMPLETE
        assert trial.value == objective(trial)
        assert trial.duration >= timedelta(0)
    values = [trial.value for trial in done.trials]
    assert done.best_value == min(values)
    assert done.best_trial.number == np.argmin(values)
    assert done.best_params == done.best_trial.params


def test_n_trials_counts_those_of_the_call():
    done = study()
    done.optimize(objective, n_trials=3)
    done.optimize(objective, n_trials=4)
    assert len(done.trials) == 7


def test_maximize():
    largest, smallest = study(direction="maximize"), study()
    largest.optimize(objective, 30)
    smallest.optimize(lambda trial: -objective(trial), 30)
    assert largest.best_value == -smallest.best_value
    assert largest.best_trial.number == smallest.best_trial.number


def test_the_first_of_equals_is_best():
    done = study()
    done.optimize(lambda trial: 1.0, 5)
    assert done.best_trial.number == 0


@every_searcher
def test_searchers_minimize_whatever_the_direction(make):
    up, down = study(make(), direction="maximize"), study(make())
    up.optimize(lambda trial: -objective(trial), 30)
    down.optimize(objective, 30)
    assert [trial.params for trial in up.trials] == [trial.params for trial in down.trials]


@every_searcher
@pytest.mark.parametrize("function", [objective, fails_sometimes])
def test_the_same_seed_gives_the_same_trials(make, function):
    """One at a time, in two processes, and asked for in batches."""
    alone, parallel, batches = study(make()), study(make()), study(make())
    alone.optimize(function, 24, catch=FloatingPointError)
    parallel.optimize(function, 24, n_jobs=2, catch=FloatingPointError)
    assert outcome(alone) == outcome(parallel)
    while len(batches.trials) < 24:
        for trial in batches.ask(6):
            try:
                batches.tell(trial, function(trial))
            except FloatingPointError:
                batches.tell(trial, state=TrialState.FAIL)
    for one, other in zip(alone.trials, batches.trials, strict=True):
        assert (one.params, one.state, one.value) == (other.params, other.state, other.value)


def test_another_seed_gives_other_trials():
    one, other = study(seed=1), study(seed=2)
    one.optimize(objective, 3)
    other.optimize(objective, 3)
    assert not set(map(str, outcome(one))) & set(map(str, outcome(other)))


def test_without_a_seed_one_is_drawn():
    assert study(seed=None).seed != study(seed=None).seed


def test_a_function_is_a_searcher_that_sees_all_before_it():
    seen = []

    def suggest(space, trials, rng):
        seen.append([trial.value for trial in trials])
        return {"x": float(len(trials)), "y": 1.0, "n": 1, "c": "b"}

    done = study(suggest)
    done.optimize(lambda trial: trial.params["x"], 4, n_jobs=2)
    assert seen == [[], [0.0], [0.0, 1.0], [0.0, 1.0, 2.0]]


def test_a_searcher_sees_running_trials_without_values():
    seen = []

    def suggest(space, trials, rng):
        seen.append([(trial.number, trial.state.name, trial.value) for trial in trials])
        return space.sample(rng)

    done = study(suggest)
    first, second = done.ask(2)
    done.tell(second, 5.0)
    done.ask()
    done.tell(first, 4.0)
    done.ask()
    assert seen[2] == [(0, "RUNNING", None), (1, "COMPLETE", 5.0)]
    assert seen[3] == [(0, "COMPLETE", 4.0), (1, "COMPLETE", 5.0), (2, "RUNNING", None)]


def test_a_finite_search_ends_the_study():
    space = Space(a=Choice([1, 2, 3]), b=Choice([1, 2]))
    for n_jobs in (1, 2):
        done = Study(space, search.GridSearch())
        done.optimize(lambda trial: trial.params["a"], n_trials=100, n_jobs=n_jobs)
        assert len(done.trials) == 6
    with pytest.raises(StopIteration):
        done.ask()


def test_enqueued_trials_come_first():
    wanted = {"x": 2.0, "y": 1e-3, "n": 1, "c": "a", "z": 1.0}
    done = study()
    done.enqueue_trial(wanted)
    done.enqueue_trial(wanted | {"n": 2})
    done.optimize(objective, 4)
    assert [trial.params["n"] for trial in done.trials][:2] == [1, 2]
    assert done.best_params == wanted
    plain = study()
    plain.optimize(objective, 4)
    assert outcome(done)[2:] == outcome(plain)[2:], "the others are what they would have been"
    with pytest.raises(ValueError, match="unknown hyperparameter 'nn'"):
        done.enqueue_trial({"nn": 3})


def test_callbacks_can_stop_the_study():
    seen = []

    def stop_at_two(study, trial):
        seen.append(trial.number)
        if trial.number == 2:
            study.stop()

    done = study()
    done.optimize(objective, 10, callbacks=[stop_at_two])
    assert seen == [0, 1, 2]
    done.optimize(objective, 2)
    assert len(done.trials) == 5


def test_timeout_begins_no_more_trials():
    done = study()
    done.optimize(lambda trial: time.sleep(0.02) or 1.0, timeout=0.2)
    assert 1 <= len(done.trials) <= 12


def test_progress_bar(capfd):
    study().optimize(objective, 3, show_progress_bar=True)
    assert "3/3" in capfd.readouterr().err
    study().optimize(objective, 3)
    assert capfd.readouterr().err == ""


# Pruning


def report_and_prune(trial):
    for step in range(5):
        trial.report(trial.number - step, step)
        if trial.should_prune():
            raise TrialPruned
    return trial.number


def late(reports, trial):
    return trial.number % 2 and max(trial.intermediate_values) == 2


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_pruned_trials(n_jobs):
    done = study(pruner=late)
    done.optimize(report_and_prune, 6, n_jobs=n_jobs)
    for trial in done.trials:
        if trial.number % 2:
            assert trial.state is TrialState.PRUNED
            assert trial.intermediate_values == {k: trial.number - k for k in range(3)}
            assert trial.value == trial.number - 2
        else:
            assert trial.state is TrialState.COMPLETE
    assert done.best_trial.number == 0, "a pruned trial is not the best one"


def test_without_a_pruner_nothing_is_pruned():
    done = study()
    done.optimize(report_and_prune, 3)
    assert {trial.state for trial in done.trials} == {TrialState.COMPLETE}


def test_a_step_is_reported_once_and_is_a_whole_number():
    trial = Trial(0, {})
    trial.report(1.0, 0)
    trial.report(2.0, 0)
    assert trial.intermediate_values == {0: 1.0}
    with pytest.raises(ValueError, match=r"step is a whole number from 0, got 1\.5"):
        trial.report(1.0, 1.5)
    with pytest.raises(TypeError, match="a reported value is a number, got 'x'"):
        trial.report("x", 1)


# Faults of the objective


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_an_error_to_catch_fails_the_trial(n_jobs):
    done = study()
    done.optimize(fails_sometimes, 10, n_jobs=n_jobs, catch=(FloatingPointError,))
    states = [trial.state for trial in done.trials]
    assert states.count(TrialState.FAIL) == 4
    assert done.trials[3].reason == "FloatingPointError: trial 3 diverged"
    assert done.trials[4].reason == "the value is nan"
    assert done.trials[3].value is done.trials[4].value is None


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_another_error_ends_the_study_and_is_recorded(n_jobs):
    done = study()
    with pytest.raises(FloatingPointError, match="trial 3 diverged"):
        done.optimize(fails_sometimes, 20, n_jobs=n_jobs, catch=ZeroDivisionError)
    assert len(done.trials) >= 4
    assert done.trials[3].state is TrialState.FAIL
    done.optimize(objective, 3)
    assert done.trials[-1].number == len(done.trials) - 1, "no number is left out"


@pytest.mark.parametrize("value", ["0.5", None, (1, 2), [1.0], 1j, object()])
def test_an_objective_returns_a_number(value):
    done = study()
    with pytest.raises(TypeError, match="what the objective returns is a number, got"):
        done.optimize(lambda trial: value, 3)
    assert [trial.state for trial in done.trials] == [TrialState.FAIL]


@pytest.mark.parametrize("value", [np.float32(0.5), np.array(0.5), 1, True, np.int64(2)])
def test_many_things_are_numbers(value):
    done = study()
    done.optimize(lambda trial: value, 1)
    assert done.best_value == float(value)
    assert type(done.best_value) is float


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_fails_and_goes_on(value):
    done = study()
    done.optimize(lambda trial: value if trial.number else 1.0, 3)
    assert [trial.state.name for trial in done.trials] == ["COMPLETE", "FAIL", "FAIL"]
    assert done.best_value == 1.0


def test_no_best_trial_is_a_clear_error():
    done = study()
    with pytest.raises(ValueError, match="none of 0 trials is complete"):
        _ = done.best_trial
    done.optimize(lambda trial: math.nan, 2)
    with pytest.raises(ValueError, match="none of 2 trials is complete; trial 0 failed: the value"):
        _ = done.best_value


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n_trials": -3}, "n_trials is a whole number from 0 or None, got -3"),
        ({"n_trials": 2.5}, "got 2.5"),
        ({"n_trials": 1, "n_jobs": 0}, "n_jobs is a whole number, not 0"),
        ({"n_trials": 1, "timeout": -1}, "timeout is a number above 0 or None"),
    ],
)
def test_optimize_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        study().optimize(objective, **arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"direction": "max"}, "unknown direction 'max'.*'maximize'"),
        ({"searcher": 3}, r"searcher has a method suggest\(space, trials, rng\) .*, got 3"),
        ({"pruner": 3}, r"pruner has a method prune\(reports, trial\) .*, got 3"),
        ({"seed": -1}, "seed is a whole number from 0 or None, got -1"),
    ],
)
def test_study_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        study(**arguments)


def test_a_searcher_outside_the_space_is_refused():
    with pytest.raises(ValueError, match="x is missing"):
        study(lambda space, trials, rng: {"c": "b"}).ask()


# Ask and tell


def test_tell_once_and_only_what_was_asked_for():
    done = study()
    trial = done.ask()
    done.tell(trial, 1.0)
    for given in (trial, 0, 17):
        with pytest.raises(ValueError, match="is not running: ask for it first"):
            done.tell(given, 2.0)
    assert done.best_value == 1.0


def test_a_failed_trial_has_no_value():
    study = Study(SPACE, search.RandomSearch(), seed=0)
    told = study.tell(study.ask(), 0.5, TrialState.FAIL)
    assert (told.state, told.value) == (TrialState.FAIL, None)
    with pytest.raises(ValueError, match=r"PRUNED or FAIL, got <TrialState\.RUNNING"):
        study.tell(study.ask(), 0.5, TrialState.RUNNING)


def test_tell_by_number_and_state():
    done = study()
    done.ask(3)
    done.tell(1, 3)
    done.tell(0, state=TrialState.FAIL)
    done.tell(2, 2.0, state=TrialState.PRUNED)
    assert [trial.state.name for trial in done.trials] == ["FAIL", "COMPLETE", "PRUNED"]
    assert done.best_trial.number == 1


# Storage


def test_a_study_goes_on_where_it_stopped(tmp_path):
    path, function = tmp_path / "study.jsonl", report_and_prune
    whole = study(pruner=late)
    whole.optimize(function, 12)
    for n in (5, 1, 6):
        study(pruner=late, storage=path).optimize(function, n)
    assert outcome(study(pruner=late, storage=path)) == outcome(whole)
    assert len(finished_lines(path)) == 12


@every_searcher
def test_every_searcher_resumes(tmp_path, make):
    whole = study(make())
    whole.optimize(fails_sometimes, 20, catch=FloatingPointError)
    for n in (4, 9, 7):
        parts = study(make(), storage=tmp_path / "log")
        parts.optimize(fails_sometimes, n, catch=FloatingPointError)
    assert outcome(parts) == outcome(whole)


def test_a_drawn_seed_is_kept(tmp_path):
    first = study(seed=None, storage=tmp_path / "log")
    assert study(seed=None, storage=tmp_path / "log").seed == first.seed


def test_the_log_is_readable(tmp_path):
    study(storage=tmp_path / "log").optimize(objective, 1)
    header, begun, record = map(json.loads, (tmp_path / "log").read_text().splitlines())
    assert begun["number"] == 0
    assert begun["state"] == "RUNNING"
    assert begun["params"] == record["params"]
    assert header["space"]["x"] == {
        "type": "Float",
        "low": -5,
        "high": 5,
        "log": False,
        "step": None,
        "when": {},
    }
    assert record["number"] == 0
    assert record["state"] == "COMPLETE"


@pytest.mark.parametrize("name", ["log", "log.reports"])
def test_what_is_left_is_the_log_and_locks(tmp_path, name):
    pruner = late if name == "log.reports" else None
    study(storage=tmp_path / "log", pruner=pruner).optimize(objective, 2)
    gc.collect()
    left = {path.name for path in tmp_path.iterdir() if path.suffix != ".lock"}
    assert left == {"log", name}


@pytest.mark.parametrize(
    ("other", "what"),
    [
        ({"direction": "maximize"}, "directions \\['minimize'\\], not \\['maximize'\\]"),
        ({"seed": 2}, "seed 1, not 2"),
        ({"space": Space(x=Float(0, 1))}, "space {.*, not {"),
    ],
)
def test_a_log_of_another_study_is_refused(tmp_path, other, what):
    study(storage=tmp_path / "log").optimize(objective, 1)
    space = other.pop("space", SPACE)
    with pytest.raises(ValueError, match=f"belongs to another study: {what}"):
        Study(space, search.RandomSearch(), storage=tmp_path / "log", **{"seed": 1, **other})


@pytest.mark.parametrize("text", ["[]\n", '{"a": 1}\n', "1\n2\n", "notes", "notes\n", "a\nb\n"])
def test_another_file_is_refused_and_left_alone(tmp_path, text):
    (tmp_path / "log").write_text(text)
    with pytest.raises(ValueError, match="is no log of a study"):
        study(storage=tmp_path / "log")
    assert (tmp_path / "log").read_text() == text


def test_damage_in_the_middle_is_an_error(tmp_path):
    path = tmp_path / "log"
    study(storage=path).optimize(objective, 3)
    lines = path.read_text().splitlines(keepends=True)
    path.write_text(lines[0] + lines[1] + "{broken\n" + lines[3])
    with pytest.raises(ValueError, match=r"is damaged in line 3: b'\{broken"):
        study(storage=path)


@pytest.mark.parametrize("keep", [1, 20, -1])
def test_a_torn_last_line_is_ignored_and_done_again(tmp_path, keep):
    path, whole = tmp_path / "log", study()
    whole.optimize(objective, 6)
    study(storage=path).optimize(objective, 5)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]) + lines[-1][:keep])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        resumed = study(storage=path)
        resumed.optimize(objective, 6 - len(resumed.trials))
    assert any("cut off and is ignored" in str(w.message) for w in caught) == (keep > 0)
    assert outcome(resumed) == outcome(whole)
    assert outcome(study(storage=path)) == outcome(whole)


def test_a_torn_header_is_written_again(tmp_path):
    (tmp_path / "log").write_text('{"stu')
    with pytest.warns(UserWarning, match="cut off"):
        done = study(storage=tmp_path / "log")
    done.optimize(objective, 2)
    assert outcome(study(storage=tmp_path / "log")) == outcome(done)


def test_a_missing_folder_is_named_before_any_work(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        study(storage=tmp_path / "no" / "log")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read and write everywhere")
def test_a_read_only_file_is_named_before_any_work(tmp_path):
    study(storage=tmp_path / "log").optimize(objective, 1)
    (tmp_path / "log").chmod(0o400)
    with pytest.raises(PermissionError, match="cannot be written"):
        study(storage=tmp_path / "log")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read and write everywhere")
def test_an_unreadable_file_is_named_before_any_work(tmp_path):
    study(storage=tmp_path / "log").optimize(objective, 1)
    (tmp_path / "log").chmod(0o200)
    with pytest.raises(PermissionError, match="log"):
        study(storage=tmp_path / "log")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(IsADirectoryError):
        study(storage=tmp_path)


def returns(value):
    return lambda trial: value if trial.number == 2 else objective(trial)


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (returns("0.5"), "TypeError: what the objective returns is a number, got '0.5'"),
        (returns(None), "TypeError: what the objective returns is a number, got None"),
        (returns((1, 2)), "TypeError: what the objective returns is a number, got (1, 2)"),
        (returns(math.nan), "the value is nan"),
        (returns(-math.inf), "the value is -inf"),
        (lambda trial: 1 / (trial.number - 2), "ZeroDivisionError: division by zero"),
    ],
)
@pytest.mark.parametrize("catch", [(), (TypeError, ZeroDivisionError)])
def test_faults_of_the_objective_are_on_the_disk(tmp_path, function, reason, catch):
    ends = "Error" in reason and not catch
    done = study(storage=tmp_path / "log")
    with pytest.raises((TypeError, ZeroDivisionError)) if ends else contextlib.nullcontext():
        done.optimize(function, 5, catch=catch)
    assert len(done.trials) == (3 if ends else 5)
    resumed = study(storage=tmp_path / "log")
    assert outcome(resumed) == outcome(done)
    failed = [trial for trial in resumed.trials if trial.state is TrialState.FAIL]
    assert [(trial.number, trial.value, trial.reason) for trial in failed] == [(2, None, reason)]
    resumed.optimize(objective, 2)
    assert len(resumed.trials) == len(done.trials) + 2


@pytest.mark.parametrize("n", [0, -1])
def test_no_trials_leave_the_file_alone(tmp_path, n):
    done = study(storage=tmp_path / "log")
    done.optimize(objective, 2)
    before = (tmp_path / "log").read_bytes()
    refused = pytest.raises(ValueError, match="n_trials is a whole number from 0")
    with refused if n < 0 else contextlib.nullcontext():
        done.optimize(objective, n)
    assert (tmp_path / "log").read_bytes() == before


@pytest.mark.parametrize(("room", "known"), [(50, 3), (250, 4)])
def test_a_full_disk_leaves_no_part_of_a_line(tmp_path, room, known):
    """A limit on the size of files stands for the disk: a line is written in part, then fails.

    There is room for no line, or for the one that begins a trial.
    """
    resource = pytest.importorskip("resource")
    path, whole = tmp_path / "log", study()
    whole.optimize(objective, 8)
    done = study(storage=path)
    done.optimize(objective, 3)
    before, limits = path.read_bytes(), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + room, limits[1]))
    try:
        with pytest.raises(OSError, match=r"could not be written to .*: File too large"):
            done.optimize(objective, 5)
        with pytest.raises(OSError, match="a trial could not be written"):
            done.optimize(objective, 5)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes()[: len(before)] == before
    assert path.read_bytes().endswith(b"\n")
    assert len(finished_lines(path)) == 3
    assert outcome(done) == outcome(whole)[:known], "the trial that was computed is still known"
    done.optimize(objective, 8 - known)
    assert outcome(done) == outcome(whole)
    assert outcome(study(storage=path)) == outcome(whole)


def test_a_file_that_is_deleted_meanwhile(tmp_path):
    path, done = tmp_path / "log", study(storage=tmp_path / "log")
    done.optimize(objective, 2)
    path.unlink()
    with pytest.raises(OSError, match="has lost lines"):
        done.optimize(objective, 1)
    assert not path.exists(), "no file without a header"


def test_a_missing_newline_is_added_by_whoever_writes_next(tmp_path):
    path, whole = tmp_path / "log", study()
    whole.optimize(objective, 6)
    study(storage=path).optimize(objective, 2)
    path.write_bytes(path.read_bytes()[:-1])
    one, other = (study(storage=path) for _ in range(2))
    for done in (one, other, one, other):
        done.optimize(objective, 1)
    assert outcome(other) == outcome(whole)
    assert outcome(study(storage=path)) == outcome(whole)


def test_a_study_that_another_process_begins_at_the_same_moment(tmp_path, monkeypatch):
    path, holding = tmp_path / "log", Log.hold

    def later(log):
        monkeypatch.undo()
        study(seed=7, storage=path).optimize(objective, 2)
        return holding(log)

    monkeypatch.setattr(Log, "hold", later)
    done = study(seed=None, storage=path)
    assert done.seed == 7
    assert len(done.trials) == 2


def test_a_result_and_the_next_beginning_take_one_hold_of_the_file(tmp_path, monkeypatch):
    held, hold = [], Log.hold
    monkeypatch.setattr(Log, "hold", lambda log: [held.append(log.path), hold(log)][1])
    done = study(storage=tmp_path / "log")
    held.clear()
    done.optimize(objective, 10)
    assert len(held) == 11


def test_between_a_result_and_the_next_beginning_callbacks_find_the_file_free(tmp_path):
    path, others, numbers = tmp_path / "log", [], []

    def another(done, trial):
        others.append(study(storage=path))
        numbers.append(others[-1].ask().number)

    study(storage=path).optimize(objective, 3, callbacks=[another])
    assert numbers == [1, 3, 5]


def test_a_full_disk_loses_nothing(tmp_path, monkeypatch):
    path, whole = tmp_path / "log", study()
    whole.optimize(objective, 8)
    done, real = study(storage=path), os.fsync
    done.optimize(objective, 3)

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=r"a trial could not be written to .*: No space left"):
        done.optimize(objective, 5)
    assert len(done.trials) == 4, "the trial that was computed is still known"
    assert len(finished_lines(path)) == 3
    monkeypatch.setattr(os, "fsync", real)
    done.optimize(objective, 4)
    assert outcome(done) == outcome(whole)
    assert outcome(study(storage=path)) == outcome(whole)


RUNNER = """
import inspect, json, os, sys, time

sys.path.insert(0, sys.argv[1])
import test_study
from test_study import SPACE, Study, search

exec(inspect.getsource(test_study.objective))  # sent to the workers as it is, imports nothing

def slow(trial):
    time.sleep(600 if trial.number >= hold else delay)
    return objective(trial)

for order in sys.stdin:
    searcher, path, n, n_jobs, delay, hold = json.loads(order)
    child = os.fork()
    if not child:
        os.setsid()
        study = Study(SPACE, eval(searcher), seed=1, storage=path)
        print(os.getpid(), flush=True)
        study.optimize(slow, n - len(study.trials), n_jobs=n_jobs)
        break
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Runner:
    """A process that forks a study each time it is told to: its imports take seconds."""

    def __init__(self, path):
        self.path, self.groups = path, []

    def __enter__(self):
        command = [sys.executable, "-c", RUNNER, os.path.dirname(__file__)]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
        return self

    def __exit__(self, *error):
        self.end_workers()
        self.process.communicate()

    def end_workers(self):
        """End what killed studies have left; the trackers of their resources then clean up."""
        while self.groups:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.groups.pop(), signal.SIGTERM)

    def start(self, n, searcher="search.RandomSearch()", n_jobs=1, delay=0.002, hold=math.inf):
        """Begin a study of n trials, or go on with it; trials from ``hold`` on never end."""
        order = [searcher, str(self.path), n, n_jobs, delay, hold]
        print(json.dumps(order), file=self.process.stdin, flush=True)
        self.pid = int(self.process.stdout.readline())
        self.end_workers()
        self.groups.append(self.pid)

    def wait_for(self, n, seconds=60):
        """Wait until n trials are on the disk."""
        end = time.monotonic() + seconds
        while len(finished_lines(self.path)) < n:
            assert time.monotonic() < end, f"{n} trials take more than {seconds} seconds"
            time.sleep(0.0005)

    def kill(self):
        """kill -9 the study that runs, not its workers, which are there when the next starts."""
        os.kill(self.pid, signal.SIGKILL)
        return self.end()

    def end(self):
        return int(self.process.stdout.readline())


@pytest.mark.parametrize("n_jobs", [1, 2])
@pytest.mark.parametrize("searcher", ["search.RandomSearch()", "search.EvolutionSearch(8)"])
def test_kill_at_any_moment(tmp_path, searcher, n_jobs):
    """Many times kill -9; what was finished is there, once, and the end is the same."""
    path, rng, finished = tmp_path / "log", random.Random(n_jobs), b""
    kills = {1: 18, 2: 6}[n_jobs]  # two workers take seconds to start
    with Runner(path) as runner:
        for stop in [0, 0, *sorted(rng.sample(range(1, 180), kills))]:
            runner.start(200, searcher, n_jobs, hold=190)  # it cannot end before it is killed
            runner.wait_for(stop)
            time.sleep(rng.uniform(0, 0.02))
            assert runner.kill() == -signal.SIGKILL
            log = path.read_bytes()
            assert log.startswith(finished), "a finished trial is lost or changed"
            finished = log[: log.rfind(b"\n") + 1]
            assert stop <= len(finished_lines(path)) <= 190
        runner.start(200, searcher, n_jobs, delay=0)
        assert runner.end() == 0
    log = path.read_bytes()
    assert log.startswith(finished)
    assert len(finished_lines(path)) == 200
    resumed = Study(SPACE, eval(searcher), seed=1, storage=path)
    whole = Study(SPACE, eval(searcher), seed=1)
    whole.optimize(objective, 200)
    assert sorted(trial.number for trial in resumed.trials) == list(range(200))
    assert outcome(resumed) == outcome(whole)


def test_two_processes_share_one_file(tmp_path):
    path, whole = tmp_path / "log", study()
    whole.optimize(objective, 8)
    with Runner(path) as runner:
        runner.start(200, hold=3)
        runner.wait_for(3)
        mine = study(storage=path)
        mine.optimize(objective, 2)
        assert [trial.number for trial in mine.trials] == [0, 1, 2, 4, 5], "3 is the other's"
        runner.kill()
    mine.optimize(objective, 3)
    assert outcome(mine) == outcome(whole), "what the dead process had begun is run again"


def test_two_studies_of_one_file_take_turns(tmp_path):
    one, other = (study(storage=tmp_path / "log") for _ in range(2))
    one.optimize(objective, 2)
    other.optimize(objective, 2)
    one.optimize(objective, 2)
    assert [trial.number for trial in one.trials] == list(range(6))


# Tables and Optuna


def test_trials_dataframe():
    done = study()
    assert list(done.trials_dataframe().columns)[:2] == ["number", "value"]
    done.optimize(fails_sometimes, 10, catch=FloatingPointError)
    table = done.trials_dataframe()
    assert len(table) == 10
    assert list(table["state"]).count("FAIL") == 4
    assert table["params_x"].tolist() == [trial.params["x"] for trial in done.trials]
    assert table["params_z"].isna().sum() == sum("z" not in t.params for t in done.trials)


@pytest.mark.filterwarnings("ignore:Choices for a categorical distribution")
@pytest.mark.filterwarnings("ignore:Some regimes for parameter")
def test_to_optuna():
    optuna = pytest.importorskip("optuna")
    done = study(pruner=late)
    done.optimize(report_and_prune, 12)
    theirs = study_to_optuna(done)
    assert [trial.number for trial in theirs.trials] == list(range(12))
    assert theirs.best_params == done.best_params
    assert theirs.best_value == done.best_value
    assert [trial.state.name for trial in theirs.trials] == [t.state.name for t in done.trials]
    assert theirs.trials[1].intermediate_values == done.trials[1].intermediate_values
    importances = optuna.importance.get_param_importances(theirs)
    assert set(importances) <= set(SPACE)
