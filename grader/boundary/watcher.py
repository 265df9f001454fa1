"""Ends a run that takes too much memory, or too long: it looks at all processes of the jail from outside."""

from __future__ import annotations

import mmap
import os
import threading
import time
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path

MEMORY = 900 * 1024 * 1024
"""Bytes that all processes of a run, its servers and its temporary files may take together."""
SECONDS = 600.0
"""What one run may take: the longest activity takes 20 s on a slow machine."""
EVERY = 0.05
"""Seconds between two looks."""

_PAGE = mmap.PAGESIZE


class Excess(StrEnum):
    """Why a run was ended. Each is a sentence."""

    MEMORY = f"The project, with its Redis and its files, took more than {MEMORY >> 20} MB of memory."
    TIME = f"The run was not over after {SECONDS / 60:.0f} minutes."


class Watcher:
    """Watches the process `pid` and all below it, until `close`. `kill` ends them."""

    def __init__(self, pid: int, kill: Callable[[], None]) -> None:
        self._pid = pid
        self._kill = kill
        self._deadline = float("inf")
        self._closed = threading.Event()
        self.excess: Excess | None = None
        self.most = 0
        threading.Thread(target=self._watch, name="watcher", daemon=True).start()

    def begin(self) -> None:
        """A run begins: it has `SECONDS` from now on."""
        self._deadline = time.monotonic() + SECONDS

    def end(self) -> None:
        """The run has ended."""
        self._deadline = float("inf")

    def close(self) -> None:
        """Watch no longer."""
        self._closed.set()

    def _watch(self) -> None:
        while not self._closed.wait(EVERY):
            if time.monotonic() > self._deadline:
                self.excess = Excess.TIME
            elif self._look() > MEMORY:
                self.excess = Excess.MEMORY
            if self.excess:
                self._kill()
                return

    def _look(self) -> int:
        found = taken(self._pid, MEMORY)
        self.most = max(self.most, found)
        return found


def taken(pid: int, enough: int = 0) -> int:
    """Return how many bytes the process, all below it, and the files of its jail take in memory.

    What processes share is counted once, unless all together is below `enough`: to ask for that is slow.
    """
    pids = list(tree(pid))
    files = max((_temporary(each) for each in pids[1:4]), default=0)
    bound = sum(map(_resident, pids)) + files
    return bound if bound <= enough else sum(map(_own, pids)) + files


def tree(pid: int) -> Iterator[int]:
    """`pid` and the processes below it."""
    yield pid
    for task in _listed(f"/proc/{pid}/task"):
        try:
            children = Path(f"/proc/{pid}/task/{task}/children").read_text().split()
        except OSError:
            continue
        for child in children:
            yield from tree(int(child))


def _listed(folder: str) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208  (this runs 20 times a second)
    except OSError:
        return []


def _resident(pid: int) -> int:
    """Bytes that the process has in memory."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def _own(pid: int) -> int:
    """Bytes that the process has in memory; of what it shares with others, its share."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return _resident(pid)
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def _temporary(pid: int) -> int:
    """Bytes of the files in the jail's /tmp, as the process sees it; 0 before the process is in the jail."""
    place = Path(f"/proc/{pid}/root/tmp")
    try:
        if place.stat().st_dev == Path("/tmp").stat().st_dev:
            return 0
        found = os.statvfs(place)
    except OSError:
        return 0
    return (found.f_blocks - found.f_bfree) * found.f_frsize
