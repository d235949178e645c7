"""Submissions that try to earn what they do not deserve, to stop the marking, or to do harm."""

import json
import os
import queue
import subprocess
import sys
from pathlib import Path

import attacks
import pytest
import submissions
from attacks import (
    ATTACKS,
    EXERCISE,
    HERE,
    KINDS,
    NAME,
    POINTS,
    ROOT,
    WIRE,
    attacking,
    strike,
)

import hpcourse
from hpcourse.grading import grade_all, marking, notebook
from hpcourse.grading.exercise import release
from hpcourse.grading.grade_all import mark_all
from hpcourse.grading.marking import mark
from hpcourse.grading.sandbox import PACKAGE, Died, Sandbox, _works, best_protection

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the attacks are Linux's")

BEST = best_protection()
# One of each kind, and of the first attacks one of each that a weaker protection might let pass.
SELECTED = ["endless loop in the function", "sleep", "memory bomb of lists", "fork bomb", "daemon"]
SELECTED += ["kill everybody", "folders in folders", "folder without rights", "closed pipes"]
SELECTED += ["answers to all requests", "links and pipes", "os._exit in a cell"]
HOSTILE = {name: kind for name, kind in KINDS.items() if not name.startswith("honest")}


def cases():
    """Each case under the best protection, some under the others; what goes together as one."""
    for kind, (_, names, protected, together) in HOSTILE.items():
        for protection in HERE if protected else HERE[:1]:
            chosen = SELECTED if kind == "hostile notebooks" else names[:1]
            chosen = names if protection == BEST else chosen
            if together:
                yield pytest.param(kind, names, protection, id=f"{kind}-{protection}")
                continue
            for name in chosen:
                if attacks.applies(kind, name, protection):
                    yield pytest.param(kind, name, protection, id=f"{kind}-{name}-{protection}")


@pytest.mark.parametrize(("kind", "name", "protection"), list(cases()))
def test_an_attack_gains_nothing_leaves_nothing_and_costs_others_nothing(
    kind, name, protection, tmp_path
):
    found = strike(kind, name, protection, tmp_path)
    assert found[:3] == (0, 0, 0), found.why


def test_there_are_enough_attacks():
    assert all(len(kind.cases) >= 20 for kind in HOSTILE.values())
    assert len(ATTACKS) >= 77


@pytest.fixture
def quick(tmp_path):
    """Half a second for each request, three parts to judge, an empty folder for temporary files."""
    (tmp_path / "temporary").mkdir()
    with attacks.quick(tmp_path / "temporary") as exercise:
        yield exercise


def test_others_get_their_marks_meanwhile(quick, tmp_path):
    """A folder of attacks with two honest submissions among them."""
    place = tmp_path / "submissions"
    place.mkdir()
    right = submissions.solutions(NAME)
    names = ["endless loop in the function", "memory bomb of lists", "fork bomb", "closed pipes"]
    names += ["lent function without end", "keys that collide", "timer stopped", "sleep"]
    for name in names:
        attacking(place / f"{name}.ipynb", ATTACKS[name])
    for name in ("a", "z"):
        submissions.write(place / f"{name}.ipynb", NAME, right)
    rows = mark_all(EXERCISE, place, tmp_path / "marks.csv", jobs=2, show_progress_bar=False)
    points = {row["submission"].removesuffix(".ipynb"): int(row["points"]) for row in rows}
    most = quick.max_points
    assert points == dict.fromkeys(names, POINTS) | {"a": most, "z": most}


def test_cells_that_take_their_time_do_not_add_up(quick, tmp_path, monkeypatch):
    """The time of the submission ends them, not only that of each."""
    ran = []
    run_cell = Sandbox.run_cell
    monkeypatch.setattr(Sandbox, "run_cell", lambda *args: ran.append(args) or run_cell(*args))
    monkeypatch.setattr(marking, "SECONDS", 1.0)
    sleeps = ["import time; time.sleep(0.2)"] * 50
    path = submissions.write(tmp_path / "x.ipynb", NAME, submissions.solutions(NAME), extra=sleeps)
    mark(EXERCISE, path)
    assert len(ran) < 50


@pytest.mark.parametrize("moment", [1, 3, 12])
@pytest.mark.parametrize("kind", HERE)
def test_an_interruption_leaves_nothing(kind, moment, quick, tmp_path, monkeypatch):
    """While a process starts, while cells run, while a part is judged."""
    waited = []
    get = queue.Queue.get

    def interrupted(*args, **kwargs):
        waited.append(args)
        if len(waited) == moment:
            raise KeyboardInterrupt
        return get(*args, **kwargs)

    path = submissions.write(tmp_path / "x.ipynb", NAME, submissions.solutions(NAME))
    monkeypatch.setattr(queue.Queue, "get", interrupted)
    with pytest.raises(KeyboardInterrupt):
        mark(EXERCISE, path, protection=kind)
    assert not submissions.descendants(os.getpid(), "runner.py")
    assert not list((tmp_path / "temporary").iterdir())


def half_a_character_as_id(notebook):
    new = {"cell_type": "code", "source": "1 / 0", "metadata": {}, "outputs": []}
    notebook["cells"].append(new | {"id": "\ud800", "execution_count": None})


def terminal_control_as_id(notebook):
    half_a_character_as_id(notebook)
    notebook["cells"][-1]["id"] = "\x1b[2J\r30 of 30 points\n"


def half_a_character_as_format(notebook):
    notebook["nbformat"] = "\ud800\x1b[2J"


def half_a_character_as_set(notebook):
    notebook["metadata"]["hpcourse"]["exercise"] = "\ud800\x1b[2J"


def things_that_are_no_cells(notebook):
    notebook["cells"] += [None, 3, [], {"cell_type": "code", "source": {}, "id": [], "metadata": 3}]


def deep_metadata(notebook):
    notebook["metadata"]["deep"] = "DEEP"


HOSTILE_FILES = [
    half_a_character_as_id,
    terminal_control_as_id,
    half_a_character_as_format,
    half_a_character_as_set,
    things_that_are_no_cells,
    deep_metadata,
]


def test_a_folder_of_hostile_files(quick, tmp_path):
    """Each file has its row, the honest ones have their marks, and a second run changes nothing."""
    place, table = tmp_path / "submissions", tmp_path / "marks.csv"
    (place / "folder.ipynb").mkdir(parents=True)
    (place / "e.html").mkdir()
    text = release(NAME).read_text(encoding="utf-8")
    names = {"a" * 249, "=1+1", "new\nline", "new?line", "\x1b[2J", "e", "e.html/e", "\udcff"}
    for name in names:
        (place / f"{name}.ipynb").write_text(text, encoding="utf-8")
    (place / "link.ipynb").symlink_to("/etc/passwd")
    (place / "loop").symlink_to(place)
    os.mkfifo(place / "pipe.ipynb")
    for change in HOSTILE_FILES:
        notebook = json.loads(text)
        change(notebook)
        content = json.dumps(notebook).replace('"DEEP"', "[" * 100_000 + "]" * 100_000)
        (place / f"{change.__name__}.ipynb").write_text(content, encoding="utf-8")
    with (place / "sparse.ipynb").open("wb") as file:
        file.truncate(1 << 40)
    for name in ("a", "z"):
        submissions.write(place / f"{name}.ipynb", NAME, submissions.solutions(NAME))
    rows = mark_all(EXERCISE, place, table, jobs=2, show_progress_bar=False)
    points = {row["submission"]: int(row["points"]) for row in rows}
    assert len(rows) == len(names) + len(HOSTILE_FILES) + 5
    assert points.pop("a.ipynb") == points.pop("z.ipynb") == quick.max_points
    assert not any(points.values())
    assert all(row[column].isprintable() for row in rows for column in ("submission", "error"))
    before = table.read_bytes()
    mark_all(EXERCISE, place, table, show_progress_bar=False)
    assert table.read_bytes() == before


def test_json_that_takes_gigabytes(quick, tmp_path):
    """It is read elsewhere and within limits, so that it holds up nobody."""
    place = tmp_path / "submissions"
    place.mkdir()
    submissions.write(place / "a.ipynb", NAME, submissions.solutions(NAME))
    lists = b"[" + b"[]," * (notebook.MAX_BYTES // 3 - 1) + b"0]"
    texts = '["\N{GRINNING FACE}'.encode() + b"x" * (notebook.MAX_BYTES - 20) + b'"]'
    for name, content in (("lists", lists), ("texts", texts)):
        assert len(content) <= notebook.MAX_BYTES
        (place / f"{name}.ipynb").write_bytes(content)
    one, two, three = mark_all(EXERCISE, place, tmp_path / "marks.csv", show_progress_bar=False)
    assert one["points"] == str(quick.max_points)
    assert "too long to read, or too much memory" in two["error"]
    assert three["error"] == "no notebook: JSON of something else"


def test_reading_ends_when_time_is_up(tmp_path, monkeypatch):
    path = tmp_path / "x.ipynb"
    path.write_bytes(b"[" + b"0," * 5_000_000 + b"0]")
    monkeypatch.setattr(notebook, "SECONDS", 0)
    with pytest.raises(notebook.Unmarkable, match="too long to read"):
        mark(EXERCISE, path)


def test_folders_in_folders_stop_nothing(quick, tmp_path):
    place = tmp_path / "submissions"
    place.mkdir()
    submissions.write(place / "a.ipynb", NAME, submissions.solutions(NAME))
    back = os.open(".", os.O_RDONLY)
    try:
        os.chdir(place)
        for _ in range(1500):
            os.mkdir("d")
            os.chdir("d")
    finally:
        os.fchdir(back)
        os.close(back)
    try:
        assert grade_all.submissions(place)[0] == ["a.ipynb"]
    finally:  # pytest's own way to remove it calls itself
        subprocess.run(["rm", "-rf", place / "d"], check=True)


# What the code can reach, tried in the sandbox itself.


@pytest.fixture(params=HERE)
def filtered(request):
    """A process whose system calls are filtered."""
    with Sandbox(request.param) as sandbox:
        if not sandbox.filtered:
            pytest.skip("system calls are not filtered on this machine")
        yield sandbox


WORKED = """
import ctypes, errno, os, signal, socket, struct, threading
libc = ctypes.CDLL(None, use_errno=True)
def done(result):
    if result == -1:
        raise OSError(ctypes.get_errno(), "refused")
def permitted(result):
    if result == -1 and ctypes.get_errno() == errno.EPERM:
        raise PermissionError
def call(number, *args):
    done(libc.syscall(number, *args))
def worked(parent):
    names = []
    for name, attempt in attempts(parent).items():
        try:
            attempt()
            names.append(name)
        except (OSError, RuntimeError):
            pass
    return names
"""

# Processes, network, signals, others' memory.
TRIES = """
def attempts(parent):
    named = {
        "fork": os.fork,
        "thread": threading.Thread(target=print).start,
        "execute": lambda: os.execv("/bin/true", ["true"]),
        "spawn": lambda: os.posix_spawn("/bin/true", ["true"], {}),
        "tcp": lambda: socket.socket(),
        "udp": lambda: socket.socket(type=socket.SOCK_DGRAM),
        "unix": lambda: socket.socket(socket.AF_UNIX),
        "kill": lambda: os.kill(parent, signal.SIGKILL),
        "kill group": lambda: os.killpg(os.getpgrp(), signal.SIGKILL),
    }
    if os.uname().machine == "x86_64":
        limit = (ctypes.c_ulong * 2)(0, 0)
        named |= {
            "clone": lambda: call(56, 0, 0, 0, 0, 0),
            "clone3": lambda: call(435, 0, 0),
            "vfork": lambda: call(58),
            "x32 fork": lambda: call(0x40000000 + 57),
            "ptrace": lambda: call(101, 16, parent, 0, 0),
            "tgkill": lambda: call(234, parent, parent, 9),
            "tkill": lambda: call(200, parent, 9),
            "pidfd_open": lambda: call(434, parent, 0),
            "limits of others": lambda: call(302, parent, 0, limit, 0),
            "memfd_create": lambda: call(319, b"x", 0),
            "io_uring": lambda: call(425, 1, 0),
            "unshare": lambda: call(272, 0x10000000),
            "setns": lambda: call(308, 0, 0),
            "shared memory": lambda: call(29, 0, 1 << 20, 0o1666),
            "prctl": lambda: call(157, 1, 0, 0, 0, 0),
            "memory of others": lambda: call(310, parent, 0, 0, 0, 0, 0),
        }
    return named
"""

SIGNALS = """
import ctypes, fcntl, os, signal, struct
libc = ctypes.CDLL(None)
def armed(fd, other, owner):
    owner(fd)
    fcntl.fcntl(fd, 10, signal.SIGKILL)  # F_SETSIG
    fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) | 0o20000)  # O_ASYNC
    os.write(other, b"x")
def pair():
    fds = (ctypes.c_int * 2)()
    if libc.socketpair(1, 1, 0, fds):
        raise OSError
    return tuple(fds)
def signals(victim):
    numbers = struct.pack("i", victim)
    for attempt in (
        lambda: os.kill(victim, signal.SIGKILL),
        lambda: os.killpg(victim, signal.SIGKILL),
        lambda: libc.syscall(424, os.open(f"/proc/{victim}", os.O_RDONLY), 9, None, 0),
        lambda: armed(*os.pipe(), lambda fd: fcntl.fcntl(fd, 8, victim)),
        lambda: armed(*os.pipe(), lambda fd: fcntl.fcntl(fd, 15, struct.pack("ii", 1, victim))),
        lambda: armed(*pair(), lambda fd: fcntl.ioctl(fd, 0x8901, numbers)),
    ):
        try:
            attempt()
        except OSError:
            pass
"""


def test_no_signals_through_descriptors(filtered):
    """The kernel sends signals for a descriptor too, any signal to any process."""
    assert filtered.run_cell(SIGNALS) is None
    victim = subprocess.Popen(["sleep", "1000"], start_new_session=True)
    try:
        filtered.call("signals", [victim.pid])
        assert victim.poll() is None
    finally:
        victim.kill()
        victim.wait()


# Whoever marks: what only root may do.
POWERS = """
def attempts(parent):
    place = b"/there/is/no/such/place"
    return {
        "root of the files": lambda: os.chroot("/"),
        "device": lambda: os.mknod("device", 0o600 | 0o020000, os.makedev(1, 1)),
        "user": lambda: os.setuid(65534),
        "priority": lambda: os.nice(-1),
        "real time": lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)),
        "mount": lambda: permitted(libc.mount(b"none", b".", b"nosuchfs", 0, None)),
        "mount on scratch": lambda: permitted(libc.mount(b"none", b"/tmp", b"tmpfs", 0, None)),
        "unmount": lambda: permitted(libc.umount2(b".", 0)),
        "accounting": lambda: permitted(libc.acct(place)),
        "swap": lambda: permitted(libc.swapoff(place)),
        "host name": lambda: permitted(libc.sethostname(b"hostile", 7)),
    }
"""

# What outlives the process, in the kernel or as a file that only its owner could remove.
REMAINS = """
def attempts(parent):
    named = {
        "owner": lambda: os.chown(".", os.getuid(), os.getgid()),
        "mode": lambda: os.chmod(".", 0o700),
        "attribute": lambda: os.setxattr(".", "user.hostile", b"x"),
    }
    if os.uname().machine == "x86_64":
        named |= {
            "message queue": lambda: call(240, b"hostile", 0o102, 0o600, None),
            "key": lambda: call(248, b"user", b"hostile", b"x", 1, -5),
            "keyring": lambda: call(250, 0, -5, 1),
        }
    return named
"""


@pytest.mark.parametrize("code", [TRIES, POWERS, REMAINS], ids=["others", "powers", "remains"])
def test_what_is_refused(filtered, code):
    assert filtered.run_cell(WORKED + code) is None
    assert filtered.call("worked", [os.getpid()]) == {"value": []}


SEARCH = """
import os
def search():
    found = []
    for folder, folders, files in os.walk("/"):
        folders[:] = [f for f in folders if os.path.join(folder, f) not in ("/proc", "/dev")]
        for file in files:
            ours = {"feedback_cell.py", "mnist.npz", "regret.json", "schedules.ipynb"}
            if "hpcourse" in folder or file in ours:
                found.append(os.path.join(folder, file))
    return found[:100]
def others():
    return os.listdir("/proc") if os.path.exists("/proc") else []
def names():
    return sorted(name for name in os.environ if "HPCOURSE" in name)
def write():
    written = []
    places = ["/", "/usr", "/course", "/packages", "/packages/numpy", "/dev", "/dev/shm", "/etc"]
    places += ["/root", "/proc/sys/kernel", "/sys", os.path.dirname(os.__file__)]
    for place in places:
        try:
            open(os.path.join(place, "hostile"), "w").close()
            written.append(place)
        except OSError:
            pass
    try:
        open("/proc/sys/kernel/hostname", "w").write("hostile")
        written.append("hostname")
    except OSError:
        pass
    return written
def scratch():
    size = 0
    try:
        for k in range(200):
            with open(f"f{k}", "wb") as file:
                size += file.write(bytes(1 << 20))
    except OSError:
        pass
    return size >> 20
"""


@pytest.mark.skipif(not _works("bubblewrap"), reason="bubblewrap does not work here")
def test_files_and_processes_are_out_of_sight(monkeypatch):
    monkeypatch.setenv("HPCOURSE_SECRET", "x")
    assert Path(hpcourse.__file__).parent == PACKAGE  # all of it is covered where it is in the way
    with Sandbox("bubblewrap") as sandbox:
        assert sandbox.run_cell(SEARCH) is None
        assert sandbox.call("search", []) == {"value": []}
        for name in ("others", "names"):
            assert sandbox.call(name, []) == {"value": []}, name
        assert sandbox.call("write", []) == {"value": []}
        assert sandbox.call("scratch", [])["value"] <= 33


@pytest.mark.parametrize("kind", HERE)
def test_an_answer_to_another_request_is_none(kind):
    """A thread cannot wait with an answer: there are no threads, and numbers must fit."""
    with Sandbox(kind, seconds=0.5) as sandbox:
        answer = b'{"id": 77, "value": 1.0}'
        sandbox.run_cell(f"{WIRE}\ndef f():\n    raw({answer!r})\n    return 2.0")
        with pytest.raises(Died, match="out of turn"):
            sandbox.call("f", [])


PEEK = """
import os
def peek(pids):
    seen = []
    for pid in pids:
        for name, how in (('mem', 'r+b'), ('mem', 'rb'), ('environ', 'rb'), ('maps', 'rb')):
            try:
                with open(f'/proc/{pid}/{name}', how) as file:
                    if name != 'mem': file.read(1)
                    seen.append(f'{name} of {pid}')
            except OSError: pass
        try:
            for fd in os.listdir(f'/proc/{pid}/fd'):
                try:
                    os.close(os.open(f'/proc/{pid}/fd/{fd}', os.O_RDWR))
                    seen.append(f'{fd} of {pid}')
                except OSError: pass
        except OSError: pass
    return seen
def spoil(folders):
    done = []
    for folder in folders:
        for act in (lambda: open(folder + '/packages/numpy.py', 'w').close(),
                    lambda: os.unlink(folder + '/packages/numpy'),
                    lambda: os.rename(folder, folder + 'x')):
            try: act(); done.append(folder)
            except OSError: pass
    return done
"""


@pytest.mark.parametrize("kind", HERE)
def test_nobody_looks_into_the_marking_or_into_others(kind):
    with Sandbox(kind) as other, Sandbox(kind) as sandbox:
        assert sandbox.run_cell(PEEK) is None
        pids = [os.getpid(), other._process.pid]
        assert sandbox.call("peek", [pids]) == {"value": []}
        folders = [str(each._folder) for each in (other, sandbox) if each._folder]
        if sandbox.closed:
            assert sandbox.call("spoil", [folders]) == {"value": []}
        assert other.run_cell("import numpy, scipy.stats") is None


@pytest.mark.parametrize("kind", HERE)
def test_what_is_closed_stays_unread_and_unwritten(kind, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("x")
    code = """
import os
def tries(secret, exercises):
    done = []
    for path in (secret, exercises + '/schedules/checks.py', '/etc/passwd'):
        try: open(path).read(); done.append(path)
        except OSError: pass
    for act in (lambda: open('file', 'w').write('x'), lambda: os.mkdir('d'), lambda: os.mkfifo('p'),
                lambda: open(secret, 'a').write('y'), lambda: os.truncate(secret, 0)):
        try: act(); done.append('written')
        except OSError: pass
    return done
"""
    with Sandbox(kind) as sandbox:
        sandbox.run_cell(code)
        done = sandbox.call("tries", [str(secret), str(ROOT / "exercises")])["value"]
        assert not done or not sandbox.closed
    assert secret.read_text() == "x" or not sandbox.closed
