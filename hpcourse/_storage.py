"""A study's log: one line of JSON for each finished trial, which nothing can take back."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

__all__ = ["Log"]


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
        records = []
        if self.path.exists():
            with self.path.open("rb") as file:
                file.seek(self._size)
                lines = file.read().splitlines(keepends=True)
            for position, line in enumerate(lines):
                try:
                    record = json.loads(line.decode("utf-8"))
                except ValueError:
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
        if not self._n_lines:
            with self.writing():
                self._write(self.header)
        return records

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
        with self.writing():
            others = self.new()
            self._write(record)
        return others

    def _write(self, record):
        line = json.dumps(record, allow_nan=False).encode("utf-8") + b"\n"
        with self.path.open("ab") as file:
            end = file.seek(0, os.SEEK_END)
            if end > self._size:  # the rest of a line that was cut off
                file.truncate(self._size)
            elif end and not self._ends_with_newline():
                line = b"\n" + line
            try:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
            except OSError as error:
                file.truncate(self._size)
                raise OSError(
                    error.errno, f"a trial could not be written to {self.path}: {error.strerror}"
                ) from error
        self._size += len(line)
        self._n_lines += 1

    def _ends_with_newline(self):
        with self.path.open("rb") as file:
            file.seek(self._size - 1)
            return file.read(1) == b"\n"
