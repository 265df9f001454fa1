"""What a review consists of. Loaded from exercises/activity-9/review.toml by `workshop.review.load`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

ACTIVITY = "activity-9"


class HunkKind(StrEnum):
    """What a change in the pull request is. A decoy is suspicious and right."""

    FAULT = "fault"
    DECOY = "decoy"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the checklist, and the checks whose verdicts are the evidence for it."""

    id: str
    title: str
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """`old`, which stands once in `source` (a file of the reference), written as `new`.

    `place` says where that is in the project. A fault names the `check` that would see it.
    """

    id: str
    kind: HunkKind
    subtle: bool
    place: str
    source: str
    old: str
    new: str
    why: str
    check: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole review, as the course has it."""

    lines: tuple[Line, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Hunk:
    """One numbered change of a pull request, and its lines as a unified diff shows them."""

    number: int
    change: Change
    diff: tuple[str, ...]
