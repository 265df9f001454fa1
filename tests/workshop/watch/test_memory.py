"""Re-checks by the dozen: memory stays flat, and no process, socket or file stays behind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import MakeProject
from tests.workshop.watch.conftest import Watch, Watching

GROWTH = 8_000_000
LARGEST = 250_000_000
CUT_OFF = 5
"""One re-check in so many is cut off by another save."""


def open_to_us(watching: Watching) -> Iterator[Path]:
    """The folders in /proc of what rests. Those of a project in the jail can be read by root alone."""
    for pid in watching.rests():
        folder = Path(f"/proc/{pid}")
        if os.access(folder / "fd", os.R_OK):
            yield folder


def memory(watching: Watching) -> int:
    """Bytes that the watch holds between two runs, shared pages by share (PSS)."""
    total = 0
    for folder in open_to_us(watching):
        rollup = (folder / "smaps_rollup").read_text()
        total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total * 1024


def descriptors(watching: Watching) -> int:
    """Files and sockets that the watch has open between two runs."""
    return sum(len(list((folder / "fd").iterdir())) for folder in open_to_us(watching))


def files(watching: Watching) -> int:
    """What lies in the folder for temporary files."""
    return len(list(watching.scratch.rglob("*")))


@pytest.mark.parametrize("times", [6, pytest.param(500, marks=pytest.mark.proof)])
def test_memory_is_flat_over_many_re_checks(watch: Watch, make_project: MakeProject, times: int) -> None:
    project = make_project(3)
    views = project / "users" / "views.py"
    good = views.read_text()
    watching = watch(project, "3")
    watching.sees("core of activity 3 passed", "Watching: save")

    def recheck(number: int) -> None:
        views.write_text(f"{good}\n# {number}\n")
        watching.sees(r"views\.py saved", "Activity 3")
        if number % CUT_OFF == 0:
            watching.sees("B3 is judged")
            views.write_text(f"{good}\n# {number}, again\n")
            watching.sees(r"views\.py saved", "Activity 3")
        watching.sees("core of activity 3 passed", "Watching: save")

    for number in range(CUT_OFF):
        recheck(number)
    before, opened, lie = memory(watching), descriptors(watching), files(watching)
    for number in range(times):
        recheck(number)
    after = memory(watching)
    print(f"{before / 1e6:.1f} MB, after {times} re-checks {after / 1e6:.1f} MB")
    assert after - before < GROWTH
    assert after < LARGEST
    assert descriptors(watching) == opened
    assert files(watching) == lie
    watching.press("q")
    assert watching.ends() == 0
