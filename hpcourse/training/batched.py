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
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import keras
import numpy as np
from keras import ops

# The derivative of each activation, from the sum z and the output a.
ACTIVATIONS: dict[str, Callable] = {
    "elu": lambda z, a: ops.where(z > 0, 1.0, a + 1.0),
    "gelu": lambda z, a: (
        (1 + ops.erf(z / math.sqrt(2))) / 2 + z * ops.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    ),
    "leaky_relu": lambda z, a: ops.where(z > 0, 1.0, 0.2),
    "linear": lambda z, a: ops.ones_like(z),
    "relu": lambda z, a: ops.cast(z > 0, z.dtype),
    "selu": lambda z, a: ops.where(z > 0, 1.0507009873554805, a + 1.7580993408473768),
    "sigmoid": lambda z, a: a * (1 - a),
    "silu": lambda z, a: a + ops.sigmoid(z) * (1 - a),
    "softplus": lambda z, a: ops.sigmoid(z),
    "softsign": lambda z, a: ops.square(1 - ops.abs(a)),
    "tanh": lambda z, a: 1 - a * a,
}

# The step of each update rule, from the gradient g, its running sums m <- decay m + g and
# s <- keep s + g^2, the learning rate and the momentum. Keras writes RMSprop and Adam with
# running means, (1 - decay) m and (1 - keep) s; with sums, these factors go into the rate and
# into epsilon, which is less to compute. SGD's gradients have the rate in them already.
BETA_1, BETA_2, RHO, EPSILON = 0.9, 0.999, 0.9, 1e-7
RULES: dict[str, Callable] = {
    "sgd": lambda g, m, s, rate, momentum: g,
    "momentum": lambda g, m, s, rate, momentum: m,
    "nesterov": lambda g, m, s, rate, momentum: momentum * m + g,
    "rmsprop": lambda g, m, s, rate, momentum: rate * g / ops.sqrt(s + EPSILON / (1 - RHO)),
    "adam": lambda g, m, s, rate, momentum: (
        rate * m / (ops.sqrt(s) + EPSILON / math.sqrt(1 - BETA_2))
    ),
}
SUMS = {"m": {"momentum", "nesterov", "adam"}, "s": {"rmsprop", "adam"}}
ADAPTIVE = ("rmsprop", "adam")


def keras_rates(rules, rates, t):
    """Return the rates that give Keras's steps at the updates t = 1, 2, ..., shape (t, K)."""
    adam = np.sqrt(1 - BETA_2**t) / (1 - BETA_1**t) * (1 - BETA_1) / np.sqrt(1 - BETA_2)
    factors = {"rmsprop": 1 / np.sqrt(1 - RHO), "adam": adam}
    return rates * np.stack(
        [np.broadcast_to(factors.get(rule, 1.0), t.shape)[:, 0] for rule in rules], axis=1
    )


@dataclass(frozen=True)
class Plan:
    """What at least one member uses: all that the compiled functions depend on."""

    rules: tuple[str, ...]
    activations: tuple[str, ...]
    dropout: tuple[bool, ...]  # for each hidden layer
    padded: tuple[bool, ...]  # hidden layers in which the members' widths differ
    l2: bool


class _Seed(keras.random.SeedGenerator):
    """A seed computed in a compiled loop; Keras's own generators change a variable there."""

    def __init__(self, seed):
        self.seed = seed

    def next(self, ordered=True):
        return self.seed


def _own(settings, values):
    """Take for each member the value under the name that it uses."""
    (_, result), *others = values.items()
    for name, value in others:  # not a weighted sum: 0 * NaN is NaN
        result = ops.where(settings[name], value, result)
    return result


def _forward(plan, settings, weights, x, seeds=None):
    """Return the inputs of each layer, the slopes of the hidden ones, and the last sums."""
    k, out, _ = weights[0].shape
    rows = ops.matmul(ops.reshape(weights[0], (k * out, -1)), ops.transpose(x))
    z = ops.reshape(rows, (k, out, -1)) + weights[1]
    inputs, slopes = [x], []
    for layer in range(len(weights) // 2 - 1):
        outputs = {name: keras.activations.get(name)(z) for name in plan.activations}
        a = _own(settings, outputs)
        slope = _own(settings, {name: ACTIVATIONS[name](z, o) for name, o in outputs.items()})
        if plan.padded[layer]:  # a sigmoid of nothing is not nothing
            a, slope = a * settings["real"][layer], slope * settings["real"][layer]
        if plan.dropout[layer] and seeds is not None:
            share = settings["dropout"][layer]
            drawn = keras.random.uniform(z.shape, seed=_Seed(seeds[layer]))
            kept = ops.where(drawn < share, 0.0, 1 / (1 - share))
            a, slope = a * kept, slope * kept
        inputs.append(a)
        slopes.append(slope)
        z = ops.matmul(weights[2 * layer + 2], a) + weights[2 * layer + 3]
    return inputs, slopes, z


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
        squares = sum(ops.sum(ops.square(kernel), axis=(1, 2)) for kernel in weights[::2])
        loss = loss + ops.sum(counts) * settings["l2"][:, 0, 0] * squares
    return probabilities, probabilities - labels, loss, hits


def _backward(plan, weights, inputs, slopes, delta, decay):
    """Return the gradient of each weight and bias; decay is that of the L2 penalty."""
    gradients = []
    for layer in reversed(range(len(inputs))):
        kernel = weights[2 * layer]
        if layer:
            gradient = ops.matmul(delta, ops.transpose(inputs[layer], (0, 2, 1)))
        else:
            rows = ops.reshape(delta, (-1, inputs[0].shape[0]))
            gradient = ops.reshape(ops.matmul(rows, inputs[0]), kernel.shape)
        if plan.l2:
            gradient = gradient + decay * kernel
        gradients = [gradient, ops.sum(delta, axis=2, keepdims=True), *gradients]
        if layer:
            delta = ops.matmul(ops.transpose(kernel, (0, 2, 1)), delta) * slopes[layer - 1]
    return gradients


def _update(plan, settings, weights, sums, gradients, rate):
    """Return the weights and the running sums after one update."""
    decay, keep, sums = settings["decay"], settings["keep"], dict(sums)
    if "m" in sums:
        sums["m"] = [decay * m + g for m, g in zip(sums["m"], gradients, strict=True)]
    if "s" in sums:
        squares = [ops.square(g) for g in gradients]
        sums["s"] = [keep * s + g2 for s, g2 in zip(sums["s"], squares, strict=True)]
    unused = [None] * len(weights)
    parts = zip(weights, gradients, sums.get("m", unused), sums.get("s", unused), strict=True)
    weights = [
        weight - _own(settings, {name: RULES[name](g, m, s, rate, decay) for name in plan.rules})
        for weight, g, m, s in parts
    ]
    return weights, sums


@functools.lru_cache(maxsize=64)
def compiled(plan: Plan) -> tuple[Callable, Callable]:
    """Return the functions that train for an epoch and that score a batch."""

    def train(settings, weights, sums, x, y, epoch):
        def update(step, state):
            weights, sums, loss, hits = state
            chosen, counts = epoch["order"][step], epoch["counts"][step]
            batch, labels = ops.take(x, chosen, axis=0), ops.take(y, chosen, axis=0)
            inputs, slopes, z = _forward(plan, settings, weights, batch, epoch["seeds"][step])
            _, errors, losses, right = _score(plan, settings, weights, z, labels, counts)
            rate = epoch["rates"][step][:, None, None]
            scale = ops.where(settings["adaptive"], 1.0, rate)
            delta = errors * (counts / ops.sum(counts)) * scale
            decay = 2 * scale * settings["l2"]
            gradients = _backward(plan, weights, inputs, slopes, delta, decay)
            weights, sums = _update(plan, settings, weights, sums, gradients, rate)
            return weights, sums, loss + losses, hits + right

        zeros = ops.zeros(weights[0].shape[0])
        return ops.fori_loop(0, epoch["order"].shape[0], update, (weights, sums, zeros, zeros))

    def score(settings, weights, x, y, counts):
        z = _forward(plan, settings, weights, x)[2]
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
    column = {
        key: np.array([c[key] for c in configurations])
        for key in configurations[0]
        if key != "units"
    }
    rules, activations = np.array([_rule(c) for c in configurations]), column["activation"]
    widths = zip(*(c["units"] for c in configurations), strict=True)
    real = [
        np.arange(kernel.shape[1]) < np.array(width)[:, None]
        for kernel, width in zip(weights[:-2:2], widths, strict=True)
    ]
    shares = column["dropout"].T
    plan = Plan(
        tuple(np.unique(rules).tolist()),
        tuple(np.unique(activations).tolist()),
        tuple(bool(share.any()) for share in shares),
        tuple(not layer.all() for layer in real),
        bool(column["l2"].any()),
    )
    adam = rules == "adam"
    numbers = {
        "decay": np.where(adam, BETA_1, column["momentum"]),
        "keep": np.where(adam, BETA_2, RHO),
        "l2": column["l2"],
    }
    settings = {key: _float(value[:, None, None]) for key, value in numbers.items()}
    for names, used in ((rules, plan.rules), (activations, plan.activations)):
        settings |= {name: ops.convert_to_tensor((names == name)[:, None, None]) for name in used}
    adaptive = np.isin(rules, ADAPTIVE)[:, None, None]
    settings["adaptive"] = ops.convert_to_tensor(adaptive)
    settings["dropout"] = [_float(share[:, None, None]) for share in shares]
    settings["real"] = [_float(layer[:, :, None]) for layer in real]
    return plan, settings


def epoch_inputs(configurations, rates, order, batch_size, first_update, seed) -> dict:
    """Return, for each update of an epoch, its samples, rates and seeds, as tensors.

    The last batch is filled up with samples that count 0. Adam's correction of its first
    steps is a factor of the rate that depends on nothing but the number of the update.
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
        "rates": _float(keras_rates([_rule(params) for params in configurations], rates, t)),
        "seeds": ops.convert_to_tensor(seeds, dtype=keras.random.SeedGenerator(0).state.dtype),
    }


def _rule(params):
    if params["optimizer"] != "sgd" or not params["momentum"]:
        return params["optimizer"]
    return "nesterov" if params["nesterov"] else "momentum"


def _float(value):
    return ops.convert_to_tensor(value, dtype="float32")
