"""The learning-rate range test."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import ArrayLike, NDArray

from hpcourse.arguments import array, real, whole
from hpcourse.schedules.base import Schedule
from hpcourse.training.batches import Batches
from hpcourse.training.callbacks import inner, is_settable
from hpcourse.training.configurations import samples


@dataclass(frozen=True, eq=False)
class LRRangeTest:
    """Result of :func:`lr_range_test`.

    Attributes
    ----------
    learning_rates, losses : arrays of shape (n,)
        Rate of each update, and the loss of its batch before the update.
    suggestion : float
        A rate to train with.

    Raises
    ------
    ValueError
        When made by hand of arrays of other shapes, or of what is no number.
    """

    learning_rates: NDArray[np.float64]
    losses: NDArray[np.float64]
    suggestion: float

    def __post_init__(self):
        rates = array("learning_rates", self.learning_rates, "n")
        losses = array("losses", self.losses, "n", finite=False)
        if len(losses) != len(rates):
            raise ValueError(
                f"learning_rates and losses have one length, got {rates.shape} and {losses.shape}"
            )
        suggestion = float(real("suggestion", self.suggestion, above=0))
        vars(self).update(learning_rates=rates, losses=losses, suggestion=suggestion)

    @property
    def smoothed(self) -> NDArray[np.float64]:
        """The finite losses, each the weighted mean of its neighborhood, shape (m,), m <= n."""
        return _smooth(self.losses)


def _smooth(losses: NDArray) -> NDArray:
    """Weighted mean of each finite loss and its neighbors, a twentieth of all on each side."""
    losses = losses[np.isfinite(losses)]
    if not len(losses):
        return losses
    half = max(2, len(losses) // 20)
    weights = np.hanning(2 * half + 3)[1:-1]  # centered: a running mean lags behind the rate
    return np.convolve(np.pad(losses, half, mode="edge"), weights / weights.sum(), "valid")


def lr_range_test(
    model: keras.Model,
    x: ArrayLike,
    y: ArrayLike,
    low: float = 1e-4,
    high: float = 10.0,
    *,
    n_updates: int = 200,
    batch_size: int = 128,
    seed: int = 0,
) -> LRRangeTest:
    """Train with a rate that grows from update to update, and see where the loss turns.

    Update i = 0 ... n - 1 has the rate low · (high / low) ** (i / (n - 1)): each is larger
    than the one before by the same factor, because the right order of magnitude is what is
    sought [1]_. The test stops when the running mean of the loss exceeds four times its
    smallest value, or a loss is not finite. Whatever happens, the model is left as it was:
    weights, optimizer state, learning rate, random states and metrics.

    The suggestion is the rate at which the smoothed loss has fallen by nine tenths of all
    that it will fall. The rule is ours; Smith reads from such a curve two bounds between which
    a cyclic schedule goes up and down, the upper where the improvement slows. Soon after comes the
    edge beyond which training fails. That edge itself is a worse guide, for the loss is
    ragged there, and with momentum it shows the divergence too late; so is the steepest
    descent, which noise moves by a factor of ten.

    Parameters
    ----------
    model : keras.Model
        Compiled; its learning rate may be a number or a schedule.
    x, y : arrays of n samples and their n targets
        Without NaN; at least ``batch_size`` of them.
    low, high : float
        First and last rate, 0 < low < high.
    n_updates : int
        At least 10.
    batch_size : int
        The one that you will train with: the best rate depends on it.
    seed : int
        Of the order of the samples.

    Raises
    ------
    ValueError
        Before any training, for arguments that are not as described; after it, where even
        ``low`` was too high.

    References
    ----------
    .. [1] L. N. Smith, "Cyclical learning rates for training neural networks", WACV 2017,
       section 3.3.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> x = rng.normal(size=(256, 5))
    >>> y = x.sum(axis=1) + rng.normal(size=256)
    >>> model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(1)])
    >>> model.compile(keras.optimizers.SGD(0.123), "mse")
    >>> found = lr_range_test(model, x, y, batch_size=16)
    >>> bool(found.losses[-1] > found.losses[0]), 0.001 < found.suggestion < 0.5
    (True, True)
    >>> round(float(model.optimizer.learning_rate), 3), int(model.optimizer.iterations)
    (0.123, 0)
    """
    low = float(real("low", low, above=0))
    high = float(real("high", high, above=low))
    n_updates, batch_size = whole("n_updates", n_updates, 10), whole("batch_size", batch_size, 1)
    seed = whole("seed", seed)
    x, y = _checked(model, x, y, batch_size)
    rates = np.geomspace(low, high, n_updates)
    batches, losses = Batches(x, y, batch_size, seed=seed), []
    n_full = len(x) // batch_size  # a smaller last batch would be noisier
    mean, best = 0.0, math.inf  # an exponential running mean, corrected for its start as in Adam
    with _rates_set_by_hand(model, x, rates) as set_rate:
        for i, rate in enumerate(rates):
            set_rate(rate)
            model.reset_metrics()  # or some versions of Keras return the mean over all batches
            losses.append(model.train_on_batch(*batches[i % n_full], return_dict=True)["loss"])
            mean = 0.9 * mean + 0.1 * losses[-1]
            now = mean / (1 - 0.9 ** len(losses))
            best = min(best, now)
            if not math.isfinite(now) or now > 4 * best:
                break
            if (i + 1) % n_full == 0:
                batches = Batches(x, y, batch_size, seed=seed, initial_epoch=batches.epoch + 1)
    losses = np.array(losses, dtype=float)
    return LRRangeTest(rates[: len(losses)], losses, _suggest(rates[: len(losses)], losses))


def _suggest(rates: NDArray, losses: NDArray, share: float = 0.9) -> float:
    """Return the rate at which the loss has first fallen by that share of its whole fall."""
    if (n := np.isfinite(losses).sum()) < 10:
        raise ValueError(
            f"low is a rate at which the network can train, got {rates[0]:g}: the loss diverged "
            f"or was no number after {n} updates"
        )
    smooth = _smooth(losses)
    fallen = smooth <= smooth[0] - share * (smooth[0] - smooth.min())
    return float(rates[fallen.argmax()])


def _checked(model, x, y, batch_size) -> tuple[NDArray, NDArray]:
    """Return x and y as arrays, or say why the model cannot be trained on them."""
    if not isinstance(model, keras.Model):
        raise ValueError(f"model is a Keras model, got {model!r}")
    if getattr(model, "optimizer", None) is None:
        raise ValueError("model is not compiled: call model.compile(optimizer, loss) first")
    rate = inner(model.optimizer)._learning_rate
    if isinstance(rate, Schedule):
        raise ValueError(
            "the learning_rate of model's optimizer is a number or a schedule of Keras, as "
            f".to_keras() makes it of a schedule of updates, got {rate!r}"
        )
    x, y = samples("x", x), samples("y", y)
    if len(x) != len(y):
        raise ValueError(f"x and y have the same length, got {len(x)} and {len(y)}")
    if len(x) < batch_size:
        raise ValueError(f"x has at least batch_size={batch_size} samples, got {len(x)}")
    for name, values in (("x", x), ("y", y)):
        if not np.isfinite(values).all():
            raise ValueError(
                f"{name} has finite numbers only, got NaN or infinity in an array of shape "
                f"{values.shape}"
            )
    wanted = getattr(model, "input_shape", None)
    if isinstance(wanted, tuple) and not _fits(wanted[1:], x.shape[1:]):
        raise ValueError(f"x has the shape {wanted} of model's input, got {x.shape}")
    return x, y


def _fits(wanted, shape) -> bool:
    """Whether Keras takes samples of that shape; an axis of length 1 at the end may be missing."""
    short, long = sorted((tuple(wanted), tuple(shape)), key=len)
    long = long[:-1] if len(long) == len(short) + 1 and long[-1] in (1, None) else long
    same = zip(short, long, strict=False)
    return len(short) == len(long) and all(n == m or None in (n, m) for n, m in same)


@contextmanager
def _rates_set_by_hand(
    model: keras.Model, x: NDArray, rates: NDArray
) -> Iterator[Callable[[float], None]]:
    """Give a function that sets the model's rate; on leaving, put everything back."""
    if not model.built:
        model.build((None, *x.shape[1:]))
    optimizer = model.optimizer
    if not optimizer.built:
        optimizer.build(model.trainable_variables)
    variables = [*model.variables, *optimizer.variables, *model.metrics_variables]
    values = [np.array(keras.ops.convert_to_numpy(variable.value)) for variable in variables]
    held = None if is_settable(optimizer) else inner(optimizer)._learning_rate
    function, steps = model.train_function, model.steps_per_execution
    if held is not None or steps != 1:
        model.train_function, model.steps_per_execution = None, 1
    try:
        if held is None:
            yield lambda rate: setattr(optimizer, "learning_rate", float(rate))
        else:
            # The compiled update asks the schedule, so the rates come as a schedule.
            low, n = float(rates[0]), len(rates)
            ramp = keras.optimizers.schedules.ExponentialDecay(low, n - 1, float(rates[-1]) / low)
            inner(optimizer).learning_rate = ramp
            inner(optimizer)._iterations.assign(0)
            yield lambda rate: None
    finally:
        if held is not None:
            inner(optimizer).learning_rate = held
        if held is not None or steps != 1:
            model.train_function, model.steps_per_execution = function, steps
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)
