"""The configurations of a population's members: defaults, checks, learning rates."""

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


def complete(configurations, seed, **more):
    """Return the configurations with all keys set, or say which value is wrong.

    ``more`` are further keys that a configuration may set, and their defaults.
    """
    if isinstance(configurations, Mapping) or not len(configurations):
        raise ValueError(
            f"configurations is a sequence of one or more dicts, got {configurations!r}"
        )
    return [
        _completed(params, f"configurations[{i}]", seed, more)
        for i, params in enumerate(configurations)
    ]


def _completed(given, where, seed, more):
    accepted = DEFAULTS | more
    for key in given:
        if key not in accepted:
            raise unknown_name(f"key in {where}", key, accepted)
    params = accepted | dict(given)

    def put(key, check, *bounds, **limits):
        params[key] = check(f"{key} in {where}", params[key], *bounds, **limits)

    for key, known in _KNOWN.items():
        put(key, one_of, known)
    if params["learning_rate"] is None:
        params["learning_rate"] = OPTIMIZERS[params["optimizer"]]
    if not callable(params["learning_rate"]):
        what = f"learning_rate in {where}, if it is no schedule,"
        params["learning_rate"] = real(what, params["learning_rate"], above=0)
    put("momentum", real, 0, below=1)
    for key in ("momentum", "nesterov"):
        if params["optimizer"] != "sgd" and params[key]:
            kind = params["optimizer"]
            raise ValueError(
                f"{key} in {where} is for sgd only, not for {kind}, got {params[key]!r}"
            )
    put("units", wholes, 1)
    if np.ndim(params["dropout"]) == 0:
        put("dropout", real, 0, below=1)
        params["dropout"] = [params["dropout"]] * len(params["units"])
    shares = [real(f"dropout in {where}", share, 0, below=1) for share in params["dropout"]]
    if len(shares) != len(params["units"]):
        raise ValueError(
            f"dropout in {where} is one number or one for each of {len(params['units'])} hidden "
            f"layers, got {given['dropout']!r}"
        )
    params["dropout"] = tuple(shares)
    put("l2", real, 0)
    params["seed"] = seed if params["seed"] is None else params["seed"]
    put("seed", whole)
    if "batch_size" in params:
        put("batch_size", whole, 1)
    return params


def learning_rates(configurations, steps):
    """Return the learning rates of each member at those updates."""
    given = [params["learning_rate"] for params in configurations]
    schedules = {id(rate): rate for rate in given if callable(rate)}
    values = {key: _evaluate(schedule, steps) for key, schedule in schedules.items()}
    for i, rate in enumerate(given):
        bad = ~(np.isfinite(values[id(rate)]) & (values[id(rate)] >= 0)) if callable(rate) else []
        if np.any(bad):
            raise ValueError(
                f"the schedule of configurations[{i}] gives the learning rate "
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
