"""A study's log: lines of JSON for its trials, which nothing can take back.

A trial has a line when it is asked for, with the process that runs it, and one when it has
finished. Several processes may write one log on a local disk; each holds the file only while it
reads and writes.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import time
import warnings
import weakref
from collections.abc import Sequence
from pathlib import Path

from filelock import FileLock, Timeout

try:
    import fcntl
except ImportError:  # not on Windows
    fcntl = None  # type: ignore[assignment]

PATIENCE = 600.0  # seconds for which another process may hold the file
PAUSE = 0.005  # seconds between two attempts to get it
ENCODE = json.JSONEncoder(allow_nan=False).encode


def absolute(storage: str | os.PathLike) -> Path:
    """Return the path that a storage is, whatever the working folder will be.

    Raises
    ------
    ValueError
        For what is no path.
    OSError
        For a folder that does not exist, or a file that cannot be written.
    """
    try:
        path = Path(os.path.abspath(os.fsdecode(storage)))
    except TypeError:
        raise ValueError(f"storage is the path of a file, got {storage!r}") from None
    if path.is_dir():
        raise IsADirectoryError(f"storage is a file, {path} is a folder")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {path.parent} for {path.name}")
    if path.exists() and not os.access(path, os.W_OK):
        raise PermissionError(f"the study's file {path} cannot be written")
    return path


class _Lock:
    """A file that is open for appending, and locked now and then.

    filelock opens a file at each locking, which takes as long as all else that a trial costs beside
    the disk; so where the system can lock an open file, that is done.
    """

    def __init__(self, path: Path):
        self.path, self.is_locked = os.fspath(path), False
        self.file, self._process = -1, 0  # the descriptor, and whose it is
        self._other = FileLock(f"{path}.lock", is_singleton=False, thread_local=False)

    def _open(self):
        """Have a descriptor of this process alone."""
        if self._process != os.getpid():
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
            self.file, self._process = os.open(self.path, flags, 0o666), os.getpid()
            self._opened = os.fstat(self.file)
            weakref.finalize(self, os.close, self.file)

    def size(self) -> int:
        """Return the size of the file at the path, 0 if it has been deleted or replaced."""
        try:
            there = os.stat(self.path)
        except FileNotFoundError:
            return 0
        return there.st_size if os.path.samestat(there, self._opened) else 0

    def acquire(self) -> None:
        self._open()
        try:
            if fcntl is None:
                self._other.acquire(timeout=PATIENCE, poll_interval=PAUSE)
            else:
                self._acquire_open(time.monotonic() + PATIENCE)
        except (Timeout, BlockingIOError):
            raise RuntimeError(
                f"another process has held {self.path} for {PATIENCE:g} seconds; end it, or give "
                "this study a file of its own"
            ) from None
        self.is_locked = True

    def _acquire_open(self, end):
        while True:
            try:
                fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() > end:
                    raise
            time.sleep(PAUSE)

    def release(self) -> None:
        if fcntl is None:
            self._other.release()
        else:
            fcntl.flock(self.file, fcntl.LOCK_UN)
        self.is_locked = False


class Log:
    """An append-only file of JSON lines, the first of which says what the others belong to.

    A finished trial is on the disk before :meth:`append` returns. A last line that was cut off, by
    ``kill -9`` or a power cut, is ignored with a warning and overwritten by the next.

    Parameters
    ----------
    path : path
        From :func:`absolute`; made with the header if it does not exist.
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

    def __init__(self, path: Path, header: dict, adopt: Sequence[str] = ()):
        self.path = path
        self.header = json.loads(json.dumps(header))
        self._adopt = adopt
        self._lock = _Lock(path)
        self._presence: FileLock | None = None
        self._size = 0  # bytes read or written so far, all of them whole lines
        self._there = 0  # bytes of the file when it was locked, with a line that was cut off
        self._swept = False  # of what dead processes have left
        self._torn = 0  # size of the file when its last line was found to be cut off
        self._n_lines = 0
        self._cut = False  # whether the newline of the last of them is missing

    def hold(self) -> list[dict]:
        """Hold the file; give the records that others have added since the last time."""
        self._lock.acquire()
        records = self._read()
        if not self._n_lines:
            self._write(self.header, sync=True)
        if not self._swept:
            self._sweep()
        return records

    def release(self) -> None:
        """Let others have the file, if it is held."""
        if self._lock.is_locked:
            self._lock.release()

    def _read(self):
        records = []
        size = self._there = self._lock.size()
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
                    if size != self._torn:
                        message = f"the last line of {self.path} was cut off and is ignored"
                        warnings.warn(
                            f"{message}: {line[:80]!r}", stacklevel=7
                        )  # whoever makes the study
                    self._torn = size
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

    def append(self, record: dict, sync: bool = True) -> None:
        """Write a record while the file is held; if that fails, the file is as it was before.

        Parameters
        ----------
        record : dict
            What JSON can hold.
        sync : bool
            Whether it is on the disk when this returns, and not only with the system.
        """
        self._write(record, sync)

    def _write(self, record, sync):
        line = ENCODE(record).encode("utf-8") + b"\n"
        if self._cut:
            line = b"\n" + line
        file = self._lock.file
        try:
            if self._there > self._size:  # a line that was cut off
                os.truncate(file, self._size)
            left = line
            while left:
                left = left[os.write(file, left) :]
            if sync:
                os.fsync(file)
        except OSError as error:
            os.truncate(file, self._size)
            raise OSError(
                error.errno, f"a trial could not be written to {self.path}: {error.strerror}"
            ) from error
        self._size, self._cut = self._size + len(line), False
        self._there = self._size
        self._n_lines += 1

    # Who runs a trial

    @property
    def me(self) -> dict:
        """What tells this study's process from others, for the line of a trial that it asks for.

        While the process lives it holds a lock beside the log, which is free when it is dead,
        however it died.
        """
        if self._presence is None:
            token = f"{os.getpid()}-{secrets.token_hex(4)}"
            self._presence = FileLock(self._badge(token), is_singleton=False, thread_local=False)
            self._presence.acquire(timeout=0)
            self._me = {"process": token, "host": socket.gethostname()}
            weakref.finalize(self, _leave, self._presence)
        return self._me

    def _badge(self, token: str) -> Path:
        return self.path.with_name(f"{self.path.name}.{token}.running")

    def _sweep(self):
        start, end = f"{self.path.name}.", ".running"
        for path in self.path.parent.iterdir():
            if path.name.startswith(start) and path.name.endswith(end):
                self.lives(path.name[len(start) : -len(end)])
        self._swept = True

    def lives(self, token: str | None) -> bool:
        """Whether the process that a trial's line names may still be running it."""
        if token is None or not self._badge(token).exists():
            return False
        if self._presence is not None and token == self._me["process"]:
            return True
        lock = FileLock(self._badge(token), is_singleton=False)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return True
        _leave(lock)
        return False


def _leave(lock: FileLock) -> None:
    lock.release()
    Path(lock.lock_file).unlink(missing_ok=True)
