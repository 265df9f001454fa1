"""From the course to what the judge is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from grader.checks import specs
from grader.errors import GraderError
from grader.plan import Plan, PlannedCheck
from grader.result import Tier
from workshop.course.model import Activity, CourseCheck, Judged


def plan_for(
    activity: Activity, activities: Iterable[Activity], named: Mapping[str, str] | None = None
) -> Plan:
    """The core of all earlier `activities`, for no points, and then all checks of `activity`.

    A check that is named by several activities is judged once, as the latest of them says. A check of the
    learner's own machine is judged in its own activity only. Questions are not judged. What the learner
    `named` in workshop.toml is told to every check. Raises GraderError if the grader lacks a check.
    """
    own = {check.id: planned(check, named) for check in activity.checks if check.words}
    earlier: dict[str, PlannedCheck] = {}
    for each in sorted(activities, key=lambda each: each.number):
        for check in each.checks if each.number < activity.number else ():
            if check.tier is Tier.CORE and check.words and check.id not in own:
                earlier[check.id] = replace(planned(check, named), points=0)
    again = (each for each in earlier.values() if not each.spec.machine_only)
    return Plan(activity.id, (*again, *own.values()))


def planned(check: CourseCheck, named: Mapping[str, str] | None = None) -> PlannedCheck:
    """A check as its activity has it. Raises GraderError if the grader lacks it, or it is a question."""
    spec = specs().get(check.id)
    if spec is None or check.words is None:
        raise GraderError(f"The course has the check {check.id}, and the grader has not.")
    optional = spec.machine_only or check.judged in (Judged.PRESENT, Judged.BOTH)
    return PlannedCheck(spec, check.words, check.tier, check.points, optional, named or {})
