"""The pull request of Activity 9 is true: each fault breaks its check on the reference, and decoys none."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.boundary.confined_judge import judge
from grader.plan import Plan, in_order
from grader.result import Outcome, Tier
from grader.submission import find
from tests.conftest import MakeProject
from tests.plans import plan
from workshop.author.corpus_judge import with_needs
from workshop.author.trees import TreeKind as Tree
from workshop.course.load import activities, hidden, load
from workshop.course.plan import plan_for, planned
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
    checks = plan(*sorted(with_needs({change.check})), tier=Tier.CHALLENGE).checks
    result = judge(find(project), Plan("activity-9", in_order(checks)), hidden=hidden())
    outcomes = {verdict.id: verdict.outcome for verdict in result.checks}
    assert outcomes[change.check] is Outcome.FAILED, outcomes


def test_decoys_and_plain_changes_fail_nothing(make_project: MakeProject) -> None:
    project = make_project(9, Tree.REFERENCE)
    for change in sheet().changes:
        if change.kind is not HunkKind.FAULT:
            apply(change, project)
    checks = {each.id: each for each in plan_for(load(9), activities()).checks}
    for activity in activities():
        for check in activity.checks:
            if check.tier is Tier.CHALLENGE and check.id not in checks:
                checks[check.id] = planned(check)
    result = judge(find(project), Plan("activity-9", tuple(checks.values())), hidden=hidden())
    assert {verdict.id: verdict.seen for verdict in result.checks if verdict.outcome not in FINE} == {}
