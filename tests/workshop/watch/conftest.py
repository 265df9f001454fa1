"""A watch in a real terminal, and what it leaves behind."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

if sys.platform == "win32":
    pytest.skip("there is no pseudo-terminal", allow_module_level=True)

import pexpect

from grader.sandbox.hosting.jail import detect

PATIENCE = 60
"""Seconds; for machines that are busy with other tests."""

ALONE = 3
"""Processes while nothing is hosted: the watch, and the server of its judge with the tracker of that."""

OUTER, INNER = (3, 2) if detect() else (0, 0)
"""Processes of the jails: the judge with what its own jail is made of, and what the project's is made of."""

RUNNING = 6 + OUTER
"""Processes while a first run begins: the judge, its Redis with its guard as well; then the project."""

PROJECTS = 2
"""How often Activity 3 loads the project: F4 wants another CACHE_TTL."""

AT_REST = RUNNING + INNER + 1 + PROJECTS + 1
"""Processes between two runs: also the zygote, the projects, and the next child."""


@dataclass
class Watching:
    """`workshop watch` under way in a terminal. All it starts has `scratch` for its temporary folder."""

    screen: Any  # pexpect.spawn[str]
    scratch: Path

    def sees(self, *patterns: str) -> None:
        """Wait until each pattern has come on the screen, one after the other; lines may break anywhere."""
        for pattern in patterns:
            self.screen.expect(pattern.replace(" ", r"\s+"))

    def press(self, key: str) -> None:
        """Press a key."""
        self.screen.send(key)

    def processes(self) -> dict[int, str]:
        """What runs of it: the command by pid."""
        return processes_of(self.scratch)

    def rests(self) -> set[int]:
        """Wait until a run is over and only what is kept is there; its processes."""
        assert comes(lambda: len(self.processes()) == AT_REST), self.processes()
        return set(self.processes())

    def ends(self) -> int:
        """Wait until it has ended; its exit status."""
        self.screen.expect(pexpect.EOF)
        self.screen.wait()
        return int(self.screen.exitstatus or 0)


def processes_of(scratch: Path) -> dict[int, str]:
    """The processes that have `scratch` in their environment, and all below these, with their commands.

    In the jail the environment is another.
    """
    found, others = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        pid = int(folder.name)
        try:
            command = (folder / "cmdline").read_bytes().decode(errors="replace")
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            others[pid] = (parent, command)
            if str(scratch).encode() in (folder / "environ").read_bytes():
                found[pid] = command
        except OSError:
            continue  # it ended meanwhile, or none may look at it
    while more := {
        pid: each for pid, (parent, each) in others.items() if parent in found and pid not in found
    }:
        found |= more
    return found


def comes(true: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Whether `true` holds within `seconds`."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        threading.Event().wait(0.02)
    return True


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A folder for temporary files; nothing may be left in it, or running with it."""
    folder = Path(tempfile.mkdtemp(prefix="w-", dir="/tmp"))  # short, since it will hold sockets
    yield folder
    gone = comes(lambda: not processes_of(folder))
    left = [*processes_of(folder).values(), *map(str, folder.rglob("*"))]
    shutil.rmtree(folder, ignore_errors=True)
    assert gone, left
    assert left == []


Watch = Callable[..., Watching]


@pytest.fixture
def watch(scratch: Path) -> Iterator[Watch]:
    """`watch(project, "3")`: `workshop watch 3` in that folder, in a terminal of 100 columns and 40 lines."""
    started: list[Any] = []

    def start(folder: Path, *words: str) -> Watching:
        screen: Any = pexpect.spawn(
            sys.executable,
            ["-m", "workshop", "watch", *words],
            cwd=str(folder),
            env={**os.environ, "TERM": "xterm-256color", "NO_COLOR": "1", "TMPDIR": str(scratch)},
            dimensions=(40, 100),
            encoding="utf-8",
            timeout=PATIENCE,
        )
        started.append(screen)
        return Watching(screen, scratch)

    yield start
    for screen in started:
        if screen.isalive():
            screen.sendcontrol("c")
            screen.expect(pexpect.EOF)
        screen.close(force=True)
