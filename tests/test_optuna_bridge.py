"""Objectives and spaces of this package in Optuna, and finished studies."""

import builtins
import copy
import pickle
import warnings

import matplotlib.pyplot as plt
import numpy as np
import pytest

from hpcourse import (
    Choice,
    Float,
    Int,
    OptunaSearch,
    RandomSearch,
    Space,
    Study,
    Trial,
    TrialPruned,
    TrialState,
    tabular,
)
from hpcourse.bridges.optuna import objective_to_optuna, study_to_optuna

optuna = pytest.importorskip("optuna")
optuna.logging.set_verbosity(optuna.logging.WARNING)

SPACE = Space(
    momentum=Float(0, 0.9, step=0.3, when={"optimizer": "sgd"}),
    optimizer=Choice(["sgd", "adam"]),
    learning_rate=Float(1e-4, 1, log=True),
    units=Int(16, 256, log=True),
    layers=Int(1, 9, step=4),
    batch_size=Choice([32, 128, 512], ordered=True),
)


def objective(trial):
    """Written for hpcourse: reports, prunes, fails."""
    params = trial.params
    SPACE.check(params)
    error = abs(np.log10(params["learning_rate"]) + 2) + (params["optimizer"] == "adam")
    for step in range(5):
        trial.report(error + 1 / (step + 1), step)
        if trial.should_prune():
            raise TrialPruned
    return float("nan") if params["units"] > 250 else error


@pytest.mark.parametrize(
    "sampler", [optuna.samplers.RandomSampler(seed=0), optuna.samplers.TPESampler(seed=0)]
)
def test_an_objective_runs_unchanged(sampler):
    made = optuna.create_study(sampler=sampler, pruner=optuna.pruners.MedianPruner())
    made.optimize(objective_to_optuna(objective, SPACE), n_trials=60)
    states = {trial.state.name for trial in made.trials}
    assert {"COMPLETE", "PRUNED"} <= states
    assert len(made.trials) == 60
    for trial in made.trials:
        assert ("momentum" in trial.params) == (trial.params["optimizer"] == "sgd")
        assert trial.intermediate_values
    ours = Study(SPACE, RandomSearch(), seed=0)
    ours.optimize(objective, n_trials=60)
    assert made.best_value < 1
    assert ours.best_value < 1
    assert max(made.best_trial.intermediate_values) == 4


def test_the_same_configurations_give_the_same_values():
    ours = Study(SPACE, RandomSearch(), seed=1)
    ours.optimize(objective, n_trials=15)
    theirs = optuna.create_study(pruner=optuna.pruners.NopPruner())
    for trial in ours.trials:
        theirs.enqueue_trial(trial.params)
    theirs.optimize(objective_to_optuna(objective, SPACE), n_trials=15)
    assert [trial.params for trial in theirs.trials] == [
        {name: trial.params[name] for name in made.params}
        for trial, made in zip(ours.trials, theirs.trials, strict=True)
    ]
    assert [trial.value for trial in theirs.trials] == [trial.value for trial in ours.trials]
    assert [trial.state.name for trial in theirs.trials] == [t.state.name for t in ours.trials]


def test_the_table_runs_in_optuna_with_its_pruner():
    table = tabular.load_table()
    made = optuna.create_study(
        direction="maximize",
        sampler=optuna.samplers.TPESampler(seed=0),
        pruner=optuna.pruners.MedianPruner(n_startup_trials=5),
    )
    made.optimize(objective_to_optuna(table.objective, table.space), n_trials=40)
    pruned = [trial for trial in made.trials if trial.state.name == "PRUNED"]
    assert pruned
    assert all(len(trial.intermediate_values) < table.epochs for trial in pruned)
    assert made.best_value == pytest.approx(table.values()[table.index(made.best_params)])


@pytest.mark.filterwarnings("ignore::optuna.exceptions.ExperimentalWarning")
def test_a_finished_study_shows_in_optuna():
    ours = Study(SPACE, RandomSearch(), seed=0)
    ours.optimize(objective, n_trials=40)
    failed = sum(trial.state is TrialState.FAIL for trial in ours.trials)
    made = study_to_optuna(ours)
    importances = optuna.importance.get_param_importances(
        made, params=["learning_rate", "optimizer", "units"]
    )
    assert next(iter(importances)) == "learning_rate"
    drawn = optuna.visualization.matplotlib.plot_optimization_history(made)
    assert len(drawn.collections[0].get_offsets()) == len(ours.trials) - failed
    for plot in ("plot_slice", "plot_parallel_coordinate", "plot_param_importances"):
        getattr(optuna.visualization.matplotlib, plot)(made, params=["learning_rate", "units"])
    plt.close("all")


def test_an_objective_is_a_function():
    with pytest.raises(ValueError, match="objective is a function of a trial, got 3"):
        objective_to_optuna(3, SPACE)


# Optuna's samplers as searchers

CUBE = Space(x=Float(-5, 5), y=Float(1e-3, 1, log=True), n=Int(1, 9))
SMALL = Space(c=Choice(["a", "b", "d"]), n=Int(1, 2))
S = optuna.samplers


def make(kind, space=SPACE):
    """Return a new sampler, as another process would."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {
            "random": lambda: S.RandomSampler(),
            "tpe": lambda: S.TPESampler(n_startup_trials=4),
            "independent tpe": lambda: S.TPESampler(n_startup_trials=4, multivariate=False),
            "grouped tpe": lambda: S.TPESampler(n_startup_trials=4, multivariate=True, group=True),
            "liar tpe": lambda: S.TPESampler(n_startup_trials=4, constant_liar=True),
            "fixed": lambda: S.PartialFixedSampler({"layers": 5, "n": 3}, S.TPESampler()),
        }[kind]()


KINDS = ["random", "tpe", "independent tpe", "grouped tpe", "liar tpe", "fixed"]
every_sampler = pytest.mark.parametrize("kind", KINDS)


def loss(trial):
    """Fail, prune and complete."""
    params = trial.params
    value = abs(np.log10(params.get("learning_rate", params.get("y", 0.1))) + 2)
    value += abs(params.get("x", 0) - 1) + 0.1 * params.get("layers", params.get("n", 0))
    trial.report(value + 1, 3)
    if trial.number % 7 == 5:
        raise TrialPruned
    return float("nan") if trial.number % 7 == 6 else value


def trials_of(made):
    return [trial.params for trial in made.trials]


@every_sampler
@pytest.mark.parametrize("space", [SPACE, CUBE], ids=["conditions", "cube"])
def test_a_resumed_study_goes_on_as_if_it_had_never_stopped(kind, space, tmp_path):
    """A new sampler each time, the seed of which is nobody's."""
    whole = Study(space, OptunaSearch(make(kind)), seed=3)
    whole.optimize(loss, 24)
    for n in (9, 1, 14):
        part = Study(space, OptunaSearch(make(kind)), seed=3, storage=tmp_path / "log")
        part.optimize(loss, n)
    assert trials_of(part) == trials_of(whole)
    other = Study(space, OptunaSearch(make(kind)), seed=4)
    other.optimize(loss, 24)
    assert trials_of(other) != trials_of(whole)
    for trial in whole.trials:
        space.check(trial.params)
        for name, value in trial.params.items():
            assert type(value) is type(space[name].from_unit(0.5))


@every_sampler
def test_a_suggestion_is_a_function_of_the_history(kind):
    """Asked in any order, after other questions, with others running: the same answer."""
    made = Study(CUBE, OptunaSearch(make(kind)), seed=2)
    made.optimize(loss, 12)
    history = list(made.trials)
    searcher, fresh = OptunaSearch(make(kind)), {}

    def ask(which, trials, seed=2):
        return which.suggest(CUBE, trials, np.random.default_rng((seed, len(trials))))

    running = [*history[:7], Trial(7, history[7].params), *history[8:]]
    cases = {"all": history, "less": history[:5], "running": running, "last": [*history[:-1]]}
    for name, trials in cases.items():
        fresh[name] = ask(OptunaSearch(make(kind)), trials)
    for other in (None, history[:3]):
        for name in [*cases, *reversed(cases), "running", "all", "all"]:
            before = copy.deepcopy(cases[name])
            assert ask(searcher, cases[name]) == fresh[name], name
            assert cases[name] == before
            if other is not None:
                ask(searcher, other, seed=9)
    assert fresh["less"] == history[5].params
    assert fresh["last"] == history[11].params


@every_sampler
def test_enqueued_trials_are_replayed(kind, tmp_path):
    def run(path, *parts):
        for n in parts:
            made = Study(CUBE, OptunaSearch(make(kind)), seed=1, storage=path)
            if n == parts[0]:
                made.enqueue_trial({"x": 1.0, "y": 0.01, "n": 1})
            made.optimize(loss, n)
        return trials_of(made)

    assert run(tmp_path / "a", 16) == run(tmp_path / "b", 6, 10)


def test_what_optuna_is_told():
    """States, values, pruned trials' values, parameters: those of the history."""
    told = []

    class Spy(S.RandomSampler):
        def sample_relative(self, study, trial, search_space):
            told[:] = study.get_trials(deepcopy=True)
            return super().sample_relative(study, trial, search_space)

    made = Study(CUBE, OptunaSearch(Spy()), seed=0, direction="maximize")
    made.enqueue_trial({"x": 1.0, "y": 0.01, "n": 1})
    made.optimize(loss, 14)
    made.ask(2)
    assert [t.state.name for t in told] == [t.state.name for t in made.trials] + ["RUNNING"] * 2
    for mine, their in zip(made.trials, told, strict=False):
        assert their.params == mine.params
        assert their.value == (None if mine.value is None else -mine.value)
    assert told[5].state.name == "PRUNED"
    assert list(told[5].intermediate_values) == [3]


@pytest.mark.filterwarnings("ignore::optuna.exceptions.ExperimentalWarning")
@pytest.mark.parametrize(
    "make",
    [
        lambda: S.CmaEsSampler(),
        lambda: S.NSGAIISampler(),
        lambda: S.QMCSampler(warn_asynchronous_seeding=False),
        lambda: S.GridSampler({"n": [1, 2]}),
        lambda: S.BruteForceSampler(),
        lambda: S.PartialFixedSampler({"n": 1}, S.CmaEsSampler()),
    ],
)
def test_samplers_that_keep_notes_are_refused(make):
    with pytest.raises(ValueError, match=r"Sampler keeps notes .* with objective_to_optuna"):
        OptunaSearch(make())


@pytest.mark.parametrize("kind", ["tpe", "independent tpe"])
def test_a_sampler_still_learns(kind):
    best = {"bridge": [], "random": []}
    for seed in range(10):
        for name, searcher in (
            ("bridge", OptunaSearch(make(kind))),
            ("random", RandomSearch()),
        ):
            made = Study(Space(x=Float(-5, 5), y=Float(-5, 5)), searcher, seed=seed)
            made.optimize(lambda t: (t.params["x"] - 1) ** 2 + (t.params["y"] + 2) ** 2, 50)
            best[name].append(made.best_value)
    assert np.median(best["bridge"]) < np.median(best["random"]) / 2


def test_one_question_costs_one_question(monkeypatch):
    calls = []
    original = S.RandomSampler.sample_independent
    monkeypatch.setattr(
        S.RandomSampler,
        "sample_independent",
        lambda self, *args: calls.append(1) or original(self, *args),
    )
    made = Study(CUBE, OptunaSearch(S.RandomSampler()), seed=0)
    made.optimize(loss, 20)
    assert len(calls) == 20 * 3


def test_the_sampler_is_left_as_it_was_and_the_rest_too(recwarn, capsys):
    sampler = S.TPESampler(seed=5)
    state = sampler._rng.rng.get_state()[1].copy()
    optuna.logging.set_verbosity(optuna.logging.INFO)
    try:
        searcher = OptunaSearch(sampler)
        made = Study(Space(c=Choice([(1, 2), (3, 4)]), x=Float(0, 1)), searcher, seed=0)
        made.optimize(lambda trial: trial.params["x"], 15)
        assert optuna.logging.get_verbosity() == optuna.logging.INFO
    finally:
        optuna.logging.set_verbosity(optuna.logging.WARNING)
    assert searcher.sampler is sampler
    assert (sampler._rng.rng.get_state()[1] == state).all()
    assert not recwarn
    assert capsys.readouterr().err == ""
    assert {trial.params["c"] for trial in made.trials} == {(1, 2), (3, 4)}


def test_a_pickled_searcher_goes_on():
    made = Study(CUBE, OptunaSearch(make("tpe")), seed=0)
    made.optimize(loss, 10)
    other = pickle.loads(pickle.dumps(made))
    assert other.ask().params == made.ask().params


@pytest.mark.parametrize("given", [S.TPESampler, None, "tpe", S.TPESampler.sample_relative])
def test_a_sampler_is_an_instance(given):
    with pytest.raises(ValueError, match=r"sampler is one of Optuna's samplers, such as .*, got"):
        OptunaSearch(given)


def test_without_optuna(monkeypatch):
    original = builtins.__import__

    def without(name, *args):
        if name.split(".")[0] == "optuna":
            raise ModuleNotFoundError(name=name)
        return original(name, *args)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match=r'needs Optuna: pip install "hpcourse\[optuna\]"'):
        OptunaSearch(None)
