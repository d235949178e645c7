"""Pruning: what a pruner sees while trials run, in one process and several, and what is kept."""

import json
import math
import pickle

import numpy as np
import pytest

from hpcourse import Float, RandomSearch, Space, Study, TrialPruned, TrialState
from hpcourse.search import Reports
from hpcourse.search.reports import Journal, Judge

LINE = Space(x=Float(0, 1))


def curve(trial):
    """Report ten values that fall to x."""
    for step in range(10):
        trial.report(trial.params["x"] + 1 / (step + 1), step)
        if trial.should_prune():
            raise TrialPruned
    return trial.params["x"]


def worse_than_half(reports, trial):
    """End what is worse than the median of its rivals."""
    step, value = max(trial.intermediate_values.items())
    rivals = [v for number, v in reports.at(step).items() if number != trial.number]
    return len(rivals) >= 3 and value > np.median(rivals)


def replayed(study, pruner):
    """Ask the pruner again what it was asked in the study, with what it saw then."""
    for trial in study.trials:
        for step, (n_events, pruned) in trial.judgments.items():
            seen = trial.copy()
            until = {k: v for k, v in trial.intermediate_values.items() if k <= step}
            sign = -1 if study.direction == "maximize" else 1
            seen.intermediate_values = {k: sign * v for k, v in until.items()}
            yield bool(pruner(study.reports(n_events), seen)) == pruned


@pytest.mark.parametrize("stored", [False, True])
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_decisions_can_be_replayed(tmp_path, n_jobs, stored):
    path = tmp_path / "log" if stored else None
    study = Study(LINE, RandomSearch(), pruner=worse_than_half, seed=1, storage=path)
    study.optimize(curve, 8, n_jobs=n_jobs)
    study.optimize(curve, 7, n_jobs=n_jobs)
    if stored:
        study = Study(LINE, RandomSearch(), pruner=worse_than_half, storage=path)
        study.optimize(curve, 5, n_jobs=n_jobs)
    plain = Study(LINE, RandomSearch(), seed=1)
    plain.optimize(curve, len(study.trials))
    assert [t.params for t in study.trials] == [t.params for t in plain.trials]
    states = [trial.state for trial in study.trials]
    assert states.count(TrialState.PRUNED) >= 3
    assert states.count(TrialState.COMPLETE) >= 3
    decisions = list(replayed(study, worse_than_half))
    assert len(decisions) > 50
    assert all(decisions)


def test_rivals_that_still_run_are_seen():
    """Two trials that are asked for together see each other's reports at once."""
    seen = {}

    def look(reports, trial):
        seen[trial.number] = dict(reports.at(0))
        return False

    study = Study(LINE, RandomSearch(), pruner=look)
    one, other = study.ask(2)
    one.report(0.5, 0)
    one.should_prune()
    other.report(0.25, 0)
    other.should_prune()
    one.should_prune()
    assert seen == {0: {0: 0.5, 1: 0.25}, 1: {0: 0.5, 1: 0.25}}
    assert [study.reports().state(n) for n in (0, 1, 2)] == ["RUNNING", "RUNNING", ""]
    study.tell(other, 1.0)
    assert study.reports().state(1) == "COMPLETE"


def waits_for_the_other(trial):
    import time

    trial.report(trial.number, 0)
    for _ in range(400):
        if trial.should_prune():
            raise TrialPruned
        time.sleep(0.01)
    return 1.0


def test_processes_see_each_others_reports():
    def both_are_there(reports, trial):
        return len(reports.at(0)) == 2

    study = Study(LINE, RandomSearch(), pruner=both_are_there)
    study.optimize(waits_for_the_other, 2, n_jobs=2)
    assert [trial.state for trial in study.trials] == [TrialState.PRUNED] * 2


@pytest.mark.parametrize("direction", ["minimize", "maximize"])
def test_less_is_better(direction):
    """What maximizes prunes as what minimizes the negatives."""
    sign = -1 if direction == "maximize" else 1

    def turned(trial):
        for step in range(10):
            trial.report(sign * (trial.params["x"] + 1 / (step + 1)), step)
            if trial.should_prune():
                raise TrialPruned
        return sign * trial.params["x"]

    study = Study(LINE, RandomSearch(), direction, pruner=worse_than_half, seed=3)
    study.optimize(turned, 20)
    other = Study(LINE, RandomSearch(), pruner=worse_than_half, seed=3)
    other.optimize(curve, 20)
    assert [t.state for t in study.trials] == [t.state for t in other.trials]
    assert all(sign * trial.intermediate_values[0] > 0 for trial in study.trials)
    assert all(replayed(study, worse_than_half))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_pruned_stays_pruned(tmp_path, value):
    def objective(trial):
        trial.report(1.0, 0)
        trial.report(value, 1)
        if trial.should_prune():
            raise TrialPruned
        return 0.0

    def not_finite(reports, trial):
        assert repr(reports.at(1)[trial.number]) == repr(value)
        return not math.isfinite(max(trial.intermediate_values.items())[1])

    for n_jobs in (1, 2):
        path = tmp_path / f"log{n_jobs}"
        study = Study(LINE, RandomSearch(), pruner=not_finite, storage=path)
        study.optimize(objective, 2, n_jobs=n_jobs)
        for one in (study, Study(LINE, RandomSearch(), storage=path)):
            assert [(t.state, t.value) for t in one.trials] == [(TrialState.PRUNED, None)] * 2
            assert repr(one.trials[0].intermediate_values) == repr({0: 1.0, 1: float(value)})
        told = study.tell(study.ask(), value, TrialState.PRUNED)
        assert (told.state, told.value) == (TrialState.PRUNED, None)


def test_a_trial_takes_no_history_along(tmp_path):
    sizes = []
    study = Study(LINE, RandomSearch(), pruner=worse_than_half, storage=tmp_path / "log")
    for n in (1, 200):
        study.optimize(curve, n)
        trial = study.ask()
        sizes.append(len(pickle.dumps(trial)))
        study.tell(trial, 1.0)
    assert sizes[1] < sizes[0] + 50


def test_a_trial_whose_reports_stay_here_cannot_be_sent_away():
    trial = Study(LINE, RandomSearch(), pruner=worse_than_half).ask()
    with pytest.raises(TypeError, match="give the study a storage"):
        pickle.dumps(trial)


def test_a_trial_that_is_run_again_reports_anew(tmp_path):
    def dies(trial):
        trial.report(5.0, 0)
        if trial.number == 2 and not again:
            raise KeyboardInterrupt
        trial.should_prune()
        return 1.0

    again, path = False, tmp_path / "log"
    study = Study(LINE, RandomSearch(), pruner=lambda reports, trial: False, storage=path)
    with pytest.raises(KeyboardInterrupt):
        study.optimize(dies, 4)
    assert dict(study.reports().at(0)) == {0: 5.0, 1: 5.0, 2: 5.0}
    again = True
    study = Study(LINE, RandomSearch(), pruner=lambda reports, trial: False, storage=path)
    trial = study.ask()
    assert trial.number == 2
    assert dict(study.reports().at(0)) == {0: 5.0, 1: 5.0}
    trial.report(4.0, 0)
    assert dict(study.reports().of(2)) == {0: 4.0}


def test_what_the_journal_lacks_comes_from_the_log(tmp_path):
    path = tmp_path / "log"
    Study(LINE, RandomSearch(), seed=0, storage=path).optimize(curve, 3)
    assert not (tmp_path / "log.reports").exists()
    study = Study(LINE, RandomSearch(), pruner=worse_than_half, storage=path)
    assert len(study.reports().at(9)) == 3
    assert study.reports().numbers == [0, 1, 2]
    journal = tmp_path / "log.reports"
    journal.write_bytes(journal.read_bytes()[:-9])  # cut off
    study = Study(LINE, RandomSearch(), pruner=worse_than_half, storage=path)
    study.optimize(curve, 2)
    assert study.reports().numbers == list(range(5))
    assert all(replayed(study, worse_than_half))
    assert [json.loads(line)["number"] for line in journal.read_text().splitlines()[-1:]] == [4]


def test_without_a_pruner_there_is_no_journal(tmp_path):
    study = Study(LINE, RandomSearch(), storage=tmp_path / "log")
    study.optimize(curve, 2)
    assert study.trials[1].intermediate_values[9] == pytest.approx(study.trials[1].value + 0.1)
    with pytest.raises(ValueError, match="a study without a pruner"):
        study.reports()


def test_reports_cannot_be_changed_through_what_they_give():
    reports = Reports("maximize")
    reports.take({"number": 0, "step": 1, "value": "inf"})
    for view in (reports.at(1), reports.of(0)):
        assert list(view.values()) == [-math.inf]
        with pytest.raises(TypeError):
            view[0] = 3.0
    assert reports.n_events == 1


def test_reports_do_not_reach_another_machine(tmp_path, monkeypatch):
    sent = pickle.dumps(Judge(worse_than_half, Journal("minimize", tmp_path / "reports")))
    pickle.loads(sent)
    monkeypatch.setattr("socket.gethostname", lambda: "elsewhere")
    with pytest.raises(RuntimeError, match=r"reports of other trials.*this is elsewhere"):
        pickle.loads(sent)


@pytest.mark.parametrize("step", [None, 1.5, "a", -1, True])
def test_a_step_is_a_whole_number(step):
    trial = Study(LINE, RandomSearch(), pruner=worse_than_half).ask()
    with pytest.raises(ValueError, match="step is a whole number from 0, got"):
        trial.report(1.0, step)
    trial.report(1.0, np.int64(3))
    assert trial.intermediate_values == {3: 1.0}
    assert all(type(key) is int for key in trial.intermediate_values)
