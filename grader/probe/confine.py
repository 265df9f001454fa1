"""The probe's part of the jail: limits before the learner's code runs, sweeps after each check.

`grader.sandbox.hosting.jail` makes the jail itself (namespaces and mounts) around this process.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import struct
import sys
import time
from typing import Any

from . import seccomp
from .wire import Channel

CPU_SECONDS = 60
MEMORY = 1536 * 1024 * 1024
"""Most bytes of private memory of a process."""
ADDRESSES = 8 * 1024 * 1024 * 1024
"""Most bytes of address space: far more than memory, since threads reserve much that they never use."""
PROCESSES = 64
FILE_SIZE = 64 * 1024 * 1024
OPEN_FILES = 512

_NEW_USER = 0x10000000
_PARENT_DEATH_SIGNAL = 1
_SET_DUMPABLE = 4
_DROP_FROM_BOUNDING_SET = 24
_AMBIENT, _CLEAR_ALL = 47, 4
_CAPABILITIES = 64
"""More than there are: Linux has 41, and says no to the others."""
_SWEEPS = 20
_ENDING = -1
_ENDING_SECONDS = 1.0
"""Most seconds that a sweep waits for workers that are about to end."""
_NAME_OF_ENDING = "workshop-ends"

_jailed = False


def enter(jail: dict[str, Any], channel: Channel) -> None:
    """Listen at the servers' addresses, send these sockets to the judge, and limit this process.

    `jail` holds `listen` (addresses), `apart` (whether other jails run as the same user) and `few` (whether
    the number of processes can be limited). Raises OSError.
    """
    import resource

    global _jailed
    listening = [socket.create_server((host, port)) for host, port in jail["listen"]]
    socket.send_fds(channel.sock, [b'{"listening": true}\n'], [each.fileno() for each in listening])
    for each in listening:
        each.close()
    if jail["apart"]:
        _stand_apart()
    for kind, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_DATA, MEMORY),
        (resource.RLIMIT_AS, ADDRESSES),
        (resource.RLIMIT_FSIZE, FILE_SIZE),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
        *([(resource.RLIMIT_NPROC, PROCESSES)] if jail["few"] else []),
    ):
        _, ceiling = resource.getrlimit(kind)
        limit = most if ceiling == resource.RLIM_INFINITY else min(most, ceiling)
        resource.setrlimit(kind, (limit, limit))
    _give_up_rights()
    _jailed = True


def _give_up_rights() -> None:
    """Have no capability, also in the user namespace that `_stand_apart` made, and no way to any.

    The zygote cannot be traced or dumped by a project that is forked from it: see `be_dumpable`.
    """
    try:
        import ctypes
    except ImportError:  # some Pythons are built without it; then no user namespace was made, either
        return
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in range(_CAPABILITIES):
        libc.prctl(_DROP_FROM_BOUNDING_SET, capability, 0, 0, 0)
    libc.prctl(_AMBIENT, _CLEAR_ALL, 0, 0, 0)
    # Version 3 of the structure, this process; effective, permitted and inheritable, twice 32 bits each.
    libc.capset(struct.pack("II", 0x20080522, 0), bytes(24))
    libc.prctl(_SET_DUMPABLE, 0, 0, 0, 0)
    seccomp.install()


def be_dumpable() -> None:
    """In the jail: what is forked from the zygote may look at itself in /proc like any other process."""
    if _jailed:
        with contextlib.suppress(ImportError):
            import ctypes

            ctypes.CDLL(None).prctl(_SET_DUMPABLE, 1, 0, 0, 0)


def die_with_parent() -> None:
    """On Linux, end this process when its parent ends. In a jail, bubblewrap does that."""
    if sys.platform != "linux" or _jailed:
        return
    with contextlib.suppress(Exception):  # some Pythons are built without it
        import ctypes

        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)


def sweep() -> None:
    """In the jail, kill every process that is no descendant of this one: an ended worker left it behind.

    A worker that said that it ends is waited for: until then, what it started is a descendant.
    """
    deadline = time.monotonic() + _ENDING_SECONDS
    for _ in range(_SWEEPS if _jailed else 0):
        parents = _parents()
        while _ENDING in parents.values() and time.monotonic() < deadline:
            os.sched_yield()
            parents = _parents()
        orphans = [pid for pid in parents if pid > 1 and not _below(os.getpid(), pid, parents)]
        for pid in orphans:
            with contextlib.suppress(OSError):  # the process has ended meanwhile
                os.kill(pid, signal.SIGKILL)
        if not orphans:
            return


def say_that_it_ends() -> None:
    """Let `sweep` wait for this process, which is about to end."""
    with contextlib.suppress(OSError), open("/proc/self/comm", "w") as file:
        file.write(_NAME_OF_ENDING)


def _parents() -> dict[int, int]:
    """The parent of each process; _ENDING for one that is about to end."""
    found = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError), open(f"/proc/{name}/stat", "rb") as file:
            # The command name comes before the state, in brackets, and may hold any character.
            head, _, rest = file.read().rpartition(b")")
            state, parent = rest.split()[:2]
            ending = head.endswith(b"(" + _NAME_OF_ENDING.encode())
            if state != b"Z":
                found[int(name)] = _ENDING if ending else int(parent)
    return found


def _below(ancestor: int, pid: int, parents: dict[int, int]) -> bool:
    while pid != ancestor and pid in parents:
        pid = parents[pid]
    return pid == ancestor


def _stand_apart() -> None:
    """Enter a new user namespace, in which Linux does not count the processes of other jails."""
    try:
        import ctypes
    except ImportError:  # some Pythons are built without it
        return
    user, group = os.getuid(), os.getgid()
    if ctypes.CDLL(None).unshare(_NEW_USER) != 0:
        return
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)
