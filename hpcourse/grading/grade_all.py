"""Marking a folder of submissions: in parallel, each once, whatever happens in between.

The table of marks is the log: a row is appended, and on the disk, when its submission is marked.
Started again, what has a row is not marked again, unless its file or the problem set has changed,
or the fault was ours.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import sys
import unicodedata
import zipfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from filelock import FileLock, Timeout
from tqdm import tqdm

from hpcourse.arguments import whole
from hpcourse.grading import feedback
from hpcourse.grading.exercise import Exercise, folder, release
from hpcourse.grading.marking import Marks, mark
from hpcourse.grading.notebook import MAX_BYTES, Unmarkable
from hpcourse.grading.sandbox import best_protection

MAX_DEPTH = 50  # of folders in folders
ENDINGS = (".ipynb", ".ipynb.json", ".ipynb.txt")  # in any case: what is read
MAX_PACKED = 10_000  # files in a zip
OURS = "internal error, please report it"  # the beginning of an error that is no fault of the file


def mark_all(
    exercise: Exercise,
    place: str | os.PathLike,
    table: str | os.PathLike,
    *,
    protection: str | None = None,
    salt: str = "",
    jobs: int | None = None,
    show_progress_bar: bool = True,
) -> list[dict[str, str]]:
    """Mark all notebooks below a folder; return the rows of the table.

    Parameters
    ----------
    exercise : Exercise
        From :func:`hpcourse.grading.load`.
    place : path
        The folder of submissions.
    table : path
        The CSV file of marks, one row for each submission: ``submission`` (its path below the
        folder), ``points``, ``max_points``, the points of each part, ``error`` (why it could not
        be marked), ``protection``, and ``sha256`` and ``version``, which tell what was marked.
        Pages for the learners go into the folder beside it named ``..._feedback``.
    protection, salt
        As for :func:`hpcourse.grading.marking.mark`.
    jobs : int, optional
        Submissions at once; by default one for each core.
    show_progress_bar : bool
        On standard error.

    Raises
    ------
    ValueError
        For an unknown protection, a place that is no folder, or a table of something else.
    RuntimeError
        When another process is marking into the same table.
    """
    protection = best_protection(protection)
    place, table = Path(place), Path(table)
    if not place.is_dir():
        raise ValueError(f"there is no folder {place} of submissions")
    if not table.absolute().parent.is_dir():
        raise ValueError(f"there is no folder {table.parent} for {table.name}")
    jobs = whole("jobs", jobs, 1, optional=True)
    lock = FileLock(f"{table}.lock", is_singleton=False)
    try:
        with lock.acquire(timeout=0), ExitStack() as stack:
            unpacked = stack.enter_context(TemporaryDirectory(prefix="hpcourse-"))
            marking = _Table(exercise, place, Path(unpacked), table, version(exercise, salt))
            pool = ThreadPoolExecutor(jobs or os.cpu_count())
            try:
                waiting = [
                    pool.submit(marking.row, key, protection, salt) for key in marking.left()
                ]
                bar = tqdm(total=len(waiting), unit="notebook", disable=not show_progress_bar)
                with bar:
                    for future in as_completed(waiting):
                        marking.append(future.result())
                        bar.update()
            finally:
                pool.shutdown(wait=True, cancel_futures=True)
            for name in marking.others:
                print(f"left out, no notebook: {_safe(name)}", file=sys.stderr)
            return marking.finish()
    except Timeout:
        raise RuntimeError(f"another process is marking into {table}; wait for it") from None


def version(exercise: Exercise, salt: str = "") -> str:
    """Return what tells one state of a problem set and one salt from another, 12 digits.

    >>> from hpcourse import grading
    >>> len(version(grading.load("schedules")))
    12
    """
    files = folder() / exercise.name / "checks.py", release(exercise.name)
    content = b"".join(path.read_bytes() for path in files)
    return hashlib.sha256(content + salt.encode("utf-8", "surrogateescape")).hexdigest()[:12]


def submissions(place: Path) -> tuple[list[str], list[str]]:
    """Return the notebooks below a folder, and all other files, as paths from there, sorted.

    Links are listed and not followed, so that they are reported and nothing behind them is read.
    """
    found, waiting = [], [(Path(place), 0)]  # os.walk calls itself, before Python 3.12
    while waiting:
        folder, depth = waiting.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if not entry.name.startswith(".") and depth < MAX_DEPTH:
                    waiting.append((folder / entry.name, depth + 1))
            elif not entry.name.startswith("."):
                found.append((folder / entry.name).relative_to(place).as_posix())
    notebooks = [name for name in found if name.lower().endswith(ENDINGS)]
    return sorted(notebooks), sorted(set(found) - set(notebooks))


def unpack(archive: Path, place: Path) -> list[str]:
    """Put the notebooks of a zip below a folder, under names of our own; return theirs.

    Raises
    ------
    Unmarkable
        For what is no zip, or one with too much in it.
    """
    names: list[str] = []
    try:
        with zipfile.ZipFile(archive) as packed:
            members = [info for info in packed.infolist() if not info.is_dir()]
            if len(members) > MAX_PACKED:
                raise Unmarkable(f"a zip of {len(members)} files; at most {MAX_PACKED} are read")
            for info in members:
                if info.filename.lower().endswith(ENDINGS) and "__MACOSX" not in info.filename:
                    with packed.open(info) as file, (place / str(len(names))).open("wb") as copy:
                        copy.write(file.read(MAX_BYTES + 1))
                    names.append(info.filename)
    except Unmarkable:
        raise
    except Exception as error:  # a damaged or hostile zip fails in a dozen ways
        raise Unmarkable(f"a zip that cannot be read: {error}") from None
    return names


class _Table:
    """The rows of a table of marks, on the disk."""

    def __init__(self, exercise: Exercise, place: Path, unpacked: Path, path: Path, version: str):
        self.exercise, self.path, self.version = exercise, path, version
        self.pages = path.with_name(f"{path.stem}_feedback")
        self.names = ["submission", "points", "max_points", *exercise.parts]
        self.names += ["error", "protection", "sha256", "version"]
        self.rows: dict[str, dict[str, str]] = {}
        notebooks, self.others = submissions(place)
        self.others = [name for name in self.others if not self._own(place / name)]
        files = {name: place / name for name in notebooks}
        for k, name in enumerate(list(self.others)):
            if name.lower().endswith(".zip"):
                self.others.remove(name)
                (unpacked / str(k)).mkdir()
                try:
                    inside = unpack(place / name, unpacked / str(k))
                except Unmarkable as error:
                    self.others.append(f"{name} ({error})")
                    continue
                for number, one in enumerate(inside):
                    files[f"{name}/{one}"] = unpacked / str(k) / str(number)
        self.paths = {_safe(name): (name, path) for name, path in files.items()}
        self.digests = {key: _digest(path) for key, (_, path) in self.paths.items()}
        self._read()

    def _own(self, path):
        """Whether a file is the table, its lock or a page of it."""
        path, table = path.absolute(), self.path.absolute()
        pages = table.with_name(self.pages.name)
        return path.name.startswith(table.name) or path.is_relative_to(pages)

    def _read(self):
        """Take over the rows that still hold; write a table of just these."""
        if self.path.exists() and self.path.stat().st_size:
            content = self.path.read_text(encoding="utf-8", errors="replace")
            whole = content[: content.rfind("\n") + 1]  # without a row that was cut off
            header, *rows = csv.reader(io.StringIO(whole)) if whole else [self.names]
            if header != self.names:
                raise ValueError(
                    f"{self.path} is no table of marks of {self.exercise.name!r}: it has other "
                    "columns; name another file, or move this one away"
                )
            for values in rows:
                row = dict(zip(self.names, values, strict=False))
                digest = self.digests.get(row.get("submission"), "")
                same = row.get("sha256") == digest and row.get("version") == self.version
                if len(values) == len(self.names) and same and not row["error"].startswith(OURS):
                    self.rows[row["submission"]] = row
        self._write()

    def left(self) -> list[str]:
        """Return the keys of the submissions that have no row."""
        return [key for key in self.paths if key not in self.rows]

    def row(self, key: str, protection: str, salt: str) -> dict[str, str]:
        """Mark a submission, write its page, return its row."""
        name, path = self.paths[key]
        try:
            marks = mark(self.exercise, path, protection=protection, salt=salt)
        except Unmarkable as error:
            marks = Marks(self.exercise.name, str(path), self.exercise.max_points, error=str(error))
        except Exception as error:  # ours: one submission must not stop the others
            why = f"{OURS}: {type(error).__name__}: {error}"
            marks = Marks(self.exercise.name, str(path), self.exercise.max_points, error=why)
        page = self.pages / _page(name)
        try:
            page.parent.mkdir(parents=True, exist_ok=True)
            _replace(page, feedback.page(self.exercise, marks))
        except Exception as error:  # such as a name that is too long
            why = getattr(error, "strerror", None) or type(error).__name__
            marks.error = marks.error or f"{OURS}: its page could not be written: {why}"
        row = {
            "submission": key,
            "points": marks.points,
            "max_points": marks.max_points,
            **dict.fromkeys(self.exercise.parts, 0),
            **{name: judged.points for name, judged in marks.parts.items()},
            "error": _safe(" ".join(marks.error.split())),
            "protection": marks.protection,
            "sha256": self.digests[key],
            "version": self.version,
        }
        return {key: str(value) for key, value in row.items()}

    def append(self, row: dict[str, str]) -> None:
        """Add a row; it is on the disk when this returns."""
        self.rows[row["submission"]] = row
        with self.path.open("a", encoding="utf-8", newline="") as file:
            file.write(self._text([row], header=False))
            file.flush()
            os.fsync(file.fileno())

    def finish(self) -> list[dict[str, str]]:
        """Sort the table; return its rows."""
        self.rows = dict(sorted(self.rows.items()))
        self._write()
        return list(self.rows.values())

    def _write(self):
        _replace(self.path, self._text(self.rows.values(), header=True))

    def _text(self, rows: Iterable[dict[str, str]], *, header: bool) -> str:
        out = io.StringIO()
        writer = csv.DictWriter(out, self.names, lineterminator="\n")
        if header:
            writer.writeheader()
        writer.writerows(rows)
        return out.getvalue()


def _safe(text):
    """Return a text on one line, whatever its bytes, that no spreadsheet takes for a formula.

    Two that differ stay different. A semicolon begins a cell in half of the world; blanks and
    quotes before a sign may be dropped, and a wide sign taken for a narrow one.
    """
    plain = text.replace("\\", "\\\\").encode("utf-8", "backslashreplace").decode("utf-8")
    plain = "".join(c if c.isprintable() and c != ";" else f"\\u{{{ord(c):x}}}" for c in plain)
    first = unicodedata.normalize("NFKC", plain).lstrip(" \"'")[:1]
    return f"./{plain}" if first in tuple("=+-@") else plain


def _page(name):
    """Return where the page of a submission is; no folder has the name of a page.

    A name from a zip may lead anywhere; its page does not.
    """
    *folders, file = (re.sub(r"[\\:\x00]", "_", each) for each in name.split("/"))
    folders = ["_" if each.strip(".") == "" else each for each in folders]
    folders = [f"{each}_" if each.endswith((".html", "_")) else each for each in folders]
    stem = next(
        file[: -len(end)] for end in (*ENDINGS[1:], ENDINGS[0]) if file.lower().endswith(end)
    )
    kind = file[len(stem) :]
    return Path(*folders, f"{stem if kind == '.ipynb' else file}.html")


def _digest(path):
    """Return a checksum of a file's content, or of the fact that it cannot be read."""
    try:
        if path.is_symlink() or not path.is_file():
            return "no-file"
        if path.stat().st_size > MAX_BYTES:
            return "too-large"
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return "unreadable"


def _replace(path, content):
    """Write a file so that it is there whole or not at all."""
    partial = path.with_name(f"{path.name}.part")
    with partial.open("w", encoding="utf-8", newline="") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, path)
