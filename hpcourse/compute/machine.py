"""What this machine is."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from pathlib import Path


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
    import keras

    backend, cpu = keras.backend.backend(), processor()
    kind, accelerator = _accelerator(backend)
    versions = {"python": platform.python_version()}
    for package in ("keras", backend, "numpy"):
        versions[package] = importlib.metadata.version(package)
    return {
        "device": accelerator or cpu,
        "kind": kind,
        "cpu": cpu,
        "cores": cores(),
        "system": platform.system(),
        "backend": backend,
        "versions": versions,
    }


def processor() -> str:
    """Return the processor's name, as the system tells it.

    >>> bool(processor())
    True
    """
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def cores() -> int:
    """Return how many cores this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


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
