"""The state file has a version: an older file is migrated and kept, a newer one is refused and untouched."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from grader.errors import GraderError, MachineError
from tests.workshop.state.old_state import lay_out
from workshop.state.database import open_state
from workshop.state.migrations import MIGRATIONS

FIXTURE = "half_of_activity_3"


def add_moods(connection: sqlite3.Connection) -> None:
    """A made-up migration: another table, and a column that is filled from what is there."""
    connection.execute("CREATE TABLE moods (mood TEXT)")
    connection.execute("ALTER TABLE hints ADD COLUMN mood TEXT")
    connection.execute("UPDATE hints SET mood = 'curious ' || level")


def fail_half_way(connection: sqlite3.Connection) -> None:
    """A made-up migration that fails after it has changed something."""
    add_moods(connection)
    connection.execute("DROP TABLE starts")
    connection.execute("INSERT INTO no_such_table VALUES (1)")


def version(state: Path) -> int:
    with closing(sqlite3.connect(state)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def dump(state: Path) -> list[str]:
    with closing(sqlite3.connect(state)) as connection:
        return list(connection.iterdump())


def others(state: Path) -> list[str]:
    return sorted(path.name for path in state.parent.glob("state.db?*"))


def test_a_new_file_has_the_newest_version_and_no_copy(tmp_path: Path) -> None:
    open_state(tmp_path).close()
    state = tmp_path / ".workshop" / "state.db"
    assert version(state) == len(MIGRATIONS)
    assert others(state) == []


def test_every_migration_says_what_it_does() -> None:
    for migration in MIGRATIONS:
        assert migration.__doc__, migration


def test_a_file_without_a_version_is_migrated_and_kept(tmp_path: Path) -> None:
    state = lay_out(FIXTURE, tmp_path)
    old = dump(state)
    open_state(tmp_path, pytest.fail).close()
    assert version(state) == len(MIGRATIONS)
    assert others(state) == ["state.db.version-0"]
    assert dump(state.with_name("state.db.version-0")) == old
    open_state(tmp_path, pytest.fail).close()
    assert others(state) == ["state.db.version-0"]


def test_version_1_is_the_file_of_before_there_were_versions(tmp_path: Path) -> None:
    state = lay_out(FIXTURE, tmp_path)
    old = dump(state)
    open_state(tmp_path, pytest.fail, MIGRATIONS[:1]).close()
    assert version(state) == 1
    assert dump(state) == old


def test_a_migration_at_the_end_keeps_what_is_there(tmp_path: Path) -> None:
    open_state(tmp_path).close()
    state = lay_out(FIXTURE, tmp_path / "old")
    open_state(tmp_path / "old").close()
    newer = (*MIGRATIONS, add_moods)
    with closing(open_state(tmp_path / "old", pytest.fail, newer)) as connection:
        hints = connection.execute("SELECT check_id, level, mood FROM hints ORDER BY id").fetchall()
    assert hints == [("F1", 1, "curious 1"), ("F1", 2, "curious 2")]
    assert version(state) == len(newer)
    assert others(state) == ["state.db.version-0", f"state.db.version-{len(MIGRATIONS)}"]
    with closing(open_state(tmp_path, pytest.fail, newer)) as connection:
        assert connection.execute("SELECT * FROM moods").fetchall() == []


def test_a_copy_of_the_same_version_is_not_overwritten(tmp_path: Path) -> None:
    state = lay_out(FIXTURE, tmp_path)
    mine = state.with_name("state.db.version-0")
    mine.write_text("mine")
    open_state(tmp_path, pytest.fail).close()
    assert mine.read_text() == "mine"
    assert others(state) == ["state.db.version-0", "state.db.version-0-2"]


def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    state = lay_out(FIXTURE, tmp_path)
    before = state.read_bytes()
    for _ in range(2):
        with pytest.raises(GraderError, match=r"from version 0 to version \d+: no such table"):
            open_state(tmp_path, pytest.fail, (*MIGRATIONS, fail_half_way))
        assert state.read_bytes() == before
        assert others(state) == []
    open_state(tmp_path, pytest.fail).close()
    assert version(state) == len(MIGRATIONS)


def test_a_migration_that_is_interrupted_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    def interrupt(connection: sqlite3.Connection) -> None:
        add_moods(connection)
        raise KeyboardInterrupt

    state = lay_out(FIXTURE, tmp_path)
    before = state.read_bytes()
    with pytest.raises(KeyboardInterrupt):
        open_state(tmp_path, pytest.fail, (*MIGRATIONS, interrupt))
    assert state.read_bytes() == before
    assert others(state) == []


def test_a_newer_file_is_refused_and_untouched(tmp_path: Path) -> None:
    state = lay_out(FIXTURE, tmp_path)
    open_state(tmp_path, pytest.fail, (*MIGRATIONS, add_moods)).close()
    before = state.read_bytes()
    with pytest.raises(MachineError, match="were written by a newer workshop") as caught:
        open_state(tmp_path, pytest.fail)
    assert "Update the workshop" in caught.value.remedy
    assert state.read_bytes() == before
    assert others(state) == ["state.db.version-0"]
