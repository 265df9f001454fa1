"""Killed or failing at every single change of the disk: all files old or all new, nothing lost."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.errors import ExitStatus, MachineError
from tests.workshop.scaffold.test_journal import CHANGES, files, journal_of, make_project
from workshop.scaffold.disk import Disk
from workshop.scaffold.journal import Entry, FileChanged, Journal, Status

Action = Callable[[Journal], object]
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def apply(journal: Journal) -> Entry:
    return journal.apply(CHANGES, "start activity-4")


@dataclass
class Countdown:
    """Calls `at_zero` before the n-th change of the disk, counted from 0."""

    left: int
    at_zero: Callable[[], None]

    def __call__(self, step: str) -> None:
        self.left -= 1
        if self.left == -1:
            self.at_zero()


def kill_me() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed(project: Path, action: Action, number: int) -> bool:
    """Do `action` in a process that is killed before its n-th change of the disk; false if it ended first."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            action(journal_of(project, disk=Disk(Countdown(number, kill_me))))
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


@pytest.fixture
def tmp_path(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: these tests write much, and wait for the disk each time."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return make_project(folder)


@pytest.fixture
def old(project: Path) -> dict[str, bytes | None]:
    return files(project)


@pytest.fixture
def new(project: Path, tmp_path: Path) -> dict[str, bytes | None]:
    copy = shutil.copytree(project, tmp_path / "copy")
    apply(journal_of(copy))
    return files(copy)


def cut_off(project: Path, tmp_path: Path, action: Action) -> Iterator[tuple[int, Path]]:
    """Fresh copies of the project, each with `action` cut off one step later, until it is not cut off."""
    for number in range(1000):
        copy = shutil.copytree(project, tmp_path / f"cut-{number}")
        if not killed(copy, action, number):
            assert number > 20, "hardly anything was written"
            return
        yield number, copy
        shutil.rmtree(copy)
    pytest.fail("it never ends")


def test_killed_at_every_write_of_apply(
    project: Path, tmp_path: Path, old: dict[str, bytes | None], new: dict[str, bytes | None]
) -> None:
    seen = []
    for _, copy in cut_off(project, tmp_path, apply):
        entry = journal_of(copy).recover()
        after = files(copy)
        assert after in (old, new)
        assert entry is None or (entry.status is Status.DONE) == (after == new)
        assert journal_of(copy).recover() is None
        if after == old:
            journal_of(copy).apply(CHANGES, "again")
            assert files(copy) == new
        seen.append(after == new)
    assert True in seen
    assert False in seen


def test_killed_at_every_write_of_undo(
    project: Path, tmp_path: Path, old: dict[str, bytes | None], new: dict[str, bytes | None]
) -> None:
    apply(journal_of(project))
    seen = []
    for _, copy in cut_off(project, tmp_path, Journal.undo):
        journal_of(copy).recover()
        after = files(copy)
        assert after in (old, new)
        if after == new:
            journal_of(copy).undo()
            assert files(copy) == old
        seen.append(after == old)
    assert True in seen
    assert False in seen


def test_killed_again_at_every_write_of_recover(
    project: Path, tmp_path: Path, old: dict[str, bytes | None]
) -> None:
    """Cut off after some files have moved, then cut off while that is put right."""
    moved_some = next(
        number
        for number, copy in cut_off(project, tmp_path, apply)
        if (copy / "settings.py").read_bytes() == b"new\r\n" and not (copy / "gone.py").exists()
    )
    shutil.rmtree(tmp_path / f"cut-{moved_some}", ignore_errors=True)
    assert killed(project, apply, moved_some)
    for number in range(1000):
        copy = shutil.copytree(project, tmp_path / f"again-{number}")
        again = killed(copy, Journal.recover, number)
        journal_of(copy).recover()
        assert files(copy) == old
        if not again:
            assert number > 5
            break


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_write_that_fails_leaves_all_as_it_was(
    project: Path, old: dict[str, bytes | None], new: dict[str, bytes | None], code: int
) -> None:
    def fail() -> None:
        raise OSError(code, os.strerror(code))

    for number in range(1000):
        try:
            journal_of(project, disk=Disk(Countdown(number, fail))).apply(CHANGES, "start")
            break
        except MachineError as error:
            said = error
        assert said.status is ExitStatus.ENVIRONMENT
        assert os.strerror(code) in said.sentence
        assert files(project) == old
    assert number > 20
    assert files(project) == new


def test_a_disk_that_stays_full_is_put_right_later(project: Path, old: dict[str, bytes | None]) -> None:
    """Not even the taking back works; then the next command does it."""

    def full(step: str) -> None:
        if (project / "settings.py").read_bytes() == b"new\r\n":
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(MachineError):
        apply(journal_of(project, disk=Disk(full)))
    assert files(project) != old
    with pytest.raises(MachineError):
        journal_of(project, disk=Disk(full)).recover()
    entry = journal_of(project).recover()
    assert entry is not None
    assert entry.status is Status.ROLLED_BACK
    assert files(project) == old


def test_an_editor_that_saves_in_the_middle_loses_nothing(
    project: Path, old: dict[str, bytes | None]
) -> None:
    def save(step: str) -> None:
        if step.startswith("put settings.py"):
            (project / "requirements é.txt").write_bytes(b"saved just now")

    with pytest.raises(FileChanged):
        apply(journal_of(project, disk=Disk(save)))
    assert files(project) == old | {"requirements é.txt": b"saved just now"}


def test_an_edit_between_the_cut_and_the_next_command_is_kept(
    project: Path, tmp_path: Path, old: dict[str, bytes | None]
) -> None:
    for _, copy in cut_off(project, tmp_path, apply):
        if (copy / "settings.py").read_bytes() != b"new\r\n":
            continue
        (copy / "settings.py").write_bytes(b"edited")
        entry = journal_of(copy).recover()
        assert entry is not None
        assert entry.kept == ("settings.py",)
        assert files(copy) == old | {"settings.py": b"edited"}
        return
    pytest.fail("never cut off in the middle")


def test_ctrl_c_takes_back(project: Path, old: dict[str, bytes | None]) -> None:
    def interrupt(step: str) -> None:
        if step.startswith("remove gone.py"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        apply(journal_of(project, disk=Disk(interrupt)))
    assert files(project) == old


def test_copies_that_someone_removed_do_not_block_for_ever(project: Path, tmp_path: Path) -> None:
    for _, copy in cut_off(project, tmp_path, apply):
        if (copy / "settings.py").read_bytes() == b"new\r\n":
            break
    there = files(copy)
    shutil.rmtree(copy / ".workshop" / "versions")
    entry = journal_of(copy).recover()
    assert entry is not None
    assert "settings.py" in entry.kept
    assert files(copy) == there
    assert journal_of(copy).recover() is None


def test_a_folder_one_may_not_write_in(tmp_path: Path) -> None:
    """As an ordinary user, since the administrator may write anywhere."""
    folder = Path(tempfile.mkdtemp())
    project = make_project(folder)
    journal_of(project).entries()
    closed = project / "closed"
    closed.mkdir()
    try:
        (closed / "views.py").write_bytes(b"old\r\n")
        closed.chmod(0o555)
        if os.geteuid() == 0:
            for path in [folder, *folder.rglob("*")]:
                os.chown(path, 65534, 65534)
        child = os.fork()
        if child == 0:
            status = 1
            try:
                if os.geteuid() == 0:
                    os.setuid(65534)
                change = type(CHANGES[0])("closed/views.py", b"old\r\n", b"new\r\n")
                try:
                    journal_of(project).apply([*CHANGES, change], "start")
                except MachineError as error:
                    status = 0 if "closed" in error.sentence else 2
            finally:
                os._exit(status)
        _, status = os.waitpid(child, 0)
        assert os.WEXITSTATUS(status) == 0
        assert (closed / "views.py").read_bytes() == b"old\r\n"
        assert (project / "settings.py").read_bytes() == b"old\r\n"
    finally:
        closed.chmod(0o755)  # else nobody but the administrator can remove what is in it
        shutil.rmtree(folder)
