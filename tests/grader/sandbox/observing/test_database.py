"""The judge's connection sees and changes the project's file, and no other file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from grader.sandbox.errors import SandboxError
from grader.sandbox.observing.database import Database, open_safely


def column(name: str, kind: str) -> dict[str, Any]:
    return {"column": name, "kind": kind, "choices": [], "unique": False, "length": 100}


KEY, NAME = column("id", "BigAutoField"), column("first_name", "CharField")


def test_a_table_without_a_row_to_copy_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE users (id INTEGER PRIMARY KEY)")
    with pytest.raises(LookupError, match="no row in users"):
        Database(path, {"name": "users", "key": "id", "columns": [KEY]})


def test_what_is_written_is_seen_by_others_at_once(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE users (id INTEGER PRIMARY KEY, first_name TEXT)")
        other.execute("INSERT INTO users VALUES (1, 'A')")
        other.commit()
        database = Database(path, {"name": "users", "key": "id", "columns": [KEY, NAME]}, "first_name")
        (row,) = database.users.insert()
        assert other.execute("SELECT first_name FROM users WHERE id = ?", (row.key,)).fetchone() == (
            row.tokens["first_name"],
        )
        database.close()


def test_a_link_in_the_place_of_the_file_is_not_followed(tmp_path: Path) -> None:
    outside, own = tmp_path / "outside.sqlite3", tmp_path / "own.sqlite3"
    for path in (outside, own):
        with closing(sqlite3.connect(path)) as made:
            made.execute("CREATE TABLE t (x)")
    for _ in range(3):  # a file may be opened several times side by side
        with closing(open_safely(own, timeout=0)) as one, closing(open_safely(own, timeout=0)) as two:
            one.execute("BEGIN IMMEDIATE")
            assert two.execute("SELECT * FROM t").fetchall() == []
    own.unlink()
    own.symlink_to(outside)
    with pytest.raises(SandboxError, match="replaced"):
        open_safely(own, timeout=0)
    own.unlink()
    with pytest.raises(SandboxError, match="replaced"):
        open_safely(own, timeout=0)
