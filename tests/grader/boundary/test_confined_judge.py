"""The judge in its jail judges as it does outside, and whatever becomes of it, the run is the project's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from grader.boundary import judge_process, watcher
from grader.boundary.confined_judge import ConfinedJudge
from grader.judge import Judge
from grader.plan import Plan
from grader.result import Fault, Outcome, Result, Tier, Verdict
from grader.sandbox.hosting.jail import detect
from grader.servers.connection_check import ConnectionReport
from grader.servers.findings import FindingKind
from grader.servers.process import start_mark, until
from grader.submission import find
from tests.conftest import MakeProject
from workshop.course.load import activities, hidden, load
from workshop.course.plan import plan_for

pytestmark = pytest.mark.skipif(detect() is None, reason="no bubblewrap")


def plan(number: int = 3) -> Plan:
    """What `workshop check` judges."""
    return plan_for(load(number), activities())


@pytest.fixture
def judge() -> Iterator[ConfinedJudge]:
    """A judge in its jail, which has no other Redis to ask."""
    with ConfinedJudge(jail=True, hidden=hidden(), connect=_connect) as judge:
        yield judge


def _connect(url: str) -> ConnectionReport:
    return ConnectionReport(FindingKind.OK, f"asked for {url}")


def _told(result: Result) -> list[tuple[str, Outcome, int, str]]:
    return [(verdict.id, verdict.outcome, verdict.points, verdict.how) for verdict in result.checks]


def test_it_judges_as_the_judge_does_without_an_outer_jail(
    judge: ConfinedJudge, make_project: MakeProject
) -> None:
    project = find(make_project(3))
    heard: list[Verdict] = []
    confined = judge.judge(project, plan(), heard.append)
    with Judge(hidden=hidden(), connect=_connect) as plain:
        assert _told(confined) == _told(plain.judge(project, plan()))
    assert {verdict.id for verdict in heard} == {verdict.id for verdict in confined.checks}
    assert confined.outcome is Outcome.PASSED
    assert confined.jail == "bubblewrap"


def test_a_second_run_sees_what_was_saved(judge: ConfinedJudge, make_project: MakeProject) -> None:
    root = make_project(3)
    assert judge.judge(find(root), plan()).outcome is Outcome.PASSED
    views = root / "users" / "views.py"
    good = views.read_text()
    views.write_text("raise RuntimeError('saved')\n")
    assert judge.judge(find(root), plan()).outcome is Outcome.FAILED
    views.write_text(good)
    assert judge.judge(find(root), plan()).outcome is Outcome.PASSED


def test_another_project_comes_into_another_jail(judge: ConfinedJudge, make_project: MakeProject) -> None:
    assert judge.judge(find(make_project(3)), plan()).outcome is Outcome.PASSED
    first = judge._process
    assert judge.judge(find(make_project(3, name="other")), plan()).outcome is Outcome.PASSED
    assert judge._process is not first


def test_a_project_that_takes_the_memory_has_failed(judge: ConfinedJudge, make_project: MakeProject) -> None:
    root = make_project(3)
    settings = root / "safeboda" / "settings.py"
    settings.write_text(settings.read_text() + "\nTAKEN = bytearray(b'x') * 1_000_000_000\n")
    result = judge.judge(find(root), plan())
    assert (result.outcome, result.fault) == (Outcome.FAILED, Fault.CODE)
    failed = result.first_failure
    assert failed is not None
    assert failed.seen == watcher.Excess.MEMORY
    assert result.points == 0


def test_a_run_without_an_end_has_failed(
    judge: ConfinedJudge, make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watcher, "SECONDS", 2.0)
    root = make_project(3)
    settings = root / "safeboda" / "settings.py"
    settings.write_text(settings.read_text() + "\nwhile True:\n    pass\n")
    result = judge.judge(find(root), plan())
    assert (result.outcome, result.fault) == (Outcome.FAILED, Fault.CODE)
    assert result.first_failure is not None
    assert result.first_failure.seen == watcher.Excess.TIME


READY = "import os; os.write(1, b'{\"ready\": {}}\\n'); os.read(0, 100_000); "
VERDICT = (
    "from grader.boundary import replies; from grader.result import *; "
    "v = lambda id, tier, points: os.write(1, replies.line(replies.Judged(Verdict("
    "id, 't', Tier(tier), Outcome.PASSED, points, points)))); "
)


@pytest.mark.parametrize(
    "code",
    [
        READY,
        READY + "os.write(1, b'{\"finished\": 1}\\n')",
        READY + "os.write(1, b'[' * 100_000 + b'\\n')",
        READY + "[os.write(1, b'x' * 65_536) for _ in range(1_000)]",
        READY + "os.kill(os.getpid(), 11)",
        READY + VERDICT + "v('L2', 'core', 2)",
        READY + VERDICT + "v('F1', 'core', 1_000)",
        READY
        + VERDICT
        + "os.write(1, replies.line(replies.Finished(1, Result('activity-3', Outcome.PASSED))))",
        READY
        + VERDICT
        + "os.write(1, replies.line(replies.Finished(1, Result('activity-9', Outcome.PASSED))))",
    ],
    ids=[
        "ends",
        "forged",
        "nested",
        "floods",
        "crashes",
        "other check",
        "other points",
        "no checks",
        "activity",
    ],
)
def test_a_judge_that_was_taken_over_gives_no_marks(
    judge: ConfinedJudge, make_project: MakeProject, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    monkeypatch.setattr(judge_process, "CODE", code)
    result = judge.judge(find(make_project(3)), plan())
    assert (result.outcome, result.fault, result.points) == (Outcome.FAILED, Fault.CODE, 0)
    counted = [each.points for each in plan().checks if each.tier in (Tier.CORE, Tier.CHALLENGE)]
    assert result.max_points == sum(counted)


def test_after_such_a_run_the_next_one_is_judged(
    judge: ConfinedJudge, make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = find(make_project(3))
    with monkeypatch.context() as taken_over:
        taken_over.setattr(judge_process, "CODE", READY)
        assert judge.judge(project, plan()).outcome is Outcome.FAILED
    assert judge.judge(project, plan()).outcome is Outcome.PASSED


def test_the_learners_own_redis_is_asked_from_outside(
    judge: ConfinedJudge, make_project: MakeProject
) -> None:
    project = find(make_project(2))
    for own, outcome in ((True, Outcome.PASSED), (False, Outcome.SKIPPED)):
        result = judge.judge(replace(project, own=own), plan(2))
        verdict = next(verdict for verdict in result.checks if verdict.id == "B1")
        assert verdict.outcome is outcome


def test_nothing_of_it_runs_when_it_is_over(make_project: MakeProject) -> None:
    with ConfinedJudge(jail=True, hidden=hidden(), connect=_connect) as judge:
        judge.judge(find(make_project(3)), plan())
        assert judge._process
        running = list(watcher.tree(judge._process._popen.pid))
        scratch = judge._scratch
        assert len(running) > 3
    assert until(lambda: not [pid for pid in running if start_mark(pid)], 5)
    assert not scratch.exists()
