"""What a network costs on the device that Keras computes on."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hpcourse import records as kept
from hpcourse.arguments import array, function, instance, mapping, plain, real, whole, wholes
from hpcourse.compute.machine import describe

UNITS, BATCH_SIZE = (64, 64), 128


@dataclass(frozen=True)
class DeviceRecord:
    """What networks cost on one device; :func:`measure` makes it.

    Attributes
    ----------
    name : str
        What to call the device in a figure.
    machine : dict
        From :func:`describe`.
    n_images, batch_size, units
        The work: an epoch of so many images of 784 pixels, for networks with these hidden
        layers, trained by Adam.
    members : tuple of int
        How many networks were trained at once.
    first_epoch, epoch : tuple of float
        Seconds of the first epoch of each population, compilation included, and of an epoch
        after it, for all members together.
    fit_first_epoch, fit_epoch : float
        The same for one network and ``model.fit``.

    Raises
    ------
    ValueError
        When made by hand of what does not fit.
    """

    name: str
    machine: dict
    n_images: int
    batch_size: int
    units: tuple[int, ...]
    members: tuple[int, ...]
    first_epoch: tuple[float, ...]
    epoch: tuple[float, ...]
    fit_first_epoch: float
    fit_epoch: float

    def __post_init__(self):
        def put(name, check, *bounds, **limits):
            vars(self)[name] = check(name, getattr(self, name), *bounds, **limits)

        put("name", instance, str, "a text")
        if not mapping("machine", self.machine, "what describe() names to its values"):
            raise ValueError("machine has what describe() tells, got {}")
        vars(self).update(name=str(self.name), machine=plain(dict(self.machine)))
        for name in ("n_images", "batch_size"):
            put(name, whole, 1)
        put("units", wholes, 1)
        put("members", wholes, 1, least=1)
        for name in ("first_epoch", "epoch"):
            given = getattr(self, name)
            put(name, array, len(self.members))
            if getattr(self, name).min() < 0:
                raise ValueError(f"{name} holds seconds, numbers from 0, got {given!r}")
            vars(self)[name] = tuple(getattr(self, name).tolist())
        put("fit_first_epoch", real, 0)
        put("fit_epoch", real, above=0)

    @property
    def seconds_per_network(self) -> np.ndarray:
        """Seconds of an epoch for each network, one value for each of ``members``."""
        return np.array(self.epoch) / np.array(self.members)

    @property
    def share_of_fit(self) -> np.ndarray:
        """``seconds_per_network`` as a share of those of ``model.fit``."""
        return self.seconds_per_network / self.fit_epoch

    def save(self, path: str | os.PathLike) -> None:
        """Write the record as JSON."""
        _path(path).write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: str | os.PathLike) -> DeviceRecord:
        """Read a record that :meth:`save` wrote.

        Raises
        ------
        ValueError
            For what is no path, and a file that is no such record.
        """
        try:
            values = json.loads(_path(path).read_text(encoding="utf-8"))
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise ValueError(f"{path} is no record of a device: {error}") from None
        return cls._of(values, path)

    @classmethod
    def _of(cls, values: Any, path: object) -> DeviceRecord:
        if not isinstance(values, dict):
            raise ValueError(f"{path} is no record of a device: it holds {values!r:.200}")
        if missing := set(cls.__dataclass_fields__) ^ set(values):
            raise ValueError(f"{path} is no record of a device: {sorted(missing)} do not fit")
        try:
            return cls(**values)
        except ValueError as error:
            raise ValueError(f"{path} is no record of a device: {error}") from None

    def __str__(self) -> str:
        machine = self.machine
        versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
        lines = [
            f"{self.name}: {machine['device']} ({machine['kind']}), {machine['cores']} cores",
            f"{versions}, {machine['system']}",
            f"Epochs of {self.n_images:,} images, batches of {self.batch_size}, "
            f"784-{'-'.join(map(str, self.units))}-10",
            "",
            "   networks   first epoch   an epoch   per network   of model.fit",
            f"  model.fit{self.fit_first_epoch:12.2f} s{self.fit_epoch:9.3f} s"
            f"{self.fit_epoch:12.4f} s{1:15.3f}",
        ]
        rows = zip(
            self.members,
            self.first_epoch,
            self.epoch,
            self.seconds_per_network,
            self.share_of_fit,
            strict=True,
        )
        for k, first, epoch, each, share in rows:
            lines.append(f"{k:11,}{first:12.2f} s{epoch:9.3f} s{each:12.4f} s{share:15.3f}")
        return "\n".join(lines)


def _path(given: object) -> Path:
    if not isinstance(given, str | os.PathLike):
        raise ValueError(f"path is the path of a file, got {given!r}")
    return Path(given)


def measure(
    members: Sequence[int] = (1, 4, 16, 64, 256, 1024),
    *,
    n_images: int = 5120,
    batch_size: int = BATCH_SIZE,
    name: str | None = None,
    progress: Callable[[str], None] | None = None,
) -> DeviceRecord:
    """Measure what networks cost on the device that Keras uses.

    The images are random numbers: what they show does not change how long they take. Epochs of
    less than a second are measured in three rounds, of which the fastest counts.

    Parameters
    ----------
    members : sequence of int
        Sizes of the populations, each at least 1.
    n_images, batch_size : int
        Size of an epoch and of a batch, at least 1.
    name : str, optional
        What to call the device; default its own name.
    progress : function, optional
        Called with a line of text before each measurement.

    Raises
    ------
    ValueError
        Before any measurement, for sizes that are not whole numbers from 1, a name that is no
        text, or progress that is no function.

    Examples
    --------
    >>> record = measure([1, 4], n_images=256)
    >>> record.members, record.share_of_fit.shape
    ((1, 4), (2,))
    """
    members = wholes("members", members, 1, least=1)
    n_images, batch_size = whole("n_images", n_images, 1), whole("batch_size", batch_size, 1)
    if not (name is None or isinstance(name, str)):
        raise ValueError(f"name is a text or None, got {name!r}")
    function("progress", progress, "a line of text", optional=True)
    from hpcourse.training import Population

    say = progress or (lambda line: None)
    rng = np.random.default_rng(0)
    x = rng.random((n_images, 784), dtype="float32")
    y = rng.integers(10, size=n_images)
    say("model.fit ...")
    epochs = [_fit_epoch(x, y, batch_size)]
    times = [seconds_per_epoch(epochs[0])]
    for k in members:
        say(f"{k:,} {'network' if k == 1 else 'networks'} ...")
        population = Population([{"optimizer": "adam"}] * k)
        epochs.append(lambda p=population: p.fit(x, y, 1, batch_size))
        times.append(seconds_per_epoch(epochs[-1]))
    for _ in range(2):  # again, for the machine may have been busy with something else
        for i, (first, later) in enumerate(times):
            if later < 1:
                times[i] = first, min(later, seconds_per_epoch(epochs[i])[1])
    fit, *times = times
    machine = describe()
    return DeviceRecord(
        name=name or str(machine["device"]),
        machine=machine,
        n_images=n_images,
        batch_size=batch_size,
        units=UNITS,
        members=members,
        first_epoch=tuple(first for first, _ in times),
        epoch=tuple(epoch for _, epoch in times),
        fit_first_epoch=fit[0],
        fit_epoch=fit[1],
    )


def seconds_per_epoch(epoch: Callable[[], object], budget: float = 1.0) -> tuple[float, float]:
    """Return the seconds of a first epoch, and the median of epochs after it.

    Parameters
    ----------
    epoch : function
        Trains for one epoch.
    budget : float
        Epochs are repeated for so many seconds, at least once and at most 20 times; from 0.

    Raises
    ------
    ValueError
        Before the first epoch, for anything else.
    """
    if not callable(epoch) or isinstance(epoch, type):
        raise ValueError(f"epoch is a function without arguments, got {epoch!r}")
    budget = real("budget", budget, 0)
    times: list[float] = []
    while len(times) < 2 or (sum(times[1:]) < budget and len(times) <= 20):
        start = time.perf_counter()
        epoch()
        times.append(round(time.perf_counter() - start, 6))
    return times[0], float(np.median(times[1:]))


def _fit_epoch(x, y, batch_size):
    from hpcourse.training import mlp

    model = mlp(UNITS, seed=0)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return lambda: model.fit(x, y, batch_size=batch_size, verbose=0)


def records() -> list[DeviceRecord]:
    """Return the records that come with the package, each from a real run.

    Examples
    --------
    >>> all(record.machine["device"] for record in records())
    True
    """
    found = [name for name in kept.names() if name.startswith("device_")]
    return [DeviceRecord._of(kept.load(name), name) for name in found]
