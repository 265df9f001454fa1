"""The pull request of Activity 9 is true: each fault breaks its check on the reference, and decoys none."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.checks import in_order
from grader.judge import judge
from grader.plan import Plan, PlannedCheck
from grader.result import Outcome, Tier
from grader.submission import find
from tests.conftest import MakeProject
from workshop.author.bench import with_needs
from workshop.author.trees import TreeKind as Tree
from workshop.course.load import activities, load
from workshop.course.plan import plan_for
from workshop.review.load import sheet
from workshop.review.model import Change, HunkKind

pytestmark = pytest.mark.proof

FAULTS = [change for change in sheet().changes if change.kind is HunkKind.FAULT]
FINE = (Outcome.PASSED, Outcome.SKIPPED)


def apply(change: Change, project: Path) -> None:
    file = project / change.place.partition(":")[0]
    text = file.read_text(encoding="utf-8")
    assert text.count(change.old) == 1, change.id
    file.write_text(text.replace(change.old, change.new), encoding="utf-8")


@pytest.mark.parametrize("change", FAULTS, ids=lambda change: change.id)
def test_a_fault_fails_the_check_it_names(change: Change, make_project: MakeProject) -> None:
    project = make_project(9, Tree.REFERENCE)
    apply(change, project)
    planned = (PlannedCheck(id, Tier.CHALLENGE, 1) for id in in_order(sorted(with_needs({change.check}))))
    result = judge(find(project), Plan("activity-9", tuple(planned)))
    outcomes = {verdict.id: verdict.outcome for verdict in result.checks}
    assert outcomes[change.check] is Outcome.FAILED, outcomes


def test_decoys_and_plain_changes_fail_nothing(make_project: MakeProject) -> None:
    project = make_project(9, Tree.REFERENCE)
    for change in sheet().changes:
        if change.kind is not HunkKind.FAULT:
            apply(change, project)
    plan = {planned.id: planned for planned in plan_for(load(9), activities()).checks}
    for activity in activities():
        for check in activity.checks:
            if check.tier is Tier.CHALLENGE and check.id not in plan:
                plan[check.id] = PlannedCheck(check.id, check.tier, 1)
    result = judge(find(project), Plan("activity-9", tuple(plan.values())))
    assert {verdict.id: verdict.seen for verdict in result.checks if verdict.outcome not in FINE} == {}
