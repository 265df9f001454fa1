"""Bad input: one clear sentence, a remedy, and the right exit status."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.workshop.cli.conftest import Ran

Run = Callable[..., Ran]


def said(ran: Ran, status: int, *words: str) -> None:
    assert ran.status == status
    assert "Traceback" not in ran.err
    assert len(ran.err.strip().splitlines()) <= 2
    for word in words:
        assert word in ran.err


@pytest.mark.parametrize(
    "words",
    [("start", "3"), ("check",), ("hint",), ("progress",), ("undo",), ("reset",), ("submit",), ("seed",)],
)
def test_no_manage_py(run: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
    said(run(tmp_path, *words), 2, "There is no manage.py", "--project")


def test_two_projects(run: Run, make_project: Callable[..., Path]) -> None:
    make_project(name="ada")
    folder = make_project(name="ben").parent
    said(run(folder, "check", "3"), 2, "2 Django projects", "ada, ben", "--project")


def test_no_such_folder(run: Run, tmp_path: Path) -> None:
    said(run(tmp_path, "check", "--project", "nowhere"), 2, "nowhere", "--project")


@pytest.mark.parametrize(
    "words", [("start", "99"), ("check", "four"), ("hint", "activity-0"), ("lesson", "x")]
)
def test_an_unknown_activity(run: Run, project: Path, words: tuple[str, ...]) -> None:
    said(run(project, *words), 2, "There is no activity", "activity-2")


def test_nothing_started_checked_or_changed_yet(run: Run, project: Path) -> None:
    said(run(project, "check"), 2, "not started", "workshop start")
    said(run(project, "reset", "3"), 2, "activity-3 was not started")
    said(run(project, "hint", "3"), 2, "workshop check activity-3")
    said(run(project, "undo"), 2, "nothing to undo")


def test_a_syntax_error_in_the_settings(run: Run, project: Path) -> None:
    (project / "safeboda" / "settings.py").write_text("DEBUG = True\nCACHES = {\n")
    ran = run(project, "check", "3")
    assert ran.status == 1
    assert "safeboda/settings.py:2" in ran.out
    assert "Traceback" not in ran.out + ran.err


def test_a_manage_py_that_is_no_python(run: Run, project: Path) -> None:
    (project / "manage.py").write_text("def (:\n")
    said(run(project, "check", "3"), 2, "manage.py")


def test_unknown_command_and_option(run: Run, project: Path) -> None:
    assert run(project, "chekc").status == 2
    assert run(project, "check", "--colour").status == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written(run: Run, project: Path) -> None:
    project.chmod(0o555)
    try:
        said(run(project, "start", "3", "--yes"), 3, "cannot keep its notes")
    finally:
        project.chmod(0o755)


def test_notes_that_cannot_be_kept(run: Run, project: Path) -> None:
    (project / ".workshop").write_text("a file where the folder should be")
    said(run(project, "start", "3", "--yes"), 3, "cannot keep its notes")
    assert "_____" not in (project / "safeboda" / "settings.py").read_text()
