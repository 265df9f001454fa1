"""`review` without a terminal: what is asked is told, answers come from a file, and ours comes last."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.result import Outcome, Result, Tier, Verdict
from tests.workshop.cli.conftest import Ran
from workshop.actions.project import opened
from workshop.review.load import sheet

Run = Callable[..., Ran]


def test_a_review_by_files(run: Run, project: Path) -> None:
    refused = run(project, "review")
    assert (refused.status, refused.out) == (2, "")
    assert "check activity-9" in refused.err

    ids = {id for line in sheet().lines for id in line.checks} - {"R6"}
    verdicts = [Verdict(id, id, Tier.CORE, Outcome.PASSED) for id in sorted(ids | {"N13"})]
    with opened(project, notice=pytest.fail) as learner:
        learner.progress.record(Result("activity-9", Outcome.PASSED, checks=tuple(verdicts)))

    asked = run(project, "review")
    assert asked.out.count("not ticked yet") == 6
    assert "--answers FILE" in asked.out

    ticks = {f"K{n}": {"tick": True, "reason": "I saw it"} for n in range(1, 7)}
    found = json.loads(
        run(project, "review", "--answers", "-", "--format", "json", typed=json.dumps(ticks)).out
    )
    assert [line["ours"] for line in found["lines"]] == [False, True, True, True, True, True]
    assert found["score"] is None

    shown = run(project, "review").out
    assert "R6: never judged here" in shown
    assert "The pull request is not read yet." in shown

    (project / "said.json").write_text('{"send_back": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}', encoding="utf-8")
    done = run(project, "review", "--answers", "said.json")
    assert "4 of 4 faults, 10 hunks named" in done.out
    assert "the pull request         40%   counts for 20%" in done.out
    assert run(project, "review", "--answers", "said.json").status == 2
