"""The judge's own connection to a project's SQLite file, for changes behind the application."""

from __future__ import annotations

import itertools
import os
import sqlite3
import stat
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from grader.sandbox import errors
from grader.sandbox.observing.table import Table

BUSY_SECONDS = 5.0
MOST_STEPS = 100_000_000
"""Instructions of SQLite's virtual machine on one connection: some seconds. A check needs far less."""
MOST_BYTES = 10_000_000
"""Bytes of one value or row that the judge reads."""
_STEPS = 100_000


class Database:
    """The database of one check.

    `passengers` is None if the project has no model of passengers, or if no row of that model could be made.
    """

    def __init__(
        self,
        path: Path,
        user: Mapping[str, Any],
        visible: str = "",
        passenger: Mapping[str, Any] | None = None,
    ) -> None:
        """Open the file `path`; `user` and `passenger` describe tables as `Table` takes them.

        `visible` is the users' column that the API shows. Raises LookupError if the user table has no row to
        copy, and SandboxError.
        """
        self._path = path
        # Autocommit, and no WAL: the project must see every row at once, in one file.
        self._connection = open_safely(path, BUSY_SECONDS)
        try:
            # These rows need not survive a power cut, and waiting for the disk takes longer than a check.
            self._connection.execute("PRAGMA synchronous = OFF")
            self.users = Table(self._connection, user, visible)
            self.passengers = self._passengers(passenger)
        except BaseException:
            self.close()
            raise

    def _passengers(self, passenger: Mapping[str, Any] | None) -> Table | None:
        """The passengers' table, emptied, if the project has one with a row to copy."""
        try:
            table = Table(self._connection, passenger, users=self.users) if passenger else None
        except (LookupError, sqlite3.OperationalError):
            return None
        if table:
            table.remove_all()
        return table

    def write_under_way(self) -> bool:
        """Whether another connection has an open write transaction."""
        with closing(open_safely(self._path, timeout=0)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")  # SQLite lets one write at a time
            except sqlite3.OperationalError:
                return True
            other.execute("ROLLBACK")
            return False

    @contextmanager
    def no_commit(self) -> Iterator[None]:
        """A context manager: no other connection can commit meanwhile; all can read."""
        self._connection.execute("BEGIN")
        try:
            self.users.keys()  # a read within a transaction holds SQLite's shared lock to its end
            yield
        finally:
            self._connection.execute("ROLLBACK")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def open_safely(path: Path, timeout: float) -> sqlite3.Connection:
    """Connect to the file `path` itself, never to the target of a link. `timeout` in seconds.

    The project can write to the folder, and can replace the file by a link at any moment. Raises SandboxError
    if the file was replaced.
    """
    known, before = _file_at(path), _open_files()
    connection = sqlite3.connect(path, timeout=timeout, isolation_level=None, check_same_thread=False)
    _limit(connection)
    # SQLite opens the file here. The descriptors show which file that was: the path may name another now.
    connection.execute("PRAGMA journal_mode").fetchone()
    # (SQLite may also reuse a file that is open already: then there is no new descriptor.)
    opened = {file for descriptor, file in _open_files().items() if descriptor not in before}
    if known is None or _file_at(path) != known or (opened and known not in opened):
        connection.close()
        raise errors.database_replaced()
    return connection


def _limit(connection: sqlite3.Connection) -> None:
    """Interrupt what never ends, and refuse what is too large: triggers and rows may be the project's."""
    turns = itertools.count(1)
    connection.set_progress_handler(lambda: next(turns) > MOST_STEPS // _STEPS, _STEPS)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_BYTES)


def _file_at(path: Path) -> tuple[int, int] | None:
    """Device and inode of the file at `path` itself; None if there is no file, or a link."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if stat.S_ISREG(found.st_mode) else None


def _open_files() -> dict[int, tuple[int, int]]:
    """The open files of this process by descriptor; empty if the system has no /proc."""
    files = {}
    for name in os.listdir("/proc/self/fd") if os.path.isdir("/proc/self/fd") else ():  # noqa: PTH112, PTH208
        try:
            found = os.fstat(int(name))
        except OSError:  # the descriptor of the listing itself
            continue
        if stat.S_ISREG(found.st_mode):
            files[int(name)] = (found.st_dev, found.st_ino)
    return files
