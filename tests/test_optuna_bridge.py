"""Objectives and spaces of this package in Optuna, and finished studies."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from hpcourse import search, study, tabular
from hpcourse.space import Choice, Float, Int, Space

optuna = pytest.importorskip("optuna")
optuna.logging.set_verbosity(optuna.logging.WARNING)
from hpcourse.optuna_bridge import to_optuna  # noqa: E402

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
            raise study.TrialPruned
    return float("nan") if params["units"] > 250 else error


@pytest.mark.parametrize(
    "sampler", [optuna.samplers.RandomSampler(seed=0), optuna.samplers.TPESampler(seed=0)]
)
def test_an_objective_runs_unchanged(sampler):
    made = optuna.create_study(sampler=sampler, pruner=optuna.pruners.MedianPruner())
    made.optimize(to_optuna(objective, SPACE), n_trials=60)
    states = {trial.state.name for trial in made.trials}
    assert {"COMPLETE", "PRUNED"} <= states
    assert len(made.trials) == 60
    for trial in made.trials:
        assert ("momentum" in trial.params) == (trial.params["optimizer"] == "sgd")
        assert trial.intermediate_values
    ours = study.Study(SPACE, search.RandomSearch(), seed=0)
    ours.optimize(objective, n_trials=60)
    assert made.best_value < 1
    assert ours.best_value < 1
    assert max(made.best_trial.intermediate_values) == 4


def test_the_same_configurations_give_the_same_values():
    ours = study.Study(SPACE, search.RandomSearch(), seed=1)
    ours.optimize(objective, n_trials=15)
    theirs = optuna.create_study(pruner=optuna.pruners.NopPruner())
    for trial in ours.trials:
        theirs.enqueue_trial(trial.params)
    theirs.optimize(to_optuna(objective, SPACE), n_trials=15)
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
    made.optimize(to_optuna(table.objective, table.space), n_trials=40)
    pruned = [trial for trial in made.trials if trial.state.name == "PRUNED"]
    assert pruned
    assert all(len(trial.intermediate_values) < table.epochs for trial in pruned)
    assert made.best_value == pytest.approx(table.values()[table.index(made.best_params)])


@pytest.mark.filterwarnings("ignore::optuna.exceptions.ExperimentalWarning")
def test_a_finished_study_shows_in_optuna():
    ours = study.Study(SPACE, search.RandomSearch(), seed=0)
    ours.optimize(objective, n_trials=40)
    failed = sum(trial.state is study.TrialState.FAIL for trial in ours.trials)
    made = ours.to_optuna()
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
        to_optuna(3, SPACE)
