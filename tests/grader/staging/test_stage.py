"""A hand-in becomes plain files: without what is not its code, without leaving its folder, within bounds."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from grader.errors import MachineError
from grader.result import LeftOut, LeftOutReason
from grader.staging import stage as staging
from grader.staging import walk
from grader.staging.stage import Stage

PLAIN = {"manage.py", "users/views.py"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "boda"
    (root / "users").mkdir(parents=True)
    (root / "manage.py").write_text("# one\n")
    (root / "users/views.py").write_text("# two\n")
    return root


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path / "stage")


def staged(stage: Stage, root: Path) -> set[str]:
    """The files of the staged tree, which holds nothing but plain files and folders."""
    stage.make(root)
    paths = list(stage.path.rglob("*"))
    assert all(stat.S_ISREG(path.lstat().st_mode) or stat.S_ISDIR(path.lstat().st_mode) for path in paths)
    return {path.relative_to(stage.path).as_posix() for path in paths if path.is_file()}


def reasons(stage: Stage) -> dict[str, LeftOutReason]:
    return {each.path: each.reason for each in stage.left_out}


def test_code_and_dot_files_are_staged(stage: Stage, root: Path) -> None:
    (root / ".env").write_text("A=1\n")
    assert staged(stage, root) == {*PLAIN, ".env"}
    assert (stage.path / "users/views.py").read_text() == "# two\n"
    assert stage.left_out == ()


@pytest.mark.parametrize(
    "name", [".git/HEAD", ".venv/pyvenv.cfg", "venv/lib/x.py", "node_modules/x.js", ".workshop/state.db",
             "users/__pycache__/views.pyc", "db.sqlite3", "db.sqlite3-journal", "dump.rdb",
             "my-python/pyvenv.cfg"],
)  # fmt: skip
def test_what_is_no_code_is_left_out_and_said(stage: Stage, root: Path, name: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text("x")
    assert staged(stage, root) == PLAIN
    assert [each.reason for each in stage.left_out] == [LeftOutReason.IGNORED]


def test_a_link_within_the_project_is_its_file_and_every_other_is_left_out(stage: Stage, root: Path) -> None:
    outside = root.parent / "secret.txt"
    outside.write_text("not yours")
    (root / "views.py").symlink_to("users/views.py")
    (root / "users/one.py").symlink_to("../manage.py")
    for name, target in {
        "absolute.txt": str(outside),
        "out.txt": "../secret.txt",
        "up": "..",
        "gone.txt": "nothing",
        "zero.py": "/dev/zero",
        "users/again": "../users",
        "users/self": ".",
        "loop": "loop",
        "by_a_link.py": "users/again/views.py",
        "hidden.py": ".git/config",
    }.items():
        (root / name).symlink_to(target)
    (root / ".git").mkdir()
    (root / ".git/config").write_text("x")
    assert staged(stage, root) == {*PLAIN, "views.py", "users/one.py"}
    assert (stage.path / "views.py").read_text() == "# two\n"
    assert {name for name, reason in reasons(stage).items() if reason is LeftOutReason.LINK} == {
        "absolute.txt", "out.txt", "up", "gone.txt", "zero.py", "users/again", "users/self", "loop",
        "by_a_link.py", "hidden.py",
    }  # fmt: skip


def test_pipes_hold_nobody_up(stage: Stage, root: Path) -> None:
    os.mkfifo(root / "settings.py")
    os.mkfifo(root / "pipe")
    (root / "link.py").symlink_to("pipe")
    assert staged(stage, root) == PLAIN
    assert reasons(stage) == {
        "settings.py": LeftOutReason.SPECIAL,
        "pipe": LeftOutReason.SPECIAL,
        "link.py": LeftOutReason.LINK,
    }


def test_a_project_under_a_link_is_staged(stage: Stage, root: Path) -> None:
    link = root.parent / "link"
    link.symlink_to(root)
    assert staged(stage, link) == PLAIN


def test_a_sparse_file_is_left_out(stage: Stage, root: Path) -> None:
    with (root / "models.py").open("wb") as file:
        file.truncate(3_000_000_000)
    assert staged(stage, root) == PLAIN
    assert reasons(stage) == {"models.py": LeftOutReason.TOO_LARGE}


def test_what_lies_too_deep_is_left_out(stage: Stage, root: Path) -> None:
    deep = root
    for _ in range(walk.MAX_DEPTH + 2):
        deep = deep / "d"
        deep.mkdir()
    (deep / "x.py").write_text("x")
    assert staged(stage, root) == PLAIN
    assert list(reasons(stage).values()) == [LeftOutReason.TOO_DEEP]


def test_a_name_that_is_no_text_is_left_out(stage: Stage, root: Path) -> None:
    (root / os.fsdecode(b"caf\xe9.py")).write_text("x")
    (root / "bell\a.py").write_text("x")
    assert staged(stage, root) == PLAIN
    assert set(reasons(stage).values()) == {LeftOutReason.BAD_NAME}


def test_a_folder_of_too_many_names_is_bounded(
    stage: Stage, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk, "MAX_ENTRIES", 2)
    staged(stage, root)
    assert LeftOut("users", LeftOutReason.TOO_MANY) in stage.left_out


@pytest.mark.parametrize(("limit", "most"), [("MAX_FILES", 1), ("MAX_BYTES", 5)])
def test_a_project_that_is_too_large_is_refused(
    stage: Stage, root: Path, monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    monkeypatch.setattr(staging, limit, most)
    with pytest.raises(MachineError, match="too large"):
        stage.make(root)


def test_a_change_shows_also_within_one_tick_of_the_clock(stage: Stage, root: Path) -> None:
    stage.make(root)
    assert stage.is_current()
    before = (root / "manage.py").stat()
    with (root / "manage.py").open("r+") as file:
        file.write("# 0n")
    os.utime(root / "manage.py", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert not stage.is_current()


@pytest.mark.parametrize(
    "change", [lambda root: (root / "new.py").touch(), lambda root: (root / "manage.py").unlink()]
)
def test_a_file_that_comes_or_goes_shows(stage: Stage, root: Path, change: object) -> None:
    stage.make(root)
    change(root)  # type: ignore[operator]
    assert not stage.is_current()


def test_it_is_made_anew(stage: Stage, root: Path) -> None:
    assert staged(stage, root) == PLAIN
    (root / "manage.py").unlink()
    assert staged(stage, root) == {"users/views.py"}


def test_a_folder_that_is_swapped_for_a_link_while_it_is_walked_leads_nowhere(
    tmp_path: Path, root: Path
) -> None:
    secret = tmp_path / "elsewhere"
    secret.mkdir()
    (secret / "views.py").write_text("not yours")
    steps = iter(walk.Walk(str(root), frozenset(), ()))
    assert next(steps).path == "manage.py"
    (root / "users").rename(root / "gone")
    (root / "users").symlink_to(secret)
    assert [os.read(found.descriptor, 99) for found in steps if found.path.startswith("users")] == []


def test_what_may_be_missed_is_told_apart_from_what_no_project_needs(stage: Stage, root: Path) -> None:
    (root / "db.sqlite3").touch()
    (root / "old.py").symlink_to("/etc/passwd")
    stage.make(root)
    assert reasons(stage) == {"db.sqlite3": LeftOutReason.IGNORED, "old.py": LeftOutReason.LINK}
    assert stage.missed == (LeftOut("old.py", LeftOutReason.LINK),)


def test_of_a_thousand_links_the_first_hundred_are_told(stage: Stage, root: Path) -> None:
    for number in range(1000):
        (root / f"{number:04}.py").symlink_to("/etc/passwd")
    stage.make(root)
    assert [each.path for each in stage.missed] == [f"{number:04}.py" for number in range(100)]
