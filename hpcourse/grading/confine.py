"""What a process gives up before it runs a learner's code, and can never have again.

Only :mod:`hpcourse.grading.runner` imports this, as a script, in the process to be confined.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys

# Numbers of system calls, and how Linux names the processor (linux/audit.h).
_X86_64 = {
    "arch": 0xC000003E,
    "tgkill": 234,
    "prlimit64": 302,
    "fcntl": 72,
    "capset": 126,
    # New processes and threads: clone, fork, vfork, execve, execveat, clone3. Network: socket,
    # io_uring_setup. Signals: kill, tkill, rt_sigqueueinfo, rt_tgsigqueueinfo, pidfd_open. Others'
    # memory: ptrace, process_vm_readv and writev. Memory that no limit counts or that outlives
    # the process: memfd_create, shmget, msgget, semget. Other worlds: unshare, setns. And prctl,
    # which could lift the promise to end with the marking. Signals by descriptors:
    # pidfd_send_signal, pidfd_getfd, socketpair (its ioctl FIOSETOWN). What outlives the process:
    # mq_open, add_key, request_key, keyctl. Memory that no limit counts: memfd_secret, setxattr,
    # lsetxattr, fsetxattr, setxattrat. Others' share of the machine: setpriority, sched_setparam,
    # sched_setscheduler, sched_setaffinity, sched_setattr, ioprio_set, migrate_pages, move_pages,
    # get_robust_list, process_madvise, process_mrelease. Files that may be others': chmod, fchmod,
    # fchmodat, fchmodat2, chown, fchown, lchown, fchownat, utime, utimes, futimesat, utimensat. And
    # what only root could use: bpf, perf_event_open, userfaultfd, kcmp.
    "denied": "56 57 58 59 322 435  41 425  62 200 129 297 434  101 310 311  319 29 68 64  272"
    " 308 157  424 438 53  240 248 249 250  447 188 189 190 463"
    "  141 142 144 203 314 251 256 279 274 440 448"
    "  90 91 268 452 92 93 94 260 132 235 261 280  321 298 323 312",
}
_AARCH64 = {
    "arch": 0xC00000B7,
    "tgkill": 131,
    "prlimit64": 261,
    "fcntl": 25,
    "capset": 91,
    "denied": "220 221 281 435  198 425  129 130 138 240 434  117 270 271  279 194 186 190  97 268"
    "  140 118 119 122 274 30 238 239 100 440 448"
    "  167  424 438 199  180 217 218 219  447 5 6 7 463  52 53 452 54 55 88  280 241 282 272",
}
_CALLS = {"x86_64": _X86_64, "aarch64": _AARCH64}

_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # linux/bpf_common.h
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000  # linux/seccomp.h
_EPERM = 1
_NR, _ARCH, _FIRST, _SECOND = 0, 4, 16, 24  # linux/seccomp.h: number, processor, arguments
_SETOWN, _SETOWN_EX = 8, 15  # fcntl: to whom a descriptor sends signals, SIGKILL if one likes


def hide_memory() -> None:
    """Let no other process of the same user look into this one or write into it (Linux).

    Without Yama, /proc/PID/mem, environ and fd are open to all processes of a user.
    """
    if sys.platform == "linux":
        set_dumpable = 4
        ctypes.CDLL(None).prctl(set_dumpable, 0, 0, 0, 0)


def hide_command() -> None:
    """Clear what others see as the command line of this process (Linux)."""
    if sys.platform == "linux":
        with open("/proc/self/stat", encoding="ascii", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
        start, end = int(fields[45]), int(fields[46])  # proc(5): arg_start and arg_end
        if 0 < start < end:
            ctypes.memset(start, 0, end - start)


# Rights of Landlock (linux/landlock.h): to run, write, read a file, read a folder; further ones are
# to remove and make files of all kinds, to move them, to change their size, and of devices.
_RUN, _WRITE, _READ, _LIST = 1, 2, 4, 8
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}  # how many the kernel's version knows, 16 since 5


def keep_to(readable: list[str]) -> bool:
    """Let this process read these places and no others, and write nowhere (Linux with Landlock).

    Parameters
    ----------
    readable : list of str
        Files and folders; those that do not exist are passed over.

    Returns
    -------
    bool
        Whether the kernel does so.
    """
    if sys.platform != "linux" or struct.calcsize("P") != 8:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    create, add, restrict = 444, 445, 446  # the same on all processors
    version = libc.syscall(create, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return False
    rights = struct.pack("Q", (1 << _RIGHTS.get(version, 16)) - 1)
    rules = libc.syscall(create, rights, ctypes.c_size_t(len(rights)), 0)
    if rules < 0:
        return False
    places = [(place, _RUN | _READ | _LIST) for place in readable] + [("/dev/null", _WRITE | _READ)]
    for place, allowed in places:
        try:
            opened = os.open(place, getattr(os, "O_PATH", 0) | os.O_CLOEXEC)
        except OSError:
            continue
        allowed &= 0xFFFF if os.path.isdir(place) else _RUN | _WRITE | _READ
        libc.syscall(add, rules, 1, struct.pack("=Qi", allowed, opened), 0)
        os.close(opened)
    libc.prctl(38, 1, 0, 0, 0)  # no new privileges
    done = libc.syscall(restrict, rules, 0) == 0
    os.close(rules)
    return done


def confine(limits: dict[str, int]) -> bool:
    """Set the limits, and let the kernel refuse processes, threads, network, signals to others.

    Parameters
    ----------
    limits : dict
        Names and values of ``resource``, such as ``{"RLIMIT_CPU": 20}``.

    Returns
    -------
    bool
        Whether system calls are refused: on Linux on x86_64 and aarch64.
    """
    hide_memory()
    filtered = _filter_calls() if sys.platform == "linux" else False
    try:
        import resource
    except ImportError:  # Windows
        return filtered
    if not filtered:
        limits = limits | {"RLIMIT_NPROC": 0}  # forbids threads too, and does not bind root
    for name, value in limits.items():
        kind = getattr(resource, name, None)
        if kind is not None:
            hard = resource.getrlimit(kind)[1]
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            try:
                resource.setrlimit(kind, (value, value))
            except (ValueError, OSError):  # macOS does not know all of them
                continue
    return filtered


def _filter_calls():
    """Install a filter of system calls; return whether the kernel took it."""
    calls = _CALLS.get(platform.machine())
    if calls is None or struct.calcsize("P") != 8:
        return False
    program = _program(calls, os.getpid())
    code = b"".join(struct.pack("HBBI", *step) for step in program)
    buffer = ctypes.create_string_buffer(code)
    filter_ = struct.pack("HP", len(program), ctypes.addressof(buffer))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    no_new_privileges, seccomp, mode_filter, parent_death_signal = 38, 22, 2, 1
    # Root's powers first: to give them up resets the signal.
    version_3, none = struct.pack("Ii", 0x20080522, 0), bytes(24)
    ctypes.CDLL(None).syscall(ctypes.c_long(calls["capset"]), version_3, none)
    prctl(parent_death_signal, 9, 0, 0, 0)  # without the marking, no process
    if prctl(no_new_privileges, 1, 0, 0, 0) != 0:
        return False
    return prctl(seccomp, mode_filter, filter_, 0, 0) == 0


def _program(calls, pid):
    """Return the filter as steps (code, jump if true, jump if false, operand)."""
    refuse = (_RETURN, 0, 0, _ERROR | _EPERM)
    allow = (_RETURN, 0, 0, _ALLOW)
    steps = [(_LOAD, 0, 0, _ARCH), (_EQUAL, 1, 0, calls["arch"]), (_RETURN, 0, 0, _KILL)]
    steps += [(_LOAD, 0, 0, _NR)]
    if calls is _X86_64:  # the same calls under other numbers
        steps += [(_AT_LEAST, 0, 1, 0x40000000), refuse]
    for number in map(int, calls["denied"].split()):
        steps += [(_EQUAL, 0, 1, number), refuse]
    for name, operand in (("tgkill", pid), ("prlimit64", 0)):  # to this process alone
        steps += [(_EQUAL, 0, 4, calls[name]), (_LOAD, 0, 0, _FIRST), (_EQUAL, 0, 1, operand)]
        steps += [allow, refuse]
    steps += [(_EQUAL, 0, 4, calls["fcntl"]), (_LOAD, 0, 0, _SECOND)]
    steps += [(_EQUAL, 1, 0, _SETOWN), (_EQUAL, 0, 1, _SETOWN_EX), refuse]
    return [*steps, allow]
