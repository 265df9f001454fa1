"""A table of a project's database: rows inserted and changed directly, without the application."""

from __future__ import annotations

import secrets
import sqlite3
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from copy import copy
from dataclasses import dataclass
from typing import Any

MIN_TOKEN = 8
_PLAIN_TEXT = ("CharField", "TextField")
USERS = "user."
"""Prefix for the name of a column of the user of a row."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its primary key, and the unique text in each of its text columns.

    `named` is the key as a URL or JSON contains it, if the database stores another form (a UUID). `user` is
    the row of its user, if it has one; the texts of that user are among the tokens, such as
    `user.first_name`.
    """

    key: Any
    tokens: Mapping[str, str]
    named: str = ""
    user: Row | None = None

    @property
    def name(self) -> str:
        """The key as a URL contains it."""
        return self.named or str(self.key)


class Table:
    """One table, described by `grader.probe.introspection.table`.

    New rows are copies of a row that the project's own model made, with a new key, new unique values and a
    random token in each free text column. The tokens in a response show which rows it holds, and how fresh.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        description: Mapping[str, Any],
        visible: str = "",
        users: Table | None = None,
    ) -> None:
        """`visible` is the text column that the project's list shows; see `grader.sandbox.exploring.routes`.

        `users` is the table of the users if each row of this table needs a user. Raises LookupError if there
        is no row to copy.
        """
        self._connection = connection
        self.users = users
        self.link = str((description.get("link") or {}).get("field", ""))
        self._link = str((description.get("link") or {}).get("column", ""))
        self.name = str(description["name"])
        self._key = str(description["key"])
        self._columns: list[dict[str, Any]] = list(description["columns"])
        self.visible = visible
        self._pattern = self._first()
        self.rows: list[Row] = []

    def insert(self, count: int = 1) -> list[Row]:
        """Insert `count` rows and return them."""
        with _at_once(self._connection):
            rows = [self._insert() for _ in range(count)]
        self.rows += rows
        return rows

    def showing(self, column: str) -> Table:
        """Return the same table and rows with another visible column."""
        other = copy(self)
        other.visible = column
        return other

    def through(self, connection: sqlite3.Connection) -> Table:
        """Return the same table and rows in another database with the same tables."""
        other = copy(self)
        other._connection = connection
        other.users = self.users and self.users.through(connection)
        return other

    def change(self, row: Row) -> str:
        """Set a new text in the visible column of `row`, and return the text."""
        token = self.new_tokens()[self.visible]
        self.set(row, self.visible, token)
        return token

    def set(self, row: Row, column: str, value: Any) -> None:
        """Set one column of `row`, or of its user."""
        if self.users and row.user and column.startswith(USERS):
            self.users.set(row.user, column.removeprefix(USERS), value)
            return
        self._run(f"UPDATE {_q(self.name)} SET {_q(column)} = ? WHERE {_q(self._key)} = ?", value, row.key)

    def get(self, row: Row) -> str:
        """Return the present text of the visible column of `row`; empty if the row is deleted."""
        if self.users and self.visible.startswith(USERS):
            owner = self._value(row.key, self._link)
            return self.users.showing(self.visible.removeprefix(USERS)).get(Row(owner, {})) if owner else ""
        return str(self._value(row.key, self.visible) or "")

    def _value(self, key: Any, column: str) -> Any:
        statement = f"SELECT {_q(column)} FROM {_q(self.name)} WHERE {_q(self._key)} = ?"
        found = self._run(statement, key).fetchone()
        return found[0] if found else None

    def remove_all(self) -> None:
        """Delete every row."""
        self._run(f"DELETE FROM {_q(self.name)}")
        self.rows.clear()

    def start_anew(self, count: int) -> None:
        """Replace all rows by `count` new ones; autoincrement keys start at 1."""
        self.remove_all()
        with suppress(sqlite3.OperationalError):  # no table of this database has AUTOINCREMENT
            self._run("DELETE FROM sqlite_sequence WHERE name = ?", self.name)
        self.insert(count)

    @contextmanager
    def away(self) -> Iterator[None]:
        """A context manager: the table is renamed meanwhile, so that every query raises an error."""
        self._run(f"ALTER TABLE {_q(self.name)} RENAME TO {_q(self.name + '_away')}")
        try:
            yield
        finally:
            self._run(f"ALTER TABLE {_q(self.name + '_away')} RENAME TO {_q(self.name)}")

    def text_columns(self) -> list[str]:
        """Return the columns with tokens, the likeliest to be shown first."""
        names = [c["column"] for c in self._columns if _holds_token(c)]
        own = sorted(names, key=lambda n: (n != "first_name", "name" not in n, self._column(n)["unique"]))
        return own + [USERS + name for name in (self.users.text_columns() if self.users else [])]

    def choosing(self, word: str) -> tuple[str, str]:
        """Return the column that has a choice with `word` in it, and the choice, or two empty texts."""
        for column in self._columns:
            for value in column["choices"] or ():
                if word in value.lower():
                    return str(column["column"]), value
        return "", ""

    def new_tokens(self) -> dict[str, str]:
        """Return a new text for every text column of a row and of its user."""
        own = {column["column"]: _token(column) for column in self._columns if _holds_token(column)}
        return {**own, **_as_users(self.users.new_tokens() if self.users else {})}

    def count(self) -> int:
        """Return the number of rows in the table."""
        return int(self._connection.execute(f"SELECT COUNT(*) FROM {_q(self.name)}").fetchone()[0])

    def keys(self) -> list[Any]:
        """Return all primary keys."""
        return [key for (key,) in self._connection.execute(f"SELECT {_q(self._key)} FROM {_q(self.name)}")]

    def _first(self) -> dict[str, Any]:
        cursor = self._connection.execute(f"SELECT * FROM {_q(self.name)} LIMIT 1")
        row = cursor.fetchone()
        if row is None:
            raise LookupError(f"no row in {self.name}")
        return dict(zip([column[0] for column in cursor.description], row, strict=True))

    def _insert(self) -> Row:
        values, tokens = dict(self._pattern), {}
        user = self.users.insert()[0] if self.users else None
        for column in self._columns:
            name = column["column"]
            if user and name == self._link:
                values[name] = user.key
            elif name == self._key and "Auto" in column["kind"]:
                del values[name]
            elif _holds_token(column):
                values[name] = tokens[name] = _token(column)
            elif column["unique"]:
                values[name] = _other(column["kind"], values[name])
        names = ", ".join(map(_q, values))
        marks = ", ".join("?" * len(values))
        cursor = self._run(f"INSERT INTO {_q(self.name)} ({names}) VALUES ({marks})", *values.values())
        key = values.get(self._key, cursor.lastrowid)
        named = str(uuid.UUID(key)) if self._column(self._key)["kind"] == "UUIDField" else ""
        if user and self._key == self._link:
            named = user.named
        return Row(key, {**tokens, **_as_users(user.tokens if user else {})}, named, user)

    def _column(self, name: str) -> dict[str, Any]:
        return next(column for column in self._columns if column["column"] == name)

    def _run(self, statement: str, *values: Any) -> sqlite3.Cursor:
        return self._connection.execute(statement, values)


@contextmanager
def _at_once(connection: sqlite3.Connection) -> Iterator[None]:
    """A transaction, unless one is open already."""
    if connection.in_transaction:
        yield
        return
    with connection:  # commits, or rolls back what raised
        connection.execute("BEGIN IMMEDIATE")
        yield


def _as_users(tokens: Mapping[str, str]) -> dict[str, str]:
    return {USERS + name: text for name, text in tokens.items()}


def _holds_token(column: Mapping[str, Any]) -> bool:
    if column["column"] == "password" or column["choices"] or column.get("checked"):
        return False
    if column["kind"] == "EmailField":
        return True
    return column["kind"] in _PLAIN_TEXT and (column["length"] or 100) >= MIN_TOKEN


def _token(column: Mapping[str, Any]) -> str:
    text = "x" + secrets.token_hex(6)  # a letter first, so that no code parses it as a number
    if column["kind"] == "EmailField":
        return f"{text}@example.com"
    return text[: column["length"] or len(text)]


def _other(kind: str, value: Any) -> Any:
    if value is None:
        return None
    if kind == "UUIDField":
        return uuid.uuid4().hex
    return secrets.randbelow(2**31) if isinstance(value, int) else secrets.token_hex(6)


def _q(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
