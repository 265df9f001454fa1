"""What this learner has done: starts, attempts, hints, solutions shown. In the project's own state file.

Nothing is deleted. A reset moves rows to an archive (its number is the reset's change in the journal), and
undoing that change restores them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from grader.result import Outcome, Result
from workshop.state.answers import Answers
from workshop.state.reviews import REVIEW_TABLES, Reviews

_ARCHIVED = ("starts", "start_files", "attempts", "hints", "reveals", "answers", *REVIEW_TABLES)


@dataclass(frozen=True, slots=True)
class Failing:
    """A check that did not pass in an attempt, and in which way."""

    check: str
    how: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Attempt:
    """One `check`. `at` is UTC in ISO 8601; `blanks` counts open blanks (nothing ran then)."""

    activity: str
    at: str
    outcome: Outcome
    points: int
    max_points: int
    blanks: int
    failing: tuple[Failing, ...]


@dataclass(frozen=True, slots=True)
class StartFile:
    """A file that `start` saw to: its bytes just before and just after. None: there was no such file."""

    before: bytes | None
    after: bytes | None


class Progress:
    """The record of one project, on an open connection to its state file.

    `answers` are the answers to questions, `reviews` what the learner said in reviews.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self.answers = Answers(connection)
        self.reviews = Reviews(connection)

    def start(self, activity: str, files: Mapping[str, StartFile]) -> None:
        """Record that `activity` was started, with the `files` (by path in the project) it saw to.

        A file that an earlier start of the same activity saw to keeps the `before` of that time, and the
        `after` as well if this start did not change the file: what the learner wrote since is no start's.
        """
        known = self.start_files(activity)
        with self._db:
            self._db.execute("INSERT INTO starts (activity, at) VALUES (?, ?)", (activity, _now()))
            self._db.execute("DELETE FROM start_files WHERE activity = ? AND archive IS NULL", (activity,))
            for path, file in {**known, **files}.items():
                before, after = file.before, file.after
                if path in known:
                    before = known[path].before
                    after = known[path].after if file.before == file.after else file.after
                self._db.execute(
                    "INSERT INTO start_files (activity, path, before, after) VALUES (?, ?, ?, ?)",
                    (activity, path, before, after),
                )

    def started(self) -> tuple[str, ...]:
        """The activities started, the one started last at the end."""
        rows = self._db.execute(
            "SELECT activity FROM starts WHERE archive IS NULL GROUP BY activity ORDER BY max(id)"
        )
        return tuple(row[0] for row in rows)

    def busy_with(self) -> str | None:
        """The activity that was started or checked last; None if none was."""
        row = self._db.execute(
            "SELECT activity FROM (SELECT activity, at, 0 AS checked, id FROM starts WHERE archive IS NULL"
            " UNION ALL SELECT activity, at, 1, id FROM attempts WHERE archive IS NULL)"
            " ORDER BY at DESC, checked DESC, id DESC LIMIT 1"
        ).fetchone()
        return row[0] if row else None

    def begin_again(self, activity: str) -> None:
        """Record that `activity` is to be done once more, from its start on."""
        with self._db:
            self._db.execute("INSERT INTO starts (activity, at) VALUES (?, ?)", (activity, _now()))

    def started_since_check(self, activity: str) -> bool:
        """Whether `activity` was started after it was checked last."""
        row = self._db.execute(
            "SELECT (SELECT max(at) FROM starts WHERE activity = ?1 AND archive IS NULL)"
            " > coalesce((SELECT max(at) FROM attempts WHERE activity = ?1 AND archive IS NULL), '')",
            (activity,),
        ).fetchone()
        return bool(row[0])

    def start_files(self, activity: str) -> dict[str, StartFile]:
        """The files that `start` saw to, by path."""
        rows = self._db.execute(
            "SELECT path, before, after FROM start_files WHERE activity = ? AND archive IS NULL", (activity,)
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
                    len(result.blanks),
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

            self._keep_last_result(result, cursor.lastrowid)

    def _keep_last_result(self, result: Result, attempt: int | None) -> None:
        """Store the whole result with its attempt, and no longer those of the attempts before it."""
        from grader.boundary.schema import plain  # `hint`, which stores no result, is to start at once

        self._db.execute(
            "UPDATE attempts SET result = NULL WHERE activity = ? AND archive IS NULL", (result.activity,)
        )
        text = json.dumps(plain(result), allow_nan=False)
        self._db.execute("UPDATE attempts SET result = ? WHERE id = ?", (text, attempt))

    def last_result(self, activity: str) -> Result | None:
        """The whole result of the last attempt; None if there is none, or one of another version."""
        from grader.boundary.schema import read

        row = self._db.execute(
            "SELECT result FROM attempts WHERE activity = ? AND archive IS NULL ORDER BY id DESC LIMIT 1",
            (activity,),
        ).fetchone()
        try:
            return read(json.loads(row[0]), Result) if row and row[0] else None
        except ValueError:
            return None

    def judged_in(self, check: str) -> tuple[str, ...]:
        """The activities in whose last attempt `check` was judged, the latest first."""
        rows = self._db.execute(
            "SELECT activity FROM verdicts JOIN attempts ON attempts.id = attempt WHERE check_id = ?"
            " AND attempt IN (SELECT max(id) FROM attempts WHERE archive IS NULL GROUP BY activity)"
            " ORDER BY attempt DESC",
            (check,),
        )
        return tuple(row[0] for row in rows)

    def outcomes(self) -> dict[str, Outcome]:
        """How each check came out when it was judged last, in whatever activity."""
        rows = self._db.execute(
            "SELECT check_id, verdicts.outcome FROM verdicts JOIN attempts ON attempts.id = attempt"
            " WHERE archive IS NULL ORDER BY attempt"
        )
        return {check: Outcome(outcome) for check, outcome in rows}

    def cells(self) -> dict[tuple[str, str], str]:
        """The states of the last freshness matrix, by answer and write; empty if there was none."""
        rows = self._db.execute(
            "SELECT answer, write, state FROM cells WHERE attempt ="
            " (SELECT max(attempt) FROM cells JOIN attempts ON attempts.id = attempt WHERE archive IS NULL)"
        )
        return {(answer, write): state for answer, write, state in rows}

    def attempts(self, activity: str) -> tuple[Attempt, ...]:
        """The attempts at `activity`, oldest first."""
        rows = self._db.execute(
            "SELECT id, activity, at, outcome, points, max_points, holes FROM attempts"
            " WHERE activity = ? AND archive IS NULL ORDER BY id",
            (activity,),
        ).fetchall()
        return tuple(
            Attempt(name, at, Outcome(outcome), points, max_points, blanks, self._failing(id))
            for id, name, at, outcome, points, max_points, blanks in rows
        )

    def _failing(self, attempt: int) -> tuple[Failing, ...]:
        rows = self._db.execute(
            "SELECT check_id, how, outcome FROM failures WHERE attempt = ? ORDER BY rowid", (attempt,)
        )
        return tuple(Failing(check, how, Outcome(outcome)) for check, how, outcome in rows)

    def passed(self, activity: str) -> bool:
        """Whether the core of `activity` has passed once."""
        row = self._db.execute(
            "SELECT 1 FROM attempts WHERE activity = ? AND outcome = ? AND archive IS NULL",
            (activity, Outcome.PASSED.value),
        ).fetchone()
        return row is not None

    def hint_level(self, activity: str, check: str, how: str) -> int:
        """The highest level of hint given on a check that failed in this way; 0 for none."""
        row = self._db.execute(
            "SELECT max(level) FROM hints"
            " WHERE activity = ? AND check_id = ? AND how = ? AND archive IS NULL",
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
            "SELECT count(*) FROM hints WHERE activity = ? AND archive IS NULL", (activity,)
        ).fetchone()
        return int(row[0])

    def reveal(self, activity: str) -> None:
        """Record that the solution was shown before the core had passed."""
        with self._db:
            self._db.execute("INSERT INTO reveals (activity, at) VALUES (?, ?)", (activity, _now()))

    def revealed(self, activity: str) -> bool:
        """Whether the solution was shown before the core had passed."""
        query = "SELECT 1 FROM reveals WHERE activity = ? AND archive IS NULL"
        return self._db.execute(query, (activity,)).fetchone() is not None

    def archive(self, activities: Iterable[str], number: int) -> None:
        """Move everything about `activities` to the archive of that number, where no other method looks."""
        with self._db:
            for activity in activities:
                for table in _ARCHIVED:
                    self._db.execute(
                        f"UPDATE {table} SET archive = ? WHERE activity = ? AND archive IS NULL",
                        (number, activity),
                    )

    def has_archive(self, number: int) -> bool:
        """Whether anything is in the archive of that number."""
        found = " UNION ALL ".join(f"SELECT 1 FROM {table} WHERE archive = ?" for table in _ARCHIVED)
        return self._db.execute(found, (number,) * len(_ARCHIVED)).fetchone() is not None

    def restore(self, number: int) -> None:
        """Move back what `archive` moved away under that number. Nothing happens if there is nothing.

        What was recorded meanwhile of the same activities goes to an archive itself.
        """
        names = " UNION ".join(f"SELECT activity FROM {table} WHERE archive = ?" for table in _ARCHIVED)
        rows = self._db.execute(names, (number,) * len(_ARCHIVED)).fetchall()
        self.archive([row[0] for row in rows], -number)
        with self._db:
            for table in _ARCHIVED:
                self._db.execute(f"UPDATE {table} SET archive = NULL WHERE archive = ?", (number,))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
