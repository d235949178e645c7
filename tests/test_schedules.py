"""Schedules against closed formulas, against Keras, and against what they promise."""

import json
import math
import subprocess
import sys
from dataclasses import FrozenInstanceError, dataclass, fields, replace

import keras
import numpy as np
import pytest

from hpcourse.schedules import (
    Cosine,
    Exponential,
    OneCycle,
    Polynomial,
    Schedule,
    Step,
    TimeBased,
    WarmRestarts,
    WarmUp,
)

UPDATES = np.arange(10_001)
KERAS = keras.optimizers.schedules


# The closed formulas, one time after the other and written without looking at the package.


def time_based(s, t):
    return s.learning_rate / (1 + s.decay * t)


def exponential(s, t):
    return s.learning_rate * math.exp(-s.decay * t)


def step(s, t):
    rate = s.learning_rate
    for boundary in s.boundaries:
        rate *= s.factor if t >= boundary else 1
    return rate


def polynomial(s, t):
    if t >= s.duration:
        return s.final_learning_rate
    left = (s.duration - t) / s.duration
    return (s.learning_rate - s.final_learning_rate) * left**s.power + s.final_learning_rate


def cosine(s, t):
    if t >= s.duration:
        return s.final_learning_rate
    middle = (s.learning_rate + s.final_learning_rate) / 2
    return middle + (s.learning_rate - middle) * math.cos(math.pi * t / s.duration)


def warm_restarts(s, t):
    length, height = s.first_cycle, s.learning_rate - s.final_learning_rate
    while t >= length:
        t, length, height = t - length, length * s.t_mul, height * s.m_mul
    return s.final_learning_rate + height * math.cos(math.pi / 2 * t / length) ** 2


def one_cycle(s, t):
    start, top = s.learning_rate / s.div_factor, s.peak * s.duration
    end = start / s.final_div_factor
    if t < top:
        return start + (s.learning_rate - start) * math.sin(math.pi / 2 * t / top) ** 2
    share = min(1, (t - top) / (s.duration - top))
    return end + (s.learning_rate - end) * math.cos(math.pi / 2 * share) ** 2


def warm_up(s, t):
    if t >= s.duration:
        return FORMULAS[type(s.schedule)](s.schedule, t - s.duration)
    target = FORMULAS[type(s.schedule)](s.schedule, 0)
    return s.initial_learning_rate + (target - s.initial_learning_rate) * t / s.duration


FORMULAS = {
    TimeBased: time_based,
    Exponential: exponential,
    Step: step,
    Polynomial: polynomial,
    Cosine: cosine,
    WarmRestarts: warm_restarts,
    OneCycle: one_cycle,
    WarmUp: warm_up,
}


def draw(kind, rng, counts="updates"):
    """A schedule of that kind with random settings, for a training of 10,000 updates."""
    rate = 10 ** rng.uniform(-4, 0.5)
    low = rate * rng.choice([0, 10 ** rng.uniform(-4, -0.5)])
    duration = int(rng.integers(20, 12_000))
    if kind is TimeBased or kind is Exponential:
        return kind(rate, decay=10 ** rng.uniform(-6, 0), counts=counts)
    if kind is Step:
        boundaries = np.unique(rng.integers(1, 9_000, rng.integers(1, 6)))
        return Step(rate, boundaries, factor=rng.uniform(0.05, 1), counts=counts)
    if kind is Polynomial:
        return Polynomial(rate, duration, low, power=rng.uniform(1, 4), counts=counts)
    if kind is Cosine:
        return Cosine(rate, duration, low, counts=counts)
    if kind is WarmRestarts:
        t_mul = int(rng.integers(1, 4))
        first = int(rng.integers(1_700, 5_000) if t_mul == 1 else rng.integers(1, 3_000))
        return WarmRestarts(rate, first, low, t_mul, m_mul=rng.uniform(0.5, 1), counts=counts)
    if kind is OneCycle:
        div, final = rng.uniform(1, 50), 10 ** rng.uniform(0, 5)
        return OneCycle(rate, duration, rng.uniform(0.05, 0.95), div, final, counts=counts)
    others = [TimeBased, Exponential, Step, Polynomial, Cosine, WarmRestarts, OneCycle]
    inner = draw(others[rng.integers(len(others))], rng, counts)
    longest = int(getattr(inner, "duration", 2_000))
    initial = inner(0) * rng.choice([0, rng.uniform()])
    return WarmUp(inner, int(rng.integers(1, longest + 1)), initial)


def drawn(n=6):
    return [
        pytest.param(draw(kind, np.random.default_rng((seed, 1))), id=f"{kind.__name__}-{seed}")
        for kind in FORMULAS
        for seed in range(n if kind is not WarmUp else 3 * n)
    ]


def in_keras(schedule, updates):
    """What a Keras schedule says for these updates; one at a time, as an optimizer asks."""
    updates = keras.ops.convert_to_tensor(updates, dtype="int32")
    return keras.ops.convert_to_numpy(keras.ops.vectorized_map(schedule, updates))


@pytest.mark.parametrize("schedule", drawn())
def test_closed_formula(schedule):
    expected = [FORMULAS[type(schedule)](schedule, int(t)) for t in UPDATES]
    np.testing.assert_allclose(schedule(UPDATES), expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("schedule", drawn())
def test_equals_keras(schedule):
    ours, theirs = schedule(UPDATES), in_keras(schedule.to_keras(), UPDATES)
    highest = ours.max()
    assert np.abs(ours - theirs).max() <= 1e-6 * highest
    for t in (0, 1, 4_999, 10_000):
        assert abs(schedule(t) - float(schedule.to_keras()(t))) <= 1e-6 * highest


@pytest.mark.parametrize(
    ("schedule", "name"),
    [
        (TimeBased(0.1, 0.01), "InverseTimeDecay"),
        (Exponential(0.1, 0.01), "ExponentialDecay"),
        (Exponential(0.1, 0), "ExponentialDecay"),
        (Step(0.1, [1]), "PiecewiseConstantDecay"),
        (Polynomial(0.1, 10), "PolynomialDecay"),
        (Cosine(0.1, 10), "CosineDecay"),
        (WarmUp(Cosine(0.1, 10), 10), "CosineDecay"),
        (WarmRestarts(0.1, 10), "CosineDecayRestarts"),
    ],
)
def test_keras_own_class(schedule, name):
    assert type(schedule.to_keras()) is getattr(KERAS, name)
    updates = np.arange(40)
    np.testing.assert_allclose(in_keras(schedule.to_keras(), updates), schedule(updates), atol=1e-7)


@pytest.mark.parametrize(
    ("schedule", "tolerance"),
    [(Polynomial(1, 10_000, power=0.5), 1e-5), (WarmRestarts(1, 100, t_mul=1), 2e-5)],
)
def test_the_exceptions_that_the_docstrings_name(schedule, tolerance):
    error = np.abs(schedule(UPDATES) - in_keras(schedule.to_keras(), UPDATES)).max()
    assert 1e-6 < error < tolerance


@pytest.mark.parametrize(
    "schedule",
    [
        Step(0.1, [2.5, 10, 10.5]),
        WarmUp(Step(0.1, [2.5, 10, 10.5, 30]), 3.5),
        WarmUp(Step(0.1, [1, 2]), 0.25),
        WarmUp(Cosine(0.1, 20.5), 3.5),
        WarmRestarts(0.1, 10.5, t_mul=1),
        WarmUp(OneCycle(0.1, 30.5), 7.25, 0.001),
    ],
)
def test_times_between_updates(schedule):
    updates = np.arange(60)
    np.testing.assert_allclose(in_keras(schedule.to_keras(), updates), schedule(updates), atol=1e-7)


@pytest.mark.parametrize("schedule", drawn())
def test_promises(schedule):
    rates = schedule(UPDATES)
    assert rates.shape == UPDATES.shape
    assert np.isfinite(rates).all()
    assert (rates >= 0).all()
    top = getattr(schedule, "schedule", schedule).learning_rate
    assert (rates <= top * (1 + 1e-12)).all()
    shorter = UPDATES[::997]
    numbers = [schedule(int(t)) for t in shorter]
    # NumPy may compute arrays with other instructions than numbers: the last bit is free.
    np.testing.assert_allclose(numbers, rates[::997], rtol=1e-12)
    assert type(schedule(3)) is float
    assert type(schedule(np.int64(3))) is float
    assert schedule(UPDATES[:6].reshape(2, 3)).shape == (2, 3)
    assert schedule([]).shape == (0,)


@pytest.mark.parametrize("schedule", drawn())
def test_monotone_continuous_and_ended(schedule):
    rates = schedule(UPDATES)
    if isinstance(schedule, TimeBased | Exponential | Step | Polynomial | Cosine):
        assert rates[0] == schedule.learning_rate
        assert (np.diff(rates) <= 1e-15).all()
    if isinstance(schedule, Polynomial | Cosine | OneCycle):
        end, last = schedule.duration, schedule.final_learning_rate
        assert schedule(end) == pytest.approx(last, rel=1e-12)
        assert (
            schedule([end, end + 1, 10 * end]).ptp()
            if False
            else np.ptp(schedule([end, end + 1, 10 * end])) <= 1e-15
        )
    if isinstance(schedule, OneCycle):
        top = schedule.peak * schedule.duration
        assert schedule(top) == pytest.approx(schedule.learning_rate, rel=1e-12)
        assert (np.diff(schedule(np.linspace(0, top, 500))) >= -1e-15).all()
        assert (np.diff(schedule(np.linspace(top, schedule.duration, 500))) <= 1e-15).all()
    # Continuous: halving the distance between two times takes the jump between them to 0.
    breaks = []
    inner = getattr(schedule, "schedule", schedule)
    delay = schedule.duration if isinstance(schedule, WarmUp) else 0
    if isinstance(inner, Step):
        breaks = [b + delay for b in inner.boundaries]
    if isinstance(inner, WarmRestarts):
        lengths = inner.first_cycle * float(inner.t_mul) ** np.arange(12)
        breaks = np.cumsum(lengths) + delay
    times = np.random.default_rng(0).uniform(0, 9_999, 500)
    times = np.append(times, [getattr(schedule, "duration", 5), 1, 2])
    times = times[[all(abs(t - b) > 1e-3 for b in breaks) for t in times]]
    jumps = np.abs(schedule(times + 1e-7) - schedule(np.maximum(times - 1e-7, 0)))
    assert jumps.max() <= 1e-5 * rates.max()


@pytest.mark.parametrize("t_mul", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("first", [1, 10, 83, 391, 1320, 4066])
def test_restarts_where_it_should(first, t_mul):
    schedule = WarmRestarts(0.3, first, 0.01, t_mul, m_mul=0.9)
    theirs = in_keras(schedule.to_keras(), UPDATES)
    start, length = 0, first
    for cycle in range(6):
        height = 0.01 + 0.29 * 0.9**cycle
        assert schedule(start) == pytest.approx(height, rel=1e-12)
        if start < len(theirs):
            assert theirs[start] == pytest.approx(height, rel=1e-5)  # not one update late
        before = start + length * (1 - 1e-9)
        assert schedule(before) == pytest.approx(0.01, rel=1e-6)
        start, length = start + length, length * t_mul


def test_step_changes_at_the_boundary():
    schedule = Step(1.0, [30, 60], factor=0.1)
    assert schedule([0, 29, 29.99, 30, 59, 60, 1e9]).round(9).tolist() == [
        1,
        1,
        1,
        0.1,
        0.1,
        0.01,
        0.01,
    ]


@pytest.mark.parametrize("kind", list(FORMULAS))
@pytest.mark.parametrize("seed", range(3))
def test_units(kind, seed):
    epochs = draw(kind, np.random.default_rng(seed), counts="epochs")
    updates = epochs.to_updates(391)
    assert (epochs.counts, updates.counts) == ("epochs", "updates")
    t = np.arange(0, 391 * 50, 17)
    np.testing.assert_allclose(updates(t), epochs(t / 391), rtol=1e-9, atol=1e-14)
    back = updates.to_epochs(391)
    assert back.counts == "epochs"
    np.testing.assert_allclose(back(t / 391), epochs(t / 391), rtol=1e-9, atol=1e-14)
    assert updates.to_keras()  # of updates there is a Keras schedule, of epochs there is not
    with pytest.raises(ValueError, match="to_updates"):
        epochs.to_keras()


def test_conversion_keeps_whole_numbers_and_the_other_fields():
    assert Cosine(0.1, 10, 0.01, counts="epochs").to_updates(391) == Cosine(0.1, 3910, 0.01)
    assert Cosine(0.1, 3910).to_epochs(391) == Cosine(0.1, 10, counts="epochs")
    assert Step(0.1, [30, 60], 0.5, counts="epochs").to_updates(10) == Step(0.1, [300, 600], 0.5)
    assert TimeBased(0.1, 0.391, counts="epochs").to_updates(391).decay == pytest.approx(0.001)
    warm = WarmUp(OneCycle(0.1, 10, counts="epochs"), 2, 0.001)
    assert warm.to_updates(100) == WarmUp(OneCycle(0.1, 1000), 200, 0.001)
    assert type(WarmUp(Cosine(0.1, 9, counts="epochs"), 1).to_updates(9).to_keras()) is (
        KERAS.CosineDecay
    )


def test_what_is_counted_is_never_confused():
    with pytest.raises(ValueError, match="counts is 'epochs'"):
        Cosine(0.1, 10).to_updates(391)
    with pytest.raises(ValueError, match="counts is 'updates'"):
        Cosine(0.1, 10, counts="epochs").to_epochs(391)
    with pytest.raises(ValueError, match="LearningRateScheduler counts epochs"):
        Cosine(0.1, 10)(3, 0.1)


@pytest.mark.parametrize("n", [0, -1, 2.5, math.nan, "391", None])
def test_bad_steps_per_epoch(n):
    with pytest.raises(ValueError, match="steps_per_epoch is a whole number"):
        Cosine(0.1, 10, counts="epochs").to_updates(n)


MAKERS = {
    "TimeBased": lambda **k: TimeBased(**{"learning_rate": 0.1, "decay": 0.1} | k),
    "Exponential": lambda **k: Exponential(**{"learning_rate": 0.1, "decay": 0.1} | k),
    "Step": lambda **k: Step(**{"learning_rate": 0.1, "boundaries": [5]} | k),
    "Polynomial": lambda **k: Polynomial(**{"learning_rate": 0.1, "duration": 9} | k),
    "Cosine": lambda **k: Cosine(**{"learning_rate": 0.1, "duration": 9} | k),
    "WarmRestarts": lambda **k: WarmRestarts(**{"learning_rate": 0.1, "first_cycle": 9} | k),
    "OneCycle": lambda **k: OneCycle(**{"learning_rate": 0.1, "duration": 9} | k),
    "WarmUp": lambda **k: WarmUp(**{"schedule": Cosine(0.1, 9), "duration": 3} | k),
}
NO_NUMBERS = [math.nan, math.inf, "0.1", None, True, [0.1]]
BAD = [
    *((kind, "learning_rate", [0, -0.1, *NO_NUMBERS]) for kind in MAKERS if kind != "WarmUp"),
    *((kind, "counts", ["steps", "Epochs", None, 1]) for kind in MAKERS if kind != "WarmUp"),
    ("TimeBased", "decay", [-1e-6, *NO_NUMBERS]),
    ("Exponential", "decay", [-1e-6, *NO_NUMBERS]),
    ("Step", "boundaries", [[], [5, 5], [6, 5], [0], [-1, 2], [1, math.nan], 5, None, "12"]),
    ("Step", "factor", [0, -1, 1.5, *NO_NUMBERS]),
    ("Polynomial", "duration", [0, -1, *NO_NUMBERS]),
    ("Polynomial", "final_learning_rate", [-0.1, 0.2, *NO_NUMBERS]),
    ("Polynomial", "power", [0, -1, *NO_NUMBERS]),
    ("Cosine", "duration", [0, -1, *NO_NUMBERS]),
    ("Cosine", "final_learning_rate", [-0.1, 0.2, *NO_NUMBERS]),
    ("WarmRestarts", "first_cycle", [0, -1, *NO_NUMBERS]),
    ("WarmRestarts", "final_learning_rate", [-0.1, 0.2, *NO_NUMBERS]),
    ("WarmRestarts", "t_mul", [0, -1, 1.5, *NO_NUMBERS]),
    ("WarmRestarts", "m_mul", [0, -1, 1.5, *NO_NUMBERS]),
    ("OneCycle", "duration", [0, -1, *NO_NUMBERS]),
    ("OneCycle", "peak", [0, 1, -0.5, *NO_NUMBERS]),
    ("OneCycle", "div_factor", [0.5, 0, -1, *NO_NUMBERS]),
    ("OneCycle", "final_div_factor", [0.5, 0, -1, *NO_NUMBERS]),
    ("WarmUp", "duration", [0, -1, 10, *NO_NUMBERS]),  # the schedule lasts 9
    ("WarmUp", "initial_learning_rate", [-0.1, 0.2, *NO_NUMBERS]),
    ("WarmUp", "schedule", [0.1, None, WarmUp(Cosine(0.1, 9), 3), Cosine]),
]


@pytest.mark.parametrize(
    ("kind", "name", "given"),
    [(kind, name, value) for kind, name, values in BAD for value in values],
)
def test_bad_input(kind, name, given):
    with pytest.raises(ValueError, match=rf"^({name} (is|are) |unknown {name})") as raised:
        MAKERS[kind](**{name: given})
    assert f"got {given!r}" in str(raised.value) or f"unknown counts {given!r};" in str(
        raised.value
    )


@pytest.mark.parametrize("schedule", [make() for make in MAKERS.values()], ids=list(MAKERS))
@pytest.mark.parametrize(
    "given",
    [-1, math.nan, math.inf, [0, -1e-9], None, "3", ["3"], [[1], [2, 3]], True, [True], {}, 1j],
)
def test_bad_steps(schedule, given):
    with pytest.raises(ValueError, match="step is a number from 0"):
        schedule(given)


NUMPY = {
    "learning_rate": np.float32(0.5),
    "counts": np.str_("epochs"),
    "decay": np.float16(0.25),
    "boundaries": np.array([1, 2.5], "float32"),
    "factor": np.float64(0.5),
    "duration": np.int64(9),
    "final_learning_rate": np.float32(0.25),
    "power": np.int32(2),
    "first_cycle": np.uint8(9),
    "t_mul": np.int64(2),
    "m_mul": np.float32(0.5),
    "peak": np.float32(0.25),
    "div_factor": np.int16(4),
    "final_div_factor": np.float32(8),
    "initial_learning_rate": np.float32(0.0625),
}


@pytest.mark.parametrize("kind", list(MAKERS))
def test_fields_of_numpy_become_pythons(kind):
    names = [field.name for field in fields(MAKERS[kind]()) if field.name != "schedule"]
    schedule = MAKERS[kind](**{name: NUMPY[name] for name in names})
    for name in names:
        held = getattr(schedule, name)
        for value in held if isinstance(held, tuple) else (held,):
            assert type(value) in (int, float, str), name
        np.testing.assert_array_equal(held, NUMPY[name])
    for boundaries in ([1, 2], (1.0, 2.0), np.array([1, 2]), [np.float32(1), np.int64(2)]):
        assert Step(0.1, boundaries) == Step(0.1, [1, 2])


@dataclass(frozen=True)
class Half(Schedule):
    """A schedule of one's own, which says nothing of what it counts."""

    def _rate(self, t):
        return 0.5 + 0 * t

    def _stretched(self, scale, counts):
        return self


def test_a_schedule_of_ones_own_counts_updates():
    assert Half()(3) == 0.5
    assert WarmUp(Half(), 2).counts == "updates"
    with pytest.raises(ValueError, match="LearningRateScheduler counts epochs"):
        Half()(3, 0.1)


def test_frozen_and_plain():
    schedule = Cosine(np.float32(0.5), np.int64(10))
    assert (type(schedule.learning_rate), type(schedule.duration)) == (float, int)
    with pytest.raises(FrozenInstanceError):
        schedule.learning_rate = 1.0
    assert replace(schedule, duration=20) == Cosine(0.5, 20)
    assert len({Step(0.1, [1, 2]), Step(0.1, (1, 2)), Step(0.1, range(1, 3))}) == 1
    with pytest.raises(ValueError, match="duration is"):
        replace(schedule, duration=0)


def tiny(learning_rate):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(learning_rate), "mse", run_eagerly=True)
    return model


DATA = np.ones((8, 3), "float32"), np.ones((8, 1), "float32")


@pytest.mark.parametrize("kind", list(MAKERS))
def test_learning_rate_scheduler(kind):
    replaced = {"schedule": Cosine(0.1, 9, counts="epochs")} if kind == "WarmUp" else {}
    schedule = MAKERS[kind](**(replaced or {"counts": "epochs"}))
    history = tiny(0.7).fit(
        *DATA, epochs=6, verbose=0, callbacks=[keras.callbacks.LearningRateScheduler(schedule)]
    )
    np.testing.assert_allclose(history.history["learning_rate"], schedule(np.arange(6)), rtol=1e-6)


def test_learning_rate_scheduler_refuses_updates():
    with pytest.raises(ValueError, match="LearningRateScheduler counts epochs"):
        tiny(0.1).fit(
            *DATA, verbose=0, callbacks=[keras.callbacks.LearningRateScheduler(Cosine(0.1, 9))]
        )


def asked(optimizer):
    return optimizer.learning_rate


def fitted(optimizer):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile(optimizer, "mse")
    model.fit(*DATA, verbose=0)


@pytest.mark.parametrize("use", [asked, fitted])
@pytest.mark.parametrize("counts", ["updates", "epochs"])
@pytest.mark.parametrize("kind", list(MAKERS))
def test_an_optimizer_that_is_given_a_schedule_as_it_is_says_what_it_takes(kind, counts, use):
    replaced = {"schedule": Cosine(0.1, 9, counts=counts)} if kind == "WarmUp" else {}
    schedule = MAKERS[kind](**(replaced or {"counts": counts}))
    way = r"takes \.to_updates\(steps_per_epoch\)\.to_keras\(\)" if counts == "epochs" else ""
    with pytest.raises(ValueError, match=way or r"takes \.to_keras\(\) of a schedule"):
        use(keras.optimizers.Adam(schedule))


LOAD = """
import json, sys
folder, names, ours = sys.argv[1], json.loads(sys.argv[2]), json.loads(sys.argv[3])
sys.modules["hpcourse"] = None  # whatever is installed, it cannot be imported
import keras
import numpy as np

def load(name):
    model = keras.saving.load_model(f"{folder}/{name}.keras")
    rates = [float(model.optimizer._learning_rate(t)) for t in (0, 1, 5, 8, 20)]
    before = int(model.optimizer.iterations)
    model.fit(np.ones((8, 3)), np.ones((8, 1)), batch_size=4, verbose=0)
    return rates, before, np.concatenate([w.ravel() for w in model.get_weights()]).tolist()

found = {name: load(name) for name in names if name not in ours}
for name in ours:
    try:
        load(name)
    except TypeError as error:
        assert "register_keras_serializable" in str(error)
    else:
        raise AssertionError(f"{name} was loaded without the package")
del sys.modules["hpcourse"]
import hpcourse.schedules.keras_classes
print(json.dumps(found | {name: load(name) for name in ours}))
"""


def fresh(*arguments):
    command = [sys.executable, "-c", *arguments]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr[-2000:]
    return run.stdout.splitlines()[-1]


def test_saved_models_load_in_a_fresh_process(tmp_path):
    schedules = {name: make() for name, make in MAKERS.items()}
    for name in ("TimeBased", "Step", "WarmRestarts", "OneCycle"):
        schedules[f"WarmUp{name}"] = WarmUp(MAKERS[name](), 3, 0.001)
    ours = {"OneCycle", *(name for name in schedules if name.startswith("WarmUp"))}
    ours = sorted(ours - {"WarmUp"})  # of a cosine: Keras's own class
    expected = {}
    for name, schedule in schedules.items():
        model = tiny(schedule.to_keras())
        model.fit(*DATA, batch_size=4, verbose=0)
        model.save(tmp_path / f"{name}.keras")
        model.fit(*DATA, batch_size=4, verbose=0)
        weights = np.concatenate([w.ravel() for w in model.get_weights()])
        expected[name] = schedule([0, 1, 5, 8, 20]), 2, weights
    found = json.loads(fresh(LOAD, str(tmp_path), json.dumps(list(schedules)), json.dumps(ours)))
    for name, (rates, updates, weights) in expected.items():
        np.testing.assert_allclose(found[name][0], rates, atol=1e-7)
        assert found[name][1] == updates
        np.testing.assert_allclose(found[name][2], weights, atol=1e-6)


def test_importing_the_package_loads_no_keras():
    code = """
import sys
from hpcourse import schedules
schedules.WarmUp(schedules.OneCycle(0.1, 100), 10)(5)
print({"keras", "tensorflow", "jax", "torch"} & set(sys.modules))
"""
    assert fresh(code) == "set()"
