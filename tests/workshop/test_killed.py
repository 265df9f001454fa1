"""`start`, `solution`, `reset` and `undo`, killed at every single write: old or new, whatever the command."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from workshop.author.trees import build
from workshop.scaffold import journal
from workshop.scaffold.disk import Disk

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

START = ["start", "4", "--yes"]
SOLUTION = ["solution", "4", "--apply", "--give-up", "--yes"]
MOVE = ["start", "8", "--yes"]
COMMANDS = {
    "start": ([], START),
    "solution": ([START], SOLUTION),
    "reset": ([START, SOLUTION], ["reset", "4", "--yes"]),
    "undo": ([START], ["undo", "--yes"]),
    "move": ([], MOVE),
    "undo of a move": ([MOVE], ["undo", "--yes"]),
}
"""What was done before, and the command that is cut off."""


def workshop(project: Path, words: list[str], before: Callable[[str], None] | None = None) -> int | None:
    """Run a command in a fork of this process; its exit status, None if it was killed.

    `before` is called ahead of each single change of the disk.
    """
    child = os.fork()
    if child == 0:
        try:
            nothing = os.open(os.devnull, os.O_RDWR)
            for descriptor in (0, 1, 2):
                os.dup2(nothing, descriptor)
            if before is not None:
                vars(journal)["Disk"] = lambda: Disk(before)
            import sys

            from workshop.__main__ import main

            os.chdir(project)
            sys.argv = ["workshop", *words]
            main()
        except SystemExit as end:
            os._exit(int(end.code or 0))
        finally:
            os._exit(70)
    _, status = os.waitpid(child, 0)
    return None if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def files(project: Path) -> dict[str, bytes]:
    """What is in the learner's files."""
    return {
        path.relative_to(project).as_posix(): path.read_bytes()
        for path in sorted(project.rglob("*"))
        if path.is_file() and ".workshop" not in path.parts
    }


def killer(number: int) -> Callable[[str], None]:
    """Kills the process ahead of its n-th change of the disk, counted from 0."""
    left = number

    def before(step: str) -> None:
        nonlocal left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1

    return before


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: every step waits for the disk."""
    shared = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shared if os.access(shared, os.W_OK) else tmp_path) as folder:
        yield Path(folder)


def walk(command: str, memory: Path, steps: range) -> None:
    """Kill `command` at each of `steps`, and look at what the next command finds."""
    ready = build(memory / "ready", 3)
    earlier, words = COMMANDS[command]
    for each in earlier:
        assert workshop(ready, each) == 0
    whole = shutil.copytree(ready, memory / "whole")
    assert workshop(whole, words) == 0
    old, new = files(ready), files(whole)
    assert old != new
    seen = []
    for number in steps:
        cut = shutil.copytree(ready, memory / "cut")
        status = workshop(cut, words, killer(number))
        if status is None:
            assert workshop(cut, ["progress"]) == 0
            assert files(cut) in (old, new), f"half done after step {number}"
            seen.append(files(cut) == new)
        shutil.rmtree(cut)
        if status is not None:
            assert status == 0
            break
    assert False in seen, "it was never cut off in time"
    if steps.step == 1:
        assert True in seen
        assert len(seen) > 10


@pytest.mark.parametrize("command", [command for command in COMMANDS if command != "undo of a move"])
def test_killed_here_and_there(command: str, memory: Path) -> None:
    walk(command, memory, range(0, 200, 9))


@pytest.mark.proof
@pytest.mark.parametrize("command", COMMANDS)
def test_killed_at_every_write(command: str, memory: Path) -> None:
    walk(command, memory, range(200))
