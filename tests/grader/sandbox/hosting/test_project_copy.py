"""The copy that a project may write to is made of the staged tree, and tells what the project changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.errors import MachineError
from grader.sandbox.hosting.project_copy import ProjectCopy


@pytest.fixture
def staged(tmp_path: Path) -> Path:
    staged = tmp_path / "staged"
    (staged / "users").mkdir(parents=True)
    (staged / "manage.py").write_text("# one\n")
    (staged / "users/views.py").write_text("# two\n")
    (staged / "manage.py").chmod(0o444)
    return staged


@pytest.fixture
def copy(tmp_path: Path, staged: Path) -> ProjectCopy:
    copy = ProjectCopy(tmp_path / "copy")
    copy.make(staged)
    copy.seal()
    return copy


def test_it_can_be_written_to(copy: ProjectCopy) -> None:
    assert copy.is_sealed()
    (copy.path / "manage.py").write_text("# mine\n")
    assert not copy.is_sealed()


@pytest.mark.parametrize(
    "change",
    [
        lambda path: (path / "new.py").touch(),
        lambda path: (path / "users/views.py").unlink(),
        lambda path: (path / "link").symlink_to("/etc"),
    ],
)
def test_what_the_project_makes_and_removes_shows(
    copy: ProjectCopy, change: Callable[[Path], object]
) -> None:
    change(copy.path)
    assert not copy.is_sealed()


def test_it_is_made_anew(copy: ProjectCopy, staged: Path) -> None:
    (copy.path / "link").symlink_to(staged)
    (copy.path / "left").mkdir()
    copy.make(staged)
    assert {path.name for path in copy.path.rglob("*")} == {"manage.py", "users", "views.py"}
    assert (staged / "manage.py").read_text() == "# one\n"


def test_a_place_that_cannot_be_written_is_the_machines_fault(copy: ProjectCopy, staged: Path) -> None:
    with pytest.raises(MachineError, match="could not be copied"):
        copy.make(staged / "nothing")
