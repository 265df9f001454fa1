"""What is found before anything runs, and how the judge's result becomes an exit status."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import grader.boundary.confined_judge
from grader.errors import ExitStatus, UsageError
from grader.plan import Plan
from grader.result import Fault, Outcome, Result, Tier, Verdict
from grader.submission import Submission
from workshop.actions.check import check
from workshop.actions.project import Project
from workshop.actions.start import carry_out, prepare


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[Plan]:
    """The plans that reached the judge, which passes everything here."""
    plans: list[Plan] = []

    def judge(_: object, submission: Submission, plan: Plan, report: object = None) -> Result:
        plans.append(plan)
        checks = [Verdict(each.id, each.id, each.tier, Outcome.PASSED) for each in plan.checks]
        return Result(plan.activity, Outcome.PASSED, checks=tuple(checks))

    monkeypatch.setattr(grader.boundary.confined_judge.ConfinedJudge, "judge", judge)
    return plans


def test_with_a_blank_open_nothing_is_run(learner: Project, judged: list[Plan]) -> None:
    carry_out(learner, prepare(learner, learner.activity("3")))
    checked = check(learner, learner.activity("3"))
    assert not judged
    assert (checked.result.outcome, checked.result.fault, checked.status) == (
        Outcome.FAILED,
        Fault.CODE,
        ExitStatus.CODE,
    )
    assert len(checked.result.blanks) == 5
    assert learner.progress.attempts("activity-3")[0].blanks == 5


def test_a_syntax_error_is_named_and_nothing_is_run(learner: Project, judged: list[Plan]) -> None:
    (learner.root / "users" / "views.py").write_text("import this\n\ndef broken(:\n    pass\n")
    checked = check(learner, learner.activity("3"))
    assert not judged
    (verdict,) = checked.result.checks
    assert verdict.where is not None
    assert (verdict.where.file, verdict.where.line) == ("users/views.py", 3)
    assert checked.status is ExitStatus.CODE


def test_a_broken_script_beside_the_project_stops_nothing(learner: Project, judged: list[Plan]) -> None:
    (learner.root / "notes.py").write_text("print 'old'\n")
    assert check(learner, learner.activity("3")).status is ExitStatus.OK
    assert judged


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands for another Python")
def test_syntax_that_only_their_python_knows_is_no_error(
    learner: Project, judged: list[Plan], tmp_path: Path
) -> None:
    newer = tmp_path / "newer-python"
    newer.write_text("#!/bin/sh\nexit 0\n")
    newer.chmod(0o755)
    (learner.root / "users" / "views.py").write_text("type Row[T] = list[T] | broken here\n")
    theirs = Submission(learner.root, "safeboda.settings", Path("safeboda/settings.py"), newer, "a test")
    checked = check(Project(theirs, learner.state, learner.course), learner.activity("3"))
    assert checked.status is ExitStatus.OK
    newer.write_text("#!/bin/sh\nexit 1\n")
    checked = check(Project(theirs, learner.state, learner.course), learner.activity("3"))
    assert checked.status is ExitStatus.CODE


def test_what_workshop_toml_names_reaches_the_judge(learner: Project, judged: list[Plan]) -> None:
    (learner.root / "workshop.toml").write_text('load_test = "load.py"\n')
    check(learner, learner.activity("3"))
    assert {each.options["load_test"] for each in judged[0].checks} == {"load.py"}
    (learner.root / "workshop.toml").write_text('load_tests = "load.py"\n')
    with pytest.raises(UsageError, match="load_tests"):
        check(learner, learner.activity("3"))


def test_the_plan_has_the_core_so_far_and_the_attempt_is_kept(learner: Project, judged: list[Plan]) -> None:
    checked = check(learner, learner.activity("4"))
    (plan,) = judged
    ids = [each.id for each in plan.checks]
    assert ids.index("B3") < ids.index("F1") < ids.index("L2")
    assert "B1" not in ids
    assert {each.points for each in plan.checks if each.id in ("B3", "F1")} == {0}
    assert learner.progress.passed("activity-4")
    assert checked.go_on == "start activity-5"
    learner.progress.start("activity-5", {})
    assert check(learner, learner.activity("3")).go_on == "check activity-5"


@pytest.mark.parametrize(
    ("outcome", "fault", "status"),
    [
        (Outcome.PASSED, None, 0),
        (Outcome.FAILED, Fault.CODE, 1),
        (Outcome.FAILED, None, 1),
        (Outcome.ERROR, Fault.CODE, 1),
        (Outcome.ERROR, Fault.ENVIRONMENT, 3),
        (Outcome.ERROR, Fault.GRADER, 4),
    ],
)
def test_the_fault_decides_the_exit_status(
    learner: Project, monkeypatch: pytest.MonkeyPatch, outcome: Outcome, fault: Fault | None, status: int
) -> None:
    result = Result("activity-3", outcome, fault, (), (Verdict("F1", "F1", Tier.CORE, outcome),))
    monkeypatch.setattr(grader.boundary.confined_judge.ConfinedJudge, "judge", lambda *_, **__: result)
    assert check(learner, learner.activity("3")).status == status
