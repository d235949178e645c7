"""Reading a submission's notebook, in a process of its own.

A file of 64 MB can be JSON that takes 1.7 GB and ten seconds to read, in which Python does
nothing else. So this file is also a script: it reads the notebook from its standard
input, with limits, and writes the little that marking needs.
"""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

MAX_BYTES = 64 << 20  # of a notebook
MAX_SOURCE = 100_000  # characters of a cell
MAX_CELLS = 2_000  # of code
MAX_MEMORY = 1 << 30  # bytes, to read it
SECONDS = 20  # of processor time, to read it
PATIENCE = 4  # times as long by the clock


class Unmarkable(ValueError):
    """A file that is no notebook of the problem set; says why."""


class Cell(NamedTuple):
    """A code cell: its identity, and its code."""

    key: str
    source: str


def read_notebook(path: str | os.PathLike) -> tuple[list[Cell], str]:
    """Return a notebook's code cells, and the problem set that it says it belongs to.

    Raises
    ------
    Unmarkable
        With what is wrong with the file.
    """
    path = Path(path)
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            raise Unmarkable("no regular file (a link, a folder or a device)")
        if status.st_size > MAX_BYTES:
            raise Unmarkable(f"larger than {MAX_BYTES >> 20} MB: clear its outputs")
        with path.open("rb") as file:
            done = subprocess.run(
                [sys.executable, "-I", "-S", "-B", __file__],
                stdin=file,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=PATIENCE * SECONDS,
                check=False,
            )
    except OSError as error:
        raise Unmarkable(f"cannot be read: {error.strerror}") from None
    except subprocess.TimeoutExpired:
        done = None
    if done is None or done.returncode:
        raise Unmarkable("takes too long to read, or too much memory: clear its outputs")
    answer = json.loads(done.stdout)
    if "error" in answer:
        raise Unmarkable(answer["error"])
    return [Cell(*cell) for cell in answer["cells"]], answer["claimed"]


def parse(content: bytes) -> tuple[list[Cell], str]:
    """Return what :func:`read_notebook` does, from a file's content."""
    if not content.strip():
        raise Unmarkable("an empty file")
    try:
        notebook = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Unmarkable(f"no notebook: not UTF-8 at byte {error.start}") from None
    except RecursionError:
        raise Unmarkable("no notebook: lists in lists, too deep") from None
    except ValueError as error:
        raise Unmarkable(f"no notebook, or one that was cut off: {error}") from None
    if not isinstance(notebook, dict) or "nbformat" not in notebook:
        raise Unmarkable("no notebook: JSON of something else")
    if notebook["nbformat"] != 4:
        raise Unmarkable(
            f"a notebook of format {ascii(notebook['nbformat'])[:20]}; format 4 is wanted: open "
            "it in a current Jupyter and save it"
        )
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        raise Unmarkable("a notebook without cells")
    found = [cell for raw in cells if (cell := _cell(raw)) is not None]
    if len(found) > MAX_CELLS:
        raise Unmarkable(f"{len(found)} cells of code; at most {MAX_CELLS} are read")
    metadata = notebook.get("metadata")
    claim = metadata.get("hpcourse") if isinstance(metadata, dict) else None
    claimed = claim.get("exercise") if isinstance(claim, dict) else None
    return found, claimed[:80] if isinstance(claimed, str) else ""


def _cell(raw):
    """Return a code cell, or None for what is none."""
    if not isinstance(raw, dict) or raw.get("cell_type") != "code":
        return None
    source = text(raw.get("source"))
    if source is None or len(source) > MAX_SOURCE:
        return None
    metadata = raw.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    nbgrader = metadata.get("nbgrader")
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    # Colab keeps a cell's id in its metadata; a copy of a cell has nbgrader's id of the original.
    keys = (grade_id, raw.get("id"), metadata.get("id"), "without id")
    key = next(key[:80] for key in keys if isinstance(key, str) and key)
    return Cell("".join(c if c.isprintable() else "?" for c in key), source)


def text(source: object) -> str | None:
    """Return a cell's source, in one of the two forms that notebooks have, or None."""
    if isinstance(source, str):
        return source
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        return "".join(source)
    return None


def main():
    """Read the notebook of standard input."""
    try:
        import resource

        for kind, value in (("RLIMIT_AS", MAX_MEMORY), ("RLIMIT_CPU", SECONDS)):
            resource.setrlimit(getattr(resource, kind), (value, value))
    except (ImportError, ValueError, OSError):  # Windows; macOS, which limits no address space
        pass
    try:
        cells, claimed = parse(sys.stdin.buffer.read(MAX_BYTES + 1))
        answer = {"cells": cells, "claimed": claimed}
    except Unmarkable as error:
        answer = {"error": str(error)}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
