"""What a learner types most answers as fast as an empty program would, and says the same by the short way."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.contest import EMPTY
from tests.conftest import MakeProject

WORKSHOP = "from workshop.__main__ import main; main()"
LONG_WAY = "from workshop.cli.app import run; run()"


def cpu_seconds(folder: Path, code: str, *words: str) -> float:
    """The processor time of a run, which other processes on the machine hardly touch."""
    before = os.times()
    subprocess.run([sys.executable, "-c", code, *words], capture_output=True, cwd=folder)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


@pytest.mark.parametrize("words", [["--help"], ["hint", "3"], ["progress"]], ids=" ".join)
def test_it_costs_no_more_than_the_help_of_an_empty_typer_program(project: Path, words: list[str]) -> None:
    pairs = [
        (cpu_seconds(project, WORKSHOP, *words), cpu_seconds(project, EMPTY, "--help")) for _ in range(5)
    ]
    ours, empty = (min(column) for column in zip(*pairs, strict=True))
    assert ours <= 1.3 * empty


@pytest.mark.parametrize(
    "words", [["progress"], ["hint"], ["hint", "3"], ["hint", "99"], ["hint", "--help"], ["progress", "more"]]
)
def test_the_short_way_says_what_the_long_one_says(make_project: MakeProject, words: list[str]) -> None:
    told: list[tuple[int, str, str]] = []
    for code in WORKSHOP, LONG_WAY:
        ran = subprocess.run(
            [sys.executable, "-c", code, *words],
            cwd=make_project(name=f"project-{len(told)}"),
            capture_output=True,
            text=True,
        )
        told.append((ran.returncode, ran.stdout, ran.stderr))
    assert told[0] == told[1]
