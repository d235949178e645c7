r"""The computation of :class:`hpcourse.Population`: K networks as one.

A small network leaves most of a processor idle: each matrix product is tiny, and calling
it costs more than computing it. K networks that see the same batches can share the calls.
Their weights are stacked, and an update is the same few products whatever K is. With

============================  ============================================================
K, B                          members of the population, samples in a batch
:math:`X`                     the batch, (B, inputs)
:math:`W_l, b_l`              weights and biases of layer l, (K, out, in) and (K, out, 1)
:math:`Z_l, A_l`              sums and outputs of layer l, (K, out, B)
:math:`\varphi, P`            activation; softmax of the last sums, (K, classes, B)
:math:`Y`                     the labels, one-hot, (classes, B)
:math:`D_l`                   gradient of the loss with respect to :math:`Z_l`
============================  ============================================================

the forward and the backward pass of back-propagation [1]_ are, for each member,

.. math::
    Z_1 = W_1 X^T + b_1, \quad A_l = \varphi(Z_l), \quad Z_{l+1} = W_{l+1} A_l + b_{l+1},

.. math::
    D_L = (P - Y) / B, \quad D_l = W_{l+1}^T D_{l+1} \odot \varphi'(Z_l), \quad
    \nabla W_1 = D_1 X, \quad \nabla W_{l+1} = D_{l+1} A_l^T.

Samples stand in the last axis so that the first layers of all members, which see the same
batch and hold most of the weights, lie in memory as one matrix of shape (K out, inputs):
:math:`W_1 X^T` and :math:`\nabla W_1` are two large products, which is where the speed
comes from. An epoch is one compiled loop; nothing returns to Python between updates.

References
----------
.. [1] D. E. Rumelhart, G. E. Hinton and R. J. Williams, "Learning representations by
   back-propagating errors", Nature 323, 1986.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import keras
import numpy as np
from keras import ops

from hpcourse.training.layers import backward, forward
from hpcourse.training.rules import (
    CLIPPING,
    column,
    constants,
    numbers,
    own_epsilon,
    rules_of,
    update,
)


@dataclass(frozen=True)
class Plan:
    """What at least one member uses: all that the compiled functions depend on."""

    rules: tuple[tuple[str, ...], ...]  # for kernels and, if they are others, for other weights
    activations: tuple[str, ...]
    normalizations: tuple[str, ...]
    dropout: tuple[bool, ...]  # for each hidden layer
    residual: tuple[bool, ...]
    padded: tuple[bool, ...]  # hidden layers in which the members' widths differ
    clipping: tuple[str, ...]
    lr_factors: bool
    epsilon: bool  # another than the constant of the rules
    weight_decay: bool
    ema: bool
    l2: bool

    @property
    def depth(self) -> int:
        """Number of dense layers, the last included."""
        return len(self.dropout) + 1

    @property
    def normalized(self) -> bool:
        """Whether a member has a normalization."""
        return self.normalizations != ("none",)

    @property
    def raw(self) -> bool:
        """Whether the gradients are needed without the learning rate in them."""
        return bool(self.clipping) or self.lr_factors

    def place(self, i: int) -> tuple[int, bool]:
        """Return the layer of a weight, and whether that is its kernel."""
        return (i % (2 * self.depth)) // 2, i < 2 * self.depth and i % 2 == 0

    def scales(self, layer: int) -> slice:
        """Return where gamma and beta of a hidden layer stand among the weights."""
        return slice(2 * (self.depth + layer), 2 * (self.depth + layer + 1))


def _score(plan, settings, weights, z, y, counts):
    """Return probabilities, their errors, and each member's sums of losses and of hits."""
    shifted = z - ops.max(z, axis=1, keepdims=True)
    powers = ops.exp(shifted)
    total = ops.sum(powers, axis=1, keepdims=True)
    probabilities = powers / total
    labels = ops.one_hot(y, z.shape[1], axis=0, dtype=z.dtype)
    loss = ops.log(total[:, 0]) - ops.sum(shifted * labels, axis=1)
    hits = ops.cast(ops.equal(ops.cast(ops.argmax(z, axis=1), y.dtype), y), z.dtype)
    loss, hits = ops.sum(loss * counts, axis=1), ops.sum(hits * counts, axis=1)
    if plan.l2:
        kernels = weights[: 2 * plan.depth : 2]
        squares = sum(ops.sum(ops.square(kernel), axis=(1, 2)) for kernel in kernels)
        loss = loss + ops.sum(counts) * settings["l2"][:, 0, 0] * squares
    return probabilities, probabilities - labels, loss, hits


@functools.lru_cache(maxsize=64)
def compiled(plan: Plan) -> tuple[Callable, Callable]:
    """Return the functions that train for an epoch and that score a batch."""

    def train(settings, weights, state, x, y, epoch):
        def step(i, carried):
            weights, state, loss, hits = carried
            chosen, counts = epoch["order"][i], epoch["counts"][i]
            batch, labels = ops.take(x, chosen, axis=0), ops.take(y, chosen, axis=0)
            z, passed, state = forward(
                plan, settings, weights, batch, state, counts, epoch["seeds"][i]
            )
            _, errors, losses, right = _score(plan, settings, weights, z, labels, counts)
            now = [{key: n[key][i][:, None, None] for key in n} for n in epoch["numbers"]]
            scale = 1.0
            if not plan.raw:
                scale = ops.where(settings["rules"][0]["adaptive"], 1.0, now[0]["rate"])
            delta = errors * (counts / ops.sum(counts)) * scale
            decay = 2 * scale * settings["l2"]
            gradients = backward(plan, settings, weights, passed, delta, decay)
            weights, state = update(plan, settings, weights, state, gradients, now)
            return weights, state, loss + losses, hits + right

        zeros = ops.zeros(weights[0].shape[0])
        return ops.fori_loop(0, epoch["order"].shape[0], step, (weights, state, zeros, zeros))

    def score(settings, weights, state, x, y, counts):
        z, _, _ = forward(plan, settings, weights, x, state)
        probabilities, _, loss, hits = _score(plan, settings, weights, z, y, counts)
        return probabilities, loss, hits

    return _compile(train), _compile(score)


def _compile(function: Callable) -> Callable:
    """Compile with what the backend has; torch runs the function as it stands."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        # Without autograph, which has nothing to do here, compiling is ten times as fast.
        compiled = tf.function(function, autograph=False)
        compiled._omit_frequent_tracing_warning = True  # populations come in many sizes
        return compiled
    if keras.backend.backend() == "jax":
        import jax

        return jax.jit(function)
    return function


def prepare(configurations: Sequence[Mapping], weights: Sequence) -> tuple[Plan, dict]:
    """Return the plan and, as tensors, the settings of the members."""

    def of(key):
        return np.array([c[key] for c in configurations])

    rules, activations, shares = rules_of(configurations), of("activation"), of("dropout").T
    normalizations = np.array([c["normalization"] or "none" for c in configurations])
    units, depth = of("units").T, len(shares) + 1
    real = [
        np.arange(kernel.shape[1]) < width[:, None]
        for kernel, width in zip(weights[: 2 * depth - 2 : 2], units, strict=True)
    ]
    n_classes = weights[2 * depth - 2].shape[1]
    before = [np.zeros(len(configurations)), *units]  # nothing is added in the first layer
    residual = [of("residual") & (a == b) for a, b in zip(before[:-1], units, strict=True)]
    bounds = {key: column(configurations, key, np.inf) for key in CLIPPING}
    factored = any(c["lr_factors"] is not None for c in configurations)
    plan = Plan(
        rules=tuple(tuple(np.unique(each).tolist()) for each in rules),
        activations=tuple(np.unique(activations).tolist()),
        normalizations=tuple(np.unique(normalizations).tolist()),
        dropout=tuple(bool(share.any()) for share in shares),
        residual=tuple(bool(layer.any()) for layer in residual),
        padded=tuple(not layer.all() for layer in real),
        clipping=tuple(key for key, bound in bounds.items() if np.isfinite(bound).any()),
        lr_factors=factored,
        epsilon=own_epsilon(configurations, rules),
        weight_decay=bool(of("weight_decay").any()),
        ema=any(c["ema_momentum"] is not None for c in configurations),
        l2=bool(of("l2").any()),
    )
    settings: dict = {"l2": _each(of("l2")), "rules": []}
    for names, used in zip(rules, plan.rules, strict=True):
        made = constants(configurations, names) | {name: names == name for name in used}
        settings["rules"].append({key: _each(value) for key, value in made.items()})
    for names, used in ((activations, plan.activations), (normalizations, plan.normalizations)):
        settings |= {name: _each(names == name) for name in used}
    settings |= {key: _each(bounds[key]) for key in plan.clipping}
    settings["dropout"] = [_each(share) for share in shares]
    settings["residual"] = [_each(layer) for layer in residual]
    settings["real"] = [_float(layer[:, :, None]) for layer in real]
    if factored:
        factors = [c["lr_factors"] or (1.0,) * depth for c in configurations]
        settings["lr_factors"] = [_each(layer) for layer in np.array(factors).T]
    if len(rules) > 1:  # Muon's steps grow with its matrices
        ends = [np.full(len(configurations), n) for n in (weights[0].shape[2], n_classes)]
        sizes = np.maximum([ends[0], *units], [*units, ends[1]])
        settings["size"] = [_each(0.2 * np.sqrt(size)) for size in sizes]
    return plan, settings


def epoch_inputs(plan, configurations, rates, order, batch_size, first_update, seed) -> dict:
    """Return, for each update of an epoch, its samples, numbers and seeds, as tensors.

    The last batch is filled up with samples that count 0.
    """
    n, steps, layers = len(order), len(rates), len(configurations[0]["units"])
    samples = np.zeros(steps * batch_size, "int32")
    samples[:n] = order
    counts = np.arange(len(samples)) < n
    t = first_update + np.arange(steps)[:, None] + 1.0
    draws = (t.astype(int) - 1) * layers + np.arange(layers)
    seeds = np.stack([np.full_like(draws, seed), draws], axis=-1)
    return {
        "order": ops.convert_to_tensor(samples.reshape(steps, batch_size)),
        "counts": _float(counts.reshape(steps, batch_size)),
        "numbers": [
            {key: _float(value) for key, value in each.items()}
            for each in (
                numbers(plan, configurations, rules, rates, t) for rules in rules_of(configurations)
            )
        ],
        "seeds": ops.convert_to_tensor(seeds, dtype=keras.random.SeedGenerator(0).state.dtype),
    }


def _each(values):
    """Return one value for each member, to go with arrays of (K, neurons, samples or inputs)."""
    dtype = "bool" if values.dtype == bool else "float32"
    return ops.convert_to_tensor(values[:, None, None], dtype=dtype)


def _float(value):
    return ops.convert_to_tensor(value, dtype="float32")
