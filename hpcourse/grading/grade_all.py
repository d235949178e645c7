"""Marking a folder of submissions: in parallel, each once, whatever happens in between.

The table of marks is the log: a row is appended, and on the disk, when its submission is marked.
Started again, what has a row is not marked again, unless its file or the problem set has changed.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from filelock import FileLock, Timeout
from tqdm import tqdm

from hpcourse.arguments import whole
from hpcourse.grading import feedback
from hpcourse.grading.exercise import Exercise, folder, release
from hpcourse.grading.marking import Marks, mark
from hpcourse.grading.notebook import MAX_BYTES, Unmarkable
from hpcourse.grading.sandbox import best_protection

MAX_DEPTH = 50  # of folders in folders


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
        with lock.acquire(timeout=0):
            marking = _Table(exercise, place, table, version(exercise, salt))
            pool = ThreadPoolExecutor(jobs or os.cpu_count())
            try:
                waiting = [
                    pool.submit(marking.row, path, digest, protection, salt)
                    for path, digest in marking.left()
                ]
                bar = tqdm(total=len(waiting), unit="notebook", disable=not show_progress_bar)
                with bar:
                    for future in as_completed(waiting):
                        marking.append(future.result())
                        bar.update()
            finally:
                pool.shutdown(wait=True, cancel_futures=True)
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


def submissions(place: Path) -> list[str]:
    """Return the notebooks below a folder, as paths from there, sorted.

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
            elif entry.name.endswith(".ipynb"):
                found.append((folder / entry.name).relative_to(place).as_posix())
    return sorted(found)


class _Table:
    """The rows of a table of marks, on the disk."""

    def __init__(self, exercise: Exercise, place: Path, path: Path, version: str):
        self.exercise, self.place, self.path, self.version = exercise, place, path, version
        self.pages = path.with_name(f"{path.stem}_feedback")
        self.names = ["submission", "points", "max_points", *exercise.parts]
        self.names += ["error", "protection", "sha256", "version"]
        self.rows: dict[str, dict[str, str]] = {}
        self.digests = {_safe(file): (file, _digest(place / file)) for file in submissions(place)}
        self._read()

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
                _, digest = self.digests.get(row.get("submission"), ("", ""))
                same = row.get("sha256") == digest and row.get("version") == self.version
                if len(values) == len(self.names) and same:
                    self.rows[row["submission"]] = row
        self._write()

    def left(self) -> list[tuple[str, str]]:
        """Return the submissions that have no row, with their checksums."""
        return [each for key, each in self.digests.items() if key not in self.rows]

    def row(self, file: str, digest: str, protection: str, salt: str) -> dict[str, str]:
        """Mark a submission, write its page, return its row."""
        path = self.place / file
        try:
            marks = mark(self.exercise, path, protection=protection, salt=salt)
        except Unmarkable as error:
            marks = Marks(self.exercise.name, str(path), self.exercise.max_points, error=str(error))
        except Exception as error:  # ours: one submission must not stop the others
            why = f"internal error, please report it: {type(error).__name__}: {error}"
            marks = Marks(self.exercise.name, str(path), self.exercise.max_points, error=why)
        page = self.pages / Path(file).with_suffix(".html")
        try:
            page.parent.mkdir(parents=True, exist_ok=True)
            _replace(page, feedback.page(self.exercise, marks))
        except (OSError, ValueError) as error:  # such as a name that is too long
            why = getattr(error, "strerror", None) or type(error).__name__
            marks.error = marks.error or f"its page could not be written: {why}"
        row = {
            "submission": _safe(file),
            "points": marks.points,
            "max_points": marks.max_points,
            **dict.fromkeys(self.exercise.parts, 0),
            **{name: judged.points for name, judged in marks.parts.items()},
            "error": " ".join(marks.error.split()),
            "protection": marks.protection,
            "sha256": digest,
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


def _safe(file):
    """Return a path on one line, whatever its bytes, that no spreadsheet takes for a formula."""
    plain = file.replace("\\", "\\\\").encode("utf-8", "backslashreplace").decode("utf-8")
    plain = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in plain)
    return f"./{plain}" if plain[0] in "=+-@" else plain


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
