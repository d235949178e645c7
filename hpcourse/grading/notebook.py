"""Reading a submission's notebook, in a process of its own.

A file of 64 MB can be JSON that takes 1.7 GB and ten seconds to read, in which Python does
nothing else. So this file is also a script: it reads the notebook from its standard
input, with limits, and writes the little that marking needs. There too IPython makes Python of
what is none: magics, shell commands, questions, pasted prompts, indented cells.
"""

from __future__ import annotations

import ast
import json
import os
import stat
import subprocess
import sys
from importlib import util
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

MAX_BYTES = 64 << 20  # of a notebook
MAX_SOURCE = 1_000_000  # characters of a cell
MAX_CELLS = 2_000  # of code
MAX_MEMORY = 1 << 30  # bytes, to read it
SECONDS = 20  # of processor time, to read it
PATIENCE = 4  # times as long by the clock


TOO_LARGE = "takes too long to read, or too much memory: clear its outputs"


class Unmarkable(ValueError):
    """A file that is no notebook of the problem set; says why."""


class Cell(NamedTuple):
    """A code cell: its identity, its code as Python, and as it was written if that differs."""

    key: str
    source: str
    written: str = ""


class Read(NamedTuple):
    """What marking needs of a notebook."""

    cells: list[Cell]
    claimed: str  # the problem set that it says it belongs to
    notes: list[str]  # what was left out, and why


def read_notebook(path: str | os.PathLike) -> Read:
    """Return what marking needs of a notebook.

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
        file = path.open("rb")
    except OSError as error:
        raise Unmarkable(f"cannot be read: {error.strerror}") from None
    with file:
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-S", "-B", __file__, _ipython()],
                stdin=file,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=PATIENCE * SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise Unmarkable(TOO_LARGE) from None
    if done.returncode < 0:  # ended by the kernel, at a limit
        raise Unmarkable(TOO_LARGE)
    if done.returncode:
        raise ChildProcessError("the process that reads notebooks did not start")
    answer = json.loads(done.stdout)
    if "error" in answer:
        raise Unmarkable(answer["error"])
    return Read([Cell(*cell) for cell in answer["cells"]], answer["claimed"], answer["notes"])


def _ipython() -> str:
    """Return the folder that IPython is in, nothing where it is not installed."""
    found = util.find_spec("IPython")
    return str(Path(found.origin).parents[1]) if found and found.origin else ""


def parse(content: bytes) -> Read:
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
    notes: list[str] = []
    found = [cell for raw in cells if (cell := _cell(raw, notes)) is not None]
    if len(found) > MAX_CELLS:
        raise Unmarkable(f"{len(found)} cells of code; at most {MAX_CELLS} are read")
    metadata = notebook.get("metadata")
    claim = metadata.get("hpcourse") if isinstance(metadata, dict) else None
    claimed = claim.get("exercise") if isinstance(claim, dict) else None
    return Read(found, claimed[:80] if isinstance(claimed, str) else "", notes)


def _cell(raw, notes):
    """Return a code cell, or None for what is none."""
    if not isinstance(raw, dict) or raw.get("cell_type") != "code":
        return None
    source = text(raw.get("source"))
    if source is None:
        return None
    metadata = raw.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    nbgrader = metadata.get("nbgrader")
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    # Colab keeps a cell's id in its metadata; a copy of a cell has nbgrader's id of the original.
    keys = (grade_id, raw.get("id"), metadata.get("id"), "without id")
    key = next(key[:80] for key in keys if isinstance(key, str) and key)
    key = "".join(c if c.isprintable() else "?" for c in key)
    if len(source) > MAX_SOURCE:
        notes.append(f"Cell {key} was left out: more than {MAX_SOURCE:,} characters.")
        return None
    python, note = as_python(source)
    if note:
        notes.append(f"Cell {key}: {note}.")
    return Cell(key, python, "" if python == source else source)


def as_python(source: str) -> tuple[str, str]:
    """Return what IPython makes of a cell's source, and what to say about it.

    Lines stay where they are: of a cell magic, the body is what is run.
    """
    if _is_python(source):
        return source, ""
    first, _, body = source.lstrip().partition("\n")
    if first.startswith("%%"):
        if first[2:].split(" ")[0] not in BODY_RUNS:
            return "", f"{first.split(' ')[0][:20]} is not run"
        above = source[: len(source) - len(source.lstrip())].count("\n") + 1
        python, note = as_python(body)
        return "\n" * above + python, note
    try:
        transformer = _transformer()
    except ImportError:
        return without_magics(source), "IPython is not installed, so lines with % ! ? were left out"
    try:
        return transformer().transform_cell(source), ""
    except Exception:  # of what is no code at all
        return without_magics(source), ""


def _transformer():
    """Return IPython's transformer; in a process of our own, without the shell around it.

    The package loads all of IPython, which takes twice as long as all else that is done here.
    """
    found = util.find_spec("IPython") if "IPython" not in sys.modules else None
    alone = __name__ == "__main__" and found is not None
    if alone:
        package = ModuleType("IPython")
        package.__path__ = list(found.submodule_search_locations)
        sys.modules["IPython"] = package
    try:
        from IPython.core.inputtransformer2 import TransformerManager
    except (ImportError, AttributeError):  # it asks the package for something
        if not alone:
            raise
        for name in [name for name in sys.modules if name.partition(".")[0] == "IPython"]:
            del sys.modules[name]
        from IPython.core.inputtransformer2 import TransformerManager
    return TransformerManager


# Cell magics after which the body has run, as the notebook's own code.
BODY_RUNS = {"time", "timeit", "capture", "prun", "memit"}


def _is_python(source):
    try:
        ast.parse(source)
        return True
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def without_magics(source: str) -> str:
    """Return the source with IPython's magics and shell commands left out.

    >>> without_magics("%matplotlib inline\\nx = 1\\n!ls")
    'pass\\nx = 1\\npass'
    """
    out = []
    for line in source.split("\n"):
        start = line.lstrip()
        magic = start.startswith(("%", "!", "?")) or start.endswith("?")
        out.append(line[: len(line) - len(start)] + "pass" if magic else line)
    return "\n".join(out)


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
    sys.path += sys.argv[1:]
    try:
        answer = json.dumps(parse(sys.stdin.buffer.read(MAX_BYTES + 1))._asdict())
    except Unmarkable as error:
        answer = json.dumps({"error": str(error)})
    except MemoryError:
        answer = json.dumps({"error": TOO_LARGE})
    sys.stdout.write(answer)


if __name__ == "__main__":
    main()
