"""Which files are the learner's own, and folders that one may not read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.project_files import is_file, is_skipped, python_files
from grader.submission import find
from workshop.actions.init import init

not_as_administrator = pytest.mark.skipif(
    os.geteuid() == 0, reason="the administrator may read every folder; .ci/run tests as a user too"
)


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Path]:
    """A folder with a manage.py, which one may not read."""
    folder = tmp_path / "closed"
    folder.mkdir()
    (folder / "manage.py").touch()
    folder.chmod(0)
    yield folder
    folder.chmod(0o755)


def test_own_files_come_in_order_without_those_of_others(tmp_path: Path) -> None:
    for name in ("users/views.py", "manage.py", "users/migrations/0001.py", "py311/lib/x.py", ".venv/x.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "py311" / "pyvenv.cfg").touch()
    (tmp_path / "notes.txt").touch()
    assert list(python_files(tmp_path)) == ["manage.py", "users/views.py"]
    assert is_skipped(tmp_path / "py311")
    assert not is_skipped(tmp_path / "users")


@not_as_administrator
def test_what_one_may_not_look_at_is_not_there(closed: Path) -> None:
    assert not is_file(closed / "manage.py")
    assert not is_skipped(closed)
    assert list(python_files(closed.parent)) == []


@not_as_administrator
def test_a_command_beside_such_a_folder_finds_no_project(closed: Path) -> None:
    with pytest.raises(UsageError, match=r"no manage\.py"):
        find(closed.parent)
    assert init(closed.parent).new
