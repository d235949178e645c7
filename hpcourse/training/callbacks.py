"""Callbacks that watch and set the learning rate."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import keras

from hpcourse.arguments import wholes
from hpcourse.schedules.base import counting

KerasSchedule = keras.optimizers.schedules.LearningRateSchedule


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
    >>> import numpy as np
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
        optimizer = inner(self.model.optimizer)
        self._before = int(optimizer._iterations)
        self._rate = None if follows_schedule(optimizer) else float(optimizer.learning_rate)

    def on_train_batch_end(self, batch, logs=None) -> None:
        optimizer = inner(self.model.optimizer)
        for update in range(self._before, int(optimizer._iterations)):
            rate = optimizer._learning_rate(update) if self._rate is None else self._rate
            self.per_update.append(float(rate))

    def on_epoch_end(self, epoch, logs=None) -> None:
        self.per_epoch += self.per_update[self._epoch_start : self._epoch_start + 1]


def inner(optimizer: keras.optimizers.Optimizer) -> keras.optimizers.Optimizer:
    """Return the optimizer that updates the weights, without a wrapper that scales losses."""
    return getattr(optimizer, "inner_optimizer", optimizer)


def follows_schedule(optimizer: keras.optimizers.Optimizer) -> bool:
    """Whether a Keras schedule, and not a number, is an optimizer's learning rate."""
    return isinstance(inner(optimizer)._learning_rate, KerasSchedule)


def is_settable(optimizer: keras.optimizers.Optimizer) -> bool:
    """Whether a number, and neither a schedule nor a function, is the learning rate."""
    return not callable(inner(optimizer)._learning_rate)


class RestartLearningRate(keras.callbacks.Callback):
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
        For numbers that are not as described, or a schedule that counts updates, as Keras's
        do; when training begins, for an optimizer that follows a schedule.

    Examples
    --------
    >>> import numpy as np
    >>> from hpcourse.schedules import Exponential
    >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    >>> model.compile(keras.optimizers.SGD(0.1), "mse")
    >>> logger = LearningRateLogger()
    >>> halving = Exponential(0.1, np.log(2), counts="epochs")
    >>> restarts = RestartLearningRate(after=[2], schedule=halving)
    >>> history = model.fit(
    ...     np.ones((4, 1)), np.ones(4), epochs=5, verbose=0, callbacks=[restarts, logger]
    ... )
    >>> [round(rate, 3) for rate in logger.per_epoch]
    [0.1, 0.05, 0.1, 0.05, 0.025]
    """

    def __init__(self, after: Iterable[int], schedule: Callable[[int], float] | None = None):
        super().__init__()
        epochs = list(wholes("after", after, 1, least=1))
        if epochs != sorted(set(epochs)):
            raise ValueError(f"after is in ascending order, got {after!r}")
        if isinstance(schedule, KerasSchedule):
            raise ValueError(
                f"schedule counts epochs, got one of Keras's, of updates: {schedule!r}"
            )
        if schedule is not None:
            counting("epochs", "schedule", schedule)
        self.after, self.schedule = epochs, schedule

    def on_train_begin(self, logs=None) -> None:
        if not is_settable(self.model.optimizer):
            rate = inner(self.model.optimizer)._learning_rate
            kind = "Keras schedule" if isinstance(rate, KerasSchedule) else "function"
            raise ValueError(
                "RestartLearningRate sets the rate of an optimizer that was made with a number as "
                f"its learning_rate; this one follows a {kind}, got {rate!r}"
            )
        self._start = float(self.model.optimizer.learning_rate)

    def on_epoch_begin(self, epoch, logs=None) -> None:
        if self.schedule is not None:
            last = max((e for e in self.after if e <= epoch), default=0)
            self.model.optimizer.learning_rate = float(self.schedule(epoch - last))
        elif epoch in self.after:
            self.model.optimizer.learning_rate = self._start
