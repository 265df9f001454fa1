from __future__ import annotations

import stat
from pathlib import Path

import pytest

from grader.errors import MachineError, UsageError
from workshop.scaffold.changes import FileChange
from workshop.scaffold.disk import Disk
from workshop.scaffold.journal import FileChanged, Journal, Status
from workshop.state.database import open_state

CHANGES = (
    FileChange("settings.py", b"old\r\n", b"new\r\n"),
    FileChange("users/cache/signals.py", None, b"made\n"),
    FileChange("gone.py", b"gone\n", None),
    FileChange("conf/base.py", None, b"moved\n", mode=0o755),
    FileChange("requirements \u00e9.txt", b"\xff\xfea\0", b"\xff\xfea\0b\0"),
)


def make_project(folder: Path) -> Path:
    for change in CHANGES:
        if change.before is not None:
            (folder / change.path).write_bytes(change.before)
    (folder / "settings.py").chmod(0o640)
    (folder / "gone.py").chmod(0o750)
    (folder / "own.py").write_bytes(b"mine")
    return folder


def journal_of(project: Path, disk: Disk | None = None) -> Journal:
    """The journal of a project, with its state file opened as a new command opens it."""
    return Journal(project, open_state(project), disk)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path)


def files(project: Path) -> dict[str, bytes | None]:
    """Everything of the project but the workshop's own notes; folders count too, with no bytes."""
    return {
        path.relative_to(project).as_posix(): path.read_bytes() if path.is_file() else None
        for path in project.rglob("*")
        if ".workshop" not in path.relative_to(project).parts
    }


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_apply_and_undo(project: Path) -> None:
    before = files(project)
    journal = journal_of(project)
    entry = journal.apply(CHANGES, "start activity-4")
    assert entry.status is Status.DONE
    assert entry.why == "start activity-4"
    for change in CHANGES:
        path = project / change.path
        assert (path.read_bytes() if path.exists() else None) == change.after
    assert (mode(project / "settings.py"), mode(project / "conf/base.py")) == (0o640, 0o755)
    undone = journal.undo()
    assert undone.undoes == entry.id
    assert files(project) == before
    assert (mode(project / "settings.py"), mode(project / "gone.py")) == (0o640, 0o750)


def test_both_versions_are_kept_for_ever(project: Path) -> None:
    journal = journal_of(project)
    journal.apply(CHANGES, "start")
    journal.undo()
    first = journal.entries()[0]
    for change, file in zip(CHANGES, first.files, strict=True):
        assert change.path == file.path
        assert (file.before.read_bytes() if file.before else None) == change.before
        assert (file.after.read_bytes() if file.after else None) == change.after
        assert all(v.is_relative_to(project / ".workshop/versions") for v in (file.before, file.after) if v)


def test_undo_goes_back_one_change_after_the_other(project: Path) -> None:
    journal = journal_of(project)
    before = files(project)
    journal.apply([FileChange("own.py", b"mine", b"one")], "one")
    journal.apply([FileChange("own.py", b"one", b"two")], "two")
    assert journal.plan_undo()[1] == (FileChange("own.py", b"two", b"one", mode(project / "own.py")),)
    assert journal.undo().why == "undo two"
    journal.apply([FileChange("own.py", b"one", b"three")], "three")
    assert journal.undo().why == "undo three"
    assert journal.undo().why == "undo one"
    assert files(project) == before
    with pytest.raises(UsageError, match="nothing to undo"):
        journal.undo()


def test_undo_refuses_when_the_learner_edited_since(project: Path) -> None:
    journal = journal_of(project)
    journal.apply(CHANGES, "start activity-4")
    (project / "settings.py").write_bytes(b"new\r\nand mine\r\n")
    edited = files(project)
    with pytest.raises(FileChanged) as caught:
        journal.undo()
    assert files(project) == edited
    assert "+and mine" in caught.value.diff
    kept = journal.entries()[0].files[0]
    for version in (kept.before, kept.after):
        assert version is not None
        assert version.relative_to(project).as_posix() in caught.value.remedy


def test_a_file_that_an_editor_changed_since_the_plan_is_left_alone(project: Path) -> None:
    (project / "gone.py").write_bytes(b"edited\n")
    edited = files(project)
    with pytest.raises(FileChanged) as caught:
        journal_of(project).apply(CHANGES, "start")
    assert "gone.py" in caught.value.sentence
    assert files(project) == edited
    assert journal_of(project).entries() == ()


def test_a_file_that_appeared_since_the_plan_is_left_alone(project: Path) -> None:
    (project / "conf").mkdir()
    (project / "conf/base.py").write_bytes(b"theirs\n")
    there = files(project)
    with pytest.raises(FileChanged):
        journal_of(project).apply(CHANGES, "start")
    assert files(project) == there


def test_an_editor_that_saves_its_old_buffer_over_a_change_is_noticed(project: Path) -> None:
    journal = journal_of(project)
    assert journal.overwritten() == ()
    journal.apply(CHANGES, "start")
    assert journal.overwritten() == ()
    (project / "settings.py").write_bytes(b"old\r\n")
    assert journal.overwritten() == ("settings.py",)


def test_a_symlink_is_not_written_through(project: Path) -> None:
    (project / "link.py").symlink_to("own.py")
    with pytest.raises(UsageError):
        journal_of(project).apply([FileChange("link.py", b"mine", b"new")], "start")
    with pytest.raises(UsageError):
        journal_of(project).apply([FileChange("../outside.py", None, b"new")], "start")
    assert (project / "own.py").read_bytes() == b"mine"
    assert not (project.parent / "outside.py").exists()


def test_a_read_only_file_is_said_and_left(project: Path) -> None:
    (project / "settings.py").chmod(0o444)
    before = files(project)
    with pytest.raises(MachineError, match=r"settings\.py is read-only"):
        journal_of(project).apply(CHANGES, "start")
    assert files(project) == before


def test_nothing_to_recover_changes_no_file(tmp_path: Path) -> None:
    assert journal_of(tmp_path).recover() is None
    assert files(tmp_path) == {}
