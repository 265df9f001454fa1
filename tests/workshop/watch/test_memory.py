"""Re-checks by the dozen: memory stays flat, and no process, socket or file stays behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import MakeProject
from tests.workshop.watch.conftest import RUNNING, Watch, Watching, comes

IDLE = 3
"""Processes while nothing is judged: the watch, the server of runs, and the tracker of its resources."""

GROWTH = 8_000_000
LARGEST = 250_000_000


def memory(watching: Watching) -> int:
    """Bytes that the idle watch holds, shared pages by share (PSS)."""
    assert comes(lambda: len(watching.processes()) == IDLE), watching.processes()
    total = 0
    for pid in watching.processes():
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total * 1024


def descriptors(watching: Watching) -> int:
    """Files and sockets that the idle watch has open."""
    assert comes(lambda: len(watching.processes()) == IDLE), watching.processes()
    return sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in watching.processes())


@pytest.mark.parametrize("times", [10, pytest.param(500, marks=pytest.mark.proof)])
def test_memory_is_flat_over_many_re_checks(watch: Watch, make_project: MakeProject, times: int) -> None:
    project = make_project(3)
    views = project / "users" / "views.py"
    good = views.read_text()
    watching = watch(project, "3")

    def recheck(number: int) -> None:
        """A run that is cut off by a save, and one that ends soon."""
        views.write_text(f"{good}\n# {number}\n")
        watching.sees("saved", "Activity 3")
        assert comes(lambda: len(watching.processes()) > RUNNING)
        views.write_text(f"{good}\n# {number}\n\ndef broken(:\n")
        watching.sees("saved", "syntax", "Watching: save")

    watching.sees("Activity 3")
    for number in range(3):
        recheck(number)
    before, opened = memory(watching), descriptors(watching)
    for number in range(times):
        recheck(number)
    assert memory(watching) - before < GROWTH
    assert memory(watching) < LARGEST
    assert descriptors(watching) == opened
    assert list(watching.scratch.glob("w*-*")) == []
    watching.press("q")
    assert watching.ends() == 0
