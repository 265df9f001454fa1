"""The one command that comes next. Every screen that names one asks here."""

from __future__ import annotations

from dataclasses import dataclass

from workshop.actions.failing import first_failing
from workshop.actions.project import Project
from workshop.course.model import Activity


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to type, as "check activity-4", and a sentence that says why, or an empty text."""

    words: str
    why: str = ""


def next_step(project: Project) -> NextStep:
    """What comes next for the activity that was started or checked last."""
    activity = project.current
    if activity is None:
        return NextStep(f"start {project.course[0].id}")
    passed = project.progress.passed(activity.id)
    if activity.theory and not passed:
        return NextStep(f"quiz {activity.id}")
    if project.progress.started_since_check(activity.id):
        return NextStep(f"check {activity.id}")
    if passed:
        return after(project, activity)
    attempt = project.progress.attempts(activity.id)[-1]
    if attempt.blanks:
        return NextStep(f"tasks {activity.id}", "A blank was still open in the last check.")
    failing = first_failing(attempt, activity, project.course)
    if failing is None:
        return NextStep(f"check {activity.id}")
    return NextStep(f"hint {activity.id}", f"{failing[0].check} did not pass in the last check.")


def after(project: Project, activity: Activity) -> NextStep:
    """What comes next once `activity` has passed: its review, else a later activity, else an earlier one."""
    from workshop.actions.review import to_review  # it brings the questions along, for the last activity only

    if to_review(project, activity):
        return NextStep("review")
    to_do = [each for each in project.course if each != activity and not project.done(each)]
    if not to_do:
        return NextStep("submit", "You have passed every activity.")
    coming = min(to_do, key=lambda each: (each.number < activity.number, each.number))
    if coming.theory and coming.id in project.progress.started():
        return NextStep(f"quiz {coming.id}")
    return NextStep(f"{'check' if coming.id in project.progress.started() else 'start'} {coming.id}")
