"""The review: what the learner says of their own code and of a pull request, and what it is worth."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from grader.errors import UsageError
from workshop.actions.project import Project
from workshop.course.model import Activity
from workshop.review.grade import Grade, Judged, NamedHunks, Tick, grade, judge, open_lines
from workshop.review.load import sheet
from workshop.review.model import ACTIVITY, Hunk, Line
from workshop.review.pull_request import pull_request

SCHEMA = "workshop/review/v1"
FORM = 'The file: {"K1": {"tick": true, "reason": "..."}, ..., "send_back": [2, 5]}.'


@dataclass(frozen=True, slots=True)
class Review:
    """Where one turn of the review stands.

    What `judged` holds may be shown once no line is `open`, and what the hunks are once `found` is there.
    """

    turn: int
    ticks: dict[str, Tick]
    judged: tuple[Judged, ...]
    hunks: tuple[Hunk, ...]
    found: NamedHunks | None

    @property
    def open(self) -> tuple[Line, ...]:
        """The lines that are not ticked yet."""
        return open_lines([each.line for each in self.judged], self.ticks)

    @property
    def grade(self) -> Grade:
        """The grade so far."""
        return grade(self.judged, self.ticks, self.found)

    @property
    def done(self) -> bool:
        """Whether nothing is left to say in this turn."""
        return not self.open and self.found is not None


def review(project: Project, turn: int | None = None) -> Review:
    """The review of that turn, by default the one the learner is in."""
    reviews = project.progress.reviews
    turn = reviews.turn(ACTIVITY) if turn is None else turn
    said = reviews.of_turn(ACTIVITY, turn)
    hunks = pull_request(sheet().changes, project.progress.answers.seed, turn)
    outcomes = project.progress.outcomes()
    return Review(
        turn,
        {line: Tick(*tick) for line, tick in said.ticks.items()},
        tuple(judge(line, outcomes) for line in sheet().lines),
        hunks,
        None if said.named is None else NamedHunks(hunks, frozenset(said.named)),
    )


def to_review(project: Project, activity: Activity) -> bool:
    """Whether a review of `activity` comes next, after its check."""
    return activity.id == ACTIVITY and not review(project).done


def insist_on_a_check(project: Project) -> None:
    """Raise UsageError unless there is evidence: a check of Activity 9 in which something was judged."""
    earlier = {check.id for each in project.course if each.id != ACTIVITY for check in each.checks}
    own = {check.id for each in project.course for check in each.checks} - earlier
    if not own & project.progress.outcomes().keys():
        raise UsageError(
            "There is nothing yet that your ticks could be compared with.",
            f"Type `workshop check {ACTIVITY}` first; it need not pass.",
        )


def tick(project: Project, line: str, yes: bool, reason: str) -> None:
    """Keep what the learner says of a line. Raises UsageError without a reason, or if all has been shown."""
    now = review(project)
    if line not in {each.line.id for each in now.judged}:
        raise UsageError(f"There is no line {line!r}.", "The lines are K1 to K6.")
    if not now.open:
        raise UsageError(
            "You have seen the workshop's ticks: yours stay as they are.",
            "Another turn: workshop review --again",
        )
    if not reason.strip():
        raise UsageError(f"{line} needs a reason: one line of your own.", "What in your code makes you sure?")
    project.progress.reviews.tick(ACTIVITY, line, yes, " ".join(reason.split())[:400])


def send_back(project: Project, numbers: Collection[int]) -> None:
    """Keep which hunks the learner would send back. Raises UsageError if that was done in this turn."""
    now = review(project)
    if now.found is not None:
        raise UsageError(
            "You have reviewed this pull request.", "There is another one: workshop review --again"
        )
    if wrong := sorted(set(numbers) - {hunk.number for hunk in now.hunks}):
        raise UsageError(f"There is no hunk {wrong[0]}.", f"The hunks are 1 to {len(now.hunks)}.")
    project.progress.reviews.name(ACTIVITY, tuple(sorted(set(numbers))))


def again(project: Project) -> None:
    """Begin another turn, with another pull request. Raises UsageError while this one is open."""
    if not review(project).done:
        raise UsageError("This review is not done yet.", "Go on with it: workshop review")
    project.progress.reviews.again(ACTIVITY)


def take(project: Project, text: str) -> None:
    """Take the answers in `text`, JSON. Raises UsageError, and then nothing of it is kept."""
    try:
        data = json.loads(text)
    except ValueError as error:
        raise UsageError(f"The answers are no JSON: {error}.", FORM) from error
    if not isinstance(data, dict):
        raise UsageError("The answers are no JSON object.", FORM)
    known = {line.id for line in sheet().lines}
    ticks: list[tuple[str, bool, str]] = []
    for name, value in data.items():
        if name == "send_back":
            continue
        good = isinstance(value, dict) and isinstance(value.get("tick"), bool)
        if name not in known or not good or not str(value.get("reason", "")).strip():
            raise UsageError(f"The answer to {name!r} is not understood, or has no reason.", FORM)
        ticks.append((name, value["tick"], str(value["reason"])))
    numbers = data.get("send_back")
    if numbers is not None and not (
        isinstance(numbers, list) and all(type(number) is int for number in numbers)
    ):
        raise UsageError("send_back must be a list of the numbers of hunks.", FORM)
    if numbers is not None:
        send_back(project, numbers)
    for name, yes, reason in ticks:
        tick(project, name, yes, reason)


def as_json(found: Review) -> dict[str, Any]:
    """One object of `workshop/review/v1`. What is not to be seen yet is null."""
    shown = not found.open
    grade = found.grade
    return {
        "schema": SCHEMA,
        "turn": found.turn,
        "lines": [
            {
                "id": each.line.id,
                "title": each.line.title,
                "yours": found.ticks[each.line.id].yes if each.line.id in found.ticks else None,
                "reason": found.ticks[each.line.id].reason if each.line.id in found.ticks else None,
                "ours": each.tick if shown else None,
                "passed": list(each.passed) if shown else None,
                "failed": list(each.failed) if shown else None,
                "not_judged": list(each.not_judged) if shown else None,
            }
            for each in found.judged
        ],
        "pull_request": [_hunk(hunk, found.found) for hunk in found.hunks],
        "evidence": round(grade.evidence, 3) if shown else None,
        "calibration": _rounded(grade.calibration),
        "precision": _rounded(found.found.precision) if found.found else None,
        "recall": _rounded(found.found.recall) if found.found else None,
        "score": round(grade.score, 3) if found.done else None,
    }


def _hunk(hunk: Hunk, found: NamedHunks | None) -> dict[str, Any]:
    return {
        "number": hunk.number,
        "place": hunk.change.place,
        "diff": list(hunk.diff),
        "named": hunk.number in found.named if found else None,
        "kind": hunk.change.kind.value if found else None,
        "why": hunk.change.why if found else None,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
