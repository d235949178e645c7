"""Trainings that can be repeated and resumed."""

from __future__ import annotations

import math
import warnings
import zipfile
import zlib
from pathlib import Path

import keras
import numpy as np
from numpy.typing import ArrayLike

__all__ = ["Batches", "latest_checkpoint"]


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
