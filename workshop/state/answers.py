"""The answers a learner gave to questions, all of them, in the project's state file."""

from __future__ import annotations

import json
import random
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime

_COLUMNS = "item, attempt, keys, text, score, passed, own, own_score, at"


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """One answer. `attempt` counts from 0, and with the learner's seed it decides how the question looked.

    `score` (0 to 1) and `passed` are the workshop's. `own` are the ideas that the learner found in their
    own text when they reviewed it, and `own_score` the score with that; both None before. `at` is UTC in
    ISO 8601.
    """

    item: str
    attempt: int
    keys: tuple[str, ...]
    text: str
    score: float
    passed: bool
    own: tuple[str, ...] | None = None
    own_score: float | None = None
    at: str = ""


class Answers:
    """The record of one project, on an open connection to its state file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    @property
    def seed(self) -> int:
        """The number by which questions are shuffled and varied for this learner: always the same."""
        row = self._db.execute("SELECT seed FROM learner").fetchone()
        if row is None:
            row = (random.randrange(1_000_000),)
            with self._db:
                self._db.execute("INSERT INTO learner (seed) VALUES (?)", row)
        return int(row[0])

    def add(self, sheet: str, given: AnswerRecord) -> None:
        """Record an answer to a question of `sheet`. Its time is now."""
        with self._db:
            self._db.execute(
                f"INSERT INTO answers (activity, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    sheet,
                    given.item,
                    given.attempt,
                    json.dumps(given.keys),
                    given.text,
                    given.score,
                    given.passed,
                    None if given.own is None else json.dumps(given.own),
                    given.own_score,
                    datetime.now(UTC).isoformat(timespec="seconds"),
                ),
            )

    def review(self, item: str, own: tuple[str, ...], score: float) -> None:
        """Record the learner's own review of their last answer to `item`."""
        with self._db:
            self._db.execute(
                "UPDATE answers SET own = ?, own_score = ? WHERE id ="
                " (SELECT max(id) FROM answers WHERE item = ? AND archive IS NULL)",
                (json.dumps(own), score, item),
            )

    def of(self, sheet: str) -> tuple[AnswerRecord, ...]:
        """The answers to the questions of `sheet`, oldest first."""
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM answers WHERE activity = ? AND archive IS NULL ORDER BY id", (sheet,)
        )
        return tuple(
            AnswerRecord(
                item,
                attempt,
                tuple(json.loads(keys)),
                text,
                score,
                bool(passed),
                None if own is None else tuple(json.loads(own)),
                own_score,
                at,
            )
            for item, attempt, keys, text, score, passed, own, own_score, at in rows
        )
