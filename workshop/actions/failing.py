"""Which check of an attempt to work on first."""

from __future__ import annotations

from collections.abc import Sequence

from grader.result import Outcome, Tier
from workshop.course.model import Activity, CourseCheck
from workshop.state.progress import Attempt, Failing

SYNTAX = "syntax"
"""The id of the verdict on a project that was not run, since a file of it is no Python. No check has it."""


def course_check(id: str, activity: Activity, course: Sequence[Activity]) -> CourseCheck | None:
    """What the course says of a check: in `activity`, or else in the latest activity before it."""
    so_far = [each for each in course if each.number < activity.number]
    for each in (activity, *reversed(so_far)):
        for check in each.checks:
            if check.id == id:
                return check
    return None


def first_failing(
    attempt: Attempt, activity: Activity, course: Sequence[Activity]
) -> tuple[Failing, CourseCheck] | None:
    """The check to work on now: core first, then the other tiers. A blocked one waits for another."""
    known = [
        (failing, check)
        for failing in attempt.failing
        if failing.outcome is not Outcome.BLOCKED
        and (check := course_check(failing.check, activity, course)) is not None
    ]
    for tier in Tier:
        for failing, check in known:
            if check.tier is tier:
                return failing, check
    return None
