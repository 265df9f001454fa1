"""From the course to what the judge is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from grader.plan import Plan, PlannedCheck
from grader.result import Tier
from workshop.course.model import Activity

ONCE = frozenset({"B1"})
"""Checks of the learner's own machine: judged in their own activity only, never again."""


def plan_for(
    activity: Activity, activities: Iterable[Activity], named: Mapping[str, str] | None = None
) -> Plan:
    """The core of all earlier `activities`, for no points, and then all checks of `activity`.

    A check that is named by several activities is judged once, as the latest of them says. Questions are not
    judged. What the learner `named` in workshop.toml is told to every check.
    """
    own = {check.id: PlannedCheck(check.id, check.tier, check.points) for check in activity.checks}
    earlier: dict[str, PlannedCheck] = {}
    for each in sorted(activities, key=lambda each: each.number):
        if each.number < activity.number and not each.theory:
            for check in each.checks:
                if check.tier is Tier.CORE and check.id not in ONCE and check.id not in own:
                    earlier[check.id] = PlannedCheck(check.id, check.tier)
    checks = (*earlier.values(), *own.values())
    return Plan(activity.id, tuple(replace(check, options=named or {}) for check in checks))
