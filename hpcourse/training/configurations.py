"""The configurations of a population's members: defaults, checks, learning rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from keras import ops
from numpy.typing import NDArray

from hpcourse.arguments import flag, one_of, plain, real, unknown_name, whole, wholes
from hpcourse.schedules.base import counting
from hpcourse.training.layers import ACTIVATIONS, NORMALIZATIONS
from hpcourse.training.models import shares
from hpcourse.training.rules import CLIPPING, OPTIMIZERS

DEFAULTS: dict[str, Any] = {  # None: the optimizer's default, or nothing of the kind
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
    "normalization": None,
    "residual": False,
    "beta_1": None,
    "beta_2": None,
    "epsilon": None,
    "rho": None,
    "warmup_steps": None,
    "weight_decay": None,
    "clipnorm": None,
    "global_clipnorm": None,
    "clipvalue": None,
    "ema_momentum": None,
    "lr_factors": None,
}
INITIALIZERS = [
    f"{name}_{distribution}"
    for name in ("glorot", "he", "lecun", "random")
    for distribution in ("normal", "uniform")
] + ["normal", "ones", "orthogonal", "truncated_normal", "uniform", "zero", "zeros"]

_SHARE, _POSITIVE = {"low": 0, "below": 1}, {"above": 0}
_NUMBERS = {
    "momentum": _SHARE,
    "l2": {"low": 0},
    "rho": _SHARE,
    "beta_1": _SHARE,
    "beta_2": _SHARE,
    "epsilon": _POSITIVE,
    "weight_decay": {"low": 0},
    "ema_momentum": {"above": 0, "below": 1},
    **dict.fromkeys(CLIPPING, _POSITIVE),
}
_KNOWN = {"optimizer": OPTIMIZERS, "activation": ACTIVATIONS, "initializer": INITIALIZERS}


def complete(configurations, seed, **more):
    """Return the configurations with all keys set, in Python's own types, or say what is wrong.

    ``more`` are further keys that a configuration may set, and their defaults.
    """
    row = isinstance(configurations, np.ndarray) and configurations.ndim == 1
    sequence = isinstance(configurations, Sequence) and not isinstance(configurations, str | bytes)
    if not (row or sequence) or not len(configurations):
        raise ValueError(
            f"configurations is a sequence of one or more dicts, got {configurations!r}"
        )
    return [
        _completed(params, f"configurations[{i}]", seed, more)
        for i, params in enumerate(configurations)
    ]


def _completed(given, where, seed, more):
    if not isinstance(given, Mapping):
        raise ValueError(f"configurations is a sequence of dicts, got {given!r} as {where}")
    accepted = DEFAULTS | more
    for key in given:
        if key not in accepted:
            raise unknown_name(f"key in {where}", key, accepted)
    given = {key: plain(value) for key, value in given.items()}
    name = given.get("optimizer", DEFAULTS["optimizer"])
    optimizer = one_of(f"optimizer in {where}", name, OPTIMIZERS)
    defaults = {"weight_decay": 0.0} | OPTIMIZERS[optimizer]
    params = accepted | defaults | given
    params |= {
        key: value for key, value in defaults.items() if params[key] is DEFAULTS[key] is None
    }

    def put(key, check, *bounds, **limits):
        params[key] = check(f"{key} in {where}", params[key], *bounds, **limits)

    for key, known in _KNOWN.items():
        put(key, one_of, known)
    put("normalization", one_of, NORMALIZATIONS, optional=True)
    put("residual", flag)
    if callable(params["learning_rate"]):
        counting("updates", f"learning_rate in {where}", params["learning_rate"])
    else:
        what = f"learning_rate in {where}, if it is no schedule,"
        params["learning_rate"] = float(real(what, params["learning_rate"], above=0))
    put("nesterov", flag)
    for key, limits in _NUMBERS.items():
        put(key, real, **limits, optional=DEFAULTS[key] is None)
    put("warmup_steps", whole, optional=True)
    for key in set().union(*OPTIMIZERS.values()) - set(defaults):
        if params[key] != DEFAULTS[key]:
            takers = ", ".join(name for name, takes in OPTIMIZERS.items() if key in takes)
            raise ValueError(
                f"{key} in {where} is for {takers} only, not for {optimizer}, got {params[key]!r}"
            )
    bounds = {key: params[key] for key in CLIPPING if params[key] is not None}
    if len(bounds) > 1:
        raise ValueError(f"{where} has one of {', '.join(CLIPPING)} at most, got {bounds!r}")
    put("units", wholes, 1)
    put("dropout", shares, len(params["units"]))
    if params["lr_factors"] is not None:
        put("lr_factors", _factors, len(params["units"]) + 1)
    for key in _NUMBERS:
        params[key] = None if params[key] is None else float(params[key])
    params["seed"] = seed if params["seed"] is None else params["seed"]
    put("seed", whole)
    if "batch_size" in params:
        put("batch_size", whole, 1)
    return params


def _factors(name, given, n_layers):
    several = isinstance(given, list | tuple)
    if not several or len(given) != n_layers:
        raise ValueError(
            f"{name} is one number for each of {n_layers} layers, the last included, or None, "
            f"got {given!r}"
        )
    return tuple(float(real(name, factor, 0)) for factor in given)


def learning_rates(configurations, steps):
    """Return the learning rates of each member at those updates."""
    given = [params["learning_rate"] for params in configurations]
    values = {}
    for i, rate in enumerate(given):
        if callable(rate) and id(rate) not in values:
            values[id(rate)] = _evaluate(rate, steps, f"the schedule of configurations[{i}]")
    return [
        values[id(rate)] if callable(rate) else np.broadcast_to(rate, len(steps)) for rate in given
    ]


def _evaluate(schedule, steps, who):
    try:
        rates = np.asarray(ops.convert_to_numpy(schedule(steps)), float)
        taken = rates.shape == steps.shape
    except Exception:  # many functions take no arrays, and fail in as many ways
        taken = False
    if not taken:
        rates = np.array([_rate(schedule(int(step)), who, step) for step in steps])
    bad = ~(np.isfinite(rates) & (rates >= 0))
    if bad.any():
        raise ValueError(f"{who} gives the learning rate {rates[bad][0]} at update {steps[bad][0]}")
    return rates


def _rate(given, who, step):
    try:
        return float(given)
    except (TypeError, ValueError):
        raise ValueError(f"{who} gives the learning rate {given!r} at update {step}") from None


def samples(name: str, given: object) -> NDArray:
    """Return an array of numbers of any type, as large as it is, or say that it is none."""
    try:
        made = np.asarray(given)
    except ValueError:  # lists of other lengths in a list
        made = None
    if made is None or not made.ndim or made.dtype.kind not in "biuf":
        raise ValueError(f"{name} is an array of numbers, got {given!r}")
    return made
