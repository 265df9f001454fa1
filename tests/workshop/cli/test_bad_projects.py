"""Projects that cannot be worked on, and words without meaning: a sentence, a remedy, nothing written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.workshop.cli.conftest import Ran

Run = Callable[..., Ran]
MakeProject = Callable[..., Path]


def files(project: Path) -> dict[Path, bytes]:
    """What a project holds but for the workshop's own notes."""
    found = [path for path in project.rglob("*") if path.is_file() and ".workshop" not in path.parts]
    return {path: path.read_bytes() for path in found if "__pycache__" not in path.parts}


def said(ran: Ran, status: int, *words: str) -> None:
    """One sentence and one remedy on the error stream, and the exit status."""
    assert ran.status == status, ran.out + ran.err
    assert "Traceback" not in ran.out + ran.err
    sentence, remedy = ran.err.strip().splitlines()
    assert sentence.endswith((".", ":"))
    assert remedy
    for word in words:
        assert word in ran.err


WITHOUT_PRIVILEGE = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--"]
"""Root as a person without special rights over files; for anyone else no more than what they are."""


def typed(project: Path, *words: str, as_anyone: bool = False) -> Ran:
    """A command in a process of its own; `as_anyone` by somebody for whom permissions count."""
    may = WITHOUT_PRIVILEGE if as_anyone and os.geteuid() == 0 else []
    command = [*may, sys.executable, "-m", "workshop", *words]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=120)
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("name", ["4", "04", "activity-4", "activity-04", "Activity 4", "activity4", " 4 "])
def test_an_activity_goes_by_many_names(run: Run, project: Path, name: str) -> None:
    ran = run(project, "lesson", name)
    assert ran.status == 0
    assert "Activity 4:" in ran.out


@pytest.mark.parametrize("name", ["aktivity-4", "4.0", "activity-", "activity-99", "-4", "", "\u2463"])
def test_a_name_that_means_no_activity_lists_those_there_are(run: Run, project: Path, name: str) -> None:
    before = files(project)
    said(run(project, "start", "--yes", "--", name), 2, "no activity", "activity-2, activity-3, activity-4")
    assert files(project) == before


@pytest.mark.parametrize("words", [("start", "3", "--yes"), ("check", "3"), ("undo", "--yes"), ("seed",)])
def test_an_empty_folder_is_no_project_and_stays_empty(
    run: Run, tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "empty").mkdir()
    said(run(tmp_path / "empty", *words), 2, "no manage.py", "--project PATH")
    assert list((tmp_path / "empty").iterdir()) == []


def test_a_project_may_be_named_by_one_of_its_files_and_by_no_other(
    run: Run, project: Path, tmp_path: Path
) -> None:
    assert run(project, "progress", "--project", "users/views.py").status == 0
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/notes.txt").write_text("notes\n")
    said(run(project, "progress", "--project", str(tmp_path / "elsewhere/notes.txt")), 2, "no manage.py")
    said(run(project, "progress", "--project", str(tmp_path / "elsewhere/none")), 2, "There is no folder")


def test_a_manage_py_without_settings(run: Run, project: Path) -> None:
    (project / "manage.py").write_text("print('hello')\n")
    said(run(project, "start", "3", "--yes"), 2, "manage.py", "DJANGO_SETTINGS_MODULE")


def test_settings_that_manage_py_names_and_that_are_not_there(run: Run, project: Path) -> None:
    (project / "safeboda/settings.py").rename(project / "safeboda/conf.py")
    before = files(project)
    said(run(project, "start", "3", "--yes"), 2, "safeboda.settings", "manage.py")
    assert files(project) == before


@pytest.mark.parametrize("command", ["check", "hint", "solution", "reset"])
def test_nothing_was_started(run: Run, project: Path, command: str) -> None:
    before = files(project)
    said(run(project, command), 2, "not started", "`workshop start activity-1`")
    assert files(project) == before


def test_what_was_not_started_cannot_be_reset_or_solved(run: Run, project: Path) -> None:
    before = files(project)
    said(run(project, "reset", "4", "--yes"), 2, "activity-4 was not started", "`workshop start activity-4`")
    said(run(project, "solution", "4", "--apply", "--yes"), 2, "free once its core has passed", "--give-up")
    said(run(project, "undo", "--yes"), 2, "nothing to undo")
    assert files(project) == before


def test_without_a_terminal_and_without_yes_nothing_is_written(run: Run, project: Path) -> None:
    before = files(project)
    said(run(project, "start", "3"), 2, "Nothing was changed", "--yes")
    assert files(project) == before


def test_settings_with_a_syntax_error_are_left_and_the_line_is_named(run: Run, project: Path) -> None:
    settings = project / "safeboda/settings.py"
    settings.write_text("DEBUG = True\nCACHES = {\n")
    ran = run(project, "start", "3", "--yes")
    assert ran.status == 0
    assert "safeboda/settings.py has a syntax error on line 2" in ran.out
    assert "Mend safeboda/settings.py first, then run the command again" in " ".join(ran.out.split())
    assert settings.read_text() == "DEBUG = True\nCACHES = {\n"
    said(run(project, "seed"), 1, "SyntaxError", "manage.py check")


def test_a_file_that_is_no_text_has_no_line(run: Run, project: Path) -> None:
    (project / "users/views.py").write_bytes(b"x = 1\0\n")
    ran = run(project, "check", "4")
    assert ran.status == 1
    assert "users/views.py: " in ran.out
    assert "UTF-8" in ran.out
    assert "line 0" not in ran.out


def test_a_package_that_is_not_installed(run: Run, make_project: MakeProject) -> None:
    project = make_project(3)
    settings = project / "safeboda/settings.py"
    settings.write_text(settings.read_text() + "\nimport no_such_package\n")
    said(run(project, "seed"), 3, "No module named 'no_such_package'", "-m pip install")
    ran = typed(project, "check", "3")
    assert ran.status == 3
    assert "no_such_package" in ran.out
    assert "Traceback" not in ran.out + ran.err


def test_a_project_without_env_file_that_wants_a_variable(run: Run, make_project: MakeProject) -> None:
    project = make_project(3)
    (project / ".env").unlink()
    said(run(project, "seed"), 3, "tables", "manage.py migrate")  # so it starts: there is a default for each
    settings = project / "safeboda/settings.py"
    settings.write_text(settings.read_text() + "\nTOKEN = os.environ['SAFEBODA_TOKEN']\n")
    said(run(project, "seed"), 1, "SAFEBODA_TOKEN", "manage.py check")
    ran = run(project, "doctor")
    assert ran.status == 3
    assert "SAFEBODA_TOKEN" in ran.out
    assert ".env" in ran.out


def test_a_damaged_state_file_stops_nothing(run: Run, project: Path) -> None:
    (project / ".workshop").mkdir()
    (project / ".workshop/state.db").write_bytes(b"not a database" * 100)
    ran = run(project, "start", "3", "--yes")
    assert ran.status == 0
    assert len(ran.err.splitlines()) == 1
    assert "state.db.damaged-1" in ran.err
    assert "CACHES" in (project / "safeboda/settings.py").read_text()


@pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("setpriv"), reason="root, and no setpriv")
def test_a_folder_without_permission_to_write(project: Path) -> None:
    before = files(project)
    (project / "users").chmod(0o555)
    try:
        ran = typed(project, "start", "4", "--yes", as_anyone=True)
    finally:
        (project / "users").chmod(0o755)
    said(ran, 3, "may not write", "users", "permission")
    assert files(project) == before


@pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("setpriv"), reason="root, and no setpriv")
def test_a_project_without_permission_to_write_anywhere(project: Path) -> None:
    before = files(project)
    project.chmod(0o555)
    try:
        ran = typed(project, "start", "3", "--yes", as_anyone=True)
    finally:
        project.chmod(0o755)
    said(ran, 3, "cannot keep its notes", "may write")
    assert files(project) == before
