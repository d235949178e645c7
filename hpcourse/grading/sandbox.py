"""A process for a learner's code, shut off from the machine as far as the machine allows.

Three kinds of protection, the best that works is taken:

``bubblewrap``
    (Linux, where ``bwrap`` is installed.) Namespaces of its own: no network, no other processes,
    no files but Python's, NumPy's and SciPy's, all read-only, and an empty scratch folder in
    memory. With the limits of the next.
``limits``
    (Linux, macOS.) Limits on processor time, memory, size of files, and, on Linux on the usual
    processors, a filter of system calls: no new processes, no network, no signals to others. With
    Landlock (Linux 5.13 and later) it reads Python, NumPy and SciPy alone and writes no files;
    elsewhere the file system is open.
``process``
    A separate process that is ended when time is up; on Linux with the filter and Landlock of
    ``limits``, but with no limits of memory.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import site
import subprocess
import sys
import sysconfig
import tempfile
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from hpcourse.arguments import one_of
from hpcourse.grading import runner
from hpcourse.grading.answer import Broken
from hpcourse.grading.confine import hide_memory

PROTECTIONS = ("bubblewrap", "limits", "process")
VISIBLE = ("numpy", "scipy")  # what a learner's code can import beside Python's own modules
SECONDS = 5.0  # of processor time, for one request
PATIENCE = 4  # times as long by the clock: others may use the processor too
SCRATCH = 32 << 20  # bytes
MAX_ASKED = 100_000  # calls of lent functions while one request is answered
LIMITS = {
    "RLIMIT_CPU": 60,  # seconds, all requests to one process together
    "RLIMIT_AS": 2 << 30,
    "RLIMIT_FSIZE": SCRATCH,
    "RLIMIT_NOFILE": 64,
    "RLIMIT_CORE": 0,
}
ENVIRONMENT = {
    "HOME": "/tmp",
    "LANG": "C.UTF-8",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PATH": "/usr/bin:/bin",
    "PYTHONHASHSEED": "0",
}
SIGPROF = 27  # on Linux and macOS; ends a process when its processor time is up
HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parent  # what a learner's code must not see: checks, records, all of it


class Died(Exception):
    """The process is gone; says why, as the learner is told."""


def best_protection(wanted: str | None = None) -> str:
    """Return the protection that this machine can give.

    Parameters
    ----------
    wanted : {"bubblewrap", "limits", "process"}, optional
        This one or an error; by default the best.

    Raises
    ------
    ValueError
        For another name.
    RuntimeError
        When the one that is wanted does not work here.
    """
    if wanted is not None:
        one_of("protection", wanted, PROTECTIONS)
    for each in PROTECTIONS if wanted is None else [wanted]:
        if _works(each):
            return each
    raise RuntimeError(f"protection {wanted!r} does not work on this machine")


@cache
def _works(protection: str) -> bool:
    if protection == "bubblewrap" and not (sys.platform == "linux" and shutil.which("bwrap")):
        return False
    if protection == "limits" and os.name != "posix":
        return False
    try:
        with Sandbox(protection) as sandbox:
            return sandbox.run_cell("import numpy") is None
    except (Died, Broken, OSError):
        return False


class Sandbox:
    """A process that runs cells and calls functions of a learner, and no more.

    Parameters
    ----------
    protection : {"bubblewrap", "limits", "process"}
        As in the list above.
    seconds : float
        Of processor time for each request; it may take four times as long by the clock.
    """

    def __init__(self, protection: str, seconds: float = SECONDS):
        self.protection, self.seconds = protection, seconds
        self._number, self._left = 0, runner.MAX_BYTES
        self._folder: Path | None = None
        self._thread: threading.Thread | None = None
        if protection == "bubblewrap":
            python = _python("/packages", "/tmp", LIMITS, seconds, ["/"])
            command, environment = [*_bubblewrap(), *python], {}
        else:
            hide_memory()
            self._folder = Path(tempfile.mkdtemp(prefix="hpcourse-"))
            packages, scratch = self._folder / "packages", self._folder / "scratch"
            packages.mkdir()
            scratch.mkdir()
            for name, place in _packages().items():
                (packages / name).symlink_to(place)
            limits = LIMITS if protection == "limits" else {}
            readable = [*_readable(), str(self._folder)] if os.name == "posix" else []
            command = _python(packages, scratch, limits, seconds, readable)
            environment = ENVIRONMENT | {"HOME": str(scratch)}
            if os.name == "nt":
                environment |= {"SYSTEMROOT": os.environ.get("SYSTEMROOT", "")}
        self._process: Any = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
        ready = self._within(30, lambda: self._read())
        if not (isinstance(ready, dict) and "ready" in ready):
            self.close()
            raise Broken("a process for the submission did not start")
        self.filtered = bool(ready["ready"])
        self.closed = protection == "bubblewrap" or bool(ready.get("closed"))

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *error) -> None:
        self.close()

    def watch(self, parts: Sequence[str]) -> None:
        """Say for which functions the names are to be kept as they were after their cells."""
        self._request({"parts": list(parts)}, [])

    def go_to(self, part: str) -> list[str]:
        """Go to a function's names; return those that it needs and that were defined later."""
        value = self._request({"part": part}, []).get("value")
        names = value if isinstance(value, list) else []
        return [_plain(name) for name in names[:10] if isinstance(name, str)]

    def run_cell(self, source: str, given: str = "") -> list | None:
        """Run a cell, without the statements that are given too.

        Return the type, message and line of its first error, or None.
        """
        value = self._request({"cell": source, "given": given}, []).get("value")
        fits = isinstance(value, list) and [type(x) for x in value] == [str, str, int]
        return [*map(_plain, value[:2]), value[2]] if fits else None

    def call(self, name: str, args: Sequence[Any]) -> dict[str, Any]:
        """Call a function; return its ``value``, ``error`` or ``unfit`` as texts, or ``missing``.

        Raises
        ------
        Died
            When it takes too long, too much, or leaves the process.
        """
        lent: list[Callable] = []
        encoded = [runner.encode(argument, lent) for argument in args]
        answer = self._request({"call": name, "args": encoded}, lent)
        if "value" in answer:
            changed = answer.get("changed")
            changed = [k for k in changed if type(k) is int] if isinstance(changed, list) else []
            try:
                value = {"value": runner.decode(answer["value"])}
                return value | {"changed": changed} if changed else value
            except runner.Unfit as unfit:
                return {"unfit": str(unfit)}
        if answer.get("missing") is True:
            return {"missing": True}
        if isinstance(answer.get("unfit"), str):
            return {"unfit": _plain(answer["unfit"])}
        error = answer.get("error")
        if isinstance(error, list) and [type(x) for x in error] == [str, str]:
            return {"error": list(map(_plain, error))}
        return {"unfit": "what is no value"}

    def close(self) -> None:
        """End the process and everything that it has started; remove its folder."""
        if os.name == "posix":
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, 9)
        self._process.kill()
        self._process.wait()
        if self._thread is not None:
            self._thread.join(timeout=1)  # its read ends with the process
        if self._thread is None or not self._thread.is_alive():
            for pipe in (self._process.stdin, self._process.stdout):
                with suppress(OSError):  # what was not yet written
                    pipe.close()
        if self._folder is not None:
            try:
                shutil.rmtree(self._folder, ignore_errors=True)
            except RecursionError:  # thousands of folders in each other
                subprocess.run(["rm", "-rf", self._folder], check=False)

    def _request(self, message, lent):
        self._number += 1
        number = self._number
        limit = PATIENCE * self.seconds
        answer = self._within(limit, lambda: self._exchange(number, message, lent))
        if isinstance(answer, dict) and answer.get("id") == number:
            return answer
        if answer is None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(1)
            timer = self._process.returncode in (-SIGPROF, 128 + SIGPROF)
            why = self._too_long(self.seconds) if timer else "it ended or broke off its answer"
        else:
            why = "it answered out of turn"
        self.close()
        raise Died(why)

    def _too_long(self, seconds):
        return f"it took longer than {seconds:g} seconds"

    def _exchange(self, number, message, lent):
        self._left = runner.MAX_BYTES
        self._write({"id": number} | message)
        for _ in range(MAX_ASKED):
            answer = self._read()
            if answer is None or "ask" not in answer:
                return answer
            k = answer["ask"]
            if answer.get("id") != number or not (isinstance(k, int) and 0 <= k < len(lent)):
                return {}
            try:
                value = lent[k](*map(runner.decode, answer["args"]))
                self._write({"value": runner.encode(value)})
            except Exception as error:
                self._write({"error": runner.explain(error)[1]})
        return {}

    def _within(self, seconds, work):
        """Return what ``work`` returns, or None if it fails; end the process when time is up."""
        done: queue.Queue = queue.Queue()

        def run():
            try:
                done.put(work())
            except (OSError, ValueError):  # a closed pipe
                done.put(None)
            except BaseException as error:  # such as no memory
                done.put(error)

        try:
            thread = threading.Thread(target=run, daemon=True)
            thread.start()
            self._thread = thread
            answer = done.get(timeout=seconds)
            if isinstance(answer, BaseException):
                raise Broken(f"{type(answer).__name__} while a process was spoken to") from answer
            return answer
        except queue.Empty:
            self.close()
            raise Died(self._too_long(seconds)) from None
        except BaseException:  # KeyboardInterrupt
            self.close()
            raise

    def _read(self):
        line = self._process.stdout.readline(self._left)
        self._left -= len(line)
        return runner.parse(line) if line.endswith(b"\n") else None

    def _write(self, message):
        self._process.stdin.write(json.dumps(message).encode("utf-8") + b"\n")
        self._process.stdin.flush()


def _plain(text):
    """Return a text of the process without what a terminal or a file could choke on."""
    return "".join(c if c.isprintable() else " " for c in text[:400])


def _python(packages, scratch, limits, seconds, readable):
    """Return the command that runs a process; isolated, it sees no site-packages."""
    places = [str(packages), str(scratch), json.dumps(limits), str(seconds), json.dumps(readable)]
    script = "/course/runner.py" if packages == "/packages" else str(HERE / "runner.py")
    return [_executable(), "-I", "-S", "-B", "-X", "utf8", script, *places]


def _executable():
    return os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)


@cache
def _packages() -> dict[str, Path]:
    """Return the folders and files of the packages that a learner's code can import."""
    places = {}
    for name in VISIBLE:
        distribution = metadata.distribution(name)
        for file in distribution.files or ():
            top = file.parts[0]
            if top not in ("..", "/") and top not in places:
                places[top] = Path(str(distribution.locate_file(top))).resolve()
    return places


@cache
def _readable() -> list[str]:
    """Return what a process must be able to read, which is not the course nor other packages."""
    standard = Path(sysconfig.get_path("stdlib"))
    folders = {standard, standard / "lib-dynload", Path(sysconfig.get_path("platstdlib"))}
    modules = [
        str(entry)
        for folder in folders
        if folder.is_dir()
        for entry in folder.iterdir()
        if entry.name not in ("site-packages", "dist-packages")
    ]
    system = ["/usr/lib", "/usr/lib64", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime"]
    system += ["/usr/share/zoneinfo", "/dev/urandom", "/dev/zero"]
    libraries = [str(path) for path in Path(sys.base_prefix, "lib").glob("lib*.so*")]
    own = [str(HERE / name) for name in ("runner.py", "confine.py")]
    return [*modules, *system, *libraries, *map(str, _packages().values()), *own]


@cache
def _bubblewrap() -> tuple[str, ...]:
    """Return the command up to Python's, with all that the process may see."""
    prefix = Path(sys.base_prefix).resolve()
    executable = Path(_executable())
    # Not all of /usr, nor of the prefix: a checkout in /usr/src/app is below.
    seen = [Path(place) for place in ("/usr/lib", "/usr/lib64", "/lib", "/lib64")]
    seen += [Path("/etc/ld.so.cache"), Path("/etc/localtime"), Path("/usr/share/zoneinfo")]
    seen += [prefix / "lib", prefix / "lib64", executable]
    # Packages lie below some of these; so may the course.
    covered = {site.getusersitepackages(), str(PACKAGE), str(PACKAGE.parent / "exercises")}
    covered |= {*site.getsitepackages(), *site.getsitepackages([sys.base_prefix])}
    covered |= {sysconfig.get_path("purelib", vars={"base": str(prefix)})}
    command: list[Any] = [shutil.which("bwrap"), "--unshare-all", "--cap-drop", "ALL"]
    command += ["--die-with-parent", "--new-session", "--clearenv"]
    for name, value in ENVIRONMENT.items():
        command += ["--setenv", name, value]
    # First, since Python may be installed below it.
    command += ["--size", str(SCRATCH), "--tmpfs", "/tmp", "--chdir", "/tmp"]
    for place in seen:
        command += ["--ro-bind-try", str(place), str(place)]
    for place in sorted(covered):
        inside = any(Path(place).resolve().is_relative_to(p.resolve()) for p in seen)
        if inside and Path(place).is_dir():
            command += ["--size", "4096", "--tmpfs", place, "--remount-ro", place]
    for name, place in _packages().items():
        command += ["--ro-bind", str(place), f"/packages/{name}"]
    for name in ("runner.py", "confine.py"):
        command += ["--ro-bind", str(HERE / name), f"/course/{name}"]
    # No /proc: to root, which may be who marks, it offers the settings of the whole machine.
    command += ["--dev", "/dev", "--size", "4096", "--tmpfs", "/dev/shm"]
    command += ["--remount-ro", "/dev/shm"]
    return (*command, "--remount-ro", "/dev", "--remount-ro", "/", "--")
