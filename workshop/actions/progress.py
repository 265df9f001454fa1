"""How far a learner is: one row an activity."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from workshop.actions.failing import first_failing
from workshop.actions.project import Project
from workshop.course.model import Activity


class ActivityStatus(StrEnum):
    """How far an activity is."""

    NEW = "not started"
    OPEN = "started"
    PASSED = "passed"


@dataclass(frozen=True, slots=True)
class Row:
    """One activity. `points` are the best so far; `at` is the time of the last attempt, UTC, or empty."""

    activity: Activity
    state: ActivityStatus
    attempts: int
    points: int
    max_points: int
    hints: int
    revealed: bool
    at: str
    failing: str
    """The id of the check to work on, from the last attempt."""


def activity_rows(project: Project) -> tuple[Row, ...]:
    """One row an activity, in the order of the course."""
    return tuple(_row(project, activity) for activity in project.course)


def _row(project: Project, activity: Activity) -> Row:
    progress = project.progress
    attempts = progress.attempts(activity.id)
    best = max(attempts, key=lambda each: each.points, default=None)
    found = first_failing(attempts[-1], activity, project.course) if attempts else None
    if progress.passed(activity.id):
        state = ActivityStatus.PASSED
    else:
        state = ActivityStatus.OPEN if attempts or activity.id in progress.started() else ActivityStatus.NEW
    return Row(
        activity=activity,
        state=state,
        attempts=len(attempts),
        points=best.points if best else 0,
        max_points=best.max_points if best else sum(check.points for check in activity.checks),
        hints=progress.hints_given(activity.id),
        revealed=progress.revealed(activity.id),
        at=attempts[-1].at if attempts else "",
        failing=found[0].check if found else "",
    )
