r"""The update rules of :class:`hpcourse.Population`: what becomes of weights, given a gradient.

An update has five parts, each of which a member may have or not. With the gradient g of a weight
w, the learning rate η, and the layer's factor f of the rate,

1. **clipping**: ``clipvalue`` cuts each g to [-c, c]; ``clipnorm`` shortens the gradient of each
   variable to norm c, ``global_clipnorm`` that of all variables together [1]_.
2. **weight decay** [2]_: w ← w − f η λ w, for every variable, as Keras has it.
3. **running sums**: m ← β₁ m + g, s ← β₂ s + g².
4. **the step** of the rule, w ← w − step:

   =============================  ============================================================
   ``sgd``                        f η g; with ``momentum`` μ, m ← μ m + f η g; with
                                  ``nesterov``, μ m + f η g
   ``rmsprop`` [3]_               f η g / √(v + ε), v = (1 − ρ) s
   ``adam`` [4]_, ``adamw`` [2]_  f η √(1 − β₂ᵗ) / (1 − β₁ᵗ) · (1 − β₁) m / (√v + ε) in update
                                  t = 1, 2, ..., with v = (1 − β₂) s
   ``muon`` [5]_                  0.2 f η √max(inputs, outputs) O(μ m + g) for a layer's kernel,
                                  O(m) without ``nesterov``: O brings all singular values near
                                  1 by five steps of Newton and Schulz; Adam's for other
                                  variables
   ``schedulefreeadamw`` [6]_     z ← z − d with d = f η g / (√(v / (1 − β₂ᵗ)) + ε), x the
                                  average of all z, and w becomes (1 − β₁) z + β₁ x: from one w
                                  to the next, that is (w − z) / t + (1 − 1/t) (1 − β₁) d
   =============================  ============================================================

5. **averaging**: the exponential moving average a ← μ a + (1 − μ) w, by which a member with
   ``ema_momentum`` is scored.

Keras keeps running means where there are sums here: their factors 1 − β and the corrections of
the start depend on nothing but the number of the update, so they go into the rate and into ε.

References
----------
.. [1] R. Pascanu, T. Mikolov and Y. Bengio, "On the difficulty of training recurrent neural
   networks", ICML 2013.
.. [2] I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", ICLR 2019.
.. [3] T. Tieleman and G. Hinton, "Lecture 6.5: RMSprop", Coursera, 2012.
.. [4] D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", ICLR 2015.
.. [5] K. Jordan et al., "Muon: an optimizer for hidden layers in neural networks", 2024; the
   factor of the rate is that of J. Liu et al., "Muon is scalable for LLM training", 2025.
.. [6] A. Defazio et al., "The road less scheduled", NeurIPS 2024.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from keras import ops

# What each optimizer takes, by Keras's names, and Keras's defaults.
_ADAM = {"learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}
OPTIMIZERS: dict[str, dict[str, Any]] = {
    "sgd": {"learning_rate": 0.01, "momentum": 0.0, "nesterov": False},
    "rmsprop": {"learning_rate": 0.001, "rho": 0.9, "epsilon": 1e-7},
    "adam": _ADAM,
    "adamw": _ADAM | {"weight_decay": 0.004},
    "muon": _ADAM | {"weight_decay": 0.004, "momentum": 0.95, "nesterov": True},
    "schedulefreeadamw": _ADAM | {"learning_rate": 0.0025, "epsilon": 1e-8, "warmup_steps": 0},
}
CLIPPING = ("clipnorm", "global_clipnorm", "clipvalue")
ADAPTIVE = ("rmsprop", "adam", "muon", "muon_nesterov", "schedulefreeadamw")

_BETA_2, _RHO, _EPSILON = 0.999, 0.9, 1e-7
_SCALED_EPSILON = {  # for sums instead of means
    "rmsprop": _EPSILON / (1 - _RHO),
    "adam": _EPSILON / math.sqrt(1 - _BETA_2),
}


def _orthogonal(g):
    """Return U V^T of each matrix's U S V^T, roughly: five steps of Newton and Schulz."""
    tall = g.shape[1] > g.shape[2]  # the same either way; the products are smaller so
    x = ops.transpose(g, (0, 2, 1)) if tall else g
    x = x / (ops.sqrt(ops.sum(ops.square(x), axis=(1, 2), keepdims=True)) + 1e-7)
    for _ in range(5):
        a = ops.matmul(x, ops.transpose(x, (0, 2, 1)))
        x = 3.4445 * x + ops.matmul(-4.7750 * a + 2.0315 * ops.matmul(a, a), x)
    return ops.transpose(x, (0, 2, 1)) if tall else x


def _preconditioned(g, s, n):
    return n["rate"] * g / (ops.sqrt(s) + n["epsilon"])


# The step of each rule, from the weight w, the gradient g, the running sums and the numbers n of
# the update. SGD's gradients have the rate in them already.
RULES: dict[str, Callable] = {
    "sgd": lambda w, g, m, s, z, n: g,
    "momentum": lambda w, g, m, s, z, n: m,
    "nesterov": lambda w, g, m, s, z, n: n["decay"] * m + g,
    "rmsprop": lambda w, g, m, s, z, n: (
        n["rate"] * g / ops.sqrt(s + n.get("epsilon", _SCALED_EPSILON["rmsprop"]))
    ),
    "adam": lambda w, g, m, s, z, n: (
        n["rate"] * m / (ops.sqrt(s) + n.get("epsilon", _SCALED_EPSILON["adam"]))
    ),
    "muon": lambda w, g, m, s, z, n: n["rate"] * n["size"] * _orthogonal(m),
    "muon_nesterov": lambda w, g, m, s, z, n: (
        n["rate"] * n["size"] * _orthogonal(n["decay"] * m + g)
    ),
    "schedulefreeadamw": lambda w, g, m, s, z, n: (
        n["share"] * (w - z) + (1 - n["share"]) * (1 - n["decay"]) * _preconditioned(g, s, n)
    ),
}
# What is kept for each variable between updates, for which rules, and how it goes on.
_MUON, _FREE = {"muon", "muon_nesterov"}, {"schedulefreeadamw"}
STATE: dict[str, tuple[set[str], Callable]] = {
    "m": ({"momentum", "nesterov", "adam"} | _MUON, lambda m, g, s, n: n["decay"] * m + g),
    "s": ({"rmsprop", "adam"} | _FREE, lambda s, g, _, n: n["keep"] * s + ops.square(g)),
    "z": (_FREE, lambda z, g, s, n: z - _preconditioned(g, s, n)),
}


def rules_of(configurations: Sequence[Mapping]) -> list[np.ndarray]:
    """Return the members' rules for kernels and, where it is another one, for all other weights."""
    kernels = np.array([_rule(params) for params in configurations])
    others = np.array(["adam" if rule in _MUON else rule for rule in kernels])
    return [kernels] if (kernels == others).all() else [kernels, others]


def _rule(params):
    kind = "adam" if params["optimizer"] == "adamw" else params["optimizer"]
    if kind == "muon":
        return "muon_nesterov" if params["nesterov"] else "muon"
    if kind != "sgd" or not params["momentum"]:
        return kind
    return "nesterov" if params["nesterov"] else "momentum"


def column(configurations: Sequence[Mapping], key: str, default: float) -> np.ndarray:
    """Return a number of each member, with a default where it has none."""
    return np.array([default if c[key] is None else c[key] for c in configurations], float)


def own_epsilon(configurations: Sequence[Mapping], rules: Sequence[np.ndarray]) -> bool:
    """Whether epsilon is anything but the constant in the rules."""
    free = any(_FREE & set(each) for each in rules)
    named = ("beta_2", _BETA_2), ("rho", _RHO), ("epsilon", _EPSILON)
    return free or any((column(configurations, *pair) != pair[1]).any() for pair in named)


def constants(configurations: Sequence[Mapping], rules: np.ndarray) -> dict[str, np.ndarray]:
    """Return the factors of the running sums, and whether a rule takes the rate itself."""
    means = np.isin(rules, ("adam", "schedulefreeadamw"))
    beta_1, beta_2 = column(configurations, "beta_1", 0.9), column(configurations, "beta_2", 0.999)
    return {
        "decay": np.where(means, beta_1, column(configurations, "momentum", 0.0)),
        "keep": np.where(means, beta_2, column(configurations, "rho", _RHO)),
        "adaptive": np.isin(rules, ADAPTIVE),
    }


def numbers(plan, configurations, rules, rates, t):
    """Return what changes from update to update: for t = 1, 2, ..., arrays (t, K) or (t, 1).

    ``rate`` and ``epsilon`` make of steps by running sums those that Keras makes by means.
    """
    beta_1, beta_2 = column(configurations, "beta_1", 0.9), column(configurations, "beta_2", 0.999)
    rho, epsilon = column(configurations, "rho", _RHO), column(configurations, "epsilon", _EPSILON)
    adam = np.sqrt(1 - beta_2**t) / (1 - beta_1**t) * (1 - beta_1) / np.sqrt(1 - beta_2)
    root = np.sqrt((1 - beta_2**t) / (1 - beta_2))
    warm = np.minimum(t / np.maximum(column(configurations, "warmup_steps", 0), 1), 1)
    factors = {"rmsprop": 1 / np.sqrt(1 - rho), "adam": adam, "schedulefreeadamw": root * warm}
    scales = {"rmsprop": 1 / (1 - rho), "adam": 1 / np.sqrt(1 - beta_2), "schedulefreeadamw": root}

    def own(values):
        chosen = [np.broadcast_to(values.get(rule, 1.0), rates.shape) for rule in rules]
        return np.stack([each[:, i] for i, each in enumerate(chosen)], axis=1)

    made = {"rate": rates * own(factors)}
    if plan.epsilon:
        scaled = epsilon * own(scales)  # a single number is less to compute with
        made["epsilon"] = scaled[:, :1] if (scaled == scaled[:, :1]).all() else scaled
    if _FREE & set(rules):
        made["share"] = 1 / t
    if plan.weight_decay:
        made["weight_decay"] = rates * column(configurations, "weight_decay", 0)
    if plan.ema:  # the first average is the first weight
        made["ema"] = np.where(t > 1, column(configurations, "ema_momentum", 0), 0)
    return made


def state_of(plan, weights: Sequence, state: Mapping[str, list]) -> dict[str, list]:
    """Return the state that the members' rules need: what there is of it, and its start."""
    used = set().union(*plan.rules)
    kept = {key: parts for key, parts in state.items() if key.startswith("moving_")}
    for key, (users, _) in STATE.items():
        if users & used:
            start = weights if key == "z" else map(ops.zeros_like, weights)
            kept[key] = state.get(key) or list(start)
    if plan.ema:
        kept["ema"] = state.get("ema") or list(weights)
    return kept


def own(settings, values):
    """Take for each member the value under the name that it uses."""
    (_, result), *others = values.items()
    for name, value in others:  # not a weighted sum: 0 * NaN is NaN
        result = ops.where(settings[name], value, result)
    return result


def _clipped(plan, settings, gradients):
    """Return the gradients, clipped; a member's bound is infinity where it clips otherwise."""

    def shortened(bound, squares):
        return ops.minimum(1.0, bound / ops.sqrt(squares))

    if "clipvalue" in plan.clipping:
        c = settings["clipvalue"]
        gradients = [ops.minimum(ops.maximum(g, -c), c) for g in gradients]
    if "clipnorm" in plan.clipping or "global_clipnorm" in plan.clipping:
        squares = [ops.sum(ops.square(g), axis=(1, 2), keepdims=True) for g in gradients]
        if "clipnorm" in plan.clipping:
            c = settings["clipnorm"]
            gradients = [g * shortened(c, g2) for g, g2 in zip(gradients, squares, strict=True)]
        if "global_clipnorm" in plan.clipping:
            factor = shortened(settings["global_clipnorm"], sum(squares))
            gradients = [g * factor for g in gradients]
    return gradients


def update(plan, settings, weights, state, gradients, numbers):
    """Return the weights and the state after one update.

    ``numbers`` are those of :func:`numbers` at this update, one dict for each kind of variable.
    """
    each = [_numbers_of(plan, settings, i, numbers) for i in range(len(weights))]
    rules = [plan.rules[0 if n["kernel"] else -1] for n in each]
    state = dict(state)
    if plan.raw:
        gradients = _clipped(plan, settings, gradients)
        scales = [ops.where(n["adaptive"], 1.0, n["rate"]) for n in each]
        gradients = [g * scale for g, scale in zip(gradients, scales, strict=True)]
    if plan.weight_decay:
        weights = [w - w * n["weight_decay"] for w, n in zip(weights, each, strict=True)]
    unused = [None] * len(weights)
    for key, (_, after) in STATE.items():
        if key in state:
            parts = zip(state[key], gradients, state.get("s", unused), each, strict=True)
            state[key] = [after(*part) for part in parts]
    sums = (state.get(key, unused) for key in STATE)
    weights = [
        w - own(n, {name: RULES[name](w, g, m, s, z, n) for name in names})
        for w, g, m, s, z, n, names in zip(weights, gradients, *sums, each, rules, strict=True)
    ]
    if plan.ema:
        parts = zip(state["ema"], weights, each, strict=True)
        state["ema"] = [n["ema"] * a + (1 - n["ema"]) * w for a, w, n in parts]
    return weights, state


def _numbers_of(plan, settings, i, numbers):
    """Return what one variable's rule needs: the members' constants and the update's numbers."""
    layer, kernel = plan.place(i)
    kind = 0 if kernel else -1
    n = settings["rules"][kind] | numbers[kind] | {"kernel": kernel}
    if plan.lr_factors:
        factor = settings["lr_factors"][layer]
        n |= {key: n[key] * factor for key in ("rate", "weight_decay") if key in n}
    return n | {"size": settings["size"][layer]} if "size" in settings else n
