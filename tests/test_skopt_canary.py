"""What this package needs of scikit-optimize, one thing a test: a failure says what it changed.

Nothing is imported above the tests, so that a name that is gone fails its own test alone.
"""

import importlib
import inspect

import numpy as np
import pytest

NEEDED = {
    "skopt": ["gp_minimize", "dump", "load", "expected_minimum"],
    "skopt.callbacks": ["VerboseCallback", "check_callback", "DeltaYStopper", "CheckpointSaver"],
    "skopt.learning": ["ExtraTreesRegressor", "GaussianProcessRegressor", "RandomForestRegressor"],
    "skopt.learning.gaussian_process.kernels": ["ConstantKernel", "Matern"],
    "skopt.plots": [
        "plot_convergence",
        "plot_evaluations",
        "plot_gaussian_process",
        "plot_objective",
    ],
    "skopt.space": ["Categorical", "Integer", "Real", "Space"],
    "skopt.utils": ["create_result", "eval_callbacks", "normalize_dimensions", "use_named_args"],
}


def points(n=12, d=2, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.random((n, d))
    return x, np.sin(4 * x[:, 0]) + x.sum(axis=1)


@pytest.mark.parametrize(
    ("module", "name"), [(module, name) for module in NEEDED for name in NEEDED[module]]
)
def test_name_exists(module, name):
    assert callable(getattr(importlib.import_module(module), name))


# Models


def test_constant_kernel_times_matern_is_the_covariance():
    """``ConstantKernel(v, "fixed") * Matern(scales, "fixed", nu=2.5)`` and no free parameter."""
    from skopt.learning.gaussian_process.kernels import ConstantKernel, Matern

    from hpcourse.bayes.gaussian_process import matern

    x, _ = points()
    scales = np.array([0.3, 0.7])
    kernel = ConstantKernel(2.5, "fixed") * Matern(scales, "fixed", nu=2.5)
    assert kernel.theta.size == 0, "fixed hyperparameters are free"
    away = (x[:, None] - x[None]) / scales
    np.testing.assert_allclose(
        kernel(x), 2.5 * matern((away**2).sum(axis=-1))[0], rtol=1e-10, err_msg="kernel values"
    )


def test_gaussian_process_regressor_solves_our_system():
    """With an array ``alpha`` and ``optimizer=None``: ``L_`` and ``alpha_`` as NumPy has them."""
    from skopt.learning import GaussianProcessRegressor
    from skopt.learning.gaussian_process.kernels import ConstantKernel, Matern

    x, y = points()
    noise = np.linspace(1e-4, 1e-1, len(x))
    kernel = ConstantKernel(2.5, "fixed") * Matern([0.3, 0.7], "fixed", nu=2.5)
    regressor = GaussianProcessRegressor(kernel, noise, optimizer=None).fit(x, y)
    covariance = kernel(x) + np.diag(noise)
    lower = np.linalg.cholesky(covariance)
    np.testing.assert_allclose(regressor.L_, lower, rtol=1e-8, atol=1e-10, err_msg="L_")
    weights = np.linalg.solve(covariance, y)
    np.testing.assert_allclose(regressor.alpha_, weights, rtol=1e-6, err_msg="alpha_")
    new = points(5, seed=1)[0]
    mean, std = regressor.predict(new, return_std=True)
    k = kernel(new, x)
    np.testing.assert_allclose(mean, k @ weights, rtol=1e-6, err_msg="mean: values normalized?")
    variance = 2.5 - np.einsum("mi,ij,mj->m", k, np.linalg.inv(covariance), k)
    np.testing.assert_allclose(std, np.sqrt(variance), rtol=1e-5, err_msg="deviation")


@pytest.mark.filterwarnings("ignore:Predicted variances smaller than 0:UserWarning")
def test_gaussian_process_regressor_is_what_our_surrogate_says():
    from hpcourse.bayes.surrogates import SURROGATES

    x, y = points(20)
    failed = np.arange(20) < 3
    model = SURROGATES["GP"]("auto", 0)
    model.fit(x, np.where(failed, y.max(), y), failed)
    model.believe(points(2, seed=2)[0])
    new = points(10, seed=1)[0]
    mean, std = model.posterior(new)
    theirs, their_std = model.regressor.predict(new, return_std=True)
    np.testing.assert_allclose(mean, theirs + model.process.mean, rtol=1e-4, err_msg="mean")
    size = np.sqrt(model.process.variance)  # theirs has the inverse of the covariance, rounded
    np.testing.assert_allclose(std, their_std, atol=0.01 * size, err_msg="deviation")


@pytest.mark.parametrize("name", ["RandomForestRegressor", "ExtraTreesRegressor"])
def test_forests_give_a_deviation(name):
    """Of shape (n,), at least the root of ``min_variance``, the same for the same seed."""
    make = getattr(importlib.import_module("skopt.learning"), name)
    settings = {"n_estimators": 20, "min_samples_leaf": 3, "min_variance": 1e-4}
    x, y = points(40)
    new = points(30, seed=1)[0]
    one, other = (make(**settings, random_state=5).fit(x, y) for _ in range(2))
    mean, std = one.predict(new, return_std=True)
    assert mean.shape == std.shape == (30,), "shapes"
    assert std.min() >= 0.0099, "min_variance"
    assert std.max() > 1.2 * std.min(), "the deviation does not depend on the place"
    trees = np.mean([tree.predict(new) for tree in one.estimators_], axis=0)
    np.testing.assert_allclose(mean, trees, err_msg="the mean is not that of the trees")
    np.testing.assert_array_equal(mean, other.predict(new), err_msg="random_state")


# Results and callbacks


def test_create_result():
    from skopt.utils import create_result

    result = create_result([[1], [2], [3]], [3.0, 1.0, np.inf], "space", "rng", {"args": 1}, ["m"])
    assert (result.x, result.fun) == ([2], 1.0), "x and fun are those of the least value"
    assert list(result.func_vals) == [3.0, 1.0, np.inf], "func_vals"
    assert result.x_iters == [[1], [2], [3]], "x_iters"
    assert (result.space, result.random_state) == ("space", "rng"), "space, random_state"
    assert (result.specs, result.models) == ({"args": 1}, ["m"]), "specs, models"


def test_eval_callbacks_calls_all_and_says_whether_one_stops():
    from skopt.utils import eval_callbacks

    seen = []

    def says(answer):
        def callback(result):
            seen.append(result)
            return answer

        return callback

    assert not eval_callbacks([says(None), says(False)], "result")
    assert eval_callbacks([says(True), says(None)], "result")
    assert seen == ["result"] * 4, "each callback is called with the result"
    assert not eval_callbacks([], "result")


def test_check_callback():
    from skopt.callbacks import check_callback

    assert check_callback(None) == []
    assert check_callback(print) == [print]
    assert check_callback([print, len]) == [print, len]
    with pytest.raises(ValueError, match="callable"):
        check_callback(3)


def test_verbose_callback(capsys):
    """``VerboseCallback(n_init=, n_random=, n_total=)`` tells given, first and later points."""
    from skopt.callbacks import VerboseCallback
    from skopt.utils import create_result

    callback = VerboseCallback(n_init=1, n_random=1, n_total=3)
    for n in (1, 2, 3):
        callback(create_result([[k] for k in range(n)], list(range(n))))
    said = capsys.readouterr().out
    for part in ("at provided point", "at random point", "Current minimum: 0.0000"):
        assert part in said
    assert said.count("ended") == 3


# Dimensions


def test_real():
    from skopt.space import Real

    for prior in ("uniform", "log-uniform"):
        given = Real(0.1, 10.0, prior, name="rate")
        found = (given.low, given.high, given.prior, given.name)
        assert found == (0.1, 10.0, prior, "rate")
        assert not np.issubdtype(given.dtype, np.integer)
        assert not hasattr(given, "categories")


def test_integer():
    from skopt.space import Integer

    for prior in ("uniform", "log-uniform"):
        given = Integer(1, 9, prior, name="units")
        assert (given.low, given.high, given.prior, given.name) == (1, 9, prior, "units")
        assert np.issubdtype(given.dtype, np.integer)
        assert not hasattr(given, "categories")


def test_categorical():
    from skopt.space import Categorical

    for kind in ("onehot", "label"):
        given = Categorical(["a", "b", "c"], transform=kind, name="kind")
        assert tuple(given.categories) == ("a", "b", "c")
        assert (given.transform_, given.name) == (kind, "kind")


def test_space_of_dimensions():
    from skopt.space import Integer, Real, Space

    space = Space([Real(0.0, 1.0, name="x"), Integer(1, 4)])
    assert [given.name for given in space.dimensions] == ["x", None]
    assert [0.5, 2] in space
    assert [0.5, 9] not in space


def test_normalize_dimensions_understands_what_we_document():
    from skopt.space import Integer
    from skopt.utils import normalize_dimensions

    given = [(0.0, 2.0), (1e-3, 1.0, "log-uniform"), (1, 9), ["a", "b", "c"], Integer(2, 5)]
    kinds = [type(one).__name__ for one in normalize_dimensions(given).dimensions]
    assert kinds == ["Real", "Real", "Integer", "Categorical", "Integer"]


def test_normalized_space_is_our_features():
    """Column for column: ``transform`` of points, and ``features`` of the configurations."""
    from skopt.space import Categorical, Integer, Real
    from skopt.utils import normalize_dimensions

    from hpcourse.bayes.drop_in import space_from_skopt
    from hpcourse.bayes.proposals import features

    dimensions = [
        Real(-3, 5),
        Real(1e-4, 1, "log-uniform"),
        Integer(1, 8),
        Integer(3, 200, "log-uniform"),
        Categorical(["no", "yes"]),
        Categorical(["sgd", "adam", "rmsprop"]),
        Categorical([32, 64, 100]),
        Categorical([32, 64, 100], transform="label"),
        Categorical(["one"]),
    ]
    theirs, space = normalize_dimensions(dimensions), space_from_skopt(dimensions)
    rng = np.random.default_rng(0)
    params = [space.sample(rng) for _ in range(50)]
    ours = features(space, np.array([space.to_unit(given) for given in params]))
    expected = theirs.transform([list(given.values()) for given in params])
    assert ours.shape == expected.shape, "columns"
    np.testing.assert_allclose(ours, expected, atol=1e-9)


# What is done with our results


@pytest.fixture(scope="module")
def result():
    from hpcourse import gp_minimize

    return gp_minimize(
        lambda x: (x[0] - 0.3) ** 2 + 0.1 * x[1] + (x[2] == "a"),
        [(0.0, 1.0), (1, 8), ["a", "b", "c"]],
        n_calls=14,
        random_state=0,
    )


@pytest.fixture
def plots():
    pyplot = pytest.importorskip("matplotlib.pyplot")
    pyplot.switch_backend("agg")
    pyplot.close("all")  # these functions draw into the figure that another test has left
    yield importlib.import_module("skopt.plots")
    pyplot.close("all")


def test_plot_convergence(plots, result):
    (line,) = plots.plot_convergence(result).lines[:1]
    expected = np.minimum.accumulate(result.func_vals)
    np.testing.assert_allclose(line.get_ydata(), expected, err_msg="not the best so far")


def test_plot_evaluations(plots, result):
    assert len(plots.plot_evaluations(result).figure.axes) >= 6, "3 histograms, 3 pairs"


def test_plot_objective_shows_the_models_predictions(plots, result):
    axes = plots.plot_objective(result, n_points=8, n_samples=20).figure.axes
    assert len(axes) >= 6, "3 curves, 3 pairs"
    curve = next(ax.lines[0] for ax in axes if ax.lines)  # of the first dimension
    low = curve.get_xdata()[np.argmin(curve.get_ydata())]
    assert abs(low - 0.3) < 0.2, "the model's minimum is not where the function's is"


def test_plot_gaussian_process(plots):
    from hpcourse import gp_minimize

    result = gp_minimize(lambda x: (x[0] - 1) ** 2, [(-2.0, 2.0)], n_calls=12, random_state=0)
    ax = plots.plot_gaussian_process(result, show_acq_func=True)
    axes = ax if isinstance(ax, tuple) else (ax,)
    curves = [line for one in axes for line in one.lines]
    x, predicted = next(line.get_data() for line in curves if "mu" in str(line.get_label()).lower())
    np.testing.assert_allclose(np.ravel(predicted), (np.ravel(x) - 1) ** 2, atol=0.3)


def test_expected_minimum():
    import skopt

    from hpcourse import gp_minimize

    result = gp_minimize(lambda x: (x[0] - 1) ** 2, [(-2.0, 2.0)], n_calls=12, random_state=0)
    x, value = skopt.expected_minimum(result, random_state=0)
    assert abs(x[0] - 1) < 0.1
    assert abs(value) < 0.01


def test_dump_and_load(tmp_path, result):
    import skopt

    skopt.dump(result, tmp_path / "result.pkl", store_objective=False)
    again = skopt.load(tmp_path / "result.pkl")
    assert again.x == result.x
    assert again.x_iters == result.x_iters
    new = result.space.transform(result.x_iters[:3])
    np.testing.assert_allclose(again.models[-1].predict(new), result.models[-1].predict(new))


def test_callbacks_of_scikit_optimize(tmp_path):
    from skopt import load
    from skopt.callbacks import CheckpointSaver, DeltaYStopper

    from hpcourse import gp_minimize

    saver = CheckpointSaver(tmp_path / "checkpoint.pkl", store_objective=False)
    result = gp_minimize(
        _square, [(-2.0, 2.0)], n_calls=30, random_state=0, callback=[saver, DeltaYStopper(1e-3, 5)]
    )
    assert len(result.x_iters) < 30
    assert load(tmp_path / "checkpoint.pkl").x_iters == result.x_iters


def _square(x):
    return (x[0] - 1) ** 2


def test_use_named_args():
    from skopt.space import Integer, Real
    from skopt.utils import use_named_args

    from hpcourse import gp_minimize

    dimensions = [Real(0.0, 1.0, name="rate"), Integer(1, 5, name="layers")]

    @use_named_args(dimensions)
    def objective(rate, layers):
        assert isinstance(layers, int)
        return (rate - 0.5) ** 2 + layers

    assert gp_minimize(objective, dimensions, n_calls=12, random_state=0).fun < 1.2


def test_no_argument_of_gp_minimize_is_missing():
    from skopt import gp_minimize as theirs

    from hpcourse import gp_minimize

    ours = list(inspect.signature(gp_minimize).parameters)
    given = list(inspect.signature(theirs).parameters)
    assert ours[: len(given)] == given, "names, and their order for arguments without a name"
