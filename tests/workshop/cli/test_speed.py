"""What a learner types most is answered as fast as an empty program would, however it is spelt."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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


def cpu_seconds(folder: Path, code: str, *words: str) -> float:
    """The processor time of a run, which other processes on the machine hardly touch."""
    before = os.times()
    subprocess.run([sys.executable, "-c", code, *words], capture_output=True, cwd=folder)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


@pytest.mark.parametrize("typed", SPELLINGS)
def test_it_costs_no_more_than_the_help_of_an_empty_typer_program(project: Path, typed: str) -> None:
    pairs = [
        (cpu_seconds(project, WORKSHOP, *typed.split()), cpu_seconds(project, EMPTY, "--help"))
        for _ in range(5)
    ]
    ours, empty = (min(column) for column in zip(*pairs, strict=True))
    assert ours <= 1.3 * empty
