"""Which check of an attempt to work on first."""

from __future__ import annotations

from collections.abc import Sequence

from grader.result import first_failure
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
    """The check to work on now, of those that the course knows."""
    known = [(failing, course_check(failing.check, activity, course)) for failing in attempt.failing]
    return first_failure(
        ((failing, check), failing.outcome, check.tier) for failing, check in known if check is not None
    )
