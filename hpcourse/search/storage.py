"""A study's log: one line of JSON for each finished trial, which nothing can take back."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

from filelock import FileLock, Timeout


class Log:
    """An append-only file of JSON lines, the first of which says what the others belong to.

    Each line is on the disk before :meth:`append` returns. A last line that was cut off, by
    ``kill -9`` or a power cut, is ignored with a warning and overwritten by the next. One
    process writes at a time; another one is refused, and the lock of a dead one is free.

    Parameters
    ----------
    path : path
        Made with the header if it does not exist.
    header : dict
        What the file must begin with.
    adopt : sequence of str
        Keys of the header that are taken from the file where there is one.

    Raises
    ------
    ValueError
        For a file with another header, or damaged anywhere but in its last line.
    OSError
        For a path that cannot be read and written.
    """

    def __init__(self, path: str | os.PathLike, header: dict, adopt: Sequence[str] = ()):
        self.path = Path(path)
        self.header = json.loads(json.dumps(header))
        self._adopt = adopt
        self._lock = FileLock(f"{self.path}.lock", is_singleton=False)
        if self.path.exists() and not os.access(self.path, os.W_OK):
            raise PermissionError(f"the study's file {self.path} cannot be written")
        if not self.path.absolute().parent.is_dir():
            raise FileNotFoundError(f"there is no folder {self.path.parent} for {self.path.name}")
        self._size = 0  # bytes read or written so far, all of them whole lines
        self._n_lines = 0
        self._cut = False  # whether the newline of the last of them is missing

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the file while trials are written to it."""
        try:
            with self._lock.acquire(timeout=0):
                yield
        except Timeout:
            raise RuntimeError(
                f"another process is writing {self.path}; wait for it, or give this study "
                "a file of its own"
            ) from None

    def new(self) -> list[dict]:
        """Return the records that were added since the last call; make the file if need be."""
        records = self._read()
        if not self._n_lines:
            with self.writing():
                records = self._read()  # another process may have been faster
                if not self._n_lines:
                    self._write(self.header)
        return records

    def _read(self):
        records = []
        size = self.path.stat().st_size if self.path.exists() else 0
        if size < self._size:
            raise OSError(f"{self.path} has lost lines; did another program write or delete it?")
        if size > self._size:
            with self.path.open("rb") as file:
                file.seek(self._size)
                lines = file.read().splitlines(keepends=True)
            for position, line in enumerate(lines):
                if self._cut and line == b"\n":  # by whoever wrote the line after it
                    self._size, self._cut = self._size + 1, False
                    continue
                try:
                    record = json.loads(line.decode("utf-8"))
                except ValueError:
                    self._check_start(line)
                    if position < len(lines) - 1:
                        raise ValueError(
                            f"{self.path} is damaged in line {self._n_lines + 1}: {line[:80]!r}"
                        ) from None
                    message = f"the last line of {self.path} was cut off and is ignored"
                    warnings.warn(f"{message}: {line[:80]!r}", stacklevel=4)
                    break
                if self._n_lines:
                    records.append(record)
                else:
                    self._check(record)
                self._size += len(line)
                self._n_lines += 1
                self._cut = not line.endswith(b"\n")
        return records

    def _check_start(self, line):
        """Tell a header that was cut off, which is written again, from any other file."""
        start = json.dumps(self.header).encode("utf-8")[:12]
        if not (self._n_lines or line.startswith(start) or start.startswith(line)):
            raise ValueError(f"{self.path} is no log of a study")

    def _check(self, found):
        if not isinstance(found, dict) or found.keys() != self.header.keys():
            raise ValueError(f"{self.path} is no log of a study")
        self.header |= {key: found[key] for key in self._adopt}
        changed = [key for key in self.header if found[key] != self.header[key]]
        if changed:
            differences = (f"{key} {found[key]!r}, not {self.header[key]!r}" for key in changed)
            raise ValueError(f"{self.path} belongs to another study: {'; '.join(differences)}")

    def append(self, record: dict) -> list[dict]:
        """Write a record, after reading what others have added; return that.

        If writing fails, the file is as it was before.
        """
        with nullcontext() if self._lock.is_locked else self.writing():
            others = self.new()
            self._write(record)
        return others

    def _write(self, record):
        line = json.dumps(record, allow_nan=False).encode("utf-8") + b"\n"
        if self._cut:
            line = b"\n" + line
        with self.path.open("ab", buffering=0) as file:  # a buffer would write again on closing
            if file.tell() > self._size:  # a line that was cut off
                file.truncate(self._size)
            try:
                left = line
                while left:
                    left = left[file.write(left) :]
                os.fsync(file.fileno())
            except OSError as error:
                file.truncate(self._size)
                raise OSError(
                    error.errno, f"a trial could not be written to {self.path}: {error.strerror}"
                ) from error
        self._size, self._cut = self._size + len(line), False
        self._n_lines += 1
