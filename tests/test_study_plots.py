"""The figures of a study and of strategies: what they draw, and what their errors say."""

import inspect
import math
import subprocess
import sys
import warnings

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgba

from hpcourse import Choice, Float, Int, Space, Study, TrialPruned, TrialState, analysis, plots

SPACE = Space(
    learning_rate=Float(1e-3, 1, log=True),
    units=Int(16, 256, log=True),
    optimizer=Choice(["sgd", "adam"]),
    momentum=Float(0, 0.99, when={"optimizer": "sgd"}),
    batch_size=Choice([32, 128, 512], ordered=True),
)
DIRECTIONS = ["minimize", "maximize"]
both_directions = pytest.mark.parametrize("direction", DIRECTIONS)
STRATEGIES = ["random", "grid", "sobol", "evolution", "manual", "tpe", "bayesian"]


@pytest.fixture(autouse=True)
def clean():
    """Draw without a screen, in the course's style, and leave no figure open."""
    plt.switch_backend("Agg")
    with mpl.rc_context():
        plots.use_style()
        yield
    plt.close("all")


def draw_params(space, trials, rng):
    return space.sample(rng)


def score(trial):
    """An accuracy; divided by zero where the rate is high, given up where it is low."""
    rate, number = trial.params["learning_rate"], trial.number
    trial.report(0.5, 1)
    if rate > 0.5:
        return math.nan
    if rate < 0.003:
        if number % 2:
            trial.intermediate_values.clear()
        raise TrialPruned
    return 0.95 - 0.02 * math.log10(rate / 0.05) ** 2 + 0.01 * math.sin(number)


def make(direction="maximize", n_trials=60, space=SPACE, objective=score):
    sign = 1 if direction == "maximize" else -1
    study = Study(space, draw_params, direction, seed=4)
    study.optimize(lambda trial: sign * objective(trial), n_trials=n_trials)
    return study


def told(values, direction="maximize"):
    """A study of x = 0, 1, 2, ... with these values."""
    space = Space(x=Int(0, 99))
    study = Study(space, lambda space, trials, rng: {"x": len(trials)}, direction, seed=0)
    for value in values:
        study.tell(study.ask(), value)
    return study


def states(study, state):
    return [trial for trial in study.trials if trial.state is TrialState[state]]


def lines(ax):
    return {line.get_label(): line for line in ax.get_lines()}


def xy(line):
    return np.asarray(line.get_xydata(), dtype=float)


def test_the_study_has_all_kinds_of_trials():
    study = make()
    assert len(states(study, "FAIL")) >= 3
    assert {trial.value for trial in states(study, "PRUNED")} == {0.5, None}
    assert len(states(study, "COMPLETE")) >= 30
    assert {"momentum" in trial.params for trial in study.trials} == {True, False}


def test_import_loads_no_framework():
    code = "import sys; from hpcourse import plots; print({'keras', 'tensorflow'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


# running_best


@pytest.mark.parametrize(
    ("direction", "values", "expected"),
    [
        ("maximize", [1, 3, 2, 4], [1, 3, 3, 4]),
        ("minimize", [3, 1, 2, 0], [3, 1, 1, 0]),
        ("maximize", [np.nan, 1, np.nan, 2], [np.nan, 1, 1, 2]),
        ("minimize", [None, np.nan, 2, None], [np.nan, np.nan, 2, 2]),
        ("maximize", [np.inf, 1, -np.inf], [np.nan, 1, 1]),
        ("minimize", [-np.inf, 1, np.inf], [np.nan, 1, 1]),
        ("maximize", [[1, 2], [2, 1]], [[1, 2], [2, 2]]),
        ("maximize", [], []),
    ],
)
def test_running_best(direction, values, expected):
    assert np.array_equal(analysis.running_best(values, direction), expected, equal_nan=True)


def test_running_best_leaves_its_input_alone():
    values = np.array([np.inf, 2.0, 1.0])
    analysis.running_best(values)
    assert values.tolist() == [np.inf, 2, 1]


def test_running_best_refuses():
    with pytest.raises(ValueError, match="unknown direction 'max'; did you mean 'maximize'"):
        analysis.running_best([1, 2], "max")
    ragged = [[1.0], [2.0, 3.0]]
    for values in (3.0, None, "ab", ["1", "a"], ragged, {}, [1j], math.nan, True, analysis):
        with pytest.raises(ValueError, match=r"^values is an array of numbers, got"):
            analysis.running_best(values)
    for direction in (None, 3, ["maximize"], True):
        with pytest.raises(ValueError, match=r"^unknown direction"):
            analysis.running_best([1, 2], direction)


# optimization_history


@both_directions
def test_history(direction):
    study = make(direction)
    ax = plots.optimization_history(study)
    assert isinstance(ax, Axes)
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_yscale()) == ("trial", "value", "linear")
    drawn = lines(ax)
    complete = [(t.number, t.value) for t in states(study, "COMPLETE")]
    assert np.array_equal(xy(drawn["complete"]), complete)
    pruned = [(t.number, t.value) for t in states(study, "PRUNED")]
    expected = np.array(pruned, dtype=float)
    assert np.array_equal(xy(drawn["pruned"]), expected, equal_nan=True)
    values = np.full(60, np.nan)
    for number, value in complete:
        values[number] = value
    best = xy(drawn["best so far"])
    assert np.array_equal(best[:, 0], range(60))
    assert np.array_equal(best[:, 1], analysis.running_best(values, direction), equal_nan=True)
    assert best[-1, 1] == study.best_value
    assert drawn["best so far"].get_drawstyle() == "steps-post"
    looks = {(line.get_marker(), to_hex(line.get_color())) for line in drawn.values()}
    assert len({marker for marker, _ in looks}) == len({hue for _, hue in looks}) == 4
    ax.figure.canvas.draw()


@both_directions
def test_history_puts_failures_at_the_worst_edge(direction):
    study = make(direction)
    ax = plots.optimization_history(study)
    ax.figure.canvas.draw()
    failed = lines(ax)["failed"]
    assert failed.get_xdata().tolist() == [t.number for t in states(study, "FAIL")]
    ends = failed.get_transform().transform(failed.get_xydata())
    heights = ax.transAxes.inverted().transform(ends)[:, 1]
    assert np.allclose(heights, 0.025 if direction == "maximize" else 0.975)
    # and clear of all other points
    values = [t.value for t in study.trials if t.value is not None]
    shares = ax.transAxes.inverted().transform(ax.transData.transform([(0, v) for v in values]))
    assert 0.05 < shares[:, 1].min() < shares[:, 1].max() < 0.95


def test_history_counts_no_pruned_trial_as_best():
    study = told([0.5, 0.7])
    study.tell(study.ask(), 0.9, TrialState.PRUNED)
    study.tell(study.ask(), 0.95, TrialState.FAIL)
    drawn = lines(plots.optimization_history(study))
    assert drawn["best so far"].get_ydata().tolist() == [0.5, 0.7, 0.7, 0.7]
    assert xy(drawn["pruned"]).tolist() == [[2, 0.9]]
    assert drawn["failed"].get_xdata().tolist() == [3]


def test_history_names_only_what_is_there():
    ax = plots.optimization_history(told([1, 2]))
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["complete", "best so far"]


def test_history_on_a_log_scale():
    ax = plots.optimization_history(told([1, 0.1, 10], "minimize"), log=True)
    assert ax.get_yscale() == "log"
    for values in ([1, 0], [1, -0.5]):
        with pytest.raises(ValueError, match=f"values above 0, got {values[1]}"):
            plots.optimization_history(told(values), log=True)
    assert len(plt.get_fignums()) == 1


def test_history_on_given_axes():
    _, axes = plt.subplots(1, 2)
    assert plots.optimization_history(make(), ax=axes[1]) is axes[1]
    assert len(plt.get_fignums()) == 1
    assert not axes[0].get_lines()


# slices


def test_slices():
    study = make()
    axes = plots.slices(study)
    assert axes.shape == (2, 3)
    panels = axes.ravel()
    names = ["learning rate", "units", "optimizer", "momentum", "batch size", ""]
    assert [ax.get_xlabel() for ax in panels] == names
    assert [ax.axison for ax in panels] == [True] * 5 + [False]
    scales = ["log", "log", "linear", "linear", "log"]
    assert [ax.get_xscale() for ax in panels[:5]] == scales
    assert [ax.get_ylabel() for ax in panels] == ["value", "", "", "value", "", ""]
    axes[0, 0].figure.canvas.draw()


def test_slices_draw_the_complete_trials():
    study = make()
    for ax, name in zip(plots.slices(study).flat, SPACE, strict=False):
        trials = [t for t in states(study, "COMPLETE") if name in t.params]
        (dots,) = ax.collections
        x, y = np.asarray(dots.get_offsets()).T
        assert np.array_equal(y, [t.value for t in trials])
        assert np.array_equal(dots.get_array(), [t.number for t in trials])
        assert dots.get_cmap().name == "viridis"
        if name == "optimizer":
            options = [int(2 * u) for u in x]
            assert [SPACE[name].options[k] for k in options] == [t.params[name] for t in trials]
        else:
            assert np.array_equal(x, [t.params[name] for t in trials])
        left, right = ax.get_xlim()
        assert left < min(x)
        assert max(x) < right
    assert 0 < len([t for t in states(study, "COMPLETE") if "momentum" in t.params]) < 40


def test_slices_have_one_color_bar():
    axes = plots.slices(make())
    others = [ax for ax in axes[0, 0].figure.axes if ax not in axes]
    assert [ax.get_ylabel() for ax in others] == ["trial"]
    limits = {ax.collections[0].get_clim() for ax in axes.flat if ax.collections}
    assert len(limits) == 1


def test_slices_spread_categories_the_same_way_each_time():
    space = Space(kind=Choice(["a", "b", "c"]))
    study = make(space=space, objective=lambda trial: 1.0)
    drawn = [plots.slices(study)[0, 0].collections[0].get_offsets() for _ in range(2)]
    assert np.array_equal(*drawn)
    x = np.asarray(drawn[0])[:, 0]
    assert len(set(x)) == 60
    centers = [space["kind"].to_unit(trial.params["kind"]) for trial in study.trials]
    assert np.abs(x - centers).max() <= 0.25 / 3 + 1e-9
    assert np.abs(x - centers).max() > 0.2 / 3


@pytest.mark.parametrize(
    ("given", "scale", "ticks"),
    [
        (Choice([32, 128, 512], ordered=True), "log", ["32", "128", "512"]),
        (Choice([512, 32], ordered=True), "log", ["512", "32"]),
        (Choice([1, 10], ordered=True), "log", ["1", "10"]),
        (Choice([32, 128, 512]), "linear", ["32", "128", "512"]),
        (Choice([32, 64, 128], ordered=True), "linear", ["32", "64", "128"]),
        (Choice([0, 1, 100], ordered=True), "linear", ["0", "1", "100"]),
        (Choice(["small", "large"], ordered=True), "linear", ["small", "large"]),
        (Choice([None, True, (64, 64)]), "linear", ["None", "True", "(64, 64)"]),
        (Choice(["only"]), "linear", ["only"]),
        (Int(16, 256, log=True), "log", ["16", "64", "256"]),
        (Float(0.1, 0.4, log=True), "log", ["0.1", "0.2", "0.4"]),
        (Float(1e-5, 1, log=True), "log", ["10^{-5}", "10^{-3}", "10^{-1}"]),
        (Float(1e-3, 0.1, log=True), "log", ["10^{-3}", "10^{-2}", "10^{-1}"]),
        (Int(1, 3), "linear", ["1", "2", "3"]),
        (Float(-1, 1), "linear", None),
    ],
)
def test_slices_scale_and_ticks(given, scale, ticks):
    study = make(space=Space(x=given), objective=lambda trial: trial.number)
    ax = plots.slices(study)[0, 0]
    assert ax.get_xscale() == scale
    ax.figure.canvas.draw()
    left, right = ax.get_xlim()
    shown = [
        label.get_text().removeprefix("$\\mathdefault{").removesuffix("}$")
        for place, label in zip(ax.get_xticks(), ax.get_xticklabels(), strict=True)
        if left <= place <= right
    ]
    assert ticks is None or shown == ticks


@pytest.mark.parametrize(("count", "shape"), [(1, (1, 1)), (2, (1, 2)), (3, (1, 3)), (4, (2, 3))])
def test_slices_of_some(count, shape):
    names = [*SPACE][:count][::-1]
    axes = plots.slices(make(), names)
    assert axes.shape == shape
    labels = [name.replace("_", " ") for name in names]
    assert [ax.get_xlabel() for ax in axes.flat][:count] == labels
    assert axes[0, 0].figure.get_figwidth() <= 6.4


def test_slices_without_a_trial_that_has_the_hyperparameter():
    study = Study(SPACE, lambda s, t, r: s.from_unit([0.5, 0.5, 0.9, 0.5, 0.5]), seed=0)
    study.optimize(lambda trial: 1.0, n_trials=1)
    axes = plots.slices(study, ["momentum"])
    axes[0, 0].figure.canvas.draw()
    assert len(axes[0, 0].collections[0].get_offsets()) == 0


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["learning_rte"], "unknown hyperparameter 'learning_rte'; did you mean 'learning_rate'"),
        ("units", "names is a list of at least one hyperparameter, got 'units'"),
        ([], "names is a list of at least one"),
    ],
)
def test_slices_refuse(names, message):
    with pytest.raises(ValueError, match=message):
        plots.slices(make(n_trials=10), names)
    assert not plt.get_fignums()


# parallel_coordinates


def trial_lines(ax):
    return [line for line in ax.get_lines() if len(line.get_xdata()) > 2]


@both_directions
@pytest.mark.parametrize("best", [0.01, 0.1, 1])
def test_parallel_coordinates(direction, best):
    study = make(direction)
    complete = states(study, "COMPLETE")
    ax = plots.parallel_coordinates(study, best=best)
    drawn = trial_lines(ax)
    assert len(drawn) == len(complete)
    sign = 1 if direction == "minimize" else -1
    ranked = sorted(complete, key=lambda trial: sign * trial.value)[::-1]  # the best on top
    values = [trial.value for trial in complete]
    for line, trial in zip(drawn, ranked, strict=True):
        assert np.allclose(line.get_ydata()[:-1], SPACE.to_unit(trial.params), equal_nan=True)
        share = (trial.value - min(values)) / (max(values) - min(values))
        assert line.get_ydata()[-1] == pytest.approx(share)
        assert np.isnan(line.get_ydata()[3]) == (trial.params["optimizer"] == "adam")
    colored = max(1, round(best * len(complete)))
    gray = to_rgba(plots.GRAY)
    assert [to_rgba(line.get_color()) != gray for line in drawn] == [
        k >= len(drawn) - colored for k in range(len(drawn))
    ]
    assert drawn[-1].get_color() == mpl.colormaps["viridis"](0.0)
    if colored > 1:
        assert drawn[-colored].get_color() == mpl.colormaps["viridis"](0.85)
    zorders = [line.get_zorder() for line in drawn]
    assert zorders == sorted(zorders)
    ax.figure.canvas.draw()


def test_parallel_coordinates_are_labeled():
    ax = plots.parallel_coordinates(make())
    names = [label.get_text().replace("\n", " ") for label in ax.get_xticklabels()]
    assert names == ["learning rate", "units", "optimizer", "momentum", "batch size", "value"]
    at = {}
    for text in ax.texts:
        x, y = text.get_position()
        at.setdefault(round(x), []).append((text.get_text(), y))
    assert at[0] == [("0.001", 0), ("0.0316", pytest.approx(0.5)), ("1", 1)]
    assert at[1] == [(str(v), pytest.approx(SPACE["units"].to_unit(v))) for v in (16, 64, 256)]
    assert at[2] == [("sgd", 0.25), ("adam", 0.75)]
    assert [text for text, _ in at[3]] == ["0", "0.495", "0.99"]
    assert at[4] == [(str(v), pytest.approx(u)) for v, u in ((32, 1 / 6), (128, 0.5), (512, 5 / 6))]
    assert [y for _, y in at[5]] == [0, 0.5, 1]


def test_parallel_coordinates_of_equal_values():
    ax = plots.parallel_coordinates(told([0.7, 0.7, 0.7]), best=1)
    assert [line.get_ydata()[-1] for line in ax.get_lines() if line.get_marker() == "o"] == [
        0.5
    ] * 3
    assert "0.7" in [text.get_text() for text in ax.texts]
    ax.figure.canvas.draw()


def test_parallel_coordinates_tell_close_values_apart():
    texts = [t.get_text() for t in plots.parallel_coordinates(told([0.98112, 0.98132])).texts]
    assert texts[-3:] == ["0.9811", "0.9812", "0.9813"]


def overlaps(texts):
    boxes = [text.get_window_extent() for text in texts if text.get_text()]
    pairs = ((a, b) for k, a in enumerate(boxes) for b in boxes[:k])
    return sum(
        min(a.x1, b.x1) - max(a.x0, b.x0) > 1 and min(a.y1, b.y1) - max(a.y0, b.y0) > 1
        for a, b in pairs
    )


def tick_labels(axis):
    """The labels within the limits, which are all that is drawn."""
    low, high = sorted(axis.get_view_interval())
    ticks = zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=True)
    return [label for place, label in ticks if low <= place <= high]


WIDE = Space(
    activation=Choice(["relu", "leaky_relu", "exponential"]),
    initialization=Choice(["glorot_uniform", "he_normal"]),
    learning_rate=Float(1e-5, 1, log=True),
    layers=Choice([(64,), (64, 64)]),
    dropout=Float(0, 0.5, step=0.1),
    label_smoothing=Float(0, 0.1),
)


@pytest.mark.parametrize("space", [SPACE, WIDE], ids=["usual", "wide"])
def test_texts_neither_overlap_nor_leave_the_figure(space):
    study = make(space=space)
    for axes in ([plots.parallel_coordinates(study)], plots.slices(study).ravel()):
        figure = axes[0].figure
        figure.canvas.draw()
        shown = []
        for ax in axes:
            if ax.axison:
                shown += [ax.xaxis.label, ax.yaxis.label, *ax.texts]
                shown += tick_labels(ax.xaxis) + (tick_labels(ax.yaxis) if ax is axes[0] else [])
        shown = [text for text in shown if text.get_text()]
        # the boxes of slanted texts overlap where the texts do not
        assert not overlaps([text for text in shown if not text.get_rotation() % 90])
        for text in shown:
            box = text.get_window_extent()
            assert text.get_size() >= 13
            assert min(box.x0, box.y0) >= -1
            assert box.x1 <= figure.bbox.width + 1
            assert box.y1 <= figure.bbox.height + 1


@pytest.mark.parametrize("best", [0, -0.1, 1.5, math.nan, "many", True])
def test_parallel_coordinates_refuse(best):
    with pytest.raises(ValueError, match="best is in \\(0, 1\\], got"):
        plots.parallel_coordinates(make(n_trials=5), best=best)
    assert not plt.get_fignums()


# what all figures of a study need

FIGURES = [plots.optimization_history, plots.slices, plots.parallel_coordinates]


@pytest.mark.parametrize("draw", FIGURES)
@pytest.mark.parametrize(
    ("study", "message"),
    [
        (told([]), "needs a trial that is COMPLETE, got no trials"),
        (told([math.nan, None]), "needs a trial that is COMPLETE, got {'FAIL': 2}"),
        ([0.5, 0.7], r"study is a hpcourse.Study, got \[0.5, 0.7\]"),
    ],
)
def test_figures_of_a_study_refuse(draw, study, message):
    with pytest.raises(ValueError, match=message):
        draw(study)
    assert not plt.get_fignums()


@pytest.mark.parametrize("draw", FIGURES)
def test_figures_of_one_trial(draw):
    drawn = np.ravel(draw(told([0.5])))
    drawn[0].figure.canvas.draw()
    assert len(plt.get_fignums()) == 1


# best_so_far


def curves(seeds=20, trials=30):
    values = np.random.default_rng(0).random((seeds, trials))
    return {"random": values, "bayesian": values + np.linspace(0, 1, trials)}


@both_directions
@pytest.mark.parametrize("interval", [0.5, 0.9, 1])
def test_best_so_far(direction, interval):
    given = curves()
    ax = plots.best_so_far(given, direction=direction, interval=interval)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("trials", "best value so far")
    assert [text.get_text() for text in ax.texts] == sorted(
        given, key=lambda name: np.median(analysis.running_best(given[name], direction)[:, -1])
    )
    for line, band, (name, values) in zip(
        ax.get_lines(), ax.collections, given.items(), strict=True
    ):
        best = analysis.running_best(values, direction)
        assert np.array_equal(line.get_xdata(), range(1, 31))
        assert np.allclose(line.get_ydata(), np.median(best, axis=0))
        assert line.get_drawstyle() == "steps-post"
        assert line.get_color() == plots.color(name)
        assert to_hex(band.get_facecolor()[0]) == plots.color(name).lower()
        low, high = np.quantile(best, [(1 - interval) / 2, (1 + interval) / 2], axis=0)
        edges = band.get_paths()[0].vertices
        for trial in (1, 10, 30):
            at = edges[edges[:, 0] == trial, 1]
            assert np.isclose(at, low[trial - 1]).any()
            assert np.isclose(at, high[trial - 1]).any()


@both_directions
def test_best_so_far_with_failures(direction):
    """A seed without a success counts as the worst: of three, the second best is the median."""
    sign = 1 if direction == "maximize" else -1
    nan = math.nan
    values = sign * np.array([[nan, 3, 5], [nan, nan, 4], [2, nan, 1]])
    ax = plots.best_so_far({"tpe": values}, direction=direction, interval=1)
    (line,) = ax.get_lines()
    assert np.array_equal(line.get_ydata(), [nan, sign * 2, sign * 4], equal_nan=True)
    (path,) = ax.collections[0].get_paths()
    assert path.vertices[:, 0].min() == 3  # before, one seed had no value yet
    assert {*path.vertices[:, 1]} == {sign * 2, sign * 5}


def test_best_so_far_of_one_seed_and_of_other_lengths():
    ax = plots.best_so_far({"random": [[1, 2, 3]], "tpe": [[1, 2], [3, 4]]}, xlabel="epochs")
    assert [len(line.get_xdata()) for line in ax.get_lines()] == [3, 2]
    assert ax.get_xlabel() == "epochs"
    assert ax.get_lines()[0].get_ydata().tolist() == [1, 2, 3]


def test_best_so_far_on_given_axes():
    _, ax = plt.subplots()
    assert plots.best_so_far(curves(), ax=ax) is ax
    assert len(plt.get_fignums()) == 1


def test_strategies_have_colors_of_their_own():
    hues = [plots.COLORS[name] for name in STRATEGIES]
    assert len(set(hues)) == len(STRATEGIES)
    assert {*hues} <= {*plots.PALETTE.values()} - {plots.PALETTE["yellow"]}


def test_other_names_avoid_the_colors_of_known_ones():
    values = [[1, 2, 3]]
    names = ["my_own", "tpe", "another", "bayesian", "adam 2", "random"]
    ax = plots.best_so_far(dict.fromkeys(names, values))
    hues = [line.get_color() for line in ax.get_lines()]
    assert len(set(hues)) == len(names)
    assert hues[1] == plots.COLORS["tpe"]
    assert ax.get_lines()[0].get_label() == "my own"
    many = {str(k): values for k in range(12)}
    colors = [line.get_color() for line in plots.best_so_far(many).get_lines()]
    assert colors == [plots.color("", k) for k in range(12)]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"curves": {}}, "curves maps names to arrays, at least one, got {}"),
        ({"curves": [[1, 2]]}, "curves maps names to arrays"),
        ({"curves": {"a": [1, 2]}}, r"'a' has values of shape \(n_seeds, n_trials\), got \(2,\)"),
        ({"curves": {"a": np.zeros((2, 0))}}, r"n_trials\), got \(2, 0\)"),
        ({"curves": {"a": np.zeros((2, 3, 4))}}, r"got \(2, 3, 4\)"),
        (
            {"curves": {"a": [[1, 2], [math.nan] * 2, [math.nan] * 2]}},
            "'a' has a finite value for most seeds; 2 of 3 have none",
        ),
        ({"direction": "up"}, "unknown direction 'up'; Accepted: maximize, minimize"),
        ({"interval": 0}, "interval is in \\(0, 1\\], got 0"),
        ({"interval": 90}, "interval is in \\(0, 1\\], got 90"),
    ],
)
def test_best_so_far_refuses(options, message):
    with pytest.raises(ValueError, match=message):
        plots.best_so_far(**({"curves": curves()} | options))
    assert not plt.get_fignums()


# Few trials, equal ones, ranges of one value, numbers of any size: no warning

SPACES = {
    "one value each": Space(
        x=Float(1, 1), n=Int(3, 3), c=Choice(["a"]), o=Choice([5], ordered=True)
    ),
    "one value on a log scale": Space(x=Float(1e-3, 1e-3, log=True), n=Int(3, 3, log=True)),
    "zero alone": Space(x=Float(0, 0), n=Int(0, 0)),
    "one value with a step": Space(x=Float(1, 1, step=0.5), y=Float(-2, -2)),
    "huge": Space(x=Float(0, 1e307), n=Int(0, 10**18), o=Choice([1, 10**17], ordered=True)),
    "tiny": Space(x=Float(0, 1e-320), y=Float(1e-320, 1e-310, log=True)),
    "close": Space(x=Float(1, 1 + 1e-12), y=Float(1, 1 + 1e-9, log=True)),
    "below zero": Space(x=Float(-2, -1), n=Int(-5, -3)),
    "conditional": Space(k=Choice(["a", "b"]), x=Float(0, 1, when={"k": "a"})),
}
RESULTS = {
    "one": [1.0],
    "two": [1.0, 2.0],
    "equal": [0.5] * 4,
    "zeros": [0.0] * 3,
    "negative": [-1.0, -2.0],
    "huge": [1e308, -1e308, 0.0],
    "the largest": [sys.float_info.max],
    "tiny": [1e-320, 2e-320],
    "the smallest": [5e-324, 0.0],
    "close": [1.0, 1 + 1e-15],
    "of all sizes": [1e-300, 1e300, 1.0],
    "hardly any": [None, None, 1.0, math.nan],
}
FEW = {
    f"{k}, {n} trials": make(n_trials=n, space=s, objective=lambda t: t.number)
    for k, s in SPACES.items()
    for n in (1, 2, 5)
}
FEW |= {f"{k}, {d}": told(values, d) for k, values in RESULTS.items() for d in DIRECTIONS}


@pytest.mark.parametrize("draw", FIGURES)
@pytest.mark.parametrize("study", FEW.values(), ids=FEW)
def test_no_figure_of_a_study_warns_or_changes_it(draw, study):
    before, settings = [repr(trial) for trial in study.trials], dict(mpl.rcParams)
    for options in ({}, {"log": True}, {"best": 1}):
        values = [trial.value for trial in study.trials if trial.value is not None]
        taken = {*options} <= {*inspect.signature(draw).parameters}
        if not taken or ("log" in options and min(values) <= 0):
            continue
        current = plt.gcf()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            filters = list(warnings.filters)
            drawn = np.ravel(draw(study, **options))[0]
            drawn.figure.canvas.draw()
            assert warnings.filters == filters
        assert {current.number, drawn.figure.number} == set(plt.get_fignums())
        plt.close("all")
    assert [repr(trial) for trial in study.trials] == before
    assert dict(mpl.rcParams) == settings


def test_a_hyperparameter_of_one_value_stands_in_the_middle():
    study = make(n_trials=3, space=SPACES["one value each"], objective=lambda t: t.number)
    for ax in plots.slices(study).flat[:3]:
        assert sum(ax.get_xlim()) / 2 == pytest.approx(
            ax.collections[0].get_offsets()[0, 0], abs=0.5
        )
        assert len(ax.get_xticks()) == 1
    ax = plots.parallel_coordinates(study)
    heights = np.array([line.get_ydata()[:2] for line in trial_lines(ax)])
    assert (heights == 0.5).all()
