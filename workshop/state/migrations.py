"""The versions of the state file: an ordered list, and each migration leads from one version to the next.

The version of a file is its `PRAGMA user_version`: the number of migrations that it has gone through. A
migration that was released is never edited: whoever wants other tables adds a migration at the end.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

Migration = Callable[[sqlite3.Connection], None]
"""Changes the tables on a connection that is inside a transaction. It neither commits nor rolls back."""


def create_tables(connection: sqlite3.Connection) -> None:
    """Make the tables of version 1. A file from before there were versions has some of them, or all."""
    _script(
        connection,
        """
        CREATE TABLE IF NOT EXISTS starts (id INTEGER PRIMARY KEY, activity TEXT, at TEXT, shelf INTEGER);
        CREATE TABLE IF NOT EXISTS start_files
            (id INTEGER PRIMARY KEY, activity TEXT, path TEXT, before BLOB, after BLOB, shelf INTEGER);
        CREATE TABLE IF NOT EXISTS attempts
            (id INTEGER PRIMARY KEY, activity TEXT, at TEXT, outcome TEXT, points INTEGER, max_points INTEGER,
             holes INTEGER, shelf INTEGER);
        CREATE TABLE IF NOT EXISTS failures (attempt INTEGER, check_id TEXT, how TEXT, outcome TEXT);
        CREATE TABLE IF NOT EXISTS verdicts (attempt INTEGER, check_id TEXT, outcome TEXT);
        CREATE TABLE IF NOT EXISTS cells (attempt INTEGER, answer TEXT, write TEXT, state TEXT);
        CREATE TABLE IF NOT EXISTS hints
            (id INTEGER PRIMARY KEY, activity TEXT, check_id TEXT, how TEXT, level INTEGER, at TEXT,
             shelf INTEGER);
        CREATE TABLE IF NOT EXISTS reveals (id INTEGER PRIMARY KEY, activity TEXT, at TEXT, shelf INTEGER);

        CREATE TABLE IF NOT EXISTS answers
            (id INTEGER PRIMARY KEY, activity TEXT, item TEXT, attempt INTEGER, keys TEXT, text TEXT,
             score REAL, passed INTEGER, own TEXT, own_score REAL, at TEXT, shelf INTEGER);
        CREATE TABLE IF NOT EXISTS learner (seed INTEGER);

        CREATE TABLE IF NOT EXISTS review_turns
            (id INTEGER PRIMARY KEY, activity TEXT, turn INTEGER, at TEXT, shelf INTEGER);
        CREATE TABLE IF NOT EXISTS review_ticks
            (id INTEGER PRIMARY KEY, activity TEXT, turn INTEGER, line TEXT, yes INTEGER, reason TEXT,
             at TEXT, shelf INTEGER);
        CREATE TABLE IF NOT EXISTS review_named
            (id INTEGER PRIMARY KEY, activity TEXT, turn INTEGER, hunks TEXT, at TEXT, shelf INTEGER);

        CREATE TABLE IF NOT EXISTS change (
            id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, why TEXT NOT NULL, folder TEXT NOT NULL,
            status TEXT NOT NULL, undoes INTEGER REFERENCES change(id), made TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS changed_file (
            change INTEGER NOT NULL REFERENCES change(id), position INTEGER NOT NULL, path TEXT NOT NULL,
            had_before INTEGER NOT NULL, has_after INTEGER NOT NULL, mode_before INTEGER,
            mode_after INTEGER, PRIMARY KEY (change, position));
        """,
    )


def rename_shelf_to_archive(connection: sqlite3.Connection) -> None:
    """Call the column by its name: the number of the archive that a reset moved the row to, or null."""
    for table in (
        "starts",
        "start_files",
        "attempts",
        "hints",
        "reveals",
        "answers",
        "review_turns",
        "review_ticks",
        "review_named",
    ):
        connection.execute(f"ALTER TABLE {table} RENAME COLUMN shelf TO archive")


def add_results(connection: sqlite3.Connection) -> None:
    """Keep the whole result of an attempt, so that it can be explained again without another run."""
    connection.execute("ALTER TABLE attempts ADD COLUMN result TEXT")


MIGRATIONS: Sequence[Migration] = (create_tables, rename_shelf_to_archive, add_results)
"""The migration at index N leads from version N to version N + 1."""


def _script(connection: sqlite3.Connection, sql: str) -> None:
    """Run statements inside the transaction. `executescript` would commit it first."""
    for statement in sql.split(";"):
        connection.execute(statement)
