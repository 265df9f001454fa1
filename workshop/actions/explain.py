"""A check of the last result, explained again without another run."""

from __future__ import annotations

from dataclasses import dataclass

from grader.errors import UsageError
from grader.result import Outcome, Verdict
from workshop.actions.project import Project
from workshop.course.model import Activity


@dataclass(frozen=True, slots=True)
class Explained:
    """The verdict of a check; None if everything passed. If none was named, `others` did not pass either."""

    activity: Activity
    verdict: Verdict | None
    others: tuple[Verdict, ...]


def explain(project: Project, activity: Activity, named: str = "") -> Explained:
    """The check that is `named`, or the one to work on first, as it came out in the last check of `activity`.

    Raises UsageError if the activity was not checked, or not this check with it.
    """
    again = f"Type `workshop check {activity.id}` first."
    result = project.progress.last_result(activity.id)
    if result is None:
        raise UsageError(f"Activity {activity.number} has not been checked here.", again)
    if not result.checks:
        raise UsageError(
            f"Nothing was run in the last check of activity {activity.number}: a blank was still open.",
            f"`workshop tasks {activity.id}` shows where.",
        )
    verdict = result.first_failure
    if named:
        verdict = next((each for each in result.checks if each.id == named), None)
        if verdict is None:
            ids = ", ".join(each.id for each in result.checks)
            raise UsageError(
                f"{named} was not judged in the last check of activity {activity.number}.",
                f"These were: {ids}.",
            )
    not_passed = (Outcome.FAILED, Outcome.ERROR, Outcome.BLOCKED)
    others = [each for each in result.checks if each.outcome in not_passed and each != verdict]
    return Explained(activity, verdict, () if named else tuple(others))
