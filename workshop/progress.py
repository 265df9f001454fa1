"""What this learner has done: starts, attempts, hints, solutions shown. In the project's own state file.

Nothing is deleted. What a reset takes away is put on a shelf (the number of the reset's change in the
journal), and undoing that change takes it down again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from grader.result import Outcome, Result
from workshop.answers import Answers
from workshop.reviewed import TABLES as REVIEW_TABLES
from workshop.reviewed import Reviewed

_TABLES = """
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
    (id INTEGER PRIMARY KEY, activity TEXT, check_id TEXT, how TEXT, level INTEGER, at TEXT, shelf INTEGER);
CREATE TABLE IF NOT EXISTS reveals (id INTEGER PRIMARY KEY, activity TEXT, at TEXT, shelf INTEGER);
"""
_SHELVED = ("starts", "start_files", "attempts", "hints", "reveals", "answers", *REVIEW_TABLES)


@dataclass(frozen=True, slots=True)
class Failing:
    """A check that did not pass in an attempt, and in which way."""

    check: str
    how: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Attempt:
    """One `check`. `at` is UTC in ISO 8601; `holes` counts open blanks (nothing ran then)."""

    activity: str
    at: str
    outcome: Outcome
    points: int
    max_points: int
    holes: int
    failing: tuple[Failing, ...]


@dataclass(frozen=True, slots=True)
class StartFile:
    """A file that `start` saw to: its bytes just before and just after. None: there was no such file."""

    before: bytes | None
    after: bytes | None


class Progress:
    """The record of one project, on an open connection to its state file.

    `answers` are those to questions, `reviewed` what was said in reviews; a reset shelves them too.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        with self._db:
            for statement in _TABLES.split(";"):
                self._db.execute(statement)
        self.answers = Answers(connection)
        self.reviewed = Reviewed(connection)

    def start(self, activity: str, files: Mapping[str, StartFile]) -> None:
        """Record that `activity` was started, with the `files` (by path in the project) it saw to.

        A file that an earlier start of the same activity saw to keeps the `before` of that time.
        """
        known = self.start_files(activity)
        with self._db:
            self._db.execute("INSERT INTO starts (activity, at) VALUES (?, ?)", (activity, _now()))
            self._db.execute("DELETE FROM start_files WHERE activity = ? AND shelf IS NULL", (activity,))
            for path, file in {**known, **files}.items():
                before = known[path].before if path in known else file.before
                self._db.execute(
                    "INSERT INTO start_files (activity, path, before, after) VALUES (?, ?, ?, ?)",
                    (activity, path, before, file.after),
                )

    def started(self) -> tuple[str, ...]:
        """The activities started, the one started last at the end."""
        rows = self._db.execute(
            "SELECT activity FROM starts WHERE shelf IS NULL GROUP BY activity ORDER BY max(id)"
        )
        return tuple(row[0] for row in rows)

    def start_files(self, activity: str) -> dict[str, StartFile]:
        """The files that `start` saw to, by path."""
        rows = self._db.execute(
            "SELECT path, before, after FROM start_files WHERE activity = ? AND shelf IS NULL", (activity,)
        )
        return {path: StartFile(before, after) for path, before, after in rows}

    def record(self, result: Result, cells: Iterable[tuple[str, str, str]] = ()) -> None:
        """Record an attempt, and the `cells` of its freshness matrix: answer, write, state."""
        with self._db:
            cursor = self._db.execute(
                "INSERT INTO attempts (activity, at, outcome, points, max_points, holes)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (
                    result.activity,
                    _now(),
                    result.outcome.value,
                    result.points,
                    result.max_points,
                    len(result.holes),
                ),
            )
            self._db.executemany(
                "INSERT INTO failures (attempt, check_id, how, outcome) VALUES (?, ?, ?, ?)",
                [
                    (cursor.lastrowid, verdict.id, verdict.how, verdict.outcome.value)
                    for verdict in result.checks
                    if verdict.outcome not in (Outcome.PASSED, Outcome.SKIPPED)
                ],
            )
            self._db.executemany(
                "INSERT INTO verdicts (attempt, check_id, outcome) VALUES (?, ?, ?)",
                [(cursor.lastrowid, verdict.id, verdict.outcome.value) for verdict in result.checks],
            )
            self._db.executemany(
                "INSERT INTO cells (attempt, answer, write, state) VALUES (?, ?, ?, ?)",
                [(cursor.lastrowid, *cell) for cell in cells],
            )

    def outcomes(self) -> dict[str, Outcome]:
        """How each check came out when it was judged last, in whatever activity."""
        rows = self._db.execute(
            "SELECT check_id, verdicts.outcome FROM verdicts JOIN attempts ON attempts.id = attempt"
            " WHERE shelf IS NULL ORDER BY attempt"
        )
        return {check: Outcome(outcome) for check, outcome in rows}

    def cells(self) -> dict[tuple[str, str], str]:
        """The states of the last freshness matrix, by answer and write; empty if there was none."""
        rows = self._db.execute(
            "SELECT answer, write, state FROM cells WHERE attempt ="
            " (SELECT max(attempt) FROM cells JOIN attempts ON attempts.id = attempt WHERE shelf IS NULL)"
        )
        return {(answer, write): state for answer, write, state in rows}

    def attempts(self, activity: str) -> tuple[Attempt, ...]:
        """The attempts at `activity`, oldest first."""
        rows = self._db.execute(
            "SELECT id, activity, at, outcome, points, max_points, holes FROM attempts"
            " WHERE activity = ? AND shelf IS NULL ORDER BY id",
            (activity,),
        ).fetchall()
        return tuple(
            Attempt(name, at, Outcome(outcome), points, max_points, holes, self._failing(id))
            for id, name, at, outcome, points, max_points, holes in rows
        )

    def _failing(self, attempt: int) -> tuple[Failing, ...]:
        rows = self._db.execute(
            "SELECT check_id, how, outcome FROM failures WHERE attempt = ? ORDER BY rowid", (attempt,)
        )
        return tuple(Failing(check, how, Outcome(outcome)) for check, how, outcome in rows)

    def passed(self, activity: str) -> bool:
        """Whether the core of `activity` has passed once."""
        row = self._db.execute(
            "SELECT 1 FROM attempts WHERE activity = ? AND outcome = ? AND shelf IS NULL",
            (activity, Outcome.PASSED.value),
        ).fetchone()
        return row is not None

    def hint_level(self, activity: str, check: str, how: str) -> int:
        """The highest level of hint given on a check that failed in this way; 0 for none."""
        row = self._db.execute(
            "SELECT max(level) FROM hints WHERE activity = ? AND check_id = ? AND how = ? AND shelf IS NULL",
            (activity, check, how),
        ).fetchone()
        return int(row[0] or 0)

    def give_hint(self, activity: str, check: str, how: str, level: int) -> None:
        """Record that a hint was given."""
        with self._db:
            self._db.execute(
                "INSERT INTO hints (activity, check_id, how, level, at) VALUES (?, ?, ?, ?, ?)",
                (activity, check, how, level, _now()),
            )

    def hints_given(self, activity: str) -> int:
        """How many hints were given on `activity`."""
        row = self._db.execute(
            "SELECT count(*) FROM hints WHERE activity = ? AND shelf IS NULL", (activity,)
        ).fetchone()
        return int(row[0])

    def reveal(self, activity: str) -> None:
        """Record that the solution was shown before the core had passed."""
        with self._db:
            self._db.execute("INSERT INTO reveals (activity, at) VALUES (?, ?)", (activity, _now()))

    def revealed(self, activity: str) -> bool:
        """Whether the solution was shown before the core had passed."""
        query = "SELECT 1 FROM reveals WHERE activity = ? AND shelf IS NULL"
        return self._db.execute(query, (activity,)).fetchone() is not None

    def shelve(self, activities: Iterable[str], shelf: int) -> None:
        """Take everything about `activities` out of sight, to be found under the number `shelf`."""
        with self._db:
            for activity in activities:
                for table in _SHELVED:
                    self._db.execute(
                        f"UPDATE {table} SET shelf = ? WHERE activity = ? AND shelf IS NULL",
                        (shelf, activity),
                    )

    def on_shelf(self, shelf: int) -> bool:
        """Whether anything lies under that number."""
        found = " UNION ALL ".join(f"SELECT 1 FROM {table} WHERE shelf = ?" for table in _SHELVED)
        return self._db.execute(found, (shelf,) * len(_SHELVED)).fetchone() is not None

    def unshelve(self, shelf: int) -> None:
        """Put back what `shelve` took away under that number. Nothing happens if there is nothing.

        What was recorded meanwhile of the same activities goes on a shelf itself.
        """
        names = " UNION ".join(f"SELECT activity FROM {table} WHERE shelf = ?" for table in _SHELVED)
        rows = self._db.execute(names, (shelf,) * len(_SHELVED)).fetchall()
        self.shelve([row[0] for row in rows], -shelf)
        with self._db:
            for table in _SHELVED:
                self._db.execute(f"UPDATE {table} SET shelf = NULL WHERE shelf = ?", (shelf,))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
