"""The next hint on a check that failed, chosen by how it failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.errors import UsageError
from grader.result import Outcome
from workshop.actions.blanks import in_the_way
from workshop.actions.failing import SYNTAX, course_check, first_failing
from workshop.actions.project import Project
from workshop.course.model import Activity, CourseCheck
from workshop.state.progress import Attempt, Failing

LEVELS = 3


@dataclass(frozen=True, slots=True)
class Hint:
    """One hint. `check` is the id it is about, empty for a general one; `level` counts from 1 to `LEVELS`."""

    activity: Activity
    text: str
    check: str = ""
    level: int = 0

    @property
    def last(self) -> bool:
        """Whether there is no further one."""
        return self.level in (0, LEVELS)


def hint(project: Project, activity: Activity, named: str = "") -> Hint:
    """The next hint on the check that is `named`, or on the one to work on first. It is remembered as given.

    Raises UsageError if there has been no check to hint at.
    """
    attempts = project.progress.attempts(activity.id)
    if not attempts:
        raise UsageError(
            f"There is nothing to give a hint on yet: activity {activity.number} has not been checked here.",
            f"Type `workshop check {activity.id}` first; then a hint can answer to what was seen.",
        )
    attempt = attempts[-1]
    if attempt.blanks:
        return Hint(activity, _on_a_blank(project, activity))
    found = first_failing(attempt, activity, project.course)
    if named:
        found = _failing(attempt, named, activity, project.course)
        if found is None:
            return Hint(activity, f"{named} did not fail in the last check. There is nothing to hint at.")
        if found[0].outcome is Outcome.BLOCKED:
            text = f"{named} was not run, since a check that it needs did not pass. "
            return Hint(activity, f"{text}`workshop explain {named}` says which.")
    if found is None:
        judged = [each for each in attempt.failing if each.outcome is Outcome.FAILED and each.check != SYNTAX]
        if judged:
            # The course was updated since, and calls that check otherwise or has it no more.
            text = (
                "The last check was made by another version of the workshop. "
                f"Type `workshop check {activity.id}` again; then a hint can answer to what was seen."
            )
        elif attempt.failing:
            text = "Your project could not run in the last check. Put right what it named, then check again."
        else:
            text = "Everything passed in the last check. There is nothing to hint at."
        return Hint(activity, text)
    failing, check = found
    levels = check.hints_for(failing.how)
    level = min(project.progress.hint_level(activity.id, check.id, failing.how) + 1, LEVELS)
    project.progress.give_hint(activity.id, check.id, failing.how, level)
    return Hint(activity, levels[level - 1], check.id, level)


def _failing(
    attempt: Attempt, named: str, activity: Activity, course: Sequence[Activity]
) -> tuple[Failing, CourseCheck] | None:
    check = course_check(named, activity, course)
    failed = (Outcome.FAILED, Outcome.ERROR, Outcome.BLOCKED)
    found = (each for each in attempt.failing if each.check == named and each.outcome in failed)
    failing = next(found, None)
    return (failing, check) if failing and check else None


def _on_a_blank(project: Project, activity: Activity) -> str:
    blanks = in_the_way(project.root, activity, project.course)
    if not blanks:
        return f"The blanks are filled now. Type `workshop check {activity.id}` to see whether it works."
    first = blanks[0]
    return (
        f"Fill the blank in {first.file}, line {first.line}, first: {first.source}\n"
        f"The lesson says what belongs there: `workshop lesson {activity.id}`."
    )
