"""Confines a project with bubblewrap, if the system allows it: files, network, processes, memory.

docs/jail.md explains what the jail prevents and what it does not.
"""

from __future__ import annotations

import functools
import os
import platform
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from grader.errors import MachineError
from grader.sandbox.hosting.interpreter import InterpreterPaths, visible
from grader.submission import Submission

NOBODY = 65534
USUAL = ("127.0.0.1", 6379)
"""The default address of Redis, to which a project connects if it configures none."""

TMPFS_BYTES = 256 * 1024 * 1024
"""What may be written to each of the empty folders; it stays in memory."""
SHARED_BYTES = 16 * 1024 * 1024
"""What may be written to /dev/shm."""

PROGRAM = "bwrap"
_AS_USER = "setpriv"
_SECONDS = 10.0
_NAMESPACES = ("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts")
ALWAYS = ("--die-with-parent", "--new-session", *_NAMESPACES)
_ROOT = ("--ro-bind", "/", "/", "--proc", "/proc")
_HIDDEN = ("/home", "/media", "/mnt", "/root", "/run", "/tmp", "/var/tmp")
_SHARED = ("/home/linuxbrew",)  # not a home: programs that all may run lie there
_COUNTS_APART = (5, 14)
"""Since this version, Linux counts the processes of a user separately in each user namespace."""


@dataclass(frozen=True, slots=True)
class Jail:
    """The way to confine a process on this system. `user` is its user id in the jail, None if unchanged.

    `few` tells whether the number of its processes can be limited. The folders `hidden` are empty inside,
    wherever they lie.
    """

    options: tuple[str, ...]
    user: int | None
    few: bool
    hidden: tuple[Path, ...] = ()

    def command(self, words: Sequence[str], submission: Submission, writable: Sequence[Path]) -> list[str]:
        """Return the command that runs `words` in the jail, in the first of the folders `writable` if any.

        All other files are read-only; homes, temporary folders and the project's folder are empty, except for
        the virtual environment and the installation of its interpreter. The thread that starts the command
        must live as long as the process: bubblewrap ends with its parent thread.
        """
        hidden = (submission.root, *self.hidden)
        mounts = _mounts(visible(submission), hidden, writable, open_to_all=self.user is not None)
        paths = ["--setenv", "HOME", "/tmp", "--chdir", str(writable[0] if writable else "/")]
        return [PROGRAM, *self.options, *_ROOT, *devices(), *mounts, *paths, "--", *self.become(), *words]

    def become(self) -> list[str]:
        """Return the prefix of a command that is to run as `user`.

        A program of the system changes the user before the interpreter starts, which may be any program.
        """
        if self.user is None:
            return []
        return [_AS_USER, f"--reuid={self.user}", f"--regid={self.user}", "--clear-groups"]

    def probe_config(self, addresses: Sequence[tuple[str, int]]) -> dict[str, Any]:
        """Return the configuration for `grader.probe.confine`; `addresses` are those of the run's servers."""
        return {"listen": [*addresses, USUAL], "apart": self.user is not None, "few": self.few}

    def listening_sockets(self, descriptors: Sequence[int], servers: int) -> list[socket.socket]:
        """Return the probe's sockets, which listen at the addresses of `servers`, and at the default address.

        Raises ValueError or OSError for other descriptors, since a virtual environment can hold any program.
        """
        sockets = [socket.socket(fileno=descriptor) for descriptor in descriptors]
        if len(sockets) != servers + 1:
            raise ValueError("not as many as asked for")
        if any(each.family != socket.AF_INET or not _listens(each) for each in sockets):
            raise ValueError("not listening")
        return sockets

    def make_writable(self, path: Path) -> None:
        """Allow the project to write to `path` and all files below it."""
        if self.user is None:
            return
        os.chown(path, self.user, self.user, follow_symlinks=False)
        for folder, folders, files in os.walk(path):
            for name in (*folders, *files):
                os.chown(Path(folder) / name, self.user, self.user, follow_symlinks=False)


def find_jail(wanted: bool | None, hidden: tuple[Path, ...] = ()) -> Jail | None:
    """The jail if it is `wanted`, or if that is None and the system has one. It keeps back `hidden`.

    Raises MachineError if `wanted` is true and the system has none.
    """
    jail = None if wanted is False else detect()
    if wanted and jail is None:
        raise MachineError(
            "This machine has no jail to run a project in.",
            "Install bubblewrap (the program bwrap), on Linux.",
        )
    return jail and replace(jail, hidden=hidden)


@functools.cache
def detect() -> Jail | None:
    """Return the strictest jail that works on this system, or None. Cached."""
    return next((jail for jail in ways() if works(jail)), None) if shutil.which(PROGRAM) else None


def ways() -> list[Jail]:
    """Return the ways to confine a process for the present user, the strictest first."""
    if os.geteuid() != 0:
        return [Jail((*ALWAYS, "--unshare-user"), None, _linux() >= _COUNTS_APART)]
    right = ("--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID")
    return [Jail((*ALWAYS, *right), NOBODY, True)] if has_user(NOBODY) else []


def _listens(sock: socket.socket) -> bool:
    return bool(sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))


def works(jail: Jail) -> bool:
    """Run `true` in the jail; whether that works on this system."""
    empty = empty_folder(Path("/tmp"), TMPFS_BYTES, open_to_all=jail.user is not None)
    words = [PROGRAM, *jail.options, *_ROOT, *devices(), *empty, "--", *jail.become(), "true"]
    try:
        tried = subprocess.run(words, capture_output=True, timeout=_SECONDS)
    except (OSError, subprocess.SubprocessError):
        return False
    return tried.returncode == 0


def _linux() -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", platform.release())[:2]))


def has_user(user: int) -> bool:
    """Whether the user id exists in this user namespace: a container may map few users."""
    try:
        ranges = [line.split() for line in Path("/proc/self/uid_map").read_text().splitlines()]
    except OSError:
        return False
    return any(int(first) <= user < int(first) + int(count) for first, _, count in ranges)


def _mounts(
    seen: InterpreterPaths, held_back: Iterable[Path], writable: Iterable[Path], open_to_all: bool
) -> list[str]:
    """The options that hide, show and open folders: what lies deeper comes later and wins."""
    named = (*map(Path, _HIDDEN), Path(tempfile.gettempdir()), Path(os.environ.get("HOME", "/root")))
    named += tuple(held_back)
    hidden = {path.resolve() for path in named if path.is_dir()} - {Path("/")}
    shown = {*seen.folders, *(Path(path) for path in _SHARED if Path(path).is_dir())}

    def covered(path: Path) -> bool:
        return any(path.is_relative_to(folder) for folder in hidden)

    options = {
        path: empty_folder(path, TMPFS_BYTES, open_to_all=open_to_all and path.name == "tmp")
        for path in hidden
    }
    options |= {path: ["--ro-bind", str(path), str(path)] for path in shown if covered(path)}
    options |= {
        path: ["--symlink", target, str(path)]
        for path, target in seen.links.items()
        if covered(path) and not any(path.is_relative_to(folder) for folder in shown)
    }
    options |= {path: ["--bind", str(path), str(path)] for path in writable}
    for path in list(options):  # bubblewrap itself would make the parent folders readable by root only
        for parent in path.parents:
            if covered(parent) and not any(parent.is_relative_to(folder) for folder in shown):
                options.setdefault(parent, ["--dir", str(parent)])
    return [word for path in sorted(options, key=lambda path: len(path.parts)) for word in options[path]]


def empty_folder(path: Path, size: int, open_to_all: bool = False) -> list[str]:
    """Return the options for an empty folder at `path`, which stays in memory and takes `size` bytes."""
    options = ["--perms", "1777"] if open_to_all else []
    if takes_sizes():
        options += ["--size", str(size)]
    return [*options, "--tmpfs", str(path)]


def devices() -> list[str]:
    """Return the options for /dev, in which nothing can be written but what is shared memory."""
    shared = empty_folder(Path("/dev/shm"), SHARED_BYTES, open_to_all=True)
    return ["--dev", "/dev", *shared, "--remount-ro", "/dev"]


@functools.cache
def takes_sizes() -> bool:
    """Whether this bubblewrap can limit a tmpfs: it can from version 0.7.0 on."""
    try:
        helped = subprocess.run([PROGRAM, "--help"], capture_output=True, text=True, timeout=_SECONDS)
    except (OSError, subprocess.SubprocessError):
        return False
    return "--size" in helped.stdout
