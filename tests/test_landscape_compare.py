"""The comparison of optimizers: its definitions, checked by hand and one start at a time."""

import numpy as np
import pytest

from hpcourse import landscapes

SPHERE = landscapes.get("sphere")


def one(landscape, optimizer, **kwargs):
    (row,) = landscapes.compare([landscape], [optimizer], **kwargs)
    return row


def test_it_agrees_with_a_plain_loop():
    branin, tolerance, steps = landscapes.get("branin"), 0.02, 60
    row = one(
        branin, "adam", learning_rates=[0.5], n_starts=8, steps=steps, tolerance=tolerance, seed=4
    )
    low, high = branin.bounds.T
    needed, final = [], []
    for start in np.random.default_rng(4).uniform(low, high, (8, 2)):
        path = landscapes.descend(branin, start, "adam", steps, learning_rate=0.5)
        distance = [
            min(np.linalg.norm((point - best) / (high - low)) for best in branin.minimizers)
            for point in path
        ]
        outside = [step for step in range(steps + 1) if distance[step] > tolerance]
        needed.append(min(outside[-1] + 1, steps) if outside else 0)
        final.append(distance[-1])
    arrived = np.array(final) <= tolerance
    assert 0 < arrived.sum() < 8, "the test should see both outcomes"
    assert row["robustness"] == arrived.mean()
    assert row["convergence"] == np.median(np.array(needed)[arrived])
    assert row["precision"] == pytest.approx(np.median(np.array(final)[arrived]), rel=1e-9)
    assert row["performance"] == np.mean(needed)


def test_gradient_descent_on_the_sphere_by_hand():
    # With rate 0.25 each step halves the distance, at most sqrt(2) / 2 in the unit square:
    # seven steps bring it below 0.01, whatever the start.
    row = one(SPHERE, "gradient_descent", learning_rates=[0.25], steps=50)
    assert row["robustness"] == 1
    assert row["convergence"] <= 7
    assert 0 < row["precision"] < 1e-14
    starts = np.random.default_rng(0).uniform(*SPHERE.bounds.T, (30, 2))
    distance = np.linalg.norm(starts / 10.24, axis=1)
    assert row["performance"] == np.mean(np.ceil(np.maximum(np.log2(distance / 0.01), 0)))


def test_the_learning_rate_is_chosen_on_other_starts():
    # 0.5 jumps into the sphere's minimum at once, 1 goes back and forth forever.
    row = one(SPHERE, "gradient_descent", learning_rates=[1e-4, 0.5, 1.0])
    assert row["learning_rate"] == 0.5
    assert row["performance"] <= 1
    # Where no rate arrives, the smallest final distance decides.
    row = one(SPHERE, "gradient_descent", learning_rates=[1e-6, 1e-4, 1e-5], steps=5)
    assert row["learning_rate"] == 1e-4


def test_nobody_arrives():
    row = one(SPHERE, "gradient_descent", learning_rates=1e-6, n_starts=5, steps=3, tolerance=1e-4)
    assert row["robustness"] == 0
    assert row["performance"] == 3
    assert np.isnan(row["convergence"])
    assert np.isnan(row["precision"])


def test_a_start_that_is_there_already_needs_no_step():
    row = one(SPHERE, "adam", learning_rates=[1e-6], steps=3, tolerance=1)
    assert row["convergence"] == row["performance"] == 0


def test_rows_and_repeatability():
    functions = [landscapes.get(name) for name in ("booth", "hartmann3")]
    settings = {"n_starts": 5, "steps": 20}
    rows = landscapes.compare(functions, ["adam", "momentum"], **settings)
    assert [(row["landscape"], row["optimizer"]) for row in rows] == [
        ("booth", "adam"),
        ("booth", "momentum"),
        ("hartmann3", "adam"),
        ("hartmann3", "momentum"),
    ]
    again = landscapes.compare(functions, ["adam", "momentum"], **settings)
    np.testing.assert_equal(again, rows)  # NaN equals NaN here
    alone = landscapes.compare(functions[1:], ["momentum"], **settings)
    np.testing.assert_equal(alone, rows[-1:])


@pytest.mark.parametrize(
    "wrong",
    [{"n_starts": 0}, {"steps": 0}, {"tolerance": 0}, {"tolerance": np.nan},
     {"learning_rates": []}, {"learning_rates": [[0.1]]}],
)  # fmt: skip
def test_settings_out_of_range(wrong):
    with pytest.raises(
        ValueError,
        match=r"(n_starts|steps) is a whole|tolerance is a number|learning_rates (is|holds)",
    ):
        landscapes.compare([SPHERE], **wrong)


def test_errors_of_descend_come_through():
    with pytest.raises(ValueError, match="did you mean 'adam'"):
        landscapes.compare([SPHERE], ["adm"])
    with pytest.raises(ValueError, match="learning_rates holds numbers above 0"):
        landscapes.compare([SPHERE], ["adam"], learning_rates=[0.1, -1])


def test_further_settings_are_tuned_with_the_rate():
    beale = landscapes.get("beale")
    memories = {"adam": [{"beta_2": 0.9}, {"beta_2": 0.999}]}
    tuned = one(beale, "adam", learning_rates=[0.1, 1], settings=memories, n_starts=10)
    assert tuned["settings"] in memories["adam"]
    alone = [
        one(beale, "adam", learning_rates=[0.1, 1], settings={"adam": [each]}, n_starts=10)
        for each in memories["adam"]
    ]
    assert tuned in alone
    plain = one(beale, "adam", learning_rates=[0.1, 1], n_starts=10)
    assert plain["settings"] == {}
    assert plain | {"settings": {"beta_2": 0.999}} == alone[1]


def test_settings_of_an_optimizer_that_does_not_compete_are_refused():
    with pytest.raises(ValueError, match="unknown optimizer 'adma'; did you mean 'adam'"):
        landscapes.compare([SPHERE], ["adam"], settings={"adma": [{}]})
