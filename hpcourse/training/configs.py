"""The configs of a population's members: their defaults, their check, their learning rates."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from keras import ops

from hpcourse.arguments import unknown_name
from hpcourse.training.batched import ACTIVATIONS

DEFAULTS = {
    "learning_rate": None,
    "momentum": 0.0,
    "nesterov": False,
    "optimizer": "sgd",
    "units": (64, 64),
    "activation": "relu",
    "initializer": "glorot_uniform",
    "dropout": 0.0,
    "l2": 0.0,
    "seed": None,
}
OPTIMIZERS = {"sgd": 0.01, "rmsprop": 0.001, "adam": 0.001}  # and their default rates
INITIALIZERS = [
    f"{name}_{distribution}"
    for name in ("glorot", "he", "lecun", "random")
    for distribution in ("normal", "uniform")
] + ["normal", "ones", "orthogonal", "truncated_normal", "uniform", "zero", "zeros"]


def complete(configs, seed, **more):
    """Return the configs with all keys set, or say which value is wrong.

    ``more`` are further keys that a config may set, and their defaults.
    """
    if isinstance(configs, Mapping) or not len(configs):
        raise ValueError(f"configs is a sequence of one or more dicts, got {configs!r}")
    return [_completed(config, f"configs[{i}]", seed, more) for i, config in enumerate(configs)]


def _completed(given, where, seed, more):
    accepted = DEFAULTS | more
    for key in given:
        if key not in accepted:
            raise unknown_name(f"key in {where}", key, accepted)
    config = accepted | dict(given)

    def check(key, valid, range_):
        if not valid:
            raise ValueError(f"{key} in {where} is {range_}, got {config[key]!r}")

    names = {"optimizer": OPTIMIZERS, "activation": ACTIVATIONS, "initializer": INITIALIZERS}
    for key, known in names.items():
        if config[key] not in known:
            raise unknown_name(f"{key} in {where}", config[key], known)
    rate, units = config["learning_rate"], config["units"]
    if rate is None:
        config["learning_rate"] = rate = OPTIMIZERS[config["optimizer"]]
    check("learning_rate", callable(rate) or _number(rate) > 0, "a positive number or a schedule")
    check("momentum", 0 <= _number(config["momentum"]) < 1, "in [0, 1)")
    if config["optimizer"] != "sgd":
        for key in ("momentum", "nesterov"):
            check(key, not config[key], f"for sgd only, not for {config['optimizer']}")
    valid = isinstance(units, Sequence | np.ndarray) and all(whole(n) and n >= 1 for n in units)
    check("units", valid, "a sequence of whole numbers from 1")
    config["units"] = tuple(int(n) for n in units)
    shares = config["dropout"]
    if not isinstance(shares, Sequence | np.ndarray):
        shares = [shares] * len(units)
    valid = len(shares) == len(units) and all(0 <= _number(share) < 1 for share in shares)
    check("dropout", valid, "in [0, 1), one number or one for each hidden layer")
    config["dropout"] = tuple(shares)
    check("l2", _number(config["l2"]) >= 0, "a number from 0")
    if config["seed"] is None:
        config["seed"] = seed
    check("seed", whole(config["seed"]) and config["seed"] >= 0, "a whole number from 0")
    if "batch_size" in config:
        check("batch_size", whole(config["batch_size"]) and config["batch_size"] >= 1, "1 or more")
    return config


def _number(value):
    """Return a finite number as it is, and NaN, which is in no range, for anything else."""
    real = isinstance(value, int | float | np.integer | np.floating) and math.isfinite(value)
    return value if real else math.nan


def whole(value):
    """Whether a value is a whole number; True and False are not."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def learning_rates(configs, steps):
    """Return the learning rates of each member at those updates."""
    given = [config["learning_rate"] for config in configs]
    schedules = {id(rate): rate for rate in given if callable(rate)}
    values = {key: _evaluate(schedule, steps) for key, schedule in schedules.items()}
    for i, rate in enumerate(given):
        bad = ~(np.isfinite(values[id(rate)]) & (values[id(rate)] >= 0)) if callable(rate) else []
        if np.any(bad):
            raise ValueError(
                f"the schedule of configs[{i}] gives the learning rate "
                f"{values[id(rate)][bad][0]} at update {steps[bad][0]}"
            )
    return [
        values[id(rate)] if callable(rate) else np.broadcast_to(rate, len(steps)) for rate in given
    ]


def _evaluate(schedule, steps):
    try:
        rates = np.asarray(ops.convert_to_numpy(schedule(steps)), float)
        if rates.shape == steps.shape:
            return rates
    except Exception:  # many functions take no arrays, and fail in as many ways
        pass
    return np.array([float(schedule(int(step))) for step in steps])
