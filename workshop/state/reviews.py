"""What a learner said in the reviews, in the project's state file. Nothing of it is overwritten."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

REVIEW_TABLES = ("review_turns", "review_ticks", "review_named")


@dataclass(frozen=True, slots=True)
class ReviewTurn:
    """One turn: by line whether it was ticked and why, and the hunks that were named, None before."""

    turn: int
    ticks: Mapping[str, tuple[bool, str]]
    named: tuple[int, ...] | None


class Reviews:
    """The record of one project, on an open connection to its state file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def turn(self, activity: str) -> int:
        """The turn that the learner is in, from 0."""
        row = self._db.execute(
            "SELECT max(turn) FROM review_turns WHERE activity = ? AND archive IS NULL", (activity,)
        ).fetchone()
        return int(row[0] or 0)

    def again(self, activity: str) -> None:
        """Begin another turn."""
        with self._db:
            self._db.execute(
                "INSERT INTO review_turns (activity, turn, at) VALUES (?, ?, ?)",
                (activity, self.turn(activity) + 1, _now()),
            )

    def tick(self, activity: str, line: str, yes: bool, reason: str) -> None:
        """Record what the learner says of a line, in this turn."""
        with self._db:
            self._db.execute(
                "INSERT INTO review_ticks (activity, turn, line, yes, reason, at) VALUES (?, ?, ?, ?, ?, ?)",
                (activity, self.turn(activity), line, yes, reason, _now()),
            )

    def name(self, activity: str, hunks: tuple[int, ...]) -> None:
        """Record the hunks that the learner would send back, in this turn."""
        with self._db:
            self._db.execute(
                "INSERT INTO review_named (activity, turn, hunks, at) VALUES (?, ?, ?, ?)",
                (activity, self.turn(activity), json.dumps(hunks), _now()),
            )

    def of_turn(self, activity: str, turn: int) -> ReviewTurn:
        """What was said in that turn: the last word on each line, and the first on the pull request."""
        ticks = self._db.execute(
            "SELECT line, yes, reason FROM review_ticks"
            " WHERE activity = ? AND turn = ? AND archive IS NULL ORDER BY id",
            (activity, turn),
        ).fetchall()
        named = self._db.execute(
            "SELECT hunks FROM review_named WHERE activity = ? AND turn = ? AND archive IS NULL ORDER BY id",
            (activity, turn),
        ).fetchone()
        return ReviewTurn(
            turn,
            {str(line): (bool(yes), str(reason)) for line, yes, reason in ticks},
            tuple(int(hunk) for hunk in json.loads(named[0])) if named else None,
        )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
