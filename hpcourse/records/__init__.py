"""What was measured: results of real runs that chapters and tables read.

Each is a file beside this one; the script in ``tests/benchmarks`` that is named in it made it.
"""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from hpcourse.arguments import unknown_name

__all__ = ["load", "names"]

FOLDER = resources.files(__name__)


def names() -> list[str]:
    """Return the names of the records, in alphabetical order.

    >>> "regret" in names()
    True
    """
    files = (path.name for path in FOLDER.iterdir())
    return sorted(name.removesuffix(".json") for name in files if name.endswith(".json"))


def load(name: str) -> dict[str, Any]:
    """Return a record: what was measured, when, on what, by which command.

    Parameters
    ----------
    name : str
        One of :func:`names`.

    Raises
    ------
    ValueError
        For another name; the message suggests the nearest.

    Examples
    --------
    >>> load("throughput")["machine"]["cores"]
    2
    """
    if name not in names():
        raise unknown_name("record", name, names())
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def content(file: str) -> bytes:
    """Return the bytes of a file of records, arrays for instance."""
    return (FOLDER / file).read_bytes()
