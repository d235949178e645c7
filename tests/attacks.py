"""What is tried against the marking, as one table: kinds of attacks, each with its cases by name.

``strike`` tries a case under a protection and says what came of it. ``tests/test_hostile.py`` tries
each once under the best protection of the machine and one of each kind under the others;
``tests/attack.py`` tries all of them under all. Cases are written so that whoever marks needs no
rights and nothing outside of temporary folders is touched, even where an attack gets through.
"""

import csv
import errno
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import unicodedata
import zipfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import odd_notebooks
import submissions

from hpcourse import grading
from hpcourse.grading import feedback, grade_all, marking
from hpcourse.grading.answer import Broken
from hpcourse.grading.grade_all import mark_all
from hpcourse.grading.marking import mark
from hpcourse.grading.sandbox import PROTECTIONS, Died, Sandbox, _works

ROOT = Path(__file__).resolve().parents[1]
NAME, HONEST, ATTACKED, LENT = "schedules", "epochs_done", "exponential", "warm_up"
EXERCISE = grading.load(NAME)
POINTS = EXERCISE.parts[HONEST].max_points
HERE = [kind for kind in PROTECTIONS if _works(kind)]


class Outcome(NamedTuple):
    """What came of a case: all of it is to be 0, or None where the case says nothing."""

    gained: int = 0  # points, second tries, things reached or run
    left: int = 0  # processes, files, threads
    lost: int = 0  # points of honest work
    why: str = ""


# Attacks by name. `answer` is the answer to one part, `lent` that to one that is lent a function.
# What follows finds the way back to the marking, by walking frames.
WIRE = """
import json, sys
def wire():
    frame = sys._getframe()
    while "number" not in frame.f_locals or "request" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals
def raw(line):
    wire()["sink"].write(line + b"\\n"); wire()["sink"].flush()
def say(**message):
    raw(json.dumps({"id": wire()["number"], **message}).encode())
def read():
    return wire()["source"].readline()
"""
EVERY_FD = """
import os
def shout(line):
    for fd in range(3, 20):
        try: os.write(fd, line)
        except OSError: pass
"""

ATTACKS = {
    # Time
    "endless loop in a cell": """
while True: pass
""",
    "endless loop in the function": """
def answer(*args):
    while True: pass
""",
    "endless power": """
def answer(*args):
    return len(str(7 ** 10**8))
""",
    "endless regular expression": """
import re
def answer(*args):
    return re.match('(a+)+$', 'a' * 40 + 'b')
""",
    "sleep": """
def answer(*args):
    import time
    time.sleep(1e6)
""",
    "sleep in a cell": """
import time
time.sleep(1e6)
""",
    "signals ignored": """
import signal
for s in range(1, 64):
    try: signal.signal(s, signal.SIG_IGN)
    except (OSError, ValueError): pass
while True: pass
""",
    "timer stopped": """
import signal
signal.setitimer(signal.ITIMER_PROF, 0)
while True: pass
""",
    "spaces, one by one, for ever": WIRE
    + """
def answer(*args):
    import time
    while True:
        wire()['sink'].write(b' '); wire()['sink'].flush(); time.sleep(0.01)
""",
    # Memory and disk
    "memory bomb of lists": """
a = []
while True: a.append(bytes(10**6))
""",
    "memory bomb at once": """
a = bytearray(10**11)
""",
    "memory bomb of arrays": """
import numpy as np
a = [np.ones(10**8) for _ in range(100)]
""",
    "memory bomb in threads": """
import threading
def grow():
    a = []
    while True: a.append(bytearray(10**7))
for _ in range(50): threading.Thread(target=grow).start()
""",
    "full scratch folder": """
k = 0
while True:
    open(f'f{k}', 'wb').write(b'x' * 10**6); k += 1
""",
    "folders in folders": """
import os
for _ in range(2000):
    os.mkdir('d')
    os.chdir('d')
""",
    "links and pipes": """
import os
os.symlink('/etc/passwd', 'a'); os.symlink('/usr', 'b'); os.symlink('.', 'c'); os.mkfifo('d')
""",
    "folder without rights": """
import os
os.mkdir('q')
open('q/z', 'w').write('1')
os.chmod('q', 0)
os.chmod('.', 0)
""",
    "huge output": """
import sys
for _ in range(500): print('x' * 100000); sys.stderr.write('y' * 100000)
""",
    # Processes
    "fork bomb": """
import os
while True: os.fork()
""",
    "subprocess": """
import subprocess
subprocess.run(['sleep', '100'])
""",
    "daemon": """
import os
os.setsid()
if os.fork() == 0:
    while True: pass
""",
    "os._exit in a cell": """
import os
os._exit(0)
""",
    "os._exit in the function": """
def answer(*args):
    import os
    os._exit(0)
""",
    "sys.exit": """
import sys
sys.exit(0)
""",
    "sys.exit in the function": """
def answer(*args):
    raise SystemExit
""",
    "KeyboardInterrupt": """
def answer(*args):
    raise KeyboardInterrupt
""",
    "GeneratorExit": """
def answer(*args):
    raise GeneratorExit
""",
    "kill everybody": """
import os
for pid in (os.getppid(), 0, -os.getpgrp(), 1, -1):
    try: os.kill(pid, 9)
    except OSError: pass
""",
    "segmentation fault": """
import ctypes
def answer(*args):
    ctypes.string_at(0)
""",
    "C stack overflow": """
import sys
sys.setrecursionlimit(10**8)
def deeper(n): return deeper(n + 1)
def answer(*args):
    return deeper(0)
""",
    "thread that goes on": """
import threading
def answer(*args):
    def go():
        while True: pass
    threading.Thread(target=go).start()
    return 1.0
""",
    "atexit": """
import atexit, time
atexit.register(time.sleep, 1000)
raise SystemExit
""",
    "higher limits": """
import resource
resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY,) * 2)
""",
    # Values that lie
    "equal to everything": """
def answer(*args):
    class E(float):
        def __eq__(s, o): return True
        def __sub__(s, o): return 0.0
        def __abs__(s): return 0.0
    return E(1)
""",
    "another __class__": """
def answer(*args):
    class E:
        __class__ = property(lambda s: float)
        def __float__(s): return 1.0
    return E()
""",
    "array that lies": """
import numpy as np
class B(np.ndarray):
    size = 0
    def ravel(s): return s
    def tolist(s): return [1] * 10**7
def answer(*args):
    return np.zeros(3).view(B)
""",
    "endless list": """
def answer(*args):
    class L(list):
        def __iter__(s):
            while True: yield 1
    return L()
""",
    "endless dict": """
def answer(*args):
    class E(dict):
        def items(s):
            while True: yield 1, 2
    return E()
""",
    "generator": """
def answer(*args):
    return (n for n in range(3))
""",
    "list of itself": """
def answer(*args):
    a = []
    a.append(a)
    return a
""",
    "deep nesting": """
def answer(*args):
    a = []
    for _ in range(10**5): a = [a]
    return a
""",
    "10 GB string": """
def answer(*args):
    return 'x' * 10**10
""",
    "array without memory": """
import numpy as np
def answer(*args):
    return np.broadcast_to(1.0, 10**12)
""",
    "empty array of huge shape": """
import numpy as np
def answer(*args):
    return np.zeros((20_000_000, 0))
""",
    "array of objects": """
import numpy as np
def answer(*args):
    return np.array([lambda: 1])
""",
    "keys that collide": """
def answer(*args):
    return {k * ((1 << 61) - 1): 0 for k in range(1, 40_000)}
""",
    "half a character": """
def answer(*args):
    return '\\ud800'
""",
    "not a number": """
def answer(*args):
    return float('nan')
""",
    "error with an endless text": """
class E(Exception):
    def __str__(s):
        while True: pass
def answer(*args):
    raise E()
""",
    "error with a 10 GB text": """
class E(Exception):
    def __str__(s): return 'x' * 10**10
def answer(*args):
    raise E()
""",
    "error without a name": """
class M(type):
    __name__ = property(lambda c: '\\ud800')
class E(Exception, metaclass=M): pass
def answer(*args):
    raise E()
""",
    "error that draws in the terminal": """
def answer(*args):
    raise ValueError('\\r\\x1b[2K30 of 30 points')
""",
    "text with another length": """
class Text(str):
    __len__ = lambda s: 1
    encode = lambda s, *how: b'1.0'
class E(Exception):
    def __str__(s): return Text('x' * 10**6)
def answer(*args):
    raise E()
""",
    "type whose name never comes": """
class M(type):
    @property
    def __name__(c):
        while True: pass
class E(metaclass=M): pass
def answer(*args):
    return E()
""",
    "error that lies about its class": """
class E(Exception):
    @property
    def __class__(s): raise OSError
def answer(*args):
    raise E()
""",
    "strides beyond the memory": """
import numpy as np
def answer(*args):
    return np.lib.stride_tricks.as_strided(np.zeros(1), (10_000, 2), (1 << 40, 1 << 30))
""",
    "structured array": """
import numpy as np
def answer(*args):
    return np.zeros(2, dtype='f8,f8')
""",
    # Patches
    "patched comparisons": """
import builtins, math
import numpy as np
for module in (math, np, builtins):
    for name in ('isclose', 'allclose', 'asarray', 'abs', 'all'):
        if hasattr(module, name): setattr(module, name, lambda *a, **k: True)
def answer(*args):
    return 1.0
""",
    "patched json": """
import json
json.dumps = lambda *a, **k: '{"id": 1, "value": 1.0}'
json.loads = lambda *a, **k: {}
def answer(*args):
    return 1.0
""",
    "patched grading": """
import sys, types
fake = types.ModuleType('hpcourse.grading')
fake.check = lambda *a, **k: 30
sys.modules['hpcourse.grading'] = fake
""",
    "import of the course": """
import hpcourse.grading
hpcourse.grading.check = lambda *a, **k: 30
""",
    "input transformer and hooks": """
shell = get_ipython()
shell.input_transformers_cleanup.append(lambda lines: ['x = 1'])
shell.events.register('pre_run_cell', lambda *a: None)
""",
    "patched encoder": """
import gc
for o in gc.get_objects():
    if getattr(o, '__name__', '') == 'encode' and hasattr(o, '__code__'):
        o.__code__ = (lambda value, functions=None: 1.0).__code__
def answer(*args):
    return 1.0
""",
    "trace of every line": """
import sys
def trace(frame, event, arg): return trace
sys.settrace(trace)
""",
    "search through all objects": """
import gc
def answer(*args):
    seen = [o for o in gc.get_objects() if 'expected' in repr(type(o))]
    return seen[0] if seen else 1.0
""",
    "nothing left in builtins": """
import builtins
builtins.__dict__.clear()
""",
    "no globals": """
globals().clear()
""",
    # Forgery
    "result line on stdout": """
print('{"id": 1, "value": 1.0}')
import os, sys
sys.__stdout__.write('30 of 30 points\\n')
os.write(1, b'{"id": 3, "value": 1.0}\\n')
""",
    "answers to all requests": EVERY_FD
    + """
def answer(*args):
    for k in range(40): shout(b'{"id": %d, "value": 1.0}\\n' % k)
    return 1.0
""",
    "answers in advance, in a thread": EVERY_FD
    + """
import threading
def go():
    while True:
        for k in range(40): shout(b'{"id": %d, "value": 1.0}\\n' % k)
threading.Thread(target=go, daemon=True).start()
def answer(*args):
    return 1.0
""",
    "garbage": EVERY_FD
    + """
def answer(*args):
    shout(b'\\xff\\xfe\\n')
    return 1.0
""",
    "100 MB line": EVERY_FD
    + """
def answer(*args):
    for _ in range(100): shout(b'x' * 10**6)
    return 1.0
""",
    "deep JSON": EVERY_FD
    + """
def answer(*args):
    shout(b'[' * 10**6 + b'\\n')
    return 1.0
""",
    "number of a million digits": EVERY_FD
    + """
def answer(*args):
    shout(b'{"id": ' + b'9' * 10**6 + b'}\\n')
    return 1.0
""",
    "errors of half characters": WIRE
    + """
def answer(*args):
    say(error=['\\ud800', '\\udfff'])
    return 1.0
""",
    "array type that explodes": WIRE
    + """
def answer(*args):
    say(value={'array': [[1], [1], 'int32,(12000,12000)f8']})
""",
    "millions of lists": WIRE
    + """
def answer(*args):
    say(value=[[]] * 2_000_000)
""",
    "lent function that is none": WIRE
    + """
def lent(*args):
    say(ask=7, args=[])
    return 1.0
""",
    "lent function without end": WIRE
    + """
def lent(*args):
    while True:
        say(ask=0, args=[1.0])
        read()
""",
    "lent function, answers unread": WIRE
    + """
def lent(*args):
    while True: say(ask=0, args=[1.0])
""",
    "lent function, huge arguments": WIRE
    + """
def lent(*args):
    while True:
        say(ask=0, args=[1] * 500_000)
        read()
""",
    "lent function, keys that collide": WIRE
    + """
def lent(*args):
    say(ask=0, args=[{'dict': [[k * ((1 << 61) - 1), 0] for k in range(40_000)]}])
    read()
    return 1.0
""",
    "shape of huge numbers": WIRE
    + """
def answer(*args):
    say(value={'array': [[], [10**4000] * 250, 'float64']})
""",
    "answer without a number": EVERY_FD
    + """
def answer(*args):
    shout(b'{"value": 1.0}\\n[1.0]\\n')
    return 1.0
""",
    "number that is none": EVERY_FD
    + """
def answer(*args):
    shout(b'{"id": NaN, "value": Infinity}\\n')
    return 1.0
""",
    "closed pipes": """
import os
os.closerange(0, 64)
""",
    "stolen requests": """
import os
for fd in range(3, 10):
    try: os.read(fd, 100)
    except OSError: pass
""",
    # Sources
    "a hundred thousand signs": "x = " + "-" * 90_000 + "1",
    "brackets without end": "x = " + "(" * 40_000 + "1" + ")" * 40_000,
    "null byte": "x = 1\0",
}
HARMS_ITSELF = {"nothing left in builtins", "no globals", "patched json", "patched encoder"}
HARMS_ITSELF |= {"answers in advance, in a thread", "trace of every line"}


# Ends its process: with an answer to the first question it might try another one the next time.
ENDS = {
    "os._exit": "os._exit(0)",
    "os._exit with a status": "os._exit(3)",
    "sys.exit": "sys.exit(0)",
    "SystemExit with a text": "raise SystemExit('30 of 30 points')",
    "SIGKILL": "signal.raise_signal(signal.SIGKILL)",
    "SIGTERM": "signal.raise_signal(signal.SIGTERM)",
    "SIGSTOP": "signal.raise_signal(signal.SIGSTOP)",
    "SIGSEGV": "signal.raise_signal(signal.SIGSEGV)",
    "SIGPROF, as if time were up": "signal.raise_signal(signal.SIGPROF)",
    "an alarm": "signal.setitimer(signal.ITIMER_REAL, 0.01)\n        while True: pass",
    "abort": "os.abort()",
    "null pointer": "ctypes.string_at(0)",
    "wild jump": "ctypes.CFUNCTYPE(None)(8)()",
    "freed memory": "ctypes.memset(id(None), 1, 1 << 20)",
    "C recursion": "sys.setrecursionlimit(10**9); f = lambda: f(); f()",
    "memory": "x = [0]\n        while True: x += x",
    "address space": "resource.setrlimit(resource.RLIMIT_AS, (0, 0)); x = bytes(10**7)",
    "processor time": "resource.setrlimit(resource.RLIMIT_CPU, (0, 0))\n        while True: pass",
    "size of files": "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); os.abort()",
    "closed pipes": "os.closerange(0, 64)",
    "pipes to nowhere": "n = os.open('/dev/null', 2); [os.dup2(n, k) for k in range(3, 20)]",
    "half a line": "[quiet(os.write, k, b'{') for k in range(3, 20)]; os._exit(0)",
    "a line out of turn": "[quiet(os.write, k, b'{\"id\": 1}\\n') for k in range(3, 20)]",
    "a line that is none": "[quiet(os.write, k, b'\\xff\\n') for k in range(3, 20)]",
    "endless loop": "while True: pass",
    "sleep": "time.sleep(1000)",
    "pause": "signal.pause()",
    "reading the requests": "[quiet(os.read, k, 1) for k in range(3, 20)]",
    "a lock": "threading.Lock().acquire(); a = threading.Lock(); a.acquire(); a.acquire()",
    "end of the interpreter": "ctypes.pythonapi.Py_FinalizeEx()",
    "fatal error": "ctypes.pythonapi.Py_FatalError(b'x')",
}
ENDING = """
import ctypes, os, resource, signal, sys, threading, time
CALLS = []
def quiet(function, *args):
    try: function(*args)
    except OSError: pass
def answer(*args):
    CALLS.append(args)
    if len(CALLS) == 1:
        {}
    return 1.0
"""

# Looks into the marking, another submission's process, or this machine's. "pid" is whose business
# it is; "secret" what it has on its command line and in its environment.
LOOKING = """
import ctypes, mmap, os, resource, signal, struct
libc = ctypes.CDLL(None, use_errno=True)
def call(number, *args):
    ctypes.set_errno(0)
    if libc.syscall(number, *args) == -1:
        raise OSError(ctypes.get_errno(), "refused")
    return True
def opened(path, how="rb"):
    open(path, how).close()
    return True
def has(path, secret):
    with open(path, "rb") as file: return secret.encode() in file.read(1 << 16)
def wrote(path, content):
    with open(path, "r+b", 0) as file: return file.write(content) > 0
def buffer():
    return struct.pack("QQ", ctypes.addressof(ctypes.create_string_buffer(64)), 8)
def attempt(pid, secret):
    return {}
def reach(pid, secret):
    try: return bool(attempt(pid, secret))
    except (OSError, ValueError, RuntimeError, OverflowError): return False
"""
X86 = os.uname().machine == "x86_64" if hasattr(os, "uname") else False
LOOKS = {
    "memory, read": "opened(f'/proc/{pid}/mem')",
    "memory, written": "opened(f'/proc/{pid}/mem', 'r+b')",
    "memory of a task": "opened(f'/proc/{pid}/task/{pid}/mem', 'r+b')",
    "memory by descriptor": "os.open(f'/proc/{pid}/mem', os.O_RDWR | os.O_CLOEXEC)",
    "memory through the folder": "os.open('mem', 2, dir_fd=os.open(f'/proc/{pid}', os.O_PATH))",
    "memory of the parent": "opened(f'/proc/{os.getppid()}/mem', 'r+b')",
    "environment": "opened(f'/proc/{pid}/environ')",
    "environment of the parent": "os.getppid() and opened(f'/proc/{os.getppid()}/environ')",
    "command line": "has(f'/proc/{pid}/cmdline', secret)",
    "command line of a task": "has(f'/proc/{pid}/task/{pid}/cmdline', secret)",
    "all command lines": "any(has(f'/proc/{n}/cmdline', secret) for n in os.listdir('/proc')"
    " if n.isdigit() and int(n) != os.getpid())",
    "descriptors": "os.listdir(f'/proc/{pid}/fd')",
    "descriptors' places": "os.listdir(f'/proc/{pid}/fdinfo')",
    "first pipe": "os.open(f'/proc/{pid}/fd/0', os.O_RDONLY | os.O_NONBLOCK)",
    "second pipe": "os.open(f'/proc/{pid}/fd/1', os.O_WRONLY | os.O_NONBLOCK)",
    "mapped files": "os.listdir(f'/proc/{pid}/map_files')",
    "maps": "has(f'/proc/{pid}/maps', 'python')",
    "size of maps": "has(f'/proc/{pid}/smaps', 'python')",
    "page map": "opened(f'/proc/{pid}/pagemap')",
    "auxiliary vector": "len(open(f'/proc/{pid}/auxv', 'rb').read())",
    "system call": "len(open(f'/proc/{pid}/syscall').read())",
    "input and output": "len(open(f'/proc/{pid}/io').read())",
    "folder": "os.readlink(f'/proc/{pid}/cwd')",
    "its root": "os.listdir(f'/proc/{pid}/root')",
    "program": "os.readlink(f'/proc/{pid}/exe')",
    "namespace": "os.readlink(f'/proc/{pid}/ns/mnt')",
    "first victim of the kernel": "wrote(f'/proc/{pid}/oom_score_adj', b'999')",
    "name": "wrote(f'/proc/{pid}/comm', b'hostile')",
    "what a core holds": "wrote(f'/proc/{pid}/coredump_filter', b'ff')",
    "slack of its clocks": "wrote(f'/proc/{pid}/timerslack_ns', b'1000000000')",
    "limits": "resource.prlimit(pid, resource.RLIMIT_CPU, (0, 0)) is None or 1",
    "limits, read": "resource.prlimit(pid, resource.RLIMIT_CPU)",
    "its processors": "os.sched_setaffinity(pid, {0}) is None",
    "its priority": "os.setpriority(os.PRIO_PROCESS, pid, 19) is None",
    "priority of all": "os.setpriority(os.PRIO_USER, os.getuid(), 19) is None",
    "its scheduling": "os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0)) is None",
    "its scheduling's settings": "os.sched_setparam(pid, os.sched_param(0)) is None",
    "how it writes": f"call({251 if X86 else 30}, 1, pid, 3 << 13)",
    "pages moved": f"call({256 if X86 else 238}, pid, 0, None, None)",
    "pages asked for": f"call({279 if X86 else 239}, pid, 0, None, None, None, 0)",
    "robust locks": f"call({274 if X86 else 100}, pid, buffer(), buffer())",
    "memory read at once": f"call({310 if X86 else 270}, pid, buffer(), 1, buffer(), 1, 0)",
    "memory written at once": f"call({311 if X86 else 271}, pid, buffer(), 1, buffer(), 1, 0)",
    "traced": f"call({101 if X86 else 117}, 16, pid, 0, 0)",
    "traced, seized": f"call({101 if X86 else 117}, 0x4206, pid, 0, 0)",
    "compared": f"call({312 if X86 else 272}, pid, os.getpid(), 1, 0, 0)",
    "handle": "call(434, pid, 0)",
    "signal 0": "os.kill(pid, 0) is None",
    "queued signal": f"call({129 if X86 else 138}, pid, 9, bytes(128))",
    "signal to a thread": f"call({200 if X86 else 130}, pid, 9)",
    "memory of the machine": "opened('/dev/mem') or opened('/proc/kcore')",
    "where cores go": "opened('/proc/sys/kernel/core_pattern', 'r+b')",
    "settings of the kernel": "opened('/proc/sys/kernel/hostname', 'r+b')",
    "log of the kernel": "opened('/dev/kmsg')",
    "terminal": "opened('/dev/tty', 'r+b')",
    "memory dropped": "call(448, 3, 0) or call(440, 3, buffer(), 1, 4, 0)",
}

# Fills the disk or the memory behind it. Each returns how many bytes or entries it has made.
FILLING = """
import ctypes, errno, mmap, os, socket, sys, tempfile
def again(act, times=300):
    made = 0
    for k in range(times):
        try: made += bool(act(k) is not False)
        except (OSError, ValueError): return made
    return made
def write(path, content=bytes(1 << 18), how="wb"):
    with open(path, how, 0) as file: return file.write(content)
def node(path):
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY))
def fill():
    try: return work()
    except Exception: return 0
"""
FILLS = {
    "one file": "again(lambda k: write('f', how='ab'))",
    "many files": "again(lambda k: write(f'f{k}'))",
    "empty files": "again(lambda k: node(f'f{k}'), 2000)",
    "long names": "again(lambda k: node(f'{k:05}' + 'x' * 240), 1000)",
    "folders": "again(lambda k: os.mkdir(f'd{k}'), 2000)",
    "folders in folders": "again(lambda k: (os.mkdir('d'), os.chdir('d')), 1000)",
    "links": "again(lambda k: os.symlink('x' * 1000, f'l{k}'), 1000)",
    "hard links": "again(lambda k: (node('f') if k == 0 else os.link('f', f'l{k}')), 1000)",
    "pipes": "again(lambda k: os.mkfifo(f'p{k}'), 1000)",
    "sockets": "again(lambda k: socket.socket(socket.AF_UNIX).bind(f's{k}'), 100)",
    "hole in a file": "again(lambda k: os.truncate((node('f'), 'f')[1], 1 << 24), 2)",
    "space allotted": "again(lambda k: os.posix_fallocate(os.open('f', 66), 0, 1 << 24), 2)",
    "files without a name": "again(lambda k: os.write(os.open('.', 0o20200002), bytes(1 << 18)))",
    "removed and held open": "again(lambda k: HELD.append(open(f'f{k}', 'wb'))"
    " or os.unlink(f'f{k}'))",
    "temporary file": "again(lambda k: HELD.append(tempfile.TemporaryFile()) or"
    " HELD[-1].write(bytes(1 << 18)), 40)",
    "temporary folder": "again(lambda k: tempfile.mkdtemp(dir='.'))",
    "mapped": "again(lambda k: HELD.append(mmap.mmap(os.open('f', 66), 1 << 20)) or 1)",
    "database": "again(lambda k: __import__('sqlite3').connect('x.db').execute("
    "f'create table t{k} as select zeroblob(100000)'), 20)",
    "array on the disk": "again(lambda k: HELD.append(__import__('numpy').memmap("
    "'a', shape=10**6, mode='w+')), 2)",
    "packages beside": "again(lambda k: write(f'../packages/f{k}'), 20)",
    "shared memory": "again(lambda k: node(f'/dev/shm/hpcourse-hostile-{k}'), 20)",
    "devices": "again(lambda k: node(f'/dev/hpcourse-hostile-{k}'), 20)",
    "/tmp": "again(lambda k: node(os.path.join('/tmp', f'hpcourse-hostile-{k}')), 20)",
    "/var/tmp": "again(lambda k: node(os.path.join('/var/tmp', f'hpcourse-hostile-{k}')), 20)",
    "memory as a file": "again(lambda k: os.write(os.memfd_create('x'), bytes(1 << 18)), 20)",
    "attributes": "again(lambda k: os.setxattr('.', f'user.x{k}', bytes(1000)), 20)",
}
OUTSIDE = {"shared memory", "devices", "/tmp", "/var/tmp"}  # where files are open, no surprise

# What fails of ours: where, and how.
FULL, HANDLES = OSError(errno.ENOSPC, "No space left"), OSError(errno.EMFILE, "Too many open files")
AGAIN, MEMORY = OSError(errno.EAGAIN, "Temporarily unavailable"), OSError(errno.ENOMEM, "No memory")
THREAD = RuntimeError("can't start new thread")
FAILURES = {
    "no process": ("hpcourse.grading.marking.Sandbox", Broken("no process")),
    "no space for a process": ("hpcourse.grading.marking.Sandbox", FULL),
    "no handles for a process": ("hpcourse.grading.marking.Sandbox", HANDLES),
    "no memory for a process": ("hpcourse.grading.marking.Sandbox", MemoryError()),
    "too many processes": ("hpcourse.grading.sandbox.subprocess.Popen", AGAIN),
    "no memory for any process": ("hpcourse.grading.sandbox.subprocess.Popen", MEMORY),
    "no Python": ("hpcourse.grading.sandbox.subprocess.Popen", FileNotFoundError(2, "python")),
    "no rights to Python": ("hpcourse.grading.sandbox.subprocess.Popen", PermissionError(13, "x")),
    "no space for a folder": ("hpcourse.grading.sandbox.tempfile.mkdtemp", FULL),
    "no process that reads": ("hpcourse.grading.notebook.subprocess.run", AGAIN),
    "no memory to read": ("hpcourse.grading.notebook.subprocess.run", MemoryError()),
    "reader without Python": ("hpcourse.grading.notebook.subprocess.run", 127),
    "reader that fails": ("hpcourse.grading.notebook.subprocess.run", 1),
    "no thread": ("hpcourse.grading.sandbox.threading.Thread", THREAD),
    "no memory for a thread": ("hpcourse.grading.sandbox.threading.Thread", MemoryError()),
    "no memory for a message": ("hpcourse.grading.sandbox.json.dumps", MemoryError()),
    "no memory for an argument": ("hpcourse.grading.sandbox.runner.encode", MemoryError()),
    "no memory for a value": ("hpcourse.grading.sandbox.runner.decode", MemoryError()),
    "no memory for an answer": ("hpcourse.grading.sandbox.runner.parse", MemoryError()),
    "no handles in a check": ("hpcourse.grading.answer.Answer.close", HANDLES),
    "no memory in a check": ("hpcourse.grading.answer.Answer.close", MemoryError()),
    "no memory for the inputs": ("hpcourse.grading.answer.np.random.default_rng", MemoryError()),
    "no space for a page": ("hpcourse.grading.grade_all._replace", FULL),
    "no memory for a page": ("hpcourse.grading.feedback.page", MemoryError()),
    "a page that fails": ("hpcourse.grading.feedback.page", RecursionError("deep")),
    "no space for the table": ("hpcourse.grading.grade_all.os.fsync", FULL),
}

# Names of files, in the folder and in a zip.
FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(1)", "=cmd|' !A0", '=HYPERLINK("x","y")', "\t=1", "\r=1"]
FORMULAS += [
    "\n=1",
    '"=1',
    '""=1',
    ";=1",
    "a;=1",
    "a;+1",
    "a,=1",
    '",=1',
    "a\t=1",
    "a\n=1",
    "a\r=1",
]
FORMULAS += [
    " =1",
    "\u00a0=1",
    "\u200b=1",
    "\ufeff=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠1",
    "\x0b=1",
    "\x85=1",
]
NAMES = {ascii(name): name for name in FORMULAS}
ODD_NAMES = ["a\x01", "a\\x01", "a\u202eipynb", "e\u0301", "\udcff", "%00", "{0}", "%s", "$(id)"]
ODD_NAMES += ["`id`", "a'b", "<script>", "&amp;", "CON", "a ", " a", "~", "#", "x" * 200, "../a"]
NAMES |= {ascii(name)[:20]: name for name in ODD_NAMES}

# Modules that a folder of submissions has: run by Python itself before any line of ours are
# importlib, warnings, collections, keyword, operator, reprlib, types, functools and contextlib.
MODULES = ["argparse", "csv", "json", "email", "pathlib", "zipfile", "tempfile", "textwrap", "re"]
MODULES += ["numpy", "scipy", "filelock", "tqdm", "lazy_loader", "hashlib", "queue", "shutil"]
MODULES += ["subprocess", "threading", "concurrent", "dataclasses", "typing", "random", "socket"]
SHADOWS = {f"{name}.py": [f"{name}.py"] for name in MODULES}
SHADOWS |= {"a package": ["numpy/__init__.py"], "bytes": ["csv.pyc"]}
SHADOWS |= {"all, with -P": [f"{name}.py" for name in MODULES], "all, hpcourse-grade": []}
SHADOWS["all, hpcourse-grade"] = SHADOWS["all, with -P"]


@contextmanager
def quick(temporary):
    """Half a second for each request, three parts to judge, an own folder for temporary files."""
    parts = {name: EXERCISE.parts[name] for name in (ATTACKED, LENT, HONEST)}
    with (
        mock.patch.object(EXERCISE, "parts", parts),
        mock.patch.object(Sandbox.__init__, "__defaults__", (0.5,)),
        mock.patch.object(tempfile, "tempdir", str(temporary)),
    ):
        yield EXERCISE


def attacking(path, attack):
    """Write a submission with one honest answer and an attack."""
    part = LENT if "def lent(" in attack else ATTACKED
    code = attack.replace("def lent(", f"def {LENT}(").replace("def answer(", f"def {ATTACKED}(")
    honest = {HONEST: submissions.solutions(NAME)[HONEST]}
    return submissions.write(path, NAME, honest | {part: code})


def left_behind():
    """What is in the repository, but for what other tests make there meanwhile."""
    return {path for path in ROOT.iterdir() if path.name not in ("_build", ".pytest_cache")}


class _Remains:
    """What is there before a case and what is left after it."""

    def __init__(self, temporary):
        self.temporary = temporary
        self.files, self.threads = left_behind(), threading.active_count()

    def count(self):
        found = [str(n) for n in submissions.descendants(os.getpid(), "runner.py")]
        found += [str(path) for path in self.temporary.iterdir()]
        found += [str(path) for path in left_behind() - self.files]
        found += ["threads"] * max(threading.active_count() - self.threads - 1, 0)
        for folder in ("/dev/shm", "/dev", "/tmp", "/var/tmp"):
            with suppress(OSError):
                found += [str(path) for path in Path(folder).glob("hpcourse-hostile-*")]
        return found


def _submission(attack, protection, folder):
    """A notebook with an attack: it gets the points of its honest part."""
    path = attacking(folder / "x.ipynb", attack)
    asked, died = [], []
    call = Sandbox.call

    def counted(self, name, args):
        if name in died:
            asked.append(name)
        try:
            return call(self, name, args)
        except Died:
            died.append(name)
            raise

    with quick(folder / "temporary"), mock.patch.object(Sandbox, "call", counted):
        marks = mark(EXERCISE, path, protection=protection)
        feedback.page(EXERCISE, marks).encode("utf-8")
    told = [*marks.notes, *(text for judged in marks.parts.values() for text in judged.messages)]
    assert all(text.isprintable() for text in told), told
    assert not any("cannot judge" in text for text in told), told
    gained = sum(marks.parts[part].points for part in (ATTACKED, LENT)) + len(asked)
    return gained, POINTS - marks.parts[HONEST].points, marks.to_json()


def _hostile(name, protection, folder):
    gained, lost, why = _submission(ATTACKS[name], protection, folder)
    return gained, 0 if name in HARMS_ITSELF else lost, why


def _end(name, protection, folder):
    return _submission(ENDING.replace("{}", ENDS[name]), protection, folder)


VICTIM = """
import sys
sys.path.insert(0, sys.argv[1])
import confine
confine.hide_memory()
confine.hide_command()
print("ready", flush=True)
sys.stdin.read()
"""


def _look(names, protection, folder):
    """In a process: into one like the marking's program, the marking itself, and another one."""
    secret = "h1dden-5alt"
    codes = [LOOKING.replace("return {}", f"return {LOOKS[name]}", 1) for name in names]
    own = str(Path(grading.__file__).parent)
    with (
        quick(folder / "temporary"),
        Sandbox(protection) as other,
        Sandbox(protection) as sandbox,
        subprocess.Popen(
            [sys.executable, "-S", "-c", VICTIM, own, secret],
            env={**os.environ, "SALT": secret},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as victim,
    ):
        assert victim.stdout.readline() == b"ready\n"
        reached = []
        for name, code in zip(names, codes, strict=True):
            problem = sandbox.run_cell(code)
            assert problem is None, problem
            for whose, pid in (("program", victim.pid), ("marking", os.getpid())):
                answer = sandbox.call("reach", [pid, secret])
                assert type(answer.get("value")) is bool, answer
                reached += [(name, whose)] if answer["value"] else []
            answer = sandbox.call("reach", [other._process.pid, secret])
            reached += [(name, "other")] if answer["value"] is not False else []
        lost = int(victim.poll() is not None) + int(other.run_cell("import numpy") is not None)
        victim.kill()
    return len(reached), lost, f"{reached}"


def _fill(names, protection, folder):
    """In a process: where files are closed, nothing is made; elsewhere, all of it is removed."""
    made = {}
    with quick(folder / "temporary"), Sandbox(protection) as sandbox:
        for name in names:
            if name in OUTSIDE and not sandbox.closed:
                continue
            code = f"HELD = []\n{FILLING}\ndef work():\n    return {FILLS[name]}\n"
            problem = sandbox.run_cell(code)
            assert problem is None, problem
            made[name] = sandbox.call("fill", []).get("value", "no value")
        filled = {name: value for name, value in made.items() if value and sandbox.closed}
    return len(filled), 0, f"{made}"


def _shadow(name, protection, folder):
    """The program in a folder of submissions: what has the name of a module is not run."""
    place = folder / "submissions"
    for each in SHADOWS[name]:
        (place / each).parent.mkdir(parents=True, exist_ok=True)
        (place / each).write_text("open('ran', 'w').close()\n")
    root = str(Path(grading.__file__).parents[2])
    paths = [root, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    safe = name.startswith("all")
    command = ["-m", "hpcourse.grading"]
    if safe:
        command = ["-P", *command]
    if "hpcourse-grade" in name:  # what the installed program does
        line = "import sys; del sys.path[0]; from hpcourse.grading.command import script; script()"
        command = ["-c", line]
    done = subprocess.run(
        [sys.executable, *command, "grade", "no", "x"],
        cwd=place,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
    )
    wanted = "unknown problem set" if safe else "hides a module"
    return int((place / "ran").exists()), int(wanted not in done.stderr), done.stderr[-500:]


def _answered(path):
    return submissions.write(path, NAME, submissions.solutions(NAME))


def _failing(target, failure):
    """Return what stands in the place of the target."""
    if not isinstance(failure, int):
        return mock.patch(target, side_effect=failure)
    done = subprocess.CompletedProcess([], failure, b"", b"")
    return mock.patch(target, return_value=done)


def _failure(name, protection, folder):
    """Whatever fails of ours is an error and no mark; the next time it is marked."""
    place, table = folder / "submissions", folder / "marks.csv"
    place.mkdir()
    _answered(place / "a.ipynb")
    settings = {"protection": protection, "show_progress_bar": False, "jobs": 1}
    with quick(folder / "temporary"):
        most = EXERCISE.max_points
        with suppress(Exception), _failing(*FAILURES[name]):
            mark_all(EXERCISE, place, table, **settings)
        kept = []
        if table.exists():
            with table.open(encoding="utf-8", newline="") as file:
                kept = list(csv.DictReader(file))
        lost = sum(most - int(row["points"]) for row in kept if not _ours(row["error"]))
        (row,) = mark_all(EXERCISE, place, table, **settings)
    lost += most - int(row["points"])
    return int(bool(row["error"])), lost, f"{kept} {row}"


def _ours(error):
    return error.startswith(grade_all.OURS)


def _known(right):
    """Return what stands in for marking where names alone matter: the right file has all points."""

    def known(exercise, path, **settings):
        points = exercise.max_points * (path.read_bytes() == right.read_bytes())
        return marking.Marks(NAME, str(path), exercise.max_points, points=points)

    return known


def _name(name, protection, folder):
    """A file's name is never a formula, nor does it cost a row, a page or a point."""
    place, table = folder / "submissions", folder / "marks.csv"
    place.mkdir()
    inside = NAMES[name].encode("utf-8", "replace").decode()
    with zipfile.ZipFile(place / "z.zip", "w") as packed:
        packed.write(_answered(folder / "right"), f"{inside}.ipynb")
    n = 1
    if "/" not in NAMES[name]:
        shutil.copy(folder / "right", place / f"{NAMES[name]}.ipynb")
        n = 2
    with (
        quick(folder / "temporary"),
        mock.patch.object(grade_all, "mark", _known(folder / "right")),
    ):
        found = mark_all(EXERCISE, place, table, show_progress_bar=False, jobs=1)
        lost = n * EXERCISE.max_points - sum(int(row["points"]) for row in found)
        lost += sum(bool(row["error"]) for row in found)
    text = table.read_text(encoding="utf-8")
    lines = re.split(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", text)
    lost += int(len(lines) != n + 2)
    began = [
        cell
        for delimiter in ",;\t"
        for row in csv.reader(lines, delimiter=delimiter)
        for cell in row
        if _bare(cell)[:1] in tuple("=+-@")
    ]
    pages = [*folder.rglob("*.html")]
    lost += int(len(pages) != n)
    stray = [path for path in pages if not path.is_relative_to(folder / "marks_feedback")]
    return len(began) + len(stray), lost, text


def _bare(cell):
    """Return a cell as a spreadsheet may read it: narrow, without blanks and what has no width."""
    narrow = unicodedata.normalize("NFKC", cell)
    return "".join(c for c in narrow if c.isprintable() and not c.isspace()).lstrip("\"'")


def _odd(name, protection, folder):
    """Honest work in an odd notebook has all points."""
    notebook = odd_notebooks.Notebook()
    odd_notebooks.ODD[name](notebook)
    path = notebook.write(folder / "x.ipynb")
    with mock.patch.object(tempfile, "tempdir", str(folder / "temporary")):
        marks = marking.mark(EXERCISE, path, protection=protection)
    return 0, EXERCISE.max_points - marks.points, marks.to_json()


def _odd_file(name, protection, folder):
    """Honest work in a file with an odd name, in a folder or a zip, is read."""
    place = folder / "submissions"
    place.mkdir()
    odd_notebooks.FILES[name](place, _answered(folder / "right").read_bytes())
    with (
        quick(folder / "temporary"),
        mock.patch.object(grade_all, "mark", _known(folder / "right")),
    ):
        found = mark_all(EXERCISE, place, folder / "marks.csv", show_progress_bar=False, jobs=1)
        points = sum(int(row["points"]) for row in found)
        return 0, abs(EXERCISE.max_points - points), f"{found}"


class Kind(NamedTuple):
    """A kind of cases: what tries one, and their names.

    For some the protection does not matter; some are tried together in a process, if one likes.
    """

    work: object
    cases: list
    protected: bool = True
    together: bool = False


KINDS = {
    "hostile notebooks": Kind(_hostile, [*ATTACKS]),
    "looks into the marking": Kind(_look, [*LOOKS], together=True),
    "modules beside submissions": Kind(_shadow, [*SHADOWS], False),
    "ends its process": Kind(_end, [*ENDS]),
    "our own failures": Kind(_failure, [*FAILURES]),
    "fills the disk": Kind(_fill, [*FILLS], together=True),
    "names of files": Kind(_name, [*NAMES], False),
    **{f"honest: {kind}": Kind(_odd, names) for kind, names in odd_notebooks.KINDS.items()},
    "honest: files": Kind(_odd_file, [*odd_notebooks.FILES], False),
}
# Without limits a bomb would take the machine's memory, and nobody promises otherwise.
BOMBS = {name for name in ATTACKS if name.startswith("memory bomb")}
BOMBS |= {"memory", "10 GB string", "error with a 10 GB text"}


def applies(kind, name, protection):
    """Whether a case says anything about a protection."""
    return not (protection == "process" and name in BOMBS)


def strike(kind, name, protection, folder):
    """Try a case in an empty folder, or several of a kind that allows it; return the outcome."""
    folder = Path(folder)
    (folder / "temporary").mkdir()
    remains = _Remains(folder / "temporary")
    if KINDS[kind].together and isinstance(name, str):
        name = [name]
    gained, lost, why = KINDS[kind].work(name, protection, folder)
    left = remains.count()
    return Outcome(gained, len(left), lost, f"{why} {left}")
