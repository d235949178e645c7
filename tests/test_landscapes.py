"""Landscapes: values, gradients, minima; descents, step by step beside Keras's optimizers."""

import keras
import numpy as np
import pytest
from scipy.optimize import minimize

from hpcourse import landscapes

SCALABLE = ["ackley", "levy", "rastrigin", "rosenbrock", "sphere", "styblinski_tang", "zakharov"]
ALL = [(name, None) for name in landscapes.names()] + [(name, 5) for name in SCALABLE]


def uniform(landscape, n, seed=0):
    low, high = landscape.bounds.T
    return np.random.default_rng(seed).uniform(low, high, size=(n, landscape.dimension))


@pytest.fixture(params=ALL, ids=str)
def landscape(request):
    return landscapes.get(*request.param)


def test_the_required_landscapes_exist():
    required = {
        "beale", "rosenbrock", "himmelblau", "branin", "goldstein_price", "six_hump_camel",
        "ackley", "styblinski_tang", "hartmann3", "hartmann6",
    }  # fmt: skip
    assert required <= set(landscapes.names())


# Values worked out by hand from the formulas in the literature.
@pytest.mark.parametrize(
    ("name", "point", "value"),
    [
        ("ackley", [0, 1], 20 + np.e - 20 * np.exp(-0.2 * np.sqrt(0.5)) - np.e),
        ("beale", [4, 4], 68891.203125),
        ("beale", [0, 0], 1.5**2 + 2.25**2 + 2.625**2),
        ("booth", [0, 0], 74),
        ("branin", [0, 0], 36 + 10 * (1 - 1 / (8 * np.pi)) + 10),
        ("goldstein_price", [0, 0], 600),
        ("goldstein_price", [1, 1], 1876),
        ("himmelblau", [0, 0], 170),
        ("levy", [1, 5], 1),
        ("matyas", [1, 1], 0.04),
        ("mccormick", [0, 0], 1),
        ("rastrigin", [0.5, 0], 20.25),
        ("rosenbrock", [0, 0], 1),
        ("rosenbrock", [-1, 1], 4),
        ("six_hump_camel", [1, 1], 4 - 2.1 + 1 / 3 + 1),
        ("sphere", [3, 4], 25),
        ("styblinski_tang", [1, 1], -10),
        ("three_hump_camel", [1, 1], 2 - 1.05 + 1 / 6 + 2),
        ("zakharov", [1, 1], 2 + 1.5**2 + 1.5**4),
    ],
)
def test_known_values(name, point, value):
    assert landscapes.get(name)(point) == pytest.approx(value, rel=1e-12, abs=1e-12)


# The published minima, to the digits published (Surjanovic and Bingham, 2013).
@pytest.mark.parametrize(
    ("name", "minimum", "digits"),
    [
        ("branin", 0.397887, 6),
        ("goldstein_price", 3, 12),
        ("hartmann3", -3.86278, 5),
        ("hartmann6", -3.32237, 5),
        ("mccormick", -1.9133, 3),
        ("six_hump_camel", -1.0316, 4),
        ("styblinski_tang", 2 * -39.16617, 4),
    ],
)
def test_published_minima(name, minimum, digits):
    assert round(landscapes.get(name).minimum - minimum, digits) == 0


def test_minimizers_lie_in_the_bounds_reach_the_minimum_and_are_flat(landscape):
    assert landscape.minimizers.shape[1] == landscape.dimension
    assert landscape(landscape.minimizers) == pytest.approx(landscape.minimum, abs=1e-12)
    assert np.abs(landscape.gradient(landscape.minimizers)).max() < 1e-5
    assert len({tuple(point.round(3)) for point in landscape.minimizers}) == len(
        landscape.minimizers
    )


def test_nothing_found_lies_below_the_minimum(landscape):
    """A local search from each of the best of many points never gets below the minimum."""
    points = uniform(landscape, 20_000)
    for start in points[np.argsort(landscape(points))[:5]]:
        found = minimize(
            landscape, start, jac=landscape.gradient, bounds=landscape.bounds, method="L-BFGS-B"
        )
        assert found.fun >= landscape.minimum - 1e-9


def test_gradient_agrees_with_differences(landscape):
    low, high = landscape.bounds.T
    points = np.clip(uniform(landscape, 20, seed=1), low + 1e-3, high - 1e-3)
    gradients = landscape.gradient(points)
    assert gradients.shape == points.shape
    h = 1e-6 * (high - low)
    for i, step in enumerate(np.diag(h)):
        differences = (landscape(points + step) - landscape(points - step)) / (2 * h[i])
        scale = np.abs(gradients).max()
        assert gradients[:, i] == pytest.approx(differences, rel=1e-5, abs=1e-6 * scale)


def test_many_points_at_once_equal_one_by_one(landscape):
    points = uniform(landscape, 12).reshape(3, 4, -1)
    values = landscape(points)
    assert values.shape == (3, 4)
    assert values[1, 2] == pytest.approx(landscape(points[1, 2]), rel=1e-13)
    assert isinstance(landscape(points[0, 0]), float)


@pytest.mark.parametrize("name", ["Six-Hump Camel", "six_hump_camel", " SIX hump-camel "])
def test_names_are_forgiving(name):
    assert landscapes.get(name).name == "six_hump_camel"


def test_unknown_landscape_names_the_nearest_and_all():
    with pytest.raises(ValueError, match="did you mean 'beale'") as error:
        landscapes.get("beal")
    for name in landscapes.names():
        assert name in str(error.value)


@pytest.mark.parametrize(
    ("name", "dimension"),
    [("beale", 3), ("hartmann6", 3), ("sphere", 0), ("sphere", 2.5), ("rosenbrock", 1)],
)
def test_impossible_dimension(name, dimension):
    with pytest.raises(ValueError, match=f"the dimension of {name} is "):
        landscapes.get(name, dimension=dimension)


@pytest.mark.parametrize(
    ("point", "message"),
    [
        ([1, 2, 3], r"dimension 2 .*shape \(3,\)"),
        (1.0, r"dimension 2"),
        ([5, 0], r"outside the bounds: point \[5.0, 0.0\]"),
        ([[0, 0], [0, -4.6]], r"\[0.0, -4.6\]"),
        ([np.nan, 0], "NaN"),
        ([np.inf, 0], "outside the bounds"),
    ],
)
def test_bad_points(point, message):
    beale = landscapes.get("beale")
    for call in (beale, beale.gradient, lambda x: landscapes.descend(beale, x)):
        with pytest.raises(ValueError, match=message):
            call(point)


def test_bounds_and_minimizers_cannot_be_changed():
    beale = landscapes.get("beale")
    with pytest.raises(ValueError, match="read-only"):
        beale.bounds[0, 0] = 0
    with pytest.raises(ValueError, match="read-only"):
        beale.minimizers[0, 0] = 0


KERAS = {
    "gradient_descent": (keras.optimizers.SGD, {}),
    "momentum": (keras.optimizers.SGD, {"momentum": 0.8}),
    "nesterov": (keras.optimizers.SGD, {"momentum": 0.8, "nesterov": True}),
    "rmsprop": (keras.optimizers.RMSprop, {"rho": 0.85}),
    "adam": (keras.optimizers.Adam, {"beta_1": 0.8, "beta_2": 0.95}),
}


@pytest.mark.parametrize("optimizer", landscapes.UPDATE_RULES)
@pytest.mark.parametrize("name", ["beale", "rosenbrock", "hartmann6"])
def test_descent_equals_keras_step_by_step(optimizer, name):
    """Every point of 100 steps agrees; Keras's settings are float32, hence the tolerance."""
    landscape = landscapes.get(name)
    low, high = landscape.bounds.T
    start = low + (high - low) * (0.55 if name == "beale" else 0.4)
    rate = 1e-3 if optimizer in ("rmsprop", "adam") else 1e-4
    keras_class, settings = KERAS[optimizer]
    ours = {key: value for key, value in settings.items() if key != "nesterov"}
    path = landscapes.descend(landscape, start, optimizer, 100, learning_rate=rate, **ours)
    assert np.abs(path[-1] - start).max() > 1e-3  # it moved, away from the walls
    assert np.all((path > low) & (path < high))

    point = keras.Variable(start, dtype="float64")
    peer = keras_class(learning_rate=rate, **settings)
    here = start
    for expected in path[1:]:
        peer.apply([keras.ops.convert_to_tensor(landscape.gradient(here), "float64")], [point])
        here = keras.ops.convert_to_numpy(point.value)
        assert here == pytest.approx(expected, rel=1e-5, abs=1e-5)


def test_defaults_are_keras_defaults():
    beale = landscapes.get("beale")
    for optimizer, rate in {"gradient_descent": 0.01, "rmsprop": 0.001, "adam": 0.001}.items():
        default = landscapes.descend(beale, [1, 1], optimizer, 5)
        explicit = landscapes.descend(beale, [1, 1], optimizer, 5, learning_rate=rate)
        assert np.array_equal(default, explicit)


@pytest.mark.parametrize("optimizer", landscapes.UPDATE_RULES)
def test_starts_descend_independently_each_at_its_rate(optimizer):
    beale = landscapes.get("beale")
    starts, rates = uniform(beale, 4), np.array([1e-4, 1e-3, 1e-2, 1e-1])
    together = landscapes.descend(beale, starts, optimizer, 50, learning_rate=rates)
    assert together.shape == (51, 4, 2)
    for i, (start, rate) in enumerate(zip(starts, rates, strict=True)):
        alone = landscapes.descend(beale, start, optimizer, 50, learning_rate=rate)
        assert together[:, i] == pytest.approx(alone, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("optimizer", landscapes.UPDATE_RULES)
def test_a_path_never_leaves_the_bounds(optimizer):
    beale = landscapes.get("beale")
    path = landscapes.descend(beale, [4, 4], optimizer, 50, learning_rate=10.0)
    assert np.isfinite(beale(path)).all()


def test_zero_steps_is_the_start():
    assert landscapes.descend(landscapes.get("beale"), [1, 2], steps=0).tolist() == [[1, 2]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"optimizer": "adma"}, "did you mean 'adam'"),
        ({"optimizer": "newton"}, "gradient_descent, momentum, nesterov, rmsprop"),
        ({"momentum": 0.9}, "setting of gradient_descent 'momentum'"),
        ({"optimizer": "momentum", "momentum": 1.0}, r"momentum is in \[0, 1\)"),
        ({"optimizer": "momentum", "momentun": 0.9}, "did you mean 'momentum'"),
    ],
)
def test_bad_descents(arguments, message):
    with pytest.raises(ValueError, match=message):
        landscapes.descend(landscapes.get("beale"), [1, 1], **arguments)


def test_numbers_of_numpy_become_pythons():
    sphere = landscapes.get("sphere", np.int64(3))
    assert type(sphere.dimension) is int
    given = {"learning_rate": np.float32(0.25), "beta_1": np.float16(0.5), "epsilon": np.float64(1)}
    beale = landscapes.get("beale")
    path = landscapes.descend(beale, np.array([1, 1]), np.str_("adam"), np.int32(5), **given)
    plain = {"learning_rate": 0.25, "beta_1": 0.5, "epsilon": 1.0}
    assert np.array_equal(path, landscapes.descend(beale, [1, 1], "adam", 5, **plain))
    settings = {"adam": [{"beta_1": np.float32(0.5)}]}
    rows = [
        landscapes.compare(
            (landscapes.get(name) for name in ["beale"]),
            np.array(["adam"]),
            learning_rates=np.array([0.25], "float32"),
            settings=settings,
            n_starts=np.int64(3),
            steps=np.int16(5),
            tolerance=np.float32(0.5),
            seed=np.uint8(1),
        ),
        landscapes.compare(
            [beale],
            ["adam"],
            learning_rates=[0.25],
            settings={"adam": [{"beta_1": 0.5}]},
            n_starts=3,
            steps=5,
            tolerance=0.5,
            seed=1,
        ),
    ]
    assert repr(rows[0]) == repr(rows[1])
    assert type(settings["adam"][0]["beta_1"]) is np.float32
