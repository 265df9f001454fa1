"""A run is hermetic, and what is wrong with a check or a plan is never the learner's fault."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.errors import GraderError
from grader.judge.run import Checks, files_of, run_checks
from grader.plan import CheckWords, Plan, PlannedCheck
from grader.result import Fault, Outcome, Tier, Verdict
from grader.sandbox.hosting.sandbox import Sandbox
from grader.spec import CheckSpec
from grader.submission import find
from tests.plans import plan
from tests.projects.handout import HONEST

Run = Callable[[str], Verdict]


def own_plan(file: Path) -> Plan:
    """One check named X1, which is expected in `file`."""
    words = CheckWords("t", "m", "y")
    return Plan("activity-4", (PlannedCheck(CheckSpec("X1", str(file)), words, Tier.CORE, 2),))


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    """A sandbox that was not started: what is checked here asks nothing of the project."""
    return Sandbox(find(HONEST.write(tmp_path / "boda")))


@pytest.fixture
def run(sandbox: Sandbox, tmp_path: Path) -> Run:
    """Run the body of a check named X1; its verdict."""
    file = tmp_path / "activity_own.py"

    def run(body: str) -> Verdict:
        head = "from grader.spec import check, expect\n\n@check('X1')\n"
        file.write_text(f"{head}def check_x(submission):\n    {body}\n")
        (verdict,) = run_checks(sandbox.project, own_plan(file), lambda verdict: None)
        return verdict

    return run


def test_a_check_passes_if_what_it_expects_is_so(run: Run) -> None:
    verdict = run("expect(submission.root, seen='no root')")
    assert (verdict.outcome, verdict.points, verdict.fault) == (Outcome.PASSED, 2, None)


def test_a_check_that_expects_nothing_is_our_fault(run: Run) -> None:
    verdict = run("pass")
    assert (verdict.outcome, verdict.points, verdict.fault) == (Outcome.ERROR, 0, Fault.GRADER)
    assert "expected nothing" in verdict.seen


@pytest.mark.parametrize(
    "body", ["1 / 0", "assert False", "raise SystemExit(0)", "raise BaseException", "missing"]
)
def test_a_check_that_breaks_is_our_fault(run: Run, body: str) -> None:
    verdict = run(body)
    assert (verdict.outcome, verdict.points, verdict.fault) == (Outcome.ERROR, 0, Fault.GRADER)
    assert "the workshop" in verdict.means


def test_a_check_that_cannot_be_loaded_is_our_fault(run: Run) -> None:
    with pytest.raises(GraderError):
        run("(")


def test_whoever_presses_ctrl_c_is_heard(run: Run) -> None:
    with pytest.raises(KeyboardInterrupt):
        run("raise KeyboardInterrupt")


def test_a_plan_that_lacks_a_check_is_our_fault(sandbox: Sandbox) -> None:
    with pytest.raises(GraderError, match="lacks the check L2"):
        run_checks(sandbox.project, plan("B3", "L3"), lambda verdict: None)


def test_a_check_that_is_not_in_its_file_is_our_fault(sandbox: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "activity_none.py"
    file.write_text("")
    with pytest.raises(GraderError, match="X1 was not found"):
        run_checks(sandbox.project, own_plan(file), lambda verdict: None)


def test_a_plan_of_nothing_collects_nothing(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even where the judge happens to stand: that may be the learner's own folder."""
    (tmp_path / "test_own.py").write_text("raise SystemExit('collected')")
    monkeypatch.chdir(tmp_path)
    assert run_checks(sandbox.project, Plan("activity-4", ()), lambda verdict: None) == []


def test_each_verdict_is_told_as_it_comes_and_all_in_the_order_of_the_plan(sandbox: Sandbox) -> None:
    told: list[Verdict] = []
    assert run_checks(sandbox.project, plan("B2"), told.append) == told


def test_nothing_of_the_learners_bends_the_judge(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one check that is run fails; whoever got a word in would make it pass, vanish or break."""
    root = sandbox.submission.root
    (root / "requirements.txt").write_text("django\n")
    rewrite = (
        "import pytest\n\n@pytest.hookimpl(wrapper=True)\ndef pytest_runtest_makereport(item, call):\n"
        "    report = yield\n    report.outcome = 'passed'\n    call.excinfo = None\n    return report\n"
        "def pytest_collection_modifyitems(items):\n    items.clear()\n"
    )
    (root / "conftest.py").write_text(rewrite)
    (root / "boda_plugin.py").write_text(rewrite)
    (root / "pytest.py").write_text("raise SystemExit('not this pytest')\n")
    (root / "pytest.ini").write_text("[pytest]\naddopts = --collect-only -p boda_plugin\n")
    (root / "setup.cfg").write_text("[tool:pytest]\naddopts = --collect-only\n")
    (root / "sitecustomize.py").write_text("raise SystemExit('not this site')\n")
    monkeypatch.chdir(root)
    monkeypatch.setenv("PYTEST_ADDOPTS", "--collect-only -p boda_plugin")
    monkeypatch.setenv("PYTEST_PLUGINS", "boda_plugin")
    monkeypatch.setenv("PYTHONPATH", str(root))
    (verdict,) = run_checks(sandbox.project, plan("B2"), lambda verdict: None)
    assert (verdict.id, verdict.outcome, verdict.fault) == ("B2", Outcome.FAILED, Fault.CODE)
    assert "boda_plugin" not in sys.modules


def test_the_checks_are_collected_once_and_each_run_stands_alone(sandbox: Sandbox) -> None:
    requirements = sandbox.submission.root / "requirements.txt"
    with Checks(files_of(plan("B2"))) as checks:
        requirements.write_text("django\n")
        (before,) = checks.run(sandbox.project, plan("B2"), lambda verdict: None)
        requirements.write_text("django\ndjango-redis\nredis\npython-dotenv\n")
        (after,) = checks.run(sandbox.project, plan("B2"), lambda verdict: None)
    assert (before.outcome, after.outcome) == (Outcome.FAILED, Outcome.PASSED)
