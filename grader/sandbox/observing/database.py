"""The judge's own handle on a project's SQLite file: rows made and changed behind the application's back."""

from __future__ import annotations

import os
import secrets
import sqlite3
import stat
import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.sandbox import errors

BUSY_SECONDS = 5.0
MIN_TOKEN = 8
_PLAIN_TEXT = ("CharField", "TextField")
USERS = "user."
"""What begins the name of a column of the user that a row belongs to."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its primary key, and the unmistakable text in each of its text columns.

    `named` is the key as a URL or JSON names it, where that is not as the database keeps it (a UUID).
    `user` is the row of the user it belongs to, where it belongs to one; that one's texts are among the
    tokens as `user.first_name`.
    """

    key: Any
    tokens: Mapping[str, str]
    named: str = ""
    user: Row | None = None

    @property
    def name(self) -> str:
        """The key as a URL names it."""
        return self.named or str(self.key)


class Table:
    """One table, described by `grader.probe.introspection.table`.

    Rows are copies of a pattern that the project's own model made, with a new key, new unique values and
    a random token in each free text column, so that an answer shows which row it holds, and how new.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        description: Mapping[str, Any],
        visible: str = "",
        users: Table | None = None,
    ) -> None:
        """`visible` is the text column that the project's list shows; see `grader.sandbox.exploring.routes`.

        `users` are the rows that each row of this table needs one of. Raises LookupError if there is no
        row to copy.
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
        """Insert `count` rows; what was inserted."""
        with _at_once(self._connection):
            rows = [self._insert() for _ in range(count)]
        self.rows += rows
        return rows

    def showing(self, column: str) -> Table:
        """The same table and the same rows, with another visible column."""
        other = copy(self)
        other.visible = column
        return other

    def change(self, row: Row) -> str:
        """Give `row` another text in the visible column; the new text."""
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
        """What the visible column of `row` holds now; empty if the row is gone."""
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
        """Have `count` new rows and no other; where the database counts up, their keys begin at 1."""
        self.remove_all()
        with suppress(sqlite3.OperationalError):  # no table of this database counts up
            self._run("DELETE FROM sqlite_sequence WHERE name = ?", self.name)
        self.insert(count)

    @contextmanager
    def away(self) -> Iterator[None]:
        """Meanwhile there is no such table: whoever asks for rows meets an error."""
        self._run(f"ALTER TABLE {_q(self.name)} RENAME TO {_q(self.name + '_away')}")
        try:
            yield
        finally:
            self._run(f"ALTER TABLE {_q(self.name + '_away')} RENAME TO {_q(self.name)}")

    def text_columns(self) -> list[str]:
        """The columns that get tokens, the likeliest to be shown first."""
        names = [c["column"] for c in self._columns if _holds_token(c)]
        own = sorted(names, key=lambda n: (n != "first_name", "name" not in n, self._column(n)["unique"]))
        return own + [USERS + name for name in (self.users.text_columns() if self.users else [])]

    def choosing(self, word: str) -> tuple[str, str]:
        """The column and the choice in it that has `word` in its name, or twice nothing."""
        for column in self._columns:
            for value in column["choices"] or ():
                if word in value.lower():
                    return str(column["column"]), value
        return "", ""

    def new_tokens(self) -> dict[str, str]:
        """A fresh text for every text column: what a new row could hold, and its user."""
        own = {column["column"]: _token(column) for column in self._columns if _holds_token(column)}
        return {**own, **_as_users(self.users.new_tokens() if self.users else {})}

    def count(self) -> int:
        """How many rows there are."""
        return int(self._connection.execute(f"SELECT COUNT(*) FROM {_q(self.name)}").fetchone()[0])

    def keys(self) -> list[Any]:
        """The primary keys there are."""
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


class Database:
    """A check's own database. Closed with the check.

    `passengers` is None where the project has no model of passengers, or no row of it could be made.
    """

    def __init__(
        self,
        path: Path,
        user: Mapping[str, Any],
        visible: str = "",
        passenger: Mapping[str, Any] | None = None,
    ) -> None:
        """Open `path`. Raises LookupError if the user table has no row to copy, and SandboxError."""
        self._path = path
        # Autocommit, and no WAL: the project must see every row at once, in one file.
        self._connection = open_safely(path, BUSY_SECONDS)
        try:
            # Nobody needs these rows after a power cut; a write to the disk itself takes longer than a check.
            self._connection.execute("PRAGMA synchronous = OFF")
            self.users = Table(self._connection, user, visible)
            self.passengers = self._passengers(passenger)
        except BaseException:
            self.close()
            raise

    def _passengers(self, passenger: Mapping[str, Any] | None) -> Table | None:
        """The passengers' table, which is emptied, if the project has one and a row could be made in it."""
        try:
            table = Table(self._connection, passenger, users=self.users) if passenger else None
        except (LookupError, sqlite3.OperationalError):
            return None
        if table:
            table.remove_all()
        return table

    def write_under_way(self) -> bool:
        """Whether somebody else has changed rows in a transaction that is still open."""
        with closing(open_safely(self._path, timeout=0)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")  # SQLite lets one write at a time
            except sqlite3.OperationalError:
                return True
            other.execute("ROLLBACK")
            return False

    @contextmanager
    def no_commit(self) -> Iterator[None]:
        """Meanwhile nobody else's transaction can be committed; reading goes on."""
        self._connection.execute("BEGIN")
        try:
            self.users.keys()  # a read within a transaction holds SQLite's shared lock to its end
            yield
        finally:
            self._connection.execute("ROLLBACK")

    def close(self) -> None:
        """Close the handle."""
        self._connection.close()


def open_safely(path: Path, timeout: float) -> sqlite3.Connection:
    """A connection to the very file `path`, and to none that a link there names. `timeout` in seconds.

    The project may write to the folder, and put a link in the file's place at any moment. Raises
    SandboxError if it did.
    """
    known, before = _file_at(path), _open_files()
    connection = sqlite3.connect(path, timeout=timeout, isolation_level=None, check_same_thread=False)
    # SQLite opens the file now. Which one is asked of the system: the name may mean another by then.
    connection.execute("PRAGMA journal_mode").fetchone()
    # (It may also go on with a file that it has open already: then nothing is new.)
    opened = {file for descriptor, file in _open_files().items() if descriptor not in before}
    if known is None or _file_at(path) != known or (opened and known not in opened):
        connection.close()
        raise errors.database_replaced()
    return connection


def _file_at(path: Path) -> tuple[int, int] | None:
    """Device and number of the file at `path` itself; None if there is none, or a link."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if stat.S_ISREG(found.st_mode) else None


def _open_files() -> dict[int, tuple[int, int]]:
    """The files that this process has open, by descriptor; none where the system does not tell."""
    files = {}
    for name in os.listdir("/proc/self/fd") if os.path.isdir("/proc/self/fd") else ():  # noqa: PTH112, PTH208
        try:
            found = os.fstat(int(name))
        except OSError:  # the one of the listing itself
            continue
        if stat.S_ISREG(found.st_mode):
            files[int(name)] = (found.st_dev, found.st_ino)
    return files


@contextmanager
def _at_once(connection: sqlite3.Connection) -> Iterator[None]:
    """Meanwhile all changes are one, unless there is a transaction already."""
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
    text = "x" + secrets.token_hex(6)  # starts with a letter: never taken for a number
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
