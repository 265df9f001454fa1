"""A project is copied without what is not its code, and without leaving its folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.errors import MachineError
from grader.sandbox.hosting import project_copy
from grader.sandbox.hosting.project_copy import copy_project


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "boda"
    (root / "users").mkdir(parents=True)
    (root / "manage.py").write_text("# one\n")
    (root / "users/views.py").write_text("# two\n")
    return root


def copied(root: Path) -> set[str]:
    to = root.parent / "copy"
    copy_project(root, to)
    return {str(path.relative_to(to)) for path in to.rglob("*")}


PLAIN = {"manage.py", "users", "users/views.py"}


def test_code_and_dot_files_are_copied(root: Path) -> None:
    (root / ".env").write_text("A=1\n")
    assert copied(root) == {*PLAIN, ".env"}
    assert (root.parent / "copy/users/views.py").read_text() == "# two\n"


@pytest.mark.parametrize(
    "name", [".git/HEAD", ".venv/pyvenv.cfg", "venv/lib/x.py", "node_modules/x.js", ".workshop/state.db",
             "users/__pycache__/views.pyc", "db.sqlite3", "db.sqlite3-journal", "dump.rdb"],
)  # fmt: skip
def test_what_is_no_code_is_left_out(root: Path, name: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text("x")
    assert copied(root) == PLAIN


def test_a_virtual_environment_by_any_name_is_left_out(root: Path) -> None:
    (root / "my-python/lib").mkdir(parents=True)
    (root / "my-python/pyvenv.cfg").touch()
    (root / "my-python/lib/django.py").touch()
    assert copied(root) == PLAIN


def test_links_out_of_the_project_are_left_out_and_links_within_are_followed(root: Path) -> None:
    outside = root.parent / "secret.txt"
    outside.write_text("not yours")
    (root / "out.txt").symlink_to(outside)
    (root / "up").symlink_to(root.parent)
    (root / "gone.txt").symlink_to(root / "nothing")
    (root / "views.py").symlink_to("users/views.py")
    assert copied(root) == {*PLAIN, "views.py"}
    assert (root.parent / "copy/views.py").read_text() == "# two\n"


def test_a_link_to_a_folder_that_holds_it_ends(root: Path) -> None:
    (root / "users/again").symlink_to(root)
    (root / "users/self").symlink_to(".")
    assert copied(root) == PLAIN


def test_pipes_and_sockets_are_left_out(root: Path) -> None:
    os.mkfifo(root / "pipe")
    assert copied(root) == PLAIN


def test_a_project_under_a_link_is_copied(root: Path) -> None:
    link = root.parent / "link"
    link.symlink_to(root)
    (root / "views.py").symlink_to("users/views.py")
    assert copied(link) == {*PLAIN, "views.py"}


def test_a_project_that_is_too_large_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project_copy, "MAX_FILES", 1)
    with pytest.raises(MachineError, match="too large"):
        copied(root)


def test_a_place_that_cannot_be_written_is_the_machines_fault(root: Path) -> None:
    with pytest.raises(MachineError, match="could not be copied"):
        copy_project(root, root / "manage.py" / "copy")
