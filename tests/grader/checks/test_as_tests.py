"""An author runs a check as an ordinary test, with ordinary output."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.projects.handout import HONEST
from tests.projects.wrong import WRONG

ROOT = Path(__file__).parents[3]


def run(*words: str) -> tuple[int, str]:
    """The exit status of pytest, and what it prints."""
    command = [sys.executable, "-m", "pytest", "grader/checks/activity_4.py", *words]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    return ran.returncode, ran.stdout + ran.stderr


def test_a_check_is_chosen_by_its_id_and_passes(tmp_path: Path) -> None:
    status, output = run("-k", "L4", "--project", str(HONEST.write(tmp_path / "boda")))
    assert status == pytest.ExitCode.OK, output
    assert "1 passed, " in output


def test_one_that_fails_shows_what_was_seen_and_the_timeline(tmp_path: Path) -> None:
    project = WRONG["an empty list is no hit"].variant.write(tmp_path / "boda")
    status, output = run("-k", "L4", "--project", str(project))
    assert status == pytest.ExitCode.TESTS_FAILED, output
    assert "CheckFailed: the list was empty, a user was added behind the application" in output
    assert "check_an_empty_list_is_a_hit" in output
    assert "Timeline" in output
    assert "GET /api/users/ → 200, 0 rows" in output


def test_without_a_project_one_sentence_says_so() -> None:
    status, output = run("-k", "L4")
    assert status == pytest.ExitCode.USAGE_ERROR
    assert "add --project DIR" in output
