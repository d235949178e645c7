"""What Keras computes on, and what a network costs there.

A small network keeps hardly any device busy: most of the time of an update goes into starting
its operations, not into arithmetic. This module measures how the cost of a network falls when
many are trained at once, and keeps such measurements as records, each with its hardware.

    python -m hpcourse.devices --save my_laptop.json

prints the device, the versions, and a table for 1 to 1,024 networks beside one ``model.fit``;
on two cores that takes about a minute.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path

import keras
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator

from hpcourse import models, plots
from hpcourse._configs import whole
from hpcourse.population import Population

__all__ = ["DeviceRecord", "describe", "measure", "plot", "records", "seconds_per_epoch"]

UNITS, BATCH_SIZE = (64, 64), 128
_RECORDS = resources.files("hpcourse") / "records"


def describe() -> dict[str, object]:
    """Return the hardware that Keras computes on, and the versions of what computes.

    Returns
    -------
    dict
        ``device`` is the accelerator's name, or the processor's where there is none;
        ``kind`` is ``"GPU"``, ``"TPU"`` or ``"CPU"``; ``cores`` are those that this process
        may use; further ``cpu``, ``system``, ``backend`` and ``versions``.

    Examples
    --------
    >>> machine = describe()
    >>> machine["kind"] in ("CPU", "GPU", "TPU"), machine["cores"] >= 1
    (True, True)
    """
    backend, cpu = keras.backend.backend(), _processor()
    kind, accelerator = _accelerator(backend)
    versions = {"python": platform.python_version()}
    for package in ("keras", backend, "numpy"):
        versions[package] = importlib.metadata.version(package)
    affinity = getattr(os, "sched_getaffinity", None)
    return {
        "device": accelerator or cpu,
        "kind": kind,
        "cpu": cpu,
        "cores": len(affinity(0)) if affinity else os.cpu_count(),
        "system": platform.system(),
        "backend": backend,
        "versions": versions,
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _accelerator(backend: str) -> tuple[str, str | None]:
    """Return the kind of device that the backend uses first, and an accelerator's name."""
    if backend == "tensorflow":
        import tensorflow as tf

        for kind in ("TPU", "GPU"):
            if found := tf.config.list_physical_devices(kind):
                details = tf.config.experimental.get_device_details(found[0])
                return kind, details.get("device_name", kind)
    elif backend == "jax":
        import jax

        device = jax.devices()[0]
        if device.platform != "cpu":
            return ("TPU" if device.platform == "tpu" else "GPU"), device.device_kind
    elif backend == "torch":
        import torch

        if torch.cuda.is_available():
            return "GPU", torch.cuda.get_device_name(0)
    return "CPU", None


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
        Path(path).write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: str | os.PathLike) -> DeviceRecord:
        """Read a record that :meth:`save` wrote."""
        values = json.loads(Path(path).read_text(encoding="utf-8"))
        missing = set(cls.__dataclass_fields__) ^ set(values)
        if missing:
            raise ValueError(f"{path} is no record of a device: {sorted(missing)} do not fit")
        return cls(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})

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
        Before any measurement, for sizes that are not whole numbers from 1.

    Examples
    --------
    >>> record = measure([1, 4], n_images=256)
    >>> record.members, record.share_of_fit.shape
    ((1, 4), (2,))
    """
    members = list(members)
    for what, values in (
        ("members", members or [None]),
        ("n_images", [n_images]),
        ("batch_size", [batch_size]),
    ):
        if not all(whole(value) and value >= 1 for value in values):
            given = members if what == "members" else values[0]
            raise ValueError(f"{what}: whole numbers from 1, got {given!r}")
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
        n_images=int(n_images),
        batch_size=int(batch_size),
        units=UNITS,
        members=tuple(int(k) for k in members),
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
        Epochs are repeated for so many seconds, at least once and at most 20 times.
    """
    times: list[float] = []
    while len(times) < 2 or (sum(times[1:]) < budget and len(times) <= 20):
        start = time.perf_counter()
        epoch()
        times.append(round(time.perf_counter() - start, 6))
    return times[0], float(np.median(times[1:]))


def _fit_epoch(x, y, batch_size):
    model = models.mlp(UNITS, seed=0)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return lambda: model.fit(x, y, batch_size=batch_size, verbose=0)


def records() -> list[DeviceRecord]:
    """Return the records that come with the package, each from a real run.

    Examples
    --------
    >>> all(record.machine["device"] for record in records())
    True
    """
    files = sorted(path.name for path in _RECORDS.iterdir() if path.name.startswith("device_"))
    return [DeviceRecord.load(_RECORDS / name) for name in files]


def plot(measured: Iterable[DeviceRecord], ax: Axes | None = None) -> Axes:
    """Draw the time of an epoch for each network over the size of the population.

    A cross marks one network with ``model.fit``.
    """
    ax = plots._axes(ax)
    for position, record in enumerate(measured):
        hue = plots.color(record.name, position)
        each = 1000 * record.seconds_per_network
        ax.loglog(record.members, each, "o-", ms=5, color=hue, label=record.name)
        ax.plot(1, 1000 * record.fit_epoch, "X", ms=10, color=hue, mec="white")
    sizes = sorted({k for record in measured for k in record.members})
    ax.set_xticks(sizes, [f"{k:,}" for k in sizes])
    ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    ax.yaxis.set_major_formatter("{x:g}")
    ax.minorticks_off()
    ax.set(xlabel="networks trained at once", ylabel="ms per epoch and network")
    ax.legend()
    return ax


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the measurement from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m hpcourse.devices", description="Measure what small networks cost here."
    )
    parser.add_argument("--save", type=Path, metavar="FILE", help="write the record as JSON")
    parser.add_argument("--name", help="what to call the device")
    parser.add_argument(
        "--members", type=int, nargs="+", default=[1, 4, 16, 64, 256, 1024], metavar="K"
    )
    parser.add_argument("--images", type=int, default=5120, metavar="N", help="in an epoch")
    chosen = parser.parse_args(arguments)
    if chosen.save and not chosen.save.absolute().parent.is_dir():
        parser.error(f"--save: there is no folder {chosen.save.parent}")
    try:
        record = measure(
            chosen.members,
            n_images=chosen.images,
            name=chosen.name,
            progress=lambda line: print(line, file=sys.stderr),
        )
    except ValueError as error:
        parser.error(str(error))
    print(record)
    if chosen.save:
        record.save(chosen.save)
        print(f"\nSaved as {chosen.save}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
