"""Trainings that go on after a crash."""

from __future__ import annotations

import os
import warnings
import zipfile
import zlib
from pathlib import Path

import keras

from hpcourse.schedules import keras_classes  # noqa: F401 - so that saved schedules load


def latest_checkpoint(folder: str | os.PathLike) -> tuple[keras.Model, int] | None:
    """Load the last whole checkpoint in a folder, to go on from there.

    Write the checkpoints with ``keras.callbacks.ModelCheckpoint(f"{folder}/{{epoch:04d}}.keras")``:
    one file for each epoch, named by the number of epochs done. A file that a crash left
    half-written is passed over with a warning; files with other names are left alone.

    Parameters
    ----------
    folder : path
        It need not exist.

    Returns
    -------
    (model, epochs done), or None
        The compiled model with its weights, optimizer state and random states, and the
        number to give ``fit`` as ``initial_epoch``. None where there is no whole checkpoint.

    Raises
    ------
    ValueError
        For a checkpoint of a model that was not compiled; what is no path, or a file.

    Warns
    -----
    UserWarning
        For a half-written file, and for a dropout layer without a seed: its random numbers
        cannot be continued.

    Notes
    -----
    The states of callbacks, such as the patience of ``EarlyStopping``, are in no checkpoint.
    """
    if not isinstance(folder, str | os.PathLike) or os.path.isfile(folder):
        raise ValueError(f"folder is the path of a folder of checkpoints, got {folder!r}")
    place = Path(folder).absolute()
    files = [file for file in place.glob("*.keras") if file.stem.isdecimal()]
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
