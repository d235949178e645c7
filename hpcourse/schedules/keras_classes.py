"""Keras's side of the schedules for which Keras has no class of its own.

Make them with ``to_keras()`` of a schedule in :mod:`hpcourse.schedules`. Importing this module
registers them, so that ``keras.saving.load_model`` finds them; ``latest_checkpoint`` does so.
"""

from __future__ import annotations

import keras
from keras import ops


class _Stored(keras.optimizers.schedules.LearningRateSchedule):
    """A schedule that stores its arguments under their names, and so knows its config."""

    def __init__(self, **config):
        super().__init__()
        self._config = config
        vars(self).update(config)

    def get_config(self) -> dict:
        return dict(self._config)


@keras.saving.register_keras_serializable("hpcourse")
class OneCycle(_Stored):
    """Keras's form of :class:`hpcourse.schedules.OneCycle`; ``top`` is the peak's update."""

    def __init__(
        self,
        learning_rate: float,
        duration: float,
        top: float,
        initial_learning_rate: float,
        final_learning_rate: float,
    ):
        super().__init__(
            learning_rate=learning_rate,
            duration=duration,
            top=top,
            initial_learning_rate=initial_learning_rate,
            final_learning_rate=final_learning_rate,
        )

    def __call__(self, step):
        t = ops.cast(step, keras.config.floatx())
        rising = t < self.top
        share = ops.where(rising, 1 - t / self.top, (t - self.top) / (self.duration - self.top))
        low = ops.where(rising, self.initial_learning_rate, self.final_learning_rate)
        wave = (1 + ops.cos(3.141592653589793 * ops.clip(share, 0.0, 1.0))) / 2
        return low + (self.learning_rate - low) * wave


@keras.saving.register_keras_serializable("hpcourse")
class WarmUp(_Stored):
    """Keras's form of :class:`hpcourse.schedules.WarmUp`.

    From ``initial_learning_rate`` to ``learning_rate`` in ``duration`` updates, then
    ``schedule``, which counts from update ``delay``.
    """

    def __init__(
        self,
        schedule: keras.optimizers.schedules.LearningRateSchedule,
        duration: float,
        initial_learning_rate: float,
        learning_rate: float,
        delay: float,
    ):
        super().__init__(
            schedule=schedule,
            duration=duration,
            initial_learning_rate=initial_learning_rate,
            learning_rate=learning_rate,
            delay=delay,
        )

    def __call__(self, step):
        t = ops.cast(step, keras.config.floatx())
        share = t / self.duration
        rise = self.initial_learning_rate * (1 - share) + self.learning_rate * share
        return ops.where(t < self.duration, rise, self.schedule(ops.maximum(t - self.delay, 0.0)))

    def get_config(self) -> dict:
        schedule = keras.optimizers.schedules.serialize(self.schedule)
        return super().get_config() | {"schedule": schedule}

    @classmethod
    def from_config(cls, config: dict) -> WarmUp:
        schedule = keras.optimizers.schedules.deserialize(config["schedule"])
        return cls(**config | {"schedule": schedule})
