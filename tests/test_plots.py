"""The figures: what they draw, what they are labeled with, what they refuse."""

import itertools
import subprocess
import sys

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from hpcourse import landscapes, plots

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
        ((np.zeros((2, 783)),), "783 pixels are no square"),
        ((np.zeros((2, 28, 28)), ["one"]), "1 titles for 2 pictures"),
        ((np.zeros((2, 28, 28)), "abc"), "3 titles for 2 pictures"),
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
    with pytest.raises(ValueError, match="a confusion matrix is square, got shape"):
        plots.confusion_matrix(np.zeros(shape))
    assert not plt.get_fignums()
