"""No check of the core passes, or is skipped, by having nothing to judge; an optional feature may lack."""

from __future__ import annotations

import pytest

from grader.judge.verdicts import verdict_of
from grader.plan import CheckWords, PlannedCheck
from grader.result import Fault, Outcome, Tier
from grader.spec import CheckSpec, NotApplicable

FEATURE = NotApplicable("the list has no pages")
WRITE = NotApplicable("the project offers no POST", "Let the view answer POST.")
MACHINE = NotApplicable("port 8000 is taken", "Stop your runserver.", Fault.ENVIRONMENT)


@pytest.mark.parametrize(
    ("tier", "optional", "lacks", "outcome", "fault"),
    [
        (Tier.CORE, True, FEATURE, Outcome.SKIPPED, None),
        (Tier.CORE, False, FEATURE, Outcome.FAILED, Fault.CODE),
        (Tier.CORE, True, WRITE, Outcome.FAILED, Fault.CODE),
        (Tier.CORE, False, MACHINE, Outcome.ERROR, Fault.ENVIRONMENT),
        (Tier.CHALLENGE, False, WRITE, Outcome.SKIPPED, None),
        (Tier.CHALLENGE, False, MACHINE, Outcome.SKIPPED, None),
    ],
)
def test_where_there_is_nothing_to_judge(
    tier: Tier, optional: bool, lacks: NotApplicable, outcome: Outcome, fault: Fault | None
) -> None:
    words = CheckWords("title", "means", "try")
    verdict = verdict_of(PlannedCheck(CheckSpec("X1", "x.py"), words, tier, 2, optional), lacks)
    assert (verdict.outcome, verdict.fault, verdict.points, verdict.max_points) == (outcome, fault, 0, 2)
    assert lacks.reason in verdict.seen
    if outcome is not Outcome.SKIPPED:
        assert verdict.try_
