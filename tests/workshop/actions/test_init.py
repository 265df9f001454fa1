"""A new project, or the learner's own, taken as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import MachineError, UsageError
from tests.projects.git import commit_all, git
from workshop.actions.init import init
from workshop.course.load import content_root


def test_a_new_project_is_the_starter_and_nothing_else(tmp_path: Path) -> None:
    made = init(tmp_path)
    root = tmp_path / "my-safeboda"
    assert (made.new, made.submission.root, made.apps, made.has_git) == (True, root, ("users",), False)
    assert made.submission.settings_module == "safeboda.settings"
    source = content_root() / "safeboda"
    for name in ("manage.py", "users/models.py", "requirements.txt", ".gitignore", ".env"):
        assert (root / name).read_bytes() == (source / name).read_bytes()
    assert not [path for path in root.rglob("*") if path.name in ("__pycache__", "db.sqlite3")]
    assert [path.name for path in tmp_path.iterdir()] == ["my-safeboda"]
    assert (root / ".workshop" / ".gitignore").read_text() == "*\n"


def test_an_empty_folder_is_filled_and_a_path_is_made(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert init(tmp_path, Path("empty")).new
    assert init(tmp_path, Path("a/b c/été")).submission.root == tmp_path / "a" / "b c" / "été"


def test_a_folder_with_something_else_is_refused_and_stays(tmp_path: Path) -> None:
    (tmp_path / "my-safeboda").mkdir()
    (tmp_path / "my-safeboda" / "thesis.txt").write_text("years of work")
    with pytest.raises(UsageError, match="not empty"):
        init(tmp_path)
    assert [path.name for path in (tmp_path / "my-safeboda").iterdir()] == ["thesis.txt"]
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError):
        init(tmp_path, Path("file"))


def test_a_place_that_cannot_be_written_is_the_machines_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(MachineError):
        init(tmp_path, Path("file/project"))


def test_a_project_is_adopted_unchanged(project: Path) -> None:
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    made = init(project)
    assert (made.new, made.submission.root, made.apps) == (False, project, ("users",))
    after = {path: path.read_bytes() for path in before}
    assert after == before
    assert {path.name for path in project.iterdir()} - {path.name for path in before} <= {
        ".workshop",
        "safeboda",
        "users",
    }


def test_a_repository_is_seen_and_no_git_is_run_in_it(project: Path, tmp_path: Path) -> None:
    commit_all(project)
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/escaped\n")
    program.chmod(0o755)
    git(project, "config", "core.fsmonitor", str(program))
    assert init(project).has_git
    assert not (tmp_path / "escaped").exists()
    git(project, "status")
    assert (tmp_path / "escaped").exists()  # as it is when somebody runs git there
