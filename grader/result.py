"""The result of a run, and its JSON (`workshop/result/v1`). Standard library only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

SCHEMA = "workshop/result/v1"


class Tier(StrEnum):
    """The importance of a check."""

    CORE = "core"
    CHALLENGE = "challenge"
    STRETCH = "stretch"
    ADVISORY = "advisory"


class Outcome(StrEnum):
    """The outcome of a check or an activity. An activity is never blocked or skipped."""

    PASSED = "passed"
    FAILED = "failed"
    BLOCKED = "blocked"
    SKIPPED = "skipped"
    ERROR = "error"


class Fault(StrEnum):
    """The cause of an outcome other than passed."""

    CODE = "code"
    ENVIRONMENT = "environment"
    GRADER = "grader"


class Source(StrEnum):
    """The actor of a timeline event."""

    JUDGE = "judge"
    PROJECT = "project"
    REDIS = "redis"
    DATABASE = "database"


@dataclass(frozen=True, slots=True)
class SourceLocation:
    """A line of the learner's project. `file` is relative to the project, with forward slashes."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a timeline. `at_ms` counts from the start of the check."""

    at_ms: float
    source: Source
    text: str


class Write(StrEnum):
    """A way to change a row."""

    POST = "POST"
    PUT = "PUT"
    PATCH = "PATCH"
    DELETE = "DELETE"
    ADMIN_ADD = "admin add"
    ADMIN_CHANGE = "admin change"
    ADMIN_DELETE = "admin delete"
    SAVE = "save()"
    REMOVE = "delete()"
    USER_EDIT = "user edit"
    CASCADE = "cascade"


class CachedView(StrEnum):
    """What a project may keep in its cache."""

    USER_LIST = "user list"
    USER_DETAIL = "user detail"
    PASSENGER_LIST = "passenger list"
    PASSENGER_DETAIL = "passenger detail"


@dataclass(frozen=True, slots=True)
class Cell:
    """Whether one `CachedView` was `fresh` after one write."""

    answer: str
    write: Write
    fresh: bool


@dataclass(frozen=True, slots=True)
class Blank:
    """A blank that is not filled yet: file, line, and the text of that line."""

    file: str
    line: int
    source: str


class LeftOutReason(StrEnum):
    """Why something was left out. Each completes the sentence "... is left out: ..."."""

    IGNORED = "it holds no code"
    LINK = "it is a link that leads out of the project, or to nothing"
    SPECIAL = "it is no regular file"
    TOO_LARGE = "it is too large"
    TOO_DEEP = "it lies too deep"
    BAD_NAME = "its name is too long, or no text"
    UNREADABLE = "it cannot be read"
    TOO_MANY = "there are too many files"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A part of a hand-in that was not staged. `path` is relative to the project, with forward slashes."""

    path: str
    reason: LeftOutReason


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict of one check.

    `seen`, `means` and `try_` are sentences, empty on a pass. `how` names the failure mode, which chooses the
    hints, or is empty. `cells` hold the freshness of responses after writes, also for a failed check.
    """

    id: str
    title: str
    tier: Tier
    outcome: Outcome
    points: int = 0
    max_points: int = 0
    fault: Fault | None = None
    seen: str = ""
    means: str = ""
    try_: str = ""
    how: str = ""
    needs: tuple[str, ...] = ()
    where: SourceLocation | None = None
    evidence: tuple[Event, ...] = ()
    cells: tuple[Cell, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object of one check in `workshop/result/v1`."""
        return {
            "id": self.id,
            "title": self.title,
            "tier": self.tier.value,
            "outcome": self.outcome.value,
            "points": self.points,
            "max_points": self.max_points,
            "fault": self.fault.value if self.fault else None,
            "seen": self.seen,
            "means": self.means,
            "try": self.try_,
            "how": self.how,
            "needs": list(self.needs),
            "where": {"file": self.where.file, "line": self.where.line} if self.where else None,
            "evidence": [
                {"at_ms": round(event.at_ms, 2), "source": event.source.value, "text": event.text}
                for event in self.evidence
            ],
            "cells": [
                {"answer": cell.answer, "write": cell.write.value, "fresh": cell.fresh} for cell in self.cells
            ],
        }


def outcome_of(verdicts: Sequence[Verdict]) -> tuple[Outcome, Fault | None]:
    """Return the outcome of an activity: passed if its core passed, else by the gravest fault of the core."""
    faults = {
        verdict.fault
        for verdict in verdicts
        if verdict.tier is Tier.CORE and verdict.outcome not in (Outcome.PASSED, Outcome.SKIPPED)
    }
    if not faults:
        return Outcome.PASSED, None
    for fault in (Fault.GRADER, Fault.ENVIRONMENT):
        if fault in faults:
            return Outcome.ERROR, fault
    return Outcome.FAILED, Fault.CODE


Judged = TypeVar("Judged")


def first_failure(judged: Iterable[tuple[Judged, Outcome, Tier]]) -> Judged | None:
    """The failure to work on first: of the core, or else of the next tier. Never a blocked check."""
    failed = [(each, tier) for each, outcome, tier in judged if outcome in (Outcome.FAILED, Outcome.ERROR)]
    return next((each for tier in Tier for each, its_tier in failed if its_tier is tier), None)


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one activity for one submission. `duration_ms` is wall time.

    `left_out` are the files and folders that may be missed: they were handed in, and were not staged.
    """

    activity: str
    outcome: Outcome
    fault: Fault | None = None
    blanks: tuple[Blank, ...] = ()
    checks: tuple[Verdict, ...] = ()
    jail: str = "none"
    versions: Mapping[str, str] = field(default_factory=dict)
    duration_ms: float = 0.0
    left_out: tuple[LeftOut, ...] = ()

    @property
    def points(self) -> int:
        """Points earned in core and challenge checks."""
        return sum(v.points for v in self._counted)

    @property
    def max_points(self) -> int:
        """Points of all core and challenge checks, however they came out: one number for an activity."""
        return sum(v.max_points for v in self._counted)

    @property
    def first_failure(self) -> Verdict | None:
        """The failure to explain."""
        return first_failure((verdict, verdict.outcome, verdict.tier) for verdict in self.checks)

    @property
    def _counted(self) -> list[Verdict]:
        return [v for v in self.checks if v.tier in (Tier.CORE, Tier.CHALLENGE)]

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object of `workshop/result/v1`."""
        return {
            "schema": SCHEMA,
            "activity": self.activity,
            "outcome": self.outcome.value,
            "fault": self.fault.value if self.fault else None,
            "points": self.points,
            "max_points": self.max_points,
            "holes": [{"file": h.file, "line": h.line, "hole": h.source} for h in self.blanks],
            "checks": [verdict.to_json() for verdict in self.checks],
            "jail": self.jail,
            "versions": dict(self.versions),
            "duration_ms": round(self.duration_ms),
            "left_out": [{"path": each.path, "reason": each.reason.value} for each in self.left_out],
        }
