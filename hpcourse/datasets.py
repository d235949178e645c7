"""MNIST, checked by its content, and scikit-learn's digits where MNIST cannot be had.

:func:`load` looks, in this order, for

1. the file that the environment variable ``HPCOURSE_MNIST`` names,
2. ``mnist.npz`` in Keras's cache (``~/.keras/datasets``, or below ``KERAS_HOME``),
3. the address from which Keras downloads it (kept in that cache afterwards),
4. the 1,797 digits that scikit-learn carries, with a warning.
"""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import threading
import time
import urllib.request
import warnings
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hpcourse.arguments import instance

__all__ = [
    "Dataset",
    "DigitsWarning",
    "MNISTUnavailable",
    "find",
    "load",
    "load_digits",
    "load_mnist",
]

URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
PATIENCE = 15.0  # seconds in which a download must bring at least LEAST bytes
LEAST = 1 << 20  # so that the 11 MB arrive in three minutes or not at all
MOST = 64 << 20  # whatever is larger is not MNIST

# Shape, and MD5 of the four IDX files as published with the data set (LeCun et al., 1998).
_CONTENT = {
    "x_train": ((60000, 28, 28), "6bbc9ace898e44ae57da46a324031adb"),
    "y_train": ((60000,), "a25bea736e30d166cdddb491f175f624"),
    "x_test": ((10000, 28, 28), "2646ac647ad5339dbf082846283269ea"),
    "y_test": ((10000,), "27ae3e4e09519cfbb04c329615203637"),
}


class DigitsWarning(UserWarning):
    """Says that :func:`load` returned scikit-learn's digits, and why."""


class MNISTUnavailable(OSError):
    """No copy of MNIST is here and none could be downloaded."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images and labels, split for training, validation and the final test.

    Attributes
    ----------
    name : {"mnist", "digits"}
    x_train, x_val, x_test : uint8 arrays of shape (n, 28, 28)
        Gray values from 0 (background) to 255. After :meth:`flat`, float32 arrays of
        shape (n, 784) from 0 to 1.
    y_train, y_val, y_test : uint8 arrays of shape (n,)
        The digit on each image, 0 to 9.

    Raises
    ------
    ValueError
        When made by hand of what does not fit.
    """

    name: str
    x_train: NDArray
    y_train: NDArray
    x_val: NDArray
    y_val: NDArray
    x_test: NDArray
    y_test: NDArray

    def __post_init__(self):
        vars(self)["name"] = str(instance("name", self.name, str, "a text"))
        for part in ("train", "val", "test"):
            x, y = (_numbers(f"{kind}_{part}", getattr(self, f"{kind}_{part}")) for kind in "xy")
            if x.ndim < 2 or y.shape != x.shape[:1]:
                raise ValueError(
                    f"x_{part} holds images and y_{part} a digit for each, got arrays of shape "
                    f"{x.shape} and {y.shape}"
                )
            vars(self).update({f"x_{part}": x, f"y_{part}": y})

    def __repr__(self) -> str:
        sizes = (f"{len(y):,}" for y in (self.y_train, self.y_val, self.y_test))
        image = "x".join(map(str, self.x_train.shape[1:]))
        return "{}: {} training, {} validation, {} test images of {} ({})".format(
            self.name, *sizes, image, self.x_train.dtype
        )

    def flat(self) -> Dataset:
        """Return the same data as a fully connected network takes it.

        Each image becomes one row of 784 numbers, scaled from [0, 255] to [0, 1].

        >>> load_digits().flat()
        digits: 1,197 training, 300 validation, 300 test images of 784 (float32)
        """
        if self.x_train.dtype != np.uint8:
            return self

        def flatten(x):
            return x.reshape(len(x), -1).astype(np.float32) / np.float32(255)

        return replace(
            self,
            x_train=flatten(self.x_train),
            x_val=flatten(self.x_val),
            x_test=flatten(self.x_test),
        )


def _numbers(name, given):
    """Return an array of bytes or of single precision, without a copy of what is one."""
    try:
        made = np.asarray(given)
    except ValueError:  # lists of other lengths in a list
        made = np.asarray("")
    whole = made.dtype.kind in "iu" and (
        made.dtype == np.uint8 or not made.size or (made.min() >= 0 and made.max() <= 255)
    )
    if not made.ndim or not (whole or made.dtype.kind == "f"):
        raise ValueError(
            f"{name} is an array of whole numbers from 0 to 255 or of floats, got {given!r:.200}"
        )
    return made.astype(np.uint8 if whole else np.float32, copy=False)


def load() -> Dataset:
    """Return MNIST, or scikit-learn's digits with a :class:`DigitsWarning`.

    The numbers in the chapters are those of MNIST; on the digits everything runs too, but
    the numbers differ.

    Returns
    -------
    Dataset
        Of 50,000 / 10,000 / 10,000 images (MNIST) or 1,197 / 300 / 300 (digits).

    Raises
    ------
    FileNotFoundError, ValueError
        As :func:`load_mnist`; only a failed download falls back to the digits.
    """
    try:
        return load_mnist()
    except MNISTUnavailable as reason:
        warnings.warn(
            f"These are scikit-learn's 1,797 digits, not MNIST, so numbers and figures will "
            f"differ from the text. Reason: {reason}",
            DigitsWarning,
            stacklevel=2,
        )
        return load_digits()


def load_mnist() -> Dataset:
    """Return MNIST: 50,000 training, 10,000 validation and 10,000 test images.

    The first 50,000 of MNIST's 60,000 training images are for training, the last 10,000
    for validation.

    Raises
    ------
    FileNotFoundError
        ``HPCOURSE_MNIST`` names a file that does not exist.
    ValueError
        A file was found, and it is damaged or is not MNIST.
    MNISTUnavailable
        No file was found, and the download failed or stalled for 15 seconds.
    """
    path = find()
    if path is None:
        arrays = _download()
    else:
        try:
            arrays = _read(path)
        except ValueError as problem:
            if os.environ.get("HPCOURSE_MNIST"):
                mend = "Let HPCOURSE_MNIST name another copy, or unset it to download one."
            else:
                mend = "Delete this file and load again, to download it anew."
            raise ValueError(f"{path} {problem}. {mend}") from None
    return Dataset(
        "mnist",
        arrays["x_train"][:50000],
        arrays["y_train"][:50000],
        arrays["x_train"][50000:],
        arrays["y_train"][50000:],
        arrays["x_test"],
        arrays["y_test"],
    )


def load_digits() -> Dataset:
    """Return scikit-learn's 1,797 digits of 8x8 pixels, enlarged to 28x28.

    >>> load_digits()
    digits: 1,197 training, 300 validation, 300 test images of 28x28 (uint8)
    """
    from scipy.ndimage import zoom
    from sklearn.datasets import load_digits as bundled

    digits = bundled()
    order = np.random.default_rng(0).permutation(len(digits.target))
    large = zoom(digits.images[order], (1, 3.5, 3.5), order=1)
    x = np.rint(np.clip(large, 0, 16) * (255 / 16)).astype(np.uint8)
    y = digits.target[order].astype(np.uint8)
    return Dataset("digits", x[:1197], y[:1197], x[1197:1497], y[1197:1497], x[1497:], y[1497:])


def find() -> Path | None:
    """Return the file from which :func:`load` reads MNIST, or None if it must download it.

    The path is absolute, whatever the environment variables say.

    Raises
    ------
    FileNotFoundError
        ``HPCOURSE_MNIST`` names a file that does not exist.
    """
    named = os.environ.get("HPCOURSE_MNIST")
    if named:
        path = Path(os.path.expanduser(named)).absolute()
        if not os.path.isfile(path):
            raise FileNotFoundError(
                f"HPCOURSE_MNIST names {named!r}, but {path} is not a file; set it to "
                f"a copy of Keras's mnist.npz, or unset it to download MNIST"
            )
        return path
    cached = _cache()
    return cached if os.path.isfile(cached) else None


def _cache() -> Path:
    home = os.environ.get("KERAS_HOME") or "~/.keras"
    return Path(os.path.expanduser(home)).absolute() / "datasets" / "mnist.npz"


def _read(source: Path | io.BytesIO) -> dict[str, NDArray]:
    """Read the four arrays, each checked against the MD5 of its published file."""
    try:
        with open(source, "rb") if isinstance(source, Path) else source as stream:
            if not zipfile.is_zipfile(stream):
                raise ValueError("it is not a whole zip archive")
            stream.seek(0)
            file = np.load(stream, allow_pickle=False)
            if missing := sorted(set(_CONTENT) - set(file.files)):
                held = ", ".join(file.files) or "nothing"
                raise ValueError(f"it holds {held} and no {', '.join(missing)}")
            arrays = {name: np.asarray(file[name]) for name in _CONTENT}
    except PermissionError as error:
        raise ValueError(f"cannot be read: {error.strerror or error}") from None
    except Exception as error:  # a damaged file fails in a dozen ways
        raise ValueError(f"is damaged or is not MNIST: {_say(error)}") from None
    for name, (shape, md5) in _CONTENT.items():
        array = arrays[name]
        if array.shape != shape or array.dtype != np.uint8:
            raise ValueError(
                f"is not MNIST: its {name} is {array.dtype} of shape {array.shape}, "
                f"not uint8 of shape {shape}"
            )
        magic = 2048 + len(shape)  # an IDX file: magic number, sizes, then the bytes
        header = np.array([magic, *shape], dtype=">i4").tobytes()
        content = hashlib.md5(header, usedforsecurity=False)
        content.update(np.ascontiguousarray(array).data)
        if content.hexdigest() != md5:
            raise ValueError(f"is altered: its {name} differs from MNIST's")
    return arrays


def _say(error: BaseException) -> str:
    return str(error).strip(" .") or type(error).__name__


def _download() -> dict[str, NDArray]:
    """Download, check and keep MNIST; raise MNISTUnavailable if that fails or stalls."""
    cache = _cache()  # the working directory may change meanwhile
    try:
        content = _fetch()
        arrays = _read(io.BytesIO(content))
    except OSError as error:
        raise MNISTUnavailable(f"the download from {URL} failed: {_say(error)}") from None
    except ValueError as problem:
        raise MNISTUnavailable(f"the file at {URL} {problem}") from None
    try:
        _keep(content, cache)
    except OSError as error:
        warnings.warn(
            f"MNIST was downloaded but cannot be kept in {cache.parent} ({_say(error)}); "
            f"it will be downloaded again",
            stacklevel=4,
        )
    return arrays


def _fetch() -> bytes:
    """Return what URL delivers.

    A thread of its own reads, and is left behind when it hangs: a time limit on the
    connection alone covers neither a stuck name server nor bytes that trickle in.
    """
    chunks: list[bytes] = []
    failure: list[Exception] = []
    given_up = threading.Event()

    def read():
        try:
            with urllib.request.urlopen(URL, timeout=PATIENCE) as source:
                while not given_up.is_set() and (chunk := source.read1(1 << 16)):
                    chunks.append(chunk)
        except Exception as error:  # raised again below, in the caller's thread
            failure.append(error)

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    before, since = 0, time.monotonic()
    try:
        while thread.is_alive():
            thread.join(0.1)
            size = sum(map(len, chunks))
            if size > MOST:
                raise OSError(f"{size:,} bytes came, more than MNIST has")
            if size - before >= LEAST:
                before, since = size, time.monotonic()
            elif thread.is_alive() and time.monotonic() - since > PATIENCE:
                raise TimeoutError(f"{size - before:,} bytes came in the last {PATIENCE:g} seconds")
    finally:
        given_up.set()
    if failure:
        raise OSError(_say(failure[0]))
    return b"".join(chunks)


def _keep(content: bytes, destination: Path) -> None:
    """Move the whole file into the cache at once, so that no reader sees half of it."""
    destination.parent.mkdir(parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(dir=destination.parent)
    try:
        with open(handle, "wb") as file:
            file.write(content)
        os.chmod(partial, 0o644)  # a shared cache is there for others too
        os.replace(partial, destination)
    except BaseException:
        os.unlink(partial)
        raise
