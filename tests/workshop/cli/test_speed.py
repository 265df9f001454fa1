"""What a learner types most is answered as fast as an empty program would, however it is spelt."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

import pytest

from bench.contest import EMPTY

WORKSHOP = "from workshop.__main__ import main; main()"

SPELLINGS = (
    "--help",
    "hint 3",
    "hint 3 --plain",
    "hint --project .",
    "--project . hint",
    "progress",
    "progress --plain",
    "--plain progress",
    "progress --project .",
    "--project . progress",
)

FEWEST, MOST = 5, 20


def cpu_seconds(folder: Path, code: str, *words: str) -> float:
    """The processor time of a run, in seconds, finer than the 10 ms steps of `os.times`."""
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code, *words], capture_output=True, cwd=folder)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@pytest.mark.parametrize("typed", SPELLINGS)
def test_it_costs_no_more_than_the_help_of_an_empty_typer_program(project: Path, typed: str) -> None:
    """Other processes only ever add to a time: the least of 5 to 20 runs is compared."""
    ours = empty = float("inf")
    for done in range(1, MOST + 1):
        ours = min(ours, cpu_seconds(project, WORKSHOP, *typed.split()))
        empty = min(empty, cpu_seconds(project, EMPTY, "--help"))
        if done >= FEWEST and ours <= 1.3 * empty:
            return
    pytest.fail(f"{ours:.3f} s against {empty:.3f} s of an empty program: {ours / empty:.2f}, allowed 1.3")
