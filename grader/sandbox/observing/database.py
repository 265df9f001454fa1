"""The judge's own connection to a project's SQLite file, which the project does not know of."""

from __future__ import annotations

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
