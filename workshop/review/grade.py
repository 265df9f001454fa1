"""The grade of a review: what the checks saw, how well the learner knows it, and the pull request."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from grader.result import Outcome
from workshop.review.model import Hunk, HunkKind, Line

EVIDENCE, CALIBRATION, PULL_REQUEST = 0.6, 0.2, 0.2


@dataclass(frozen=True, slots=True)
class Tick:
    """What the learner says of a line, and why."""

    yes: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A line, by its checks. What was skipped does not count; what was never judged counts against it."""

    line: Line
    passed: tuple[str, ...]
    failed: tuple[str, ...]
    not_judged: tuple[str, ...]

    @property
    def tick(self) -> bool:
        """Whether the workshop ticks the line: all its checks were judged, and none failed."""
        return bool(self.passed) and not self.failed and not self.not_judged

    @property
    def share(self) -> float:
        """The share of its checks that passed, from 0 to 1."""
        all_of_them = len(self.passed) + len(self.failed) + len(self.not_judged)
        return len(self.passed) / all_of_them if all_of_them else 0.0


@dataclass(frozen=True, slots=True)
class NamedHunks:
    """What the learner found in the pull request."""

    hunks: tuple[Hunk, ...]
    named: frozenset[int]

    @property
    def right(self) -> int:
        """How many of the faults were named."""
        return sum(hunk.change.kind is HunkKind.FAULT for hunk in self.hunks if hunk.number in self.named)

    @property
    def precision(self) -> float:
        """Which share of what was named is a fault."""
        return self.right / len(self.named) if self.named else 0.0

    @property
    def recall(self) -> float:
        """Which share of the faults was named."""
        return self.right / sum(hunk.change.kind is HunkKind.FAULT for hunk in self.hunks)


@dataclass(frozen=True, slots=True)
class Grade:
    """The whole, each part from 0 to 1. A part that is not done yet is None and counts 0."""

    evidence: float
    calibration: float | None
    pull_request: float | None

    @property
    def score(self) -> float:
        """From 0 to 1."""
        return (
            EVIDENCE * self.evidence
            + CALIBRATION * (self.calibration or 0.0)
            + PULL_REQUEST * (self.pull_request or 0.0)
        )


def judge(line: Line, outcomes: Mapping[str, Outcome]) -> Judged:
    """The line, by the outcomes of its checks as far as there are any."""
    known = [(id, outcomes.get(id)) for id in line.checks]
    return Judged(
        line,
        passed=tuple(id for id, outcome in known if outcome is Outcome.PASSED),
        failed=tuple(
            id for id, outcome in known if outcome and outcome not in (Outcome.PASSED, Outcome.SKIPPED)
        ),
        not_judged=tuple(id for id, outcome in known if outcome is None),
    )


def grade(judged: Sequence[Judged], ticks: Mapping[str, Tick], found: NamedHunks | None) -> Grade:
    """The grade. Calibration is the share of lines on which learner and workshop agree."""
    agreed = [ticks[each.line.id].yes is each.tick for each in judged if each.line.id in ticks]
    complete = len(agreed) == len(judged)
    return Grade(
        evidence=sum(each.share for each in judged) / len(judged),
        calibration=sum(agreed) / len(agreed) if complete and agreed else None,
        pull_request=found.precision * found.recall if found else None,
    )


def open_lines(lines: Sequence[Line], ticks: Collection[str]) -> tuple[Line, ...]:
    """The lines that the learner has not ticked yet, with yes or no."""
    return tuple(line for line in lines if line.id not in ticks)
