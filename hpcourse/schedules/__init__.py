"""Learning-rate schedules: the rate as a function of time.

A schedule is a small frozen object that you call with a time and that returns a rate.

>>> from hpcourse.schedules import Cosine
>>> schedule = Cosine(learning_rate=0.1, duration=10, counts="epochs")
>>> schedule(0), round(schedule(5), 6), schedule(10)
(0.1, 0.05, 0.0)

Time is counted in one of two units, and ``counts`` says which: ``"updates"`` (the default;
one for each batch, which is what Keras calls a step) or ``"epochs"``. Nothing converts
silently, because a schedule in the wrong unit is wrong by a factor of hundreds:

- ``schedule.to_updates(391)`` makes a schedule of epochs one of updates, at 391 updates an
  epoch, and ``schedule.to_epochs(391)`` does the reverse;
- ``schedule.to_keras()``, for the ``learning_rate`` of a Keras optimizer, accepts only
  updates, since optimizers count updates, and so does :class:`hpcourse.Population`, which
  takes the schedule itself;
- ``keras.callbacks.LearningRateScheduler(schedule)`` accepts only epochs, since the
  callback counts epochs.

>>> schedule.to_updates(391)
Cosine(learning_rate=0.1, counts='updates', duration=3910, final_learning_rate=0.0)

Notation: t is the time, from 0 at the first update; η(t) the rate; η₀ the start and η₁ the
end, T the duration. A schedule that ends keeps its last rate.

``to_keras()`` returns Keras's own class where there is one, and a model saved with it loads
anywhere. A model saved with a :class:`OneCycle`, or a :class:`WarmUp` of anything but
:class:`Cosine`, loads after ``import hpcourse.schedules.keras_classes``.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
