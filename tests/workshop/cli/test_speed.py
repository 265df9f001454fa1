"""The first thing a learner types answers as fast as an empty program would."""

from __future__ import annotations

import os
import subprocess
import sys

EMPTY = """
import typer
app = typer.Typer()
@app.command()
def one(): pass
@app.command()
def two(): pass
app()
"""
WORKSHOP = "from workshop.__main__ import main; main()"


def cpu_seconds(code: str, *words: str) -> float:
    """The processor time of a run, which other processes on the machine hardly touch."""
    before = os.times()
    subprocess.run([sys.executable, "-c", code, *words], check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def test_help_costs_no_more_than_that_of_an_empty_typer_program() -> None:
    pairs = [(cpu_seconds(WORKSHOP, "--help"), cpu_seconds(EMPTY, "--help")) for _ in range(5)]
    ours, empty = (min(column) for column in zip(*pairs, strict=True))
    assert ours <= 1.3 * empty
