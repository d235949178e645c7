"""The configs of a population's members: their defaults, their check, their learning rates."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from keras import ops

from hpcourse.arguments import one_of, real, unknown_name, whole, wholes
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

_KNOWN = {"optimizer": OPTIMIZERS, "activation": ACTIVATIONS, "initializer": INITIALIZERS}


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

    def put(key, check, *bounds, **limits):
        config[key] = check(f"{key} in {where}", config[key], *bounds, **limits)

    for key, known in _KNOWN.items():
        put(key, one_of, known)
    if config["learning_rate"] is None:
        config["learning_rate"] = OPTIMIZERS[config["optimizer"]]
    if not callable(config["learning_rate"]):
        what = f"learning_rate in {where}, if it is no schedule,"
        config["learning_rate"] = real(what, config["learning_rate"], above=0)
    put("momentum", real, 0, below=1)
    for key in ("momentum", "nesterov"):
        if config["optimizer"] != "sgd" and config[key]:
            kind = config["optimizer"]
            raise ValueError(
                f"{key} in {where} is for sgd only, not for {kind}, got {config[key]!r}"
            )
    put("units", wholes, 1)
    if np.ndim(config["dropout"]) == 0:
        put("dropout", real, 0, below=1)
        config["dropout"] = [config["dropout"]] * len(config["units"])
    shares = [real(f"dropout in {where}", share, 0, below=1) for share in config["dropout"]]
    if len(shares) != len(config["units"]):
        raise ValueError(
            f"dropout in {where} is one number or one for each of {len(config['units'])} hidden "
            f"layers, got {given['dropout']!r}"
        )
    config["dropout"] = tuple(shares)
    put("l2", real, 0)
    config["seed"] = seed if config["seed"] is None else config["seed"]
    put("seed", whole)
    if "batch_size" in config:
        put("batch_size", whole, 1)
    return config


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
