"""Trainings that can be repeated and resumed."""

from __future__ import annotations

import math
import warnings
from pathlib import Path

import keras
import numpy as np
from numpy.typing import ArrayLike

__all__ = ["Batches", "latest_checkpoint"]


class Batches(keras.utils.PyDataset):
    """Batches in an order that depends on the seed and the epoch, and on nothing else.

    ``model.fit(x, y)`` shuffles with a generator that remembers its past, so a training
    that is resumed at epoch 5 sees other batches than one that never stopped. Here the
    order of epoch e is the permutation drawn from ``(seed, e)``.

    Parameters
    ----------
    x, y : arrays of n samples and their n targets
    batch_size : int
        Samples in a batch, at least 1; the last batch of an epoch may be smaller.
    seed : int
    initial_epoch : int
        The epoch that comes first; give ``fit`` the same number.

    Raises
    ------
    ValueError
        For x and y of different or zero length, or a batch size below 1.

    Examples
    --------
    >>> a = Batches(np.arange(6), np.arange(6), batch_size=4, seed=1)
    >>> a.on_epoch_end()  # now in epoch 1
    >>> b = Batches(np.arange(6), np.arange(6), batch_size=4, seed=1, initial_epoch=1)
    >>> bool((a[0][0] == b[0][0]).all()), [len(x) for x, y in (a[0], a[1])]
    (True, [4, 2])
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
            raise ValueError(f"x has {len(self.x)} samples and y has {len(self.y)}")
        if batch_size < 1:
            raise ValueError(f"batch_size is at least 1, got {batch_size!r}")
        self.batch_size, self.seed = batch_size, seed
        self._start(initial_epoch)

    def _start(self, epoch: int) -> None:
        self.epoch = epoch
        self._order = np.random.default_rng((self.seed, epoch)).permutation(len(self.x))

    def __len__(self) -> int:
        """Number of batches, and so of updates, in an epoch."""
        return math.ceil(len(self.x) / self.batch_size)

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        chosen = self._order[index * self.batch_size : (index + 1) * self.batch_size]
        return self.x[chosen], self.y[chosen]

    def on_epoch_end(self) -> None:
        """Shuffle anew; Keras calls this after every epoch."""
        self._start(self.epoch + 1)


def latest_checkpoint(folder: str | Path) -> tuple[keras.Model, int] | None:
    """Load the last whole checkpoint in a folder, to go on from there.

    Write the checkpoints with ``keras.callbacks.ModelCheckpoint(f"{folder}/{{epoch:04d}}.keras")``:
    one file for each epoch, named by the number of epochs done. A file that a crash left
    half-written is passed over with a warning.

    Returns
    -------
    (model, epochs done), or None
        The compiled model with its weights, optimizer state and random states, and the
        number to give ``fit`` as ``initial_epoch``. None where no checkpoint can be read.
    """
    for file in sorted(Path(folder).glob("*.keras"), reverse=True):
        try:
            model, epochs = keras.saving.load_model(file), int(file.stem)
        except Exception as error:  # noqa: BLE001 - a torn file fails in many ways
            warnings.warn(f"checkpoint {file} is passed over: {error}", stacklevel=2)
            continue
        # Keras does not save how often dropout has drawn: once in every update.
        for variable in model.variables:
            if variable.path.endswith("seed_generator_state"):
                seed = keras.ops.convert_to_numpy(variable)[0]
                variable.assign([seed, int(model.optimizer.iterations)])
        return model, epochs
    return None
