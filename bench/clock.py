"""Wall time, and the processor time of all that was started, in a jail or not."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds of wall time and of processor time. `cpu` is None where it cannot be counted."""

    wall: float
    cpu: float | None


class Group:
    """A control group: the kernel's own count for all processes in it, also those nobody waits for.

    Processes in a jail are nobody's children that one could wait for; and a child that nobody waits for
    is missing in what `os.times` tells.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def make(cls, name: str) -> Group | None:
        """A new group, or None where the system grants none."""
        for parent in ("cpuacct", "unified", ""):
            folder = Path("/sys/fs/cgroup") / parent / f"workshop-bench-{os.getpid()}-{name}"
            try:
                folder.mkdir()
                group = cls(folder)
                group.cpu()
                return group
            except (OSError, ValueError):
                continue
        return None

    def join(self) -> None:
        """Move this process there, with all that it will start."""
        self.take(os.getpid())

    def take(self, pid: int) -> None:
        """Move a process there."""
        (self._folder / "cgroup.procs").write_text(str(pid))

    def cpu(self) -> float:
        """Milliseconds of processor time so far."""
        usage = self._folder / "cpuacct.usage"
        if usage.exists():
            return int(usage.read_text()) / 1e6
        first, *_ = (self._folder / "cpu.stat").read_text().splitlines()
        return int(first.removeprefix("usage_usec ")) / 1e3

    def remove(self) -> None:
        """Its processes must have ended."""
        self._folder.rmdir()


@contextmanager
def group(name: str) -> Iterator[Group | None]:
    """A group for a while."""
    made = Group.make(name)
    try:
        yield made
    finally:
        if made:
            made.remove()


def timed(deed: Callable[[], object], group: Group | None) -> Took:
    """How long `deed` takes; the processor time is that of the group."""
    cpu = group.cpu() if group else 0.0
    began = time.perf_counter()
    deed()
    wall = (time.perf_counter() - began) * 1000
    return Took(wall, group.cpu() - cpu if group else None)


def command(
    words: Sequence[str], cwd: Path, group: Group | None, env: Mapping[str, str] | None = None
) -> Took:
    """How long a whole process takes. Raises RuntimeError, with what it said, if it fails."""

    def run() -> None:
        ran = subprocess.run(
            words,
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=group.join if group else None,
        )
        if ran.returncode:
            raise RuntimeError(f"{' '.join(words)} ended with {ran.returncode}:\n{ran.stdout}")

    return timed(run, group)
