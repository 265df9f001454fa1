"""Rows are made in odd tables too, and each can be told from every other."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from grader.sandbox.observing.table import Table


def column(name: str, kind: str = "CharField", **more: Any) -> dict[str, Any]:
    return {
        "column": name,
        "kind": kind,
        "choices": False,
        "unique": False,
        "length": 100,
        "checked": False,
        **more,
    }


KEY = column("id", "BigAutoField", unique=True, length=None)
NAME = column("first_name")


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        yield connection


def table(
    connection: sqlite3.Connection, create: str, first: str, *columns: dict[str, Any], key: str = "id"
) -> Table:
    connection.execute(f'CREATE TABLE "boda user" ({create})')
    connection.execute(f'INSERT INTO "boda user" VALUES ({first})')
    return Table(connection, {"name": "boda user", "key": key, "columns": columns}, "first_name")


def rows(connection: sqlite3.Connection) -> list[Any]:
    return connection.execute('SELECT * FROM "boda user"').fetchall()


def test_every_row_has_a_text_of_its_own_that_can_be_changed(connection: sqlite3.Connection) -> None:
    users = table(connection, "id INTEGER PRIMARY KEY, first_name TEXT", "7, 'Aline'", KEY, NAME)
    one, two = users.insert(2)
    assert rows(connection) == [
        (7, "Aline"),
        (one.key, one.tokens["first_name"]),
        (two.key, two.tokens["first_name"]),
    ]
    assert one.tokens != two.tokens
    new = users.change(one)
    assert rows(connection)[1:] == [(one.key, new), (two.key, two.tokens["first_name"])]
    assert new != one.tokens["first_name"]
    assert users.rows == [one, two]
    users.remove_all()
    assert (rows(connection), users.rows) == ([], [])
    (three,) = users.insert()
    assert rows(connection) == [(three.key, three.tokens["first_name"])]


def test_a_uuid_key_is_made_for_each_row(connection: sqlite3.Connection) -> None:
    key = column("id", "UUIDField", unique=True, length=32)
    users = table(
        connection, "id CHAR(32) PRIMARY KEY, first_name TEXT", f"'{uuid.uuid4().hex}', 'A'", key, NAME
    )
    made = users.insert(2)
    keys = users.keys()
    assert {row.key for row in made} < set(keys)
    assert len({uuid.UUID(key) for key in keys}) == 3
    new = users.change(made[0])
    assert connection.execute('SELECT id FROM "boda user" WHERE first_name = ?', (new,)).fetchone() == (
        made[0].key,
    )


def test_unique_columns_of_every_kind_stay_unique(connection: sqlite3.Connection) -> None:
    users = table(
        connection,
        "id INTEGER PRIMARY KEY, first_name TEXT, email TEXT UNIQUE, badge INTEGER UNIQUE, code TEXT UNIQUE, "
        "phone TEXT UNIQUE, short TEXT UNIQUE, token CHAR(32) UNIQUE, none TEXT UNIQUE",
        "1, 'A', 'a@example.com', 5, 'abcdef', '+250788000000', 'ab', 'u', NULL",
        KEY,
        NAME,
        column("email", "EmailField", unique=True),
        column("badge", "IntegerField", unique=True, length=None),
        column("code", "SlugField", unique=True, length=50),
        column("phone", unique=True, checked=True, length=16),
        column("short", unique=True, length=4),
        column("token", "UUIDField", unique=True, length=32),
        column("none", unique=True, choices=True),
    )
    users.insert(20)
    found = rows(connection)
    assert len(found) == 21
    assert all("@example.com" in row[2] for row in found)
    assert all(isinstance(row[3], int) for row in found)
    assert {row[8] for row in found} == {None}


def test_what_has_choices_a_validator_or_little_room_keeps_the_pattern(
    connection: sqlite3.Connection,
) -> None:
    users = table(
        connection,
        "id INTEGER PRIMARY KEY, first_name TEXT, user_type TEXT, phone TEXT, flag TEXT, password TEXT",
        "1, 'A', 'rider', '+250788', 'ab', 'hash'",
        KEY,
        NAME,
        column("user_type", choices=True),
        column("phone", checked=True),
        column("flag", length=2),
        column("password"),
    )
    (row,) = users.insert()
    assert rows(connection)[1][2:] == ("rider", "+250788", "ab", "hash")
    assert users.text_columns() == ["first_name"] == list(row.tokens)


def test_a_token_fits_into_a_short_column(connection: sqlite3.Connection) -> None:
    users = table(
        connection, "id INTEGER PRIMARY KEY, first_name TEXT", "1, 'A'", KEY, column("first_name", length=8)
    )
    (row,) = users.insert()
    assert len(row.tokens["first_name"]) == 8


def test_the_likeliest_column_to_be_shown_comes_first(connection: sqlite3.Connection) -> None:
    users = table(
        connection,
        "id INTEGER PRIMARY KEY, bio TEXT, username TEXT, first_name TEXT",
        "1, 'b', 'u', 'A'",
        KEY,
        column("bio", "TextField", length=None),
        column("username", unique=True),
        NAME,
    )
    assert users.text_columns() == ["first_name", "username", "bio"]
