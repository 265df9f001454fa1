"""The index is read as git itself reads it, and a repository cannot make the judge run or follow anything."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.staging.repository import repository_of
from grader.static_analysis.git_index import NotReadable, _names, tracked_files

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="no git")

NAMES = (
    "manage.py",
    "users/views.py",
    "users/a/very/long/path/" + "x" * 200 + ".py",
    "é 学.py",
    "db.sqlite3",
)


def git(folder: Path, *words: str) -> str:
    """What git prints."""
    ran = subprocess.run(
        ["git", "-c", "init.defaultBranch=main", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout


def repository(folder: Path, *options: str, version: str = "2") -> Path:
    """A repository with some files added."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", *options)
    git(folder, "config", "index.version", version)
    for name in NAMES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    git(folder, "add", ".")
    return folder


@needs_git
@pytest.mark.parametrize("version", ["2", "3", "4"])
@pytest.mark.parametrize("hash_", ["sha1", "sha256"])
def test_it_reads_what_git_reads(tmp_path: Path, version: str, hash_: str) -> None:
    root = repository(tmp_path / "boda", f"--object-format={hash_}", version=version)
    (root / "later.py").write_text("")
    git(root, "add", "--intent-to-add", "later.py")  # an extended flag, so version 3 or more
    assert sorted(tracked_files(repository_of(root))) == sorted(git(root, "ls-files", "-z").split("\0")[:-1])


@needs_git
def test_a_project_below_the_top_has_its_own_files_only(tmp_path: Path) -> None:
    root = repository(tmp_path)
    assert sorted(tracked_files(repository_of(root / "users"))) == sorted(
        git(root / "users", "ls-files", "-z").split("\0")[:-1]
    )


@needs_git
def test_a_new_repository_tracks_nothing(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    assert tracked_files(repository_of(tmp_path)) == []


@needs_git
def test_a_git_file_that_leads_elsewhere_is_not_followed(tmp_path: Path) -> None:
    elsewhere = repository(tmp_path / "elsewhere")
    root = tmp_path / "boda"
    root.mkdir()
    (root / ".git").write_text(f"gitdir: {elsewhere}/.git\n")
    with pytest.raises(NotReadable, match="another folder"):
        tracked_files(repository_of(root))
    (root / ".git").unlink()
    (root / ".git").symlink_to(elsewhere / ".git")
    with pytest.raises(NotReadable, match="another folder"):
        tracked_files(repository_of(root))


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero"), Path.mkdir])
def test_an_index_that_is_no_file_holds_nobody_up(tmp_path: Path, make: object) -> None:
    (tmp_path / ".git").mkdir()
    make(tmp_path / ".git" / "index")  # type: ignore[operator]
    with pytest.raises(NotReadable):
        tracked_files(repository_of(tmp_path))


def test_a_damaged_index_is_said(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "index").write_bytes(b"DIRC\0\0\0\2\0\0\0\1" + b"\xff" * 80)
    with pytest.raises(NotReadable, match="damaged"):
        tracked_files(repository_of(tmp_path))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.integers(2, 4), st.integers(0, 9), st.binary(max_size=900))
def test_no_bytes_raise_anything_else(version: int, count: int, rest: bytes) -> None:
    head = b"DIRC" + version.to_bytes(4) + count.to_bytes(4)
    try:
        names = _names(head + rest)
    except NotReadable:
        return
    assert len(names) == count
