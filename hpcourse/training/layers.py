r"""The layers of :class:`hpcourse.Population`: what they compute, forward and backward.

A hidden layer is dense → normalization → activation → dropout, and with a residual connection
its input is added at the end. With the sums Z of the dense layer, its outputs are

.. math::
    A = \varphi(\gamma \odot \hat Z + \beta) \odot \text{kept} \; [+ A_{\text{before}}],
    \quad \hat Z = (Z - \mathrm{mean}(Z)) / \sqrt{\mathrm{var}(Z) + 0.001}.

==========================  =====================================================================
``normalization=None``      :math:`\gamma \odot \hat Z + \beta` is Z itself
``"batch"`` [1]_            mean and variance of a neuron over the batch; in inference, their
                            moving averages, m ← .99 m + .01 mean, which start at 0 and 1. The
                            dense layer has no biases: they would be subtracted again
``"layer"`` [2]_            mean and variance of a sample over the layer's neurons, always
``residual=True`` [3]_      from the second hidden layer on, wherever the layer before has equally
                            many neurons
==========================  =====================================================================

With D the gradient with respect to :math:`\gamma \odot \hat Z + \beta`, the gradients of γ and β
are the sums of :math:`D \odot \hat Z` and of D over the batch. With the same mean as above, that
with respect to Z is

.. math::
    (G - \mathrm{mean}(G) - \hat Z \odot \mathrm{mean}(G \odot \hat Z)) / \sqrt{\mathrm{var}(Z) +
    0.001}, \quad G = \gamma \odot D.

References
----------
.. [1] S. Ioffe and C. Szegedy, "Batch normalization: accelerating deep network training by
   reducing internal covariate shift", ICML 2015.
.. [2] J. L. Ba, J. R. Kiros and G. E. Hinton, "Layer normalization", 2016.
.. [3] K. He, X. Zhang, S. Ren and J. Sun, "Deep residual learning for image recognition", CVPR
   2016.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import keras
from keras import ops

from hpcourse.training.rules import own

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
_MOMENTUM, _EPSILON = 0.99, 0.001  # Keras's


def _over_the_batch(plan, settings, layer, counts):
    """Return the mean over the samples that count, and which do."""
    share = counts / ops.sum(counts)
    return lambda v: ops.sum(v * share, axis=2, keepdims=True), ops.cast(counts > 0, counts.dtype)


def _over_the_layer(plan, settings, layer, counts):
    """Return the mean over a member's own neurons, and which are."""
    if not plan.padded[layer]:
        return lambda v: ops.mean(v, axis=1, keepdims=True), None
    real = settings["real"][layer]
    share = real / ops.sum(real, axis=1, keepdims=True)
    return lambda v: ops.sum(v * share, axis=1, keepdims=True), real


# What a normalization takes its mean over.
NORMALIZATIONS: dict[str, Callable] = {"batch": _over_the_batch, "layer": _over_the_layer}


def _standardized(z, mean):
    """Return (z - mean) / deviation, 1 / deviation, the mean and the variance."""
    center = mean(z)
    z = z - center
    variance = mean(ops.square(z))
    inverse = ops.rsqrt(variance + _EPSILON)
    return z * inverse, inverse, center, variance


def _standardized_backward(g, z, inverse, mean, real):
    """Return the gradient with respect to what was standardized to z."""
    shared = mean(g) + z * mean(g * z)
    return inverse * (g - (shared if real is None else real * shared))


class _Seed(keras.random.SeedGenerator):
    """A seed computed in a compiled loop; Keras's own generators change a variable there."""

    def __init__(self, seed):
        self.seed = seed

    def next(self, ordered=True):
        return self.seed


def _resized(a, width):
    """Return a layer's outputs for a layer of another width: cut off, or filled with zeros."""
    missing = width - a.shape[1]
    return ops.pad(a, ((0, 0), (0, missing), (0, 0))) if missing > 0 else a[:, :width]


def _normalize(plan, settings, weights, layer, z, state, counts):
    """Return the normalized sums, what the way back needs, and new moving averages or None."""
    gamma, beta = weights[plan.scales(layer)]
    outputs, cache, moving = {}, {}, None
    for name in plan.normalizations:
        if name == "none":
            outputs[name] = z
        elif name == "batch" and counts is None:
            mean, variance = (state[key][layer] for key in ("moving_mean", "moving_variance"))
            outputs[name] = gamma * ((z - mean) * ops.rsqrt(variance + _EPSILON)) + beta
        else:
            mean, real = NORMALIZATIONS[name](plan, settings, layer, counts)
            standard, inverse, *moments = _standardized(z, mean)
            outputs[name] = gamma * standard + beta
            cache[name] = standard, inverse, mean, real
            moving = moments if name == "batch" else moving
    return own(settings, outputs), cache, moving


def _normalize_backward(plan, settings, gamma, delta, cache):
    """Return the gradients of the sums, of gamma and of beta."""
    nothing = ops.zeros_like(gamma)
    gradients = {"none": (delta, nothing, nothing)}
    sums = ops.sum(delta, axis=2, keepdims=True)
    for name, (standard, *rest) in cache.items():
        scale = ops.sum(delta * standard, axis=2, keepdims=True)
        before = _standardized_backward(gamma * delta, standard, *rest)
        gradients[name] = before, scale, sums
    used = [gradients[name] for name in plan.normalizations]
    named = (dict(zip(plan.normalizations, each, strict=True)) for each in zip(*used, strict=True))
    return tuple(own(settings, values) for values in named)


def forward(plan, settings, weights, x, state, counts=None, seeds=None):
    """Return the last sums, what the way back needs, and the state.

    ``counts`` and ``seeds`` are given in training: which samples count, and the seeds of dropout.
    """
    k, out, _ = weights[0].shape
    rows = ops.matmul(ops.reshape(weights[0], (k * out, -1)), ops.transpose(x))
    z = ops.reshape(rows, (k, out, -1)) + weights[1]
    inputs, slopes, caches, moving = [x], [], [], []
    for layer in range(plan.depth - 1):
        if plan.normalized:
            z, cache, moments = _normalize(plan, settings, weights, layer, z, state, counts)
            caches.append(cache)
            moving.append(moments)
        outputs = {name: keras.activations.get(name)(z) for name in plan.activations}
        a = own(settings, outputs)
        slope = own(settings, {name: ACTIVATIONS[name](z, o) for name, o in outputs.items()})
        if plan.padded[layer]:  # a sigmoid of nothing is not nothing
            a, slope = a * settings["real"][layer], slope * settings["real"][layer]
        if plan.dropout[layer] and seeds is not None:
            share = settings["dropout"][layer]
            drawn = keras.random.uniform(z.shape, seed=_Seed(seeds[layer]))
            kept = ops.where(drawn < share, 0.0, 1 / (1 - share))
            a, slope = a * kept, slope * kept
        if plan.residual[layer]:
            a = ops.where(settings["residual"][layer], a + _resized(inputs[-1], a.shape[1]), a)
        inputs.append(a)
        slopes.append(slope)
        z = ops.matmul(weights[2 * layer + 2], a) + weights[2 * layer + 3]
    if "batch" in plan.normalizations and counts is not None:
        keys = zip(("moving_mean", "moving_variance"), zip(*moving, strict=True), strict=True)
        state = state | {
            key: [
                _MOMENTUM * old + (1 - _MOMENTUM) * new
                for old, new in zip(state[key], values, strict=True)
            ]
            for key, values in keys
        }
    return z, (inputs, slopes, caches), state


def backward(plan, settings, weights, passed, delta, decay):
    """Return the gradient of each weight; decay is that of the L2 penalty.

    ``passed`` is what :func:`forward` returned, ``delta`` the gradient of the last sums.
    """
    inputs, slopes, caches = passed
    gradients, scales, above = [], [], None
    for layer in reversed(range(plan.depth)):
        kernel = weights[2 * layer]
        if layer:
            gradient = ops.matmul(delta, ops.transpose(inputs[layer], (0, 2, 1)))
        else:
            rows = ops.reshape(delta, (-1, inputs[0].shape[0]))
            gradient = ops.reshape(ops.matmul(rows, inputs[0]), kernel.shape)
        if plan.l2:
            gradient = gradient + decay * kernel
        biases = ops.sum(delta, axis=2, keepdims=True)
        if "batch" in plan.normalizations and layer < plan.depth - 1:
            biases = ops.where(settings["batch"], 0.0, biases)
        gradients = [gradient, biases, *gradients]
        if layer:
            outer = ops.matmul(ops.transpose(kernel, (0, 2, 1)), delta)
            if layer < plan.depth - 1 and plan.residual[layer]:
                around = _resized(above, outer.shape[1])
                outer = ops.where(settings["residual"][layer], outer + around, outer)
            delta, above = outer * slopes[layer - 1], outer
            if plan.normalized:
                gamma = weights[plan.scales(layer - 1)][0]
                cache = caches[layer - 1]
                delta, *pair = _normalize_backward(plan, settings, gamma, delta, cache)
                scales = [*pair, *scales]
    return gradients + scales
