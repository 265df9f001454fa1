"""Opens the one SQLite file of a project, .workshop/state.db, and brings it to the newest version."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from grader.errors import GraderError, MachineError
from workshop.state.folder import FOLDER, Notice, not_writable, say_on_stderr, state_folder
from workshop.state.migrations import MIGRATIONS, Migration

DATABASE = "state.db"
_BUSY_SECONDS = 5.0


def open_state(
    project: Path, notice: Notice = say_on_stderr, migrations: Sequence[Migration] = MIGRATIONS
) -> sqlite3.Connection:
    """Open the project's state file; the caller closes it. The file is made if there is none.

    A file of an older version goes through the `migrations` that it lacks, in one transaction, and is kept
    beside the new one as state.db.version-N. A file that is no sound database is kept as state.db.damaged-1
    (-2, ...), and `notice` is told in one sentence.

    Raises MachineError if a newer workshop wrote the file, if the folder cannot be written, or if another
    process holds the file too long; GraderError if a migration fails. The file is then as it was.
    """
    path = state_folder(project) / DATABASE
    try:
        return _connect(path, migrations)
    except sqlite3.DatabaseError as error:
        # Busy, read-only and full disk are OperationalError too: only real damage is set aside.
        if not _is_damage(error, path):
            raise not_writable(project, error) from error
    kept = _set_aside(path)
    notice(f"The workshop's state file was damaged. It is kept as {FOLDER}/{kept}; a new one was made.")
    try:
        return _connect(path, migrations)
    except sqlite3.DatabaseError as error:
        raise not_writable(project, error) from error


def open_empty_state() -> sqlite3.Connection:
    """A state in memory, of nobody: for the project of a stranger, whose own state is not opened."""
    connection = sqlite3.connect(":memory:")
    for migration in MIGRATIONS:
        migration(connection)
    return connection


def _connect(path: Path, migrations: Sequence[Migration]) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS)
    try:
        # EXTRA also syncs the folder: a journal entry is on disk before the first byte of a file moves.
        connection.execute("PRAGMA synchronous = EXTRA")
        (answer,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if answer != "ok":
            raise sqlite3.DatabaseError(str(answer))
        _refuse_newer(connection, migrations)
        # A folder that cannot be written is found here, not in the middle of the work.
        connection.execute("BEGIN IMMEDIATE")
        _migrate(connection, path, migrations)
        connection.commit()
        connection.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def _refuse_newer(connection: sqlite3.Connection, migrations: Sequence[Migration]) -> None:
    version = _version(connection)
    if version > len(migrations):
        raise MachineError(
            f"The notes in {FOLDER}/{DATABASE} were written by a newer workshop "
            f"(their version is {version}, and this workshop knows {len(migrations)}).",
            "Update the workshop, then run the command again. The notes were left as they are.",
        )


def _migrate(connection: sqlite3.Connection, path: Path, migrations: Sequence[Migration]) -> None:
    """Bring the file to the newest version inside the open transaction, and keep a copy of the old file."""
    # Another process may have migrated the file while this one waited for the transaction.
    _refuse_newer(connection, migrations)
    version = _version(connection)
    if version == len(migrations):
        return
    is_new = connection.execute("SELECT 1 FROM sqlite_schema").fetchone() is None
    copy = None if is_new else _copy_aside(path, version)
    try:
        for migration in migrations[version:]:
            migration(connection)
        connection.execute(f"PRAGMA user_version = {len(migrations)}")
    except BaseException as error:
        connection.rollback()
        if copy is not None:
            copy.unlink()
        # A full disk and the like are no fault of the migration; SQLITE_ERROR is a mistake in its SQL.
        is_machine = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) != sqlite3.SQLITE_ERROR
        if not isinstance(error, Exception) or (isinstance(error, sqlite3.OperationalError) and is_machine):
            raise
        raise GraderError(
            f"The notes in {FOLDER}/{DATABASE} could not be brought from version {version} to version "
            f"{len(migrations)}: {error}.",
            "The notes are as they were. Please show this message to your instructor.",
        ) from error


def _copy_aside(path: Path, version: int) -> Path:
    """Copy the file of an older version to a name of its own, complete or not at all."""
    copy = path.with_name(f"{path.name}.version-{version}")
    number = 2
    while copy.exists():
        copy = path.with_name(f"{path.name}.version-{version}-{number}")
        number += 1
    partial = copy.with_name(f"{copy.name}.tmp")
    partial.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(partial)) as target:
        source.backup(target)
    return partial.replace(copy)


def _is_damage(error: sqlite3.DatabaseError, path: Path) -> bool:
    if path.is_dir():
        return True
    return not isinstance(error, sqlite3.OperationalError)


def _set_aside(path: Path) -> str:
    """Rename the damaged file, and its rollback journal with it, which must not meet the new file."""
    number = 1
    while (kept := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    try:
        path.replace(kept)
        for suffix in ("-journal", "-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                path.with_name(path.name + suffix).replace(kept.with_name(kept.name + suffix))
    except OSError as error:
        raise not_writable(path.parent.parent, error) from error
    return kept.name
