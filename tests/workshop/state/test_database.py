from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from grader.errors import ExitStatus, MachineError
from workshop.state.database import open_state


def remember(project: Path, word: str) -> None:
    connection = open_state(project)
    with connection:
        connection.execute("CREATE TABLE IF NOT EXISTS words (word TEXT)")
        connection.execute("INSERT INTO words VALUES (?)", (word,))
    connection.close()


def words(project: Path) -> list[str]:
    connection = open_state(project)
    try:
        return [word for (word,) in connection.execute("SELECT word FROM words")]
    finally:
        connection.close()


def test_the_state_is_kept_and_git_does_not_see_it(tmp_path: Path) -> None:
    remember(tmp_path, "one")
    remember(tmp_path, "two")
    assert words(tmp_path) == ["one", "two"]
    assert (tmp_path / ".workshop" / ".gitignore").read_text() == "*\n"


@pytest.mark.parametrize("damage", [b"this is no database, " * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_is_kept_aside_and_said(tmp_path: Path, damage: bytes) -> None:
    said: list[str] = []
    state = tmp_path / ".workshop" / "state.db"
    for number in (1, 2):
        remember(tmp_path, "before")
        state.write_bytes(damage)
        state.with_name("state.db-journal").write_bytes(b"old journal")
        open_state(tmp_path, said.append).close()
        assert state.with_name(f"state.db.damaged-{number}").read_bytes() == damage
        assert not state.with_name("state.db-journal").exists()
        assert f"state.db.damaged-{number}" in said[-1]
    assert len(said) == 2
    remember(tmp_path, "after")
    assert words(tmp_path) == ["after"]


def test_damage_inside_the_file_is_found_too(tmp_path: Path) -> None:
    for _ in range(300):
        remember(tmp_path, "word " * 20)
    state = tmp_path / ".workshop" / "state.db"
    raw = bytearray(state.read_bytes())
    raw[4096 : len(raw) - 4096] = os.urandom(len(raw) - 8192)
    state.write_bytes(raw)
    said: list[str] = []
    open_state(tmp_path, said.append).close()
    assert len(said) == 1


def test_a_folder_in_the_place_of_the_file_is_kept_aside(tmp_path: Path) -> None:
    (tmp_path / ".workshop" / "state.db").mkdir(parents=True)
    said: list[str] = []
    open_state(tmp_path, said.append).close()
    assert (tmp_path / ".workshop" / "state.db.damaged-1").is_dir()
    assert len(said) == 1


def test_a_file_in_the_place_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / ".workshop").write_text("mine")
    with pytest.raises(MachineError) as caught:
        open_state(tmp_path)
    assert caught.value.status is ExitStatus.ENVIRONMENT
    assert (tmp_path / ".workshop").read_text() == "mine"


def test_another_process_that_writes_is_no_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workshop.state.database._BUSY_SECONDS", 0.0)
    remember(tmp_path, "one")
    other = sqlite3.connect(tmp_path / ".workshop" / "state.db")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(MachineError):
        open_state(tmp_path)
    other.close()
    assert words(tmp_path) == ["one"]
