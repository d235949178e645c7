"""The figures: what they draw, what they are labeled with, what they refuse."""

import itertools
import re
import subprocess
import sys
import warnings

import keras
import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from hpcourse import compute, landscapes, plots, training

BEALE = landscapes.get("beale")
HISTORY = {"accuracy": [0.8, 0.9, 0.95], "val_accuracy": [0.85, 0.9, 0.91], "loss": [2, 1, 0.5]}
MANY = {  # three networks, two epochs
    "val_accuracy": np.array([[0.5, 0.6, 0.7], [0.6, 0.7, 0.9]]),
    "loss": np.array([[3.0, 2.0, 1.0], [2.0, 1.0, 0.5]]),
    "learning_rate": np.array([[0.1, 0.1, 0.1], [0.01, 0.1, 1.0]]),
}
MATRIX = np.array([[50, 2, 0], [1, 1200, 30], [0, 4, 60]])
RUNS = {
    name: landscapes.descend(BEALE, start=[1, 1], optimizer=name, steps=20)
    for name in ("momentum", "adam")
}

# Every figure that draws on one Axes: how it is called, and the labels it must carry.
FIGURES = {
    "landscape": (lambda **k: plots.landscape(BEALE, **k), "x", "y"),
    "landscape, linear": (lambda **k: plots.landscape(BEALE, log=False, **k), "x", "y"),
    "paths": (lambda **k: plots.paths(BEALE, RUNS, **k), "x", "y"),
    "learning_curves": (lambda **k: plots.learning_curves(HISTORY, **k), "epoch", "accuracy"),
    "learning_curves, loss": (
        lambda **k: plots.learning_curves(HISTORY, "loss", **k),
        "epoch",
        "loss",
    ),
    "learning_curves, by number": (
        lambda **k: plots.learning_curves(MANY, by="learning_rate", **k),
        "epoch",
        "validation accuracy",
    ),
    "learning_curves, by name": (
        lambda **k: plots.learning_curves(MANY, "loss", by=["a", "b", "a"], **k),
        "epoch",
        "loss",
    ),
    "sweep": (lambda **k: plots.sweep([1, 10], [[1, 2], [3, 4]], **k), "", ""),
    "points": (lambda **k: plots.points({"a": [1, 2], "b": [3]}, xlabel="x", **k), "x", ""),
    "confusion_matrix": (lambda **k: plots.confusion_matrix(MATRIX, **k), "predicted", "true"),
}
figures = pytest.mark.parametrize(("draw", "x", "y"), FIGURES.values(), ids=FIGURES)


@pytest.fixture(autouse=True)
def clean():
    """Draw without a screen, in matplotlib's own style, and leave no figure open."""
    plt.switch_backend("Agg")
    with mpl.rc_context():
        yield
    plt.close("all")


def texts(ax):
    return [text.get_text() for text in ax.texts]


@figures
def test_labels(draw, x, y):
    ax = draw()
    assert isinstance(ax, Axes)
    assert (ax.get_xlabel(), ax.get_ylabel()) == (x, y)
    ax.figure.canvas.draw()


@figures
def test_draws_on_the_given_axes(draw, x, y):
    _, ax = plt.subplots()
    assert draw(ax=ax) is ax
    assert len(plt.get_fignums()) == 1


@figures
def test_opens_one_figure(draw, x, y):
    draw()
    assert len(plt.get_fignums()) == 1


@figures
def test_draws_in_the_course_style(draw, x, y):
    plots.use_style()
    draw().figure.canvas.draw()


def test_style():
    plots.use_style()
    assert mpl.rcParams["font.size"] == 13
    assert mpl.rcParams["image.cmap"] == "viridis"
    assert mpl.rcParams["axes.prop_cycle"].by_key()["color"] == list(plots.PALETTE.values())
    assert not plt.get_fignums()


def test_import_opens_no_window():
    code = "from matplotlib import pyplot; from hpcourse import plots; print(pyplot.get_fignums())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_all_functions_are_tested():
    tested = {name.split(",")[0] for name in FIGURES}
    drawing = {name for name in plots.__all__ if callable(getattr(plots, name))}
    others = {"color", "direct_labels", "images", "surface", "use_style"}
    others |= {"device_costs", "range_test"}  # tests/test_devices.py, test_lr_range.py
    studies = {"best_so_far", "optimization_history", "parallel_coordinates"}
    assert drawing - tested == others | studies | {"slices"}  # tests/test_study_plots.py


def test_a_method_keeps_its_color():
    assert plots.color("adam") == plots.color("adam", 5) == plots.PALETTE["vermillion"]
    assert plots.color("something else", 0) == plots.PALETTE["blue"]
    assert plots.color("something else", 8) == plots.PALETTE["blue"]
    assert {*plots.COLORS.values()} <= {*plots.PALETTE.values()}


# landscape, surface, paths


@pytest.mark.parametrize("name", ["beale", "branin", "ackley", "himmelblau", "goldstein_price"])
@pytest.mark.parametrize("log", [True, False])
def test_every_landscape_can_be_drawn(name, log):
    plots.landscape(landscapes.get(name), log=log, levels=8).figure.canvas.draw()


def test_landscape_shows_its_bounds():
    ax = plots.landscape(BEALE, bounds=[[2, 4], [-1, 1.5]])
    assert ax.get_xlim() == (2, 4)
    assert ax.get_ylim() == (-1, 1.5)


@pytest.mark.parametrize(
    ("options", "stars"),
    [({}, 1), ({"minimizers": False}, 0), ({"bounds": [[-1, 1], [-1, 1]]}, 0)],
)
def test_landscape_marks_the_minima_in_view(options, stars):
    ax = plots.landscape(BEALE, **options)
    drawn = [line.get_xydata()[0].tolist() for line in ax.get_lines()]
    assert drawn == [[3, 0.5]] * stars


@pytest.mark.parametrize(("log", "label"), [(True, "f (log scale)"), (False, "f")])
def test_landscape_says_what_its_colors_mean(log, label):
    bar = plots.landscape(BEALE, log=log).figure.axes[-1]
    assert bar.get_ylabel() == label


@pytest.mark.parametrize("draw", [plots.landscape, lambda f: plots.paths(f, {})])
def test_landscape_of_three_coordinates_is_refused(draw):
    with pytest.raises(ValueError, match="two coordinates, hartmann3 has 3"):
        draw(landscapes.get("hartmann3"))
    assert not plt.get_fignums()


@pytest.mark.parametrize(("log", "label"), [(False, "f"), (True, "log10 f")])
def test_surface(log, label):
    ax = plots.surface(BEALE, log=log)
    assert isinstance(ax, Axes)
    assert ax.name == "3d"
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_zlabel()) == ("x", "y", label)
    assert len(plt.get_fignums()) == 1
    ax.figure.canvas.draw()


def test_surface_on_given_axes():
    ax = plt.figure().add_subplot(projection="3d")
    assert plots.surface(BEALE, bounds=[[0, 4], [0, 1]], ax=ax) is ax
    assert len(plt.get_fignums()) == 1


def test_paths_are_named_and_colored():
    legend = plots.paths(BEALE, RUNS | {"heavy_ball": RUNS["adam"]}).get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["momentum", "adam", "heavy ball"]
    colors = [line.get_color() for line in legend.get_lines()]
    assert colors[:2] == [plots.COLORS["momentum"], plots.COLORS["adam"]]


def test_paths_show_every_step():
    lines = plots.paths(BEALE, RUNS).get_lines()
    assert any(np.array_equal(line.get_xydata(), RUNS["adam"]) for line in lines)


# learning_curves, direct_labels


def test_learning_curves():
    ax = plots.learning_curves(HISTORY)
    training, validation = ax.get_lines()
    assert training.get_xydata().tolist() == [[1, 0.8], [2, 0.9], [3, 0.95]]
    assert validation.get_ydata().tolist() == HISTORY["val_accuracy"]
    assert texts(ax) == ["validation", "training"]  # from the lower to the upper
    assert ax.texts[0].get_color() == validation.get_color() == plots.COLORS["validation"]


def test_learning_curves_without_validation():
    ax = plots.learning_curves(HISTORY, "loss")
    assert texts(ax) == ["training"]
    assert len(ax.get_lines()) == 1


def test_learning_curve_of_one_epoch():
    plots.learning_curves({"accuracy": [0.5]}).figure.canvas.draw()


def curves(ax):
    """What the lines of an Axes show: the values of each."""
    return [np.asarray(line.get_ydata(), dtype=float) for line in ax.get_lines()]


def test_learning_curves_of_many_networks_take_the_colors_of_their_rates():
    ax = plots.learning_curves(MANY, by="learning_rate")
    np.testing.assert_array_equal(np.transpose(curves(ax)), MANY["val_accuracy"])
    hues = [line.get_color() for line in ax.get_lines()]
    viridis = mpl.colormaps["viridis"]
    assert hues == [viridis(0.0), viridis(0.5), viridis(1.0)]
    (bar,) = [other for other in ax.figure.axes if other is not ax]
    assert bar.get_ylabel() == "learning rate"
    assert not texts(ax)


def test_learning_curves_by_given_numbers():
    ax = plots.learning_curves(MANY, by=[16, 64, 256], label="units")
    assert [other.get_ylabel() for other in ax.figure.axes if other is not ax] == ["units"]


def test_learning_curves_show_repeats_as_mean_and_range():
    ax = plots.learning_curves(MANY, "loss", by=["adam", "new_rule", "adam"])
    np.testing.assert_allclose(curves(ax), [[2.0, 1.25], [2.0, 1.0]])
    (band,) = ax.collections  # one network alone has no range
    heights = band.get_paths()[0].vertices[:, 1]
    assert (heights.min(), heights.max()) == (0.5, 3.0)
    assert ax.get_lines()[0].get_color() == plots.color("adam")
    assert sorted(texts(ax)) == ["adam", "new rule"]


@pytest.mark.parametrize(
    ("history", "by"),
    [(MANY, ["a", "b"]), (MANY, [1] * 4), ({"loss": [1.0, 2.0, 3.0]}, ["a", "b", "c"])],
)
def test_learning_curves_refuse_another_number_of_values(history, by):
    with pytest.raises(ValueError, match="one value for each network, got"):
        plots.learning_curves(history, "loss", by=by)


def test_sweep_shows_every_repeat_and_the_means():
    ax = plots.sweep([0.1, 1.0], [[1, 3], [5, 9]], name="adam")
    np.testing.assert_array_equal(curves(ax), [[1, 5], [3, 9], [2, 7]])
    assert ax.get_xscale() == "log"
    assert {line.get_color() for line in ax.get_lines()} == {plots.color("adam")}
    plots.sweep([0.1, 1.0], [4, 6], name="sgd", ax=ax)
    np.testing.assert_array_equal(curves(ax)[-1], [4, 6])
    assert ax.get_lines()[-1].get_color() == plots.color("sgd")
    plots.direct_labels(ax)
    assert sorted(texts(ax)) == ["adam", "sgd"]


def test_sweep_on_a_linear_scale():
    assert plots.sweep([0, 1], [4, 6], log=False).get_xscale() == "linear"


@pytest.mark.parametrize("values", [[1.0], [[1.0], [2.0], [3.0]], np.ones((2, 1, 1))])
def test_sweep_refuses_other_shapes(values):
    with pytest.raises(ValueError, match=r"settings has shape \(n,\) and values"):
        plots.sweep([1, 2], values)


def test_points_show_every_value_and_the_mean():
    ax = plots.points({"he_normal": [1, 2, 6], "failed": [np.nan, 4.0]})
    assert [text.get_text() for text in ax.get_yticklabels()] == ["he normal", "failed"]
    shown = [line.get_xdata().tolist() for line in ax.get_lines()]
    assert shown == [[1, 2, 6], [3, 3], [4], [4, 4]]
    assert ax.yaxis_inverted()  # the first group stands on top


def test_points_of_a_group_without_values():
    ax = plots.points({"all failed": [np.nan], "some": [1.0]})
    assert len(ax.get_yticklabels()) == 2


def test_labels_do_not_overlap():
    _, ax = plt.subplots()
    for number in range(4):
        ax.plot([0, 1], [0, 1 + number / 1000], label=str(number))
    plots.direct_labels(ax, gap=0.1)
    heights = [text.xy[1] for text in ax.texts]
    assert texts(ax) == list("0123")
    assert np.all(np.diff(heights) > 0.0999)


@pytest.mark.parametrize("height", [1.6, 4.0])
def test_labels_do_not_overlap_on_axes_of_any_height(height):
    _, ax = plt.subplots(figsize=(6, height), layout="constrained")
    for name in ("first", "second", "third"):
        ax.plot([0, 1], [0, 1], label=name)
    plots.direct_labels(ax)
    ax.figure.canvas.draw()
    boxes = sorted((text.get_window_extent() for text in ax.texts), key=lambda box: box.y0)
    assert all(lower.y1 <= upper.y0 + 4 for lower, upper in itertools.pairwise(boxes))


def test_labels_stand_where_the_lines_end():
    _, ax = plt.subplots()
    ax.plot([0, 1, 2], [0, 10, np.nan], label="ends early", color="red")
    ax.plot([0, 1, 2], [0, 0, 0], label="flat")
    ax.plot([0, 1], [np.nan, np.nan], label="never seen")
    ax.plot([0, 1], [5, 5])  # no label
    ax.set_ylim(0, 20)
    assert plots.direct_labels(ax) is ax
    heights = {text.get_text(): text.xy[1] for text in ax.texts}
    assert heights == pytest.approx({"flat": 0, "ends early": 0.5})
    assert ax.texts[1].get_color() == "red"


def test_labels_on_a_log_axis():
    _, ax = plt.subplots()
    ax.plot([0, 1], [1, 10], label="ten")
    ax.set(yscale="log", ylim=(1, 100))
    plots.direct_labels(ax)
    assert ax.texts[0].xy[1] == pytest.approx(0.5)


def test_no_lines_no_labels():
    _, ax = plt.subplots()
    assert not plots.direct_labels(ax).texts


# images


def pictures(n, height=28, width=28):
    return np.random.default_rng(0).integers(0, 256, (n, height, width), dtype=np.uint8)


def test_images():
    shown = pictures(7)
    axes = plots.images(shown, titles=range(7), columns=5)
    assert axes.shape == (2, 5)
    assert [ax.get_title() for ax in axes.flat] == [*"0123456", "", "", ""]
    for ax, picture in zip(axes.flat, shown, strict=False):
        assert isinstance(ax, Axes)
        assert np.array_equal(ax.get_images()[0].get_array(), picture)
    assert not any(ax.get_images() for ax in axes.flat[7:])
    assert not any(ax.axison for ax in axes.flat)
    assert len(plt.get_fignums()) == 1
    axes[0, 0].figure.canvas.draw()


def test_images_from_rows():
    shown = pictures(3)
    axes = plots.images(shown.reshape(3, 784) / 255)
    assert axes.shape == (1, 3)
    assert np.allclose(axes[0, 2].get_images()[0].get_array() * 255, shown[2])


@pytest.mark.parametrize("size", [(8, 8), (5, 9)])
def test_images_of_any_size(size):
    axes = plots.images(pictures(2, *size))
    assert axes[0, 0].get_images()[0].get_array().shape == size


def test_images_share_a_scale():
    """A faint picture must look faint beside a dark one."""
    axes = plots.images(np.stack([np.full((4, 4), 10), np.full((4, 4), 200)]))
    assert [ax.get_images()[0].get_clim() for ax in axes.flat] == [(0, 200), (0, 200)]


@pytest.mark.parametrize("columns", [1, 4, 10, 30])
def test_images_are_no_wider_than_the_text(columns):
    figure = plots.images(pictures(30), columns=columns)[0, 0].figure
    assert figure.get_figwidth() <= 6.4 + 1e-9


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((np.zeros((0, 28, 28)),), "n pictures, got shape"),
        ((np.zeros(784),), "n pictures, got shape"),
        ((np.zeros((2, 3, 28, 28)),), "n pictures, got shape"),
        ((np.zeros((2, 783)),), "pictures are square, got rows of 783"),
        ((np.zeros((2, 28, 28)), ["one"]), "titles has one for each of 2 pictures, got 1"),
        ((np.zeros((2, 28, 28)), "ab"), "titles is a sequence with one for each picture, got 'ab'"),
    ],
)
def test_images_refuse(arguments, message):
    with pytest.raises(ValueError, match=message):
        plots.images(*arguments)
    assert not plt.get_fignums()


def test_images_refuse_no_columns():
    with pytest.raises(ValueError, match="columns is a whole number from 1, got 0"):
        plots.images(pictures(2), columns=0)


# confusion_matrix


def test_confusion_matrix():
    ax = plots.confusion_matrix(MATRIX)
    assert sorted(texts(ax)) == sorted(["50", "2", "1", "1,200", "30", "4", "60"])
    at = {text.get_text(): text.get_position() for text in ax.texts}
    assert at["30"] == (2, 1)  # column: predicted 2; row: true 1
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["0", "1", "2"]
    assert ax.figure.axes[-1].get_ylabel() == "mistakes"


def test_confusion_matrix_colors_mistakes_alone():
    mistakes = plots.confusion_matrix(MATRIX).get_images()[-1]
    assert mistakes.get_clim() == (0, 30)
    assert mistakes.get_array().compressed().tolist() == [2, 1, 30, 4]


def luminance(color):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color[:3]]
    return np.dot([0.2126, 0.7152, 0.0722], linear)


def test_confusion_matrix_can_be_read():
    """Every number stands out from its cell by the contrast that WCAG asks of large text."""
    matrix = np.arange(100).reshape(10, 10)
    ax = plots.confusion_matrix(matrix)
    background, mistakes = ax.get_images()
    for text in ax.texts:
        column, row = text.get_position()
        cell = background if row == column else mistakes
        fill = cell.to_rgba(cell.get_array())[row, column]
        light, dark = sorted(map(luminance, (fill, mpl.colors.to_rgb(text.get_color()))))[::-1]
        assert (light + 0.05) / (dark + 0.05) >= 3, text


@pytest.mark.parametrize("matrix", [np.eye(10, dtype=int) * 5, np.zeros((3, 3), dtype=int)])
def test_confusion_matrix_without_mistakes(matrix):
    plots.confusion_matrix(matrix).figure.canvas.draw()


@pytest.mark.parametrize("shape", [(3,), (3, 4), (1, 1), (0, 0), (2, 2, 2)])
def test_confusion_matrix_refuses(shape):
    with pytest.raises(ValueError, match="a confusion matrix, is square, got shape"):
        plots.confusion_matrix(np.zeros(shape))
    assert not plt.get_fignums()


# Whatever is drawn: no warning, one figure, nothing else changed

SUBNORMAL = 5e-324
VALUES = {
    "one": [1.0],
    "equal": [0.5, 0.5, 0.5],
    "zeros": [0.0, 0.0],
    "negative": [-1.0, -2.0],
    "huge": [1e308, -1e308, 0.0],
    "the largest": [np.finfo(float).max],
    "tiny": [1e-320, 2e-320],
    "the smallest": [SUBNORMAL, 0.0],
    "close": [1.0, 1 + 1e-15],
    "of all sizes": [1e-300, 1e300],
    "not all finite": [np.inf, 1.0, -np.inf, np.nan],
}


def record(values):
    """What a device costs, in these seconds."""
    count, times = len(values), tuple(values)
    sizes = tuple(range(1, count + 1))
    return compute.DeviceRecord(
        "x", {"device": "x"}, 1, 1, (64,), sizes, times, times, 1.0, times[0]
    )


def by_values(v):
    """Every figure that can be drawn of these values."""
    n, rates = len(v), np.geomspace(1e-3, 1, len(v))
    yield "learning_curves", lambda: plots.learning_curves({"loss": v, "val_loss": v}, "loss")
    yield "sweep", lambda: plots.sweep(rates, v)
    yield "sweep of repeats", lambda: plots.sweep([0.0], [v], log=False)
    yield "points", lambda: plots.points({"a": v, "b": []})
    yield "best_so_far", lambda: plots.best_so_far({"a": [v], "b": [[1.0] * n, v[::-1]]})
    yield "range_test", lambda: plots.range_test(training.LRRangeTest(rates, np.array(v), 0.1))
    ways = ["loss", [1] * n, [np.nan] * n, [(1, 2), None, "b", 0][:n]]
    for k, by in enumerate(ways):
        many = {"loss": [v, v], "learning_rate": [v, v]}
        yield (
            f"learning_curves by {k}",
            lambda m=many, by=by: plots.learning_curves(m, "loss", by=by),
        )
    if np.isfinite(v).all():
        yield "sweep over them", lambda: plots.sweep(v, v, log=False)
        yield "images", lambda: plots.images(np.array(v)[:, None, None])
    if np.min(v) >= 0:
        yield "confusion_matrix", lambda: plots.confusion_matrix([[0, v[0]], [v[-1], v[0]]])
    if np.min(v) > 0:
        yield "sweep over them, log", lambda: plots.direct_labels(plots.sweep(v, v, name="a"))
        yield "device_costs", lambda: plots.device_costs([record(v)])
        test = training.LRRangeTest(np.sort(v), np.array(v), v[-1])
        yield "range_test of them", lambda: plots.range_test(test)


def of_landscapes():
    """Landscapes from afar to nearer than floats can tell."""
    for name, width in itertools.product(["beale", "ackley"], [1, 1e-9, 1e-15]):
        function = landscapes.get(name)
        center = function.minimizers[0]
        bounds = np.column_stack([center - width, center + width])
        for log in (True, False):
            given = {"bounds": bounds, "log": log}
            yield f"{name} {width} {log}", lambda f=function, g=given: plots.landscape(f, **g)
            yield f"surface {name} {width} {log}", lambda f=function, g=given: plots.surface(f, **g)
    yield "two levels", lambda: plots.landscape(BEALE, levels=2)
    yield "paths", lambda: plots.paths(BEALE, {"_a": [[1, 1]], "b": [[np.nan, 1], [1, 2]]})


def of_many():
    yield "images", lambda: plots.images(np.ones((30, 4, 4)), range(30), columns=30)
    yield "points", lambda: plots.points({str(k): [k] for k in range(40)})
    yield "points of numbers", lambda: plots.points({1: 0.5, 2: [0.5, 1]})
    yield "best_so_far", lambda: plots.best_so_far({str(k): [[k]] for k in range(40)})
    yield "confusion_matrix", lambda: plots.confusion_matrix(np.eye(30))


HARD = {f"{name} {k}": draw for k, v in VALUES.items() for name, draw in by_values(v)}
HARD |= dict(of_landscapes()) | {f"many {k}": draw for k, draw in of_many()}


def shown(drawn):
    """Draw what a function has returned, one Axes or an array of them."""
    figure = np.ravel(drawn)[0].figure
    figure.canvas.draw()
    return figure


@pytest.mark.parametrize("draw", HARD.values(), ids=HARD)
def test_no_figure_warns_and_each_is_one(draw):
    for style in (dict, plots.use_style):
        style()
        settings, current = dict(mpl.rcParams), plt.gcf()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            filters = list(warnings.filters)
            figure = shown(draw())
            assert warnings.filters == filters
        assert dict(mpl.rcParams) == settings
        assert {current.number, figure.number} == set(plt.get_fignums())
        plt.close("all")


READ_ONLY = {
    "learning_curves": lambda a: plots.learning_curves({"loss": a, "rate": a}, "loss", by="rate"),
    "sweep": lambda a: plots.sweep(a[0], a.T),
    "points": lambda a: plots.points({"a": a[0], "b": a[1]}),
    "best_so_far": lambda a: plots.best_so_far({"a": a}),
    "images": lambda a: plots.images(a[:, :4], a[0, :2]),
    "confusion_matrix": lambda a: plots.confusion_matrix(a[:, :2]),
    "landscape": lambda a: plots.landscape(BEALE, bounds=a[:, :2]),
    "surface": lambda a: plots.surface(BEALE, bounds=a[:, :2]),
    "paths": lambda a: plots.paths(BEALE, {"a": a.T}),
    "range_test": lambda a: plots.range_test(training.LRRangeTest(a[0], a[1], a[0, 1])),
}


@pytest.mark.parametrize("draw", READ_ONLY.values(), ids=READ_ONLY)
def test_what_is_passed_in_stays_as_it_is(draw):
    """An array that cannot be written to, of numbers that functions may want to mend."""
    given = np.array([[0.5, 1.0, 1.5, 2.0], [1.0, 2.0, 0.25, 4.0]])
    given.flags.writeable = False
    shown(draw(given))


def test_labels_of_lines_of_any_kind():
    days = np.array(["2020-01-01", "2020-01-02"], dtype="datetime64[D]")
    for x, y in ((["a", "b"], [1, 2]), (days, [1, 2]), ([0, 1], [1, -1]), ([1], [1e-300])):
        _, ax = plt.subplots()
        ax.plot(x, y, label="one")
        ax.set_yscale("log")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            plots.direct_labels(ax)
        assert texts(ax) == ["one"]


# What the functions of this room refuse

RAGGED = [[1.0], [2.0, 3.0]]
NOT_AXES = [3, "ax", plt, Axes, [None]]
TEST = training.LRRangeTest(np.array([0.1, 1.0]), np.array([1.0, 2.0]), 0.1)
NO_NUMBERS = [None, 3, "ab", RAGGED, ["1", "a"], {}, [1j]]
NOT_FUNCTIONS_OF_TWO = [None, 3, "beale", landscapes.get("hartmann3"), landscapes.Landscape]
NOT_BOUNDS = [3, "ab", RAGGED, [1, 2], [[0, 1]], [[1, 0], [0, 1]], [[0, 0], [0, 1]]]
NOT_BOUNDS += [[[0, np.nan], [0, 1]], [[0, 9], [0, 1]]]
NOT_FLAGS = [None, 1, "yes", [True]]


# A function with what it needs, and for each of its arguments what it does not accept.
REFUSED = [
    (plots.color, {"name": "x"}, {"name": [None, 3, ["adam"]], "position": [-1, 0.5, True, "1"]}),
    (plots.direct_labels, {}, {"ax": [None, *NOT_AXES]}),
    (
        lambda **given: plots.direct_labels(mpl.figure.Figure().subplots(), **given),
        {},
        {"gap": [-0.1, np.nan, "wide", True, [0.1]]},
    ),
    (
        plots.learning_curves,
        {"history": MANY, "metric": "loss"},
        {
            "history": [None, 3, "ab", [1.0], keras.callbacks.History(), [("loss", [1.0])]],
            "metric": [None, 3, "accuracy!", ["loss"], True],
            "by": [3, "learning_rte", ["a"], [1] * 4, {}, np.zeros((2, 2)), iter("abc")],
            "label": [3, ["a"], True],
            "ax": NOT_AXES,
        },
    ),
    (
        lambda values: plots.learning_curves({"loss": values}, "loss"),
        {},
        {"values": [None, 3, "ab", RAGGED, ["a"], [], np.zeros((2, 2, 2)), [1j]]},
    ),
    (
        plots.sweep,
        {"settings": [1, 2], "values": [1, 2]},
        {
            "settings": [*NO_NUMBERS, [0, 1], [-1, 1], [np.nan, 1], [np.inf, 1], [], [[1, 2]]],
            "values": [*NO_NUMBERS, [1], np.ones((2, 1, 1)), np.ones((2, 0))],
            "name": [3, ["a"], True],
            "log": NOT_FLAGS,
            "ax": NOT_AXES,
        },
    ),
    (
        plots.points,
        {"groups": {"a": [1]}},
        {
            "groups": [None, 3, "ab", {}, [[1, 2]], {"a": "b"}, {"a": RAGGED}, {"a": None}],
            "xlabel": [None, 3, ["a"]],
            "ax": NOT_AXES,
        },
    ),
    (
        plots.range_test,
        {"test": TEST},
        {
            "test": [None, 3, "ab", training.LRRangeTest, (TEST.learning_rates, TEST.losses)],
            "ax": NOT_AXES,
        },
    ),
    (
        plots.range_test,
        {},
        {"test": [training.LRRangeTest(np.ones(2), np.array([np.nan, np.inf]), 0.1)]},
    ),
    (
        plots.device_costs,
        {"measured": [record([1.0])]},
        {
            "measured": [None, 3, "ab", [], [3], record([1.0]), compute.DeviceRecord, {}],
            "ax": NOT_AXES,
        },
    ),
    (
        plots.landscape,
        {"function": BEALE},
        {
            "function": NOT_FUNCTIONS_OF_TWO,
            "bounds": NOT_BOUNDS,
            "log": NOT_FLAGS,
            "minimizers": NOT_FLAGS,
            "levels": [1, None, 2.5, True, "9"],
            "ax": NOT_AXES,
        },
    ),
    (
        plots.surface,
        {"function": BEALE},
        {
            "function": NOT_FUNCTIONS_OF_TWO,
            "bounds": NOT_BOUNDS,
            "log": NOT_FLAGS,
            "ax": NOT_AXES,
        },
    ),
    (
        plots.paths,
        {"function": BEALE, "runs": RUNS},
        {
            "function": NOT_FUNCTIONS_OF_TWO,
            "runs": [None, 3, "ab", {}, RUNS["adam"], {"a": [1, 2]}, {"a": "b"}, {"a": RAGGED}],
            "bounds": NOT_BOUNDS,
            "ax": NOT_AXES,
        },
    ),
    (
        plots.paths,
        {"function": BEALE},
        {"runs": [{"a": np.zeros((0, 2))}, {"a": np.zeros((3, 3))}, {"a": None}]},
    ),
    (
        plots.images,
        {"pictures": np.ones((2, 4, 4))},
        {
            "pictures": [*NO_NUMBERS, np.full((2, 4, 4), np.nan), np.ones((2, 3)), np.ones(4)],
            "titles": [None, 3, "ab", ["a"], {"a": 1, "b": 2}, iter("ab")],
            "columns": [0, None, 1.5, True, "1"],
        },
    ),
    (
        plots.confusion_matrix,
        {"matrix": MATRIX},
        {
            "matrix": [*NO_NUMBERS, -MATRIX, MATRIX * np.nan, MATRIX[:2], [[1]]],
            "ax": NOT_AXES,
        },
    ),
]
CASES = [
    pytest.param(draw, {**needs, name: given}, name, id=f"{draw.__name__}-{name}-{k}")
    for draw, needs, arguments in REFUSED
    for name, several in arguments.items()
    for k, given in enumerate(several)
]


@pytest.mark.parametrize(("draw", "arguments", "name"), CASES)
def test_what_is_refused_is_named_and_opens_no_figure(draw, arguments, name):
    said = {"values": r"(values|history\['loss'\])", "bounds": "(bounds|defined on)"}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValueError, match=said.get(name, rf"\b{name}\b")) as raised:
            draw(**arguments)
    assert re.search("got|unknown|has 3|outside", str(raised.value))
    assert not plt.get_fignums()


def test_a_surface_is_drawn_on_axes_of_three_dimensions():
    _, ax = plt.subplots()
    with pytest.raises(ValueError, match="ax is an Axes of three dimensions"):
        plots.surface(BEALE, ax=ax)
    assert not ax.collections


def test_metrics_that_were_not_recorded_are_named():
    with pytest.raises(ValueError, match="unknown metric 'acc'; did you mean 'accuracy'"):
        plots.learning_curves(HISTORY, "acc")
    with pytest.raises(ValueError, match="unknown by 'rate'"):
        plots.learning_curves(MANY, "loss", by="rate")
