"""What the trees of docs/checks.md must do: the proof that the checks are neither too hard nor too easy.

`make proof` runs all of it; `make test` runs the last activity of each tree.
"""

from __future__ import annotations

import pytest

from grader.boundary.confined_judge import judge
from grader.result import Fault, Outcome, Result, Tier
from grader.submission import find
from tests.conftest import MakeProject
from workshop.author.trees import TreeKind
from workshop.author.trees_hold import letter_fails
from workshop.course.load import activities, hidden, load
from workshop.course.plan import plan_for

LAST = max(activity.number for activity in activities())
EVERY = range(2, LAST + 1)


def judged(make_project: MakeProject, number: int, kind: TreeKind | None) -> Result:
    """The result of activity `number` on a tree; None is the bare starter."""
    tree = make_project() if kind is None else make_project(number, kind)
    return judge(find(tree), plan_for(load(number), activities()), hidden=hidden())


def failing(result: Result, tier: Tier) -> dict[str, str]:
    """What was seen in each check of a tier that failed."""
    return {
        verdict.id: verdict.seen
        for verdict in result.checks
        if verdict.tier is tier and verdict.outcome in (Outcome.FAILED, Outcome.ERROR) and verdict.id != "B1"
    }


def numbers(*always: int) -> list[object]:
    """Every activity; those not in `always` are for `make proof`."""
    return [number if number in always else pytest.param(number, marks=pytest.mark.proof) for number in EVERY]


@pytest.mark.parametrize("number", numbers(2))
def test_the_starter_fails_every_activity(make_project: MakeProject, number: int) -> None:
    result = judged(make_project, number, None)
    assert result.outcome is not Outcome.PASSED
    assert "B2" in failing(result, Tier.CORE)


@pytest.mark.parametrize("number", numbers(LAST))
def test_the_core_tree_passes_all_core(make_project: MakeProject, number: int) -> None:
    assert failing(judged(make_project, number, TreeKind.CORE), Tier.CORE) == {}


@pytest.mark.parametrize("number", numbers(LAST))
def test_the_letter_passes_all_core_and_fails_what_is_listed(make_project: MakeProject, number: int) -> None:
    result = judged(make_project, number, TreeKind.LETTER)
    assert failing(result, Tier.CORE) == {}
    failed = failing(result, Tier.CHALLENGE)
    assert {each.id: each.how for each in result.checks if each.id in failed} == letter_fails(number)
    assert all(verdict.fault in (Fault.CODE, None) for verdict in result.checks if verdict.id != "B1")


@pytest.mark.parametrize("number", numbers(LAST))
def test_the_reference_passes_core_and_challenge(make_project: MakeProject, number: int) -> None:
    result = judged(make_project, number, TreeKind.REFERENCE)
    assert failing(result, Tier.CORE) | failing(result, Tier.CHALLENGE) == {}
