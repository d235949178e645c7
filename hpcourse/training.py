"""Trainings that can be repeated and resumed."""

from __future__ import annotations

import math
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from hpcourse import plots

__all__ = [
    "Batches",
    "LRRangeTest",
    "LearningRateLogger",
    "WarmRestarts",
    "latest_checkpoint",
    "lr_range_test",
]


class Batches(keras.utils.PyDataset):
    """Batches in an order that depends on the seed and the epoch, and on nothing else.

    Without a seed, ``model.fit(x, y)`` takes an order that no resumed training can repeat;
    after ``keras.utils.set_random_seed``, TensorFlow gives all epochs the same one. Here the
    order of epoch e is the permutation drawn from ``(seed, e)``, so a training that is resumed
    at epoch 5 sees the batches of one that never stopped.

    For ``fit`` alone: an ``evaluate`` on it would count as an epoch.

    Parameters
    ----------
    x, y : arrays of n samples and their n targets
    batch_size : int
        Samples in a batch, at least 1; the last batch of an epoch may be smaller.
    seed : int
        0 or more.
    initial_epoch : int
        The epoch that comes first, counted from 0; give ``fit`` the same number.

    Raises
    ------
    ValueError
        For x and y of different or zero length, or a batch size below 1.

    Examples
    --------
    >>> batches = Batches(np.arange(6), np.arange(6), batch_size=4, seed=1)
    >>> [len(x) for x, y in batches]
    [4, 2]
    >>> later = Batches(np.arange(6), np.arange(6), batch_size=4, seed=1, initial_epoch=3)
    >>> bool((batches[0][0] == later[0][0]).all())
    False
    """

    def __init__(
        self,
        x: ArrayLike,
        y: ArrayLike,
        batch_size: int = 32,
        *,
        seed: int = 0,
        initial_epoch: int = 0,
    ):
        super().__init__()
        self.x, self.y = np.asarray(x), np.asarray(y)
        if len(self.x) != len(self.y) or not len(self.x):
            raise ValueError(
                f"x and y need one length above 0, got {len(self.x)} samples and "
                f"{len(self.y)} targets"
            )
        if batch_size < 1:
            raise ValueError(f"batch_size is at least 1, got {batch_size!r}")
        self.batch_size, self.seed = batch_size, seed
        self._given = 0  # batches of the present epoch that fit has got
        self._in_epoch = False
        self._start(initial_epoch)

    def _start(self, epoch: int) -> None:
        self.epoch = epoch
        self._order = np.random.default_rng((self.seed, epoch)).permutation(len(self.x))

    def __len__(self) -> int:
        """Number of batches, and so of updates, in an epoch."""
        return math.ceil(len(self.x) / self.batch_size)

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        if self._in_epoch:
            # By default fit asks for the batches in an order of its own, drawn from Python's
            # global generator. It gets them in ours.
            index = self._given % len(self)
            self._given += 1
        index = range(len(self))[index]
        chosen = self._order[index * self.batch_size : (index + 1) * self.batch_size]
        return self.x[chosen], self.y[chosen]

    def on_epoch_begin(self) -> None:
        """Go to the next epoch's order if fit has got the whole last one; Keras calls this."""
        if self._given >= len(self):
            self._start(self.epoch + 1)
        self._given, self._in_epoch = 0, True

    def on_epoch_end(self) -> None:
        """Keras calls this after every epoch, and once before the first."""
        self._in_epoch = False


def latest_checkpoint(folder: str | Path) -> tuple[keras.Model, int] | None:
    """Load the last whole checkpoint in a folder, to go on from there.

    Write the checkpoints with ``keras.callbacks.ModelCheckpoint(f"{folder}/{{epoch:04d}}.keras")``:
    one file for each epoch, named by the number of epochs done. A file that a crash left
    half-written is passed over with a warning; files with other names are left alone.

    Returns
    -------
    (model, epochs done), or None
        The compiled model with its weights, optimizer state and random states, and the
        number to give ``fit`` as ``initial_epoch``. None where there is no whole checkpoint.

    Raises
    ------
    ValueError
        For a checkpoint of a model that was not compiled.

    Warns
    -----
    UserWarning
        For a half-written file, and for a dropout layer without a seed: its random numbers
        cannot be continued.

    Notes
    -----
    The states of callbacks, such as the patience of ``EarlyStopping``, are in no checkpoint.
    """
    files = [file for file in Path(folder).glob("*.keras") if file.stem.isdecimal()]
    for file in sorted(files, key=lambda file: int(file.stem), reverse=True):
        if not _is_whole(file):
            warnings.warn(f"checkpoint {file} is half-written, passed over", stacklevel=2)
            continue
        model = keras.saving.load_model(file)
        if getattr(model, "optimizer", None) is None:
            raise ValueError(f"{file} holds a model that was not compiled, so no training state")
        _restore_dropout(model)
        return model, int(file.stem)
    return None


def _is_whole(file: Path) -> bool:
    """Whether a .keras file, which is a zip archive, has all its parts undamaged."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = {"metadata.json", "config.json", "model.weights.h5"}
            return parts <= set(archive.namelist()) and archive.testzip() is None
    except (zipfile.BadZipFile, zlib.error, EOFError):
        return False


def _restore_dropout(model: keras.Model) -> None:
    """Set what Keras does not save: each dropout layer has drawn once in every update."""
    draws = [layer for layer in model.layers if hasattr(layer, "seed_generator")]
    if any(layer.seed is None for layer in draws):
        warnings.warn(
            "a dropout layer has no seed, so a resumed training drops other units than one "
            "that never stopped; build the model with seeds",
            stacklevel=3,
        )
    for variable in model.variables:
        if variable.path.endswith("seed_generator_state"):
            seed = keras.ops.convert_to_numpy(variable)[0]
            updates = keras.ops.convert_to_numpy(model.optimizer.iterations)
            variable.assign([seed, int(updates)])


class LearningRateLogger(keras.callbacks.Callback):
    """Records the learning rate that the optimizer used, update by update.

    It asks the optimizer and not the schedule, so it shows what happened and not what was
    meant, whoever set the rate: a Keras schedule, ``LearningRateScheduler``,
    ``ReduceLROnPlateau``. Put it last in the list of callbacks, after those that set rates.

    Attributes
    ----------
    per_update : list of float
        Rate at each update of the last ``fit``, also where Keras runs several at a time
        (``steps_per_execution``).
    per_epoch : list of float
        Rate at the first update of each epoch.

    Examples
    --------
    >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    >>> schedule = keras.optimizers.schedules.InverseTimeDecay(0.5, 1, 1.0)
    >>> model.compile(keras.optimizers.SGD(schedule), "mse")
    >>> logger = LearningRateLogger()
    >>> history = model.fit(np.ones((4, 1)), np.ones(4), 2, 2, verbose=0, callbacks=[logger])
    >>> [round(rate, 3) for rate in logger.per_update], len(logger.per_epoch)
    ([0.5, 0.25, 0.167, 0.125], 2)
    """

    def on_train_begin(self, logs=None) -> None:
        self.per_update: list[float] = []
        self.per_epoch: list[float] = []

    def on_epoch_begin(self, epoch, logs=None) -> None:
        self._epoch_start = len(self.per_update)

    def on_train_batch_begin(self, batch, logs=None) -> None:
        # A schedule can be asked later; a variable may be set anew when the batch has ended.
        optimizer = _inner(self.model.optimizer)
        self._before = int(optimizer._iterations)
        self._rate = None if _follows_schedule(optimizer) else float(optimizer.learning_rate)

    def on_train_batch_end(self, batch, logs=None) -> None:
        optimizer = _inner(self.model.optimizer)
        for update in range(self._before, int(optimizer._iterations)):
            rate = optimizer._learning_rate(update) if self._rate is None else self._rate
            self.per_update.append(float(rate))

    def on_epoch_end(self, epoch, logs=None) -> None:
        self.per_epoch += self.per_update[self._epoch_start : self._epoch_start + 1]


def _inner(optimizer: keras.optimizers.Optimizer) -> keras.optimizers.Optimizer:
    """Return the optimizer that updates the weights, without a wrapper that scales losses."""
    return getattr(optimizer, "inner_optimizer", optimizer)


def _follows_schedule(optimizer: keras.optimizers.Optimizer) -> bool:
    schedule = keras.optimizers.schedules.LearningRateSchedule
    return isinstance(_inner(optimizer)._learning_rate, schedule)


class WarmRestarts(keras.callbacks.Callback):
    """Sets the learning rate back to its start after given epochs, a finite number of times.

    Parameters
    ----------
    after : iterable of int
        Numbers of epochs done at which to restart; whole, ascending, from 1.
    schedule : callable, optional
        The rate as a function of the epochs since the last restart, such as a schedule of
        :mod:`hpcourse.schedules` that counts epochs. Without one, the rate at a restart is
        what it was when ``fit`` began, and other callbacks (``ReduceLROnPlateau``) may lower
        it in between; put this one last.

    Raises
    ------
    ValueError
        For numbers that are not as described, or a schedule that counts updates; when
        training begins, for an optimizer that follows a Keras schedule.

    Examples
    --------
    >>> from hpcourse.schedules import Exponential
    >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    >>> model.compile(keras.optimizers.SGD(0.1), "mse")
    >>> logger = LearningRateLogger()
    >>> restarts = WarmRestarts(after=[2], schedule=Exponential(0.1, np.log(2), counts="epochs"))
    >>> history = model.fit(
    ...     np.ones((4, 1)), np.ones(4), epochs=5, verbose=0, callbacks=[restarts, logger]
    ... )
    >>> [round(rate, 3) for rate in logger.per_epoch]
    [0.1, 0.05, 0.1, 0.05, 0.025]
    """

    def __init__(self, after: Iterable[int], schedule: Callable[[int], float] | None = None):
        super().__init__()
        epochs = list(after)
        whole = all(isinstance(e, int | np.integer) and e >= 1 for e in epochs)
        if not epochs or not whole or epochs != sorted(set(epochs)):
            raise ValueError(f"after is at least one epoch from 1, ascending, got {after!r}")
        if schedule is not None and not callable(schedule):
            raise ValueError(f"schedule is a function of the epoch or None, got {schedule!r}")
        if getattr(schedule, "counts", "epochs") != "epochs":
            raise ValueError(f"schedule counts epochs, got one that counts updates: {schedule!r}")
        self.after, self.schedule = epochs, schedule

    def on_train_begin(self, logs=None) -> None:
        if _follows_schedule(self.model.optimizer):
            raise ValueError(
                "WarmRestarts sets the rate of an optimizer that was made with a number as its "
                "learning_rate; this one follows a Keras schedule"
            )
        self._start = float(self.model.optimizer.learning_rate)

    def on_epoch_begin(self, epoch, logs=None) -> None:
        if self.schedule is not None:
            last = max((e for e in self.after if e <= epoch), default=0)
            self.model.optimizer.learning_rate = float(self.schedule(epoch - last))
        elif epoch in self.after:
            self.model.optimizer.learning_rate = self._start


@dataclass(frozen=True, eq=False)
class LRRangeTest:
    """Result of :func:`lr_range_test`.

    Attributes
    ----------
    learning_rates, losses : arrays of shape (n,)
        Rate of each update, and the loss of its batch before the update.
    suggestion : float
        A rate to train with.
    """

    learning_rates: NDArray[np.float64]
    losses: NDArray[np.float64]
    suggestion: float

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the losses and their running mean over the rates, and mark the suggestion."""
        ax = plots._axes(ax)
        smooth = _smooth(self.losses)
        mark = plots.PALETTE["vermillion"]
        ax.semilogx(self.learning_rates, self.losses, ".", color=plots.GRAY, alpha=0.5)
        ax.semilogx(self.learning_rates[: len(smooth)], smooth, color=plots.COLORS["training"])
        ax.axvline(self.suggestion, color=mark, linestyle="--")
        ax.annotate(
            f" {self.suggestion:.2g}",
            (self.suggestion, 1),
            xycoords=("data", "axes fraction"),
            va="top",
            color=mark,
        )
        top = 1.2 * smooth[: smooth.argmin() + 1].max()
        ax.set(xlabel="learning rate", ylabel="training loss", ylim=(0, top))
        return ax


def _smooth(losses: NDArray) -> NDArray:
    """Weighted mean of each finite loss and its neighbors, a twentieth of all on each side."""
    losses = losses[np.isfinite(losses)]
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
    x, y = np.asarray(x), np.asarray(y)
    _check_range_test(model, x, y, low, high, n_updates, batch_size)
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


def _check_range_test(model, x, y, low, high, n_updates, batch_size) -> None:
    """Raise the error for what :func:`lr_range_test` does not accept."""
    if getattr(model, "optimizer", None) is None:
        raise ValueError("model is not compiled: call model.compile(optimizer, loss) first")
    if not 0 < low < high < math.inf:
        raise ValueError(f"low and high are rates with 0 < low < high, got {low!r} and {high!r}")
    for name, value, least in (("n_updates", n_updates, 10), ("batch_size", batch_size, 1)):
        if not isinstance(value, int | np.integer) or value < least:
            raise ValueError(f"{name} is a whole number from {least}, got {value!r}")
    if len(x) != len(y):
        raise ValueError(f"x and y have the same length, got {len(x)} and {len(y)}")
    if len(x) < batch_size:
        raise ValueError(f"x has at least batch_size={batch_size} samples, got {len(x)}")
    for name, values in (("x", x), ("y", y)):
        if values.dtype.kind not in "fiub" or not np.isfinite(values).all():
            raise ValueError(f"{name} has finite numbers only, got NaN, infinity or no numbers")


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
    held = _inner(optimizer)._learning_rate if _follows_schedule(optimizer) else None
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
            _inner(optimizer).learning_rate = ramp
            _inner(optimizer)._iterations.assign(0)
            yield lambda rate: None
    finally:
        if held is not None:
            _inner(optimizer).learning_rate = held
        if held is not None or steps != 1:
            model.train_function, model.steps_per_execution = function, steps
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)
