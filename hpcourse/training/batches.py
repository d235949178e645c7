"""The order of the samples in a training."""

from __future__ import annotations

import math
from typing import Any

import keras
import numpy as np
from numpy.typing import ArrayLike

from hpcourse.arguments import array, whole


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
        Of one length; they are not copied.
    batch_size : int
        Samples in a batch, at least 1; the last batch of an epoch may be smaller.
    sample_weight : array of n numbers, optional
        Factors of the samples' losses, finite; a batch is then (x, y, weights).
    seed : int
        0 or more.
    initial_epoch : int
        The epoch that comes first, counted from 0; give ``fit`` the same number.

    Raises
    ------
    ValueError
        For x, y and weights that are no arrays or of different or zero length, weights that are
        not finite, or a batch size below 1.

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
        sample_weight: ArrayLike | None = None,
        seed: int = 0,
        initial_epoch: int = 0,
    ):
        super().__init__()
        self.x, self.y = _samples("x", x), _samples("y", y)
        if len(self.x) != len(self.y) or not len(self.x):
            raise ValueError(
                f"x and y need one length above 0, got {len(self.x)} samples and "
                f"{len(self.y)} targets"
            )
        self.sample_weight = None
        if sample_weight is not None:
            what = f"sample_weight has one number for each of {len(self.x)} samples and"
            array(what, sample_weight, len(self.x))
            self.sample_weight = np.asarray(sample_weight)
        self.batch_size, self.seed = whole("batch_size", batch_size, 1), whole("seed", seed)
        self._given = 0  # batches of the present epoch that fit has got
        self._in_epoch = False
        self._start(whole("initial_epoch", initial_epoch))

    def _start(self, epoch: int) -> None:
        self.epoch = epoch
        self._order = np.random.default_rng((self.seed, epoch)).permutation(len(self.x))

    def __len__(self) -> int:
        """Number of batches, and so of updates, in an epoch."""
        return math.ceil(len(self.x) / self.batch_size)

    def __getitem__(self, index: int) -> tuple[np.ndarray, ...]:
        if self._in_epoch:
            # By default fit asks for the batches in an order of its own, drawn from Python's
            # global generator. It gets them in ours.
            index = self._given % len(self)
            self._given += 1
        index = range(len(self))[index]
        chosen = self._order[index * self.batch_size : (index + 1) * self.batch_size]
        batch = self.x[chosen], self.y[chosen]
        return batch if self.sample_weight is None else (*batch, self.sample_weight[chosen])

    def on_epoch_begin(self) -> None:
        """Go to the next epoch's order if fit has got the whole last one; Keras calls this."""
        if self._given >= len(self):
            self._start(self.epoch + 1)
        self._given, self._in_epoch = 0, True

    def on_epoch_end(self) -> None:
        """Keras calls this after every epoch, and once before the first."""
        self._in_epoch = False


def _samples(name: str, given: Any) -> np.ndarray:
    """Return what has an entry for each sample as an array, or say that it has none."""
    try:
        made = np.asarray(given)
    except ValueError:  # lists of other lengths in a list
        made = np.asarray(None)
    if not made.ndim:
        raise ValueError(f"{name} is an array with an entry for each sample, got {given!r:.200}")
    return made
