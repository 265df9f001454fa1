"""The review of a project: one's own word first, then the workshop's; everything is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.result import CachedView, Cell, Outcome, Result, Tier, Verdict, Write
from workshop.actions import review as action
from workshop.actions.project import Project, opened
from workshop.actions.submit import submit
from workshop.course.matrix import Freshness, matrix, matrix_of_cells
from workshop.review.load import sheet
from workshop.review.model import HunkKind

CHECKS = sorted({id for line in sheet().lines for id in line.checks} | {"N13", "N2"})


@pytest.fixture
def learner(project: Path) -> Iterator[Project]:
    with opened(project, notice=pytest.fail) as found:
        yield found


def check(learner: Project, *failing: str) -> None:
    verdicts = [
        Verdict(id, id, Tier.CORE, Outcome.FAILED if id in failing else Outcome.PASSED) for id in CHECKS
    ]
    learner.progress.record(Result("activity-9", Outcome.FAILED, checks=tuple(verdicts)))


def answers(**ticks: bool) -> str:
    said = {f"K{n}": {"tick": ticks.get(f"K{n}", True), "reason": f"reason {n}"} for n in range(1, 7)}
    return json.dumps(said)


def faults(learner: Project) -> list[int]:
    return [hunk.number for hunk in action.review(learner).hunks if hunk.change.kind is HunkKind.FAULT]


def test_without_a_check_there_is_nothing_to_compare_with(learner: Project) -> None:
    with pytest.raises(UsageError, match="nothing yet"):
        action.insist_on_a_check(learner)
    check(learner)
    action.insist_on_a_check(learner)


def test_ours_is_not_told_before_all_of_theirs_is_said(learner: Project) -> None:
    check(learner, "N10")
    action.tick(learner, "K1", True, "from the environment")
    before = action.as_json(action.review(learner))
    assert {line["ours"] for line in before["lines"]} == {None}
    assert {hunk["kind"] for hunk in before["pull_request"]} == {None}
    assert (before["evidence"], before["score"]) == (None, None)
    action.take(learner, answers(K3=False))
    after = action.as_json(action.review(learner))
    assert [line["ours"] for line in after["lines"]] == [True, True, False, True, True, True]
    assert after["calibration"] == 1.0
    assert {hunk["kind"] for hunk in after["pull_request"]} == {None}


def test_once_ours_is_told_theirs_stays(learner: Project) -> None:
    check(learner)
    action.take(learner, answers())
    with pytest.raises(UsageError, match="stay as they are"):
        action.tick(learner, "K1", False, "on second thoughts")
    action.send_back(learner, [1])
    with pytest.raises(UsageError, match="have reviewed"):
        action.send_back(learner, faults(learner))


def test_a_whole_review_is_graded_and_submitted(learner: Project) -> None:
    check(learner)
    action.take(learner, json.dumps({**json.loads(answers()), "send_back": faults(learner)}))
    found = action.review(learner)
    assert found.done
    assert found.grade.score == pytest.approx(1.0)
    handed_in = json.loads(submit(learner).read_text(encoding="utf-8"))["reviews"]
    assert [each["score"] for each in handed_in] == [1.0]


def test_another_turn_brings_another_pull_request(learner: Project) -> None:
    check(learner)
    with pytest.raises(UsageError, match="not done"):
        action.again(learner)
    action.take(learner, json.dumps({**json.loads(answers()), "send_back": []}))
    first = action.review(learner)
    action.again(learner)
    second = action.review(learner)
    assert (first.turn, second.turn, len(second.open)) == (0, 1, 6)
    assert [hunk.change for hunk in first.hunks] != [hunk.change for hunk in second.hunks]
    assert action.review(learner, 0) == first


@pytest.mark.parametrize(
    "text",
    ["[]", "{", '{"K7": {"tick": true, "reason": "x"}}', '{"K1": true}', '{"K1": {"tick": true}}',
     '{"send_back": "2"}', '{"send_back": [99]}'],
)  # fmt: skip
def test_answers_that_are_not_understood_leave_nothing_behind(learner: Project, text: str) -> None:
    check(learner)
    before = action.review(learner)
    with pytest.raises(UsageError):
        action.take(learner, text)
    assert action.review(learner) == before


def test_the_matrix_of_the_last_check_is_kept(learner: Project) -> None:
    cell = Cell("passenger list", Write.POST, False)
    verdicts = tuple(Verdict(id, id, Tier.CORE, Outcome.PASSED, cells=(cell,)) for id in ("N2", "N7"))
    found = matrix(Result("activity-9", Outcome.FAILED, checks=verdicts))
    assert found is not None
    learner.progress.record(Result("activity-9", Outcome.FAILED, checks=verdicts), found.cells())
    again = matrix_of_cells(learner.progress.cells())
    assert again is not None
    assert again.states == found.states
    assert again.states[CachedView.PASSENGER_LIST, Write.POST] is Freshness.STALE
