"""A hand-in that came with a .workshop of its own: nothing outside it is read, written or replaced."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from grader.errors import UsageError
from tests.workshop.scaffold.test_journal import CHANGES, journal_of, make_project
from workshop.cli.guard import write_crash
from workshop.state.database import open_state
from workshop.state.folder import state_folder

MINE = b"a file of who looks at the hand-in"


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A file beside the project."""
    file = tmp_path / "mine"
    file.write_bytes(MINE)
    return file


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "project").mkdir()
    project = make_project(tmp_path / "project")
    (project / "manage.py").touch()
    return project


@pytest.mark.parametrize(
    "name", ["state.db", "state.db-journal", "lock", "holder", "crash.log", ".gitignore"]
)
def test_a_link_to_a_file_is_refused(project: Path, mine: Path, name: str) -> None:
    state_folder(project)
    (project / ".workshop" / name).unlink(missing_ok=True)
    (project / ".workshop" / name).symlink_to(mine)
    with pytest.raises(UsageError, match="link"):
        open_state(project)
    assert mine.read_bytes() == MINE


@pytest.mark.parametrize("name", ["versions", "snapshots"])
def test_a_link_to_a_folder_is_refused(project: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    state_folder(project)
    (project / ".workshop" / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="link"):
        journal_of(project).apply(CHANGES, "start activity-4")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_link_in_the_place_of_the_folder_is_refused(project: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (project / ".workshop").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="link"):
        open_state(project)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_crash_is_not_written_through_a_link(project: Path, mine: Path) -> None:
    state_folder(project)
    (project / ".workshop" / "crash.log").symlink_to(mine)
    log = write_crash(project)
    assert log.parent != project / ".workshop"
    log.unlink()
    assert mine.read_bytes() == MINE


@pytest.mark.parametrize(
    "path",
    ["../mine", "/etc/hostname", "users/../../mine", ".git/hooks/pre-commit", ".workshop/state.db", ""],
)
@pytest.mark.parametrize("status", ["pending", "done"])
def test_a_journal_that_names_a_file_elsewhere_is_not_obeyed(
    project: Path, mine: Path, path: str, status: str
) -> None:
    journal_of(project).apply(CHANGES, "start activity-4")
    connection = open_state(project)
    with connection:
        connection.execute("UPDATE changed_file SET path = ? WHERE position = 0", (path,))
        connection.execute("UPDATE change SET status = ?", (status,))
    connection.close()
    planted = project / ".workshop/versions/1/before" / path.lstrip("/")
    if ".." not in path and path:
        planted.parent.mkdir(parents=True, exist_ok=True)
        planted.write_bytes(b"planted")
    with pytest.raises(UsageError, match="no file of this project's own"):
        journal_of(project).undo()
    assert mine.read_bytes() == MINE
    assert not (project / ".git").exists()


@pytest.mark.parametrize("folder", ["..", "/etc", ".workshop/versions/../../..", ".workshop/versions"])
def test_a_journal_whose_versions_lie_elsewhere_is_not_obeyed(project: Path, folder: str) -> None:
    journal_of(project).apply(CHANGES, "start activity-4")
    connection = open_state(project)
    with connection:
        connection.execute("UPDATE change SET folder = ?", (folder,))
    connection.close()
    with pytest.raises(UsageError, match="no file of this project's own"):
        journal_of(project).undo()


def test_folders_that_a_journal_made_are_the_projects_own(project: Path, tmp_path: Path) -> None:
    journal_of(project).apply(CHANGES, "start activity-4")
    (tmp_path / "empty").mkdir()
    connection = open_state(project)
    with connection:
        connection.execute("""UPDATE change SET made = '["../empty"]'""")
    connection.close()
    with pytest.raises(UsageError, match="no file of this project's own"):
        journal_of(project).undo()
    assert (tmp_path / "empty").is_dir()


def test_a_folder_of_the_project_that_became_a_link_is_not_written_through(
    project: Path, tmp_path: Path
) -> None:
    journal = journal_of(project)
    entry = journal.apply(CHANGES, "start activity-4")
    folder = next(Path(file.path).parts[0] for file in entry.files if len(Path(file.path).parts) > 1)
    shutil.move(project / folder, tmp_path / "elsewhere")
    (project / folder).symlink_to(tmp_path / "elsewhere")
    before = {path: path.read_bytes() for path in (tmp_path / "elsewhere").rglob("*") if path.is_file()}
    with pytest.raises(UsageError, match="no file of this project's own"):
        journal_of(project).undo()
    assert {
        path: path.read_bytes() for path in (tmp_path / "elsewhere").rglob("*") if path.is_file()
    } == before
