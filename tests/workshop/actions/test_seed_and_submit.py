"""Demo users in the learner's own database, and the file to hand in."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from pathlib import Path

import pytest

from grader.errors import CodeError, MachineError
from grader.result import Outcome, Result, Tier, Verdict
from workshop.actions.handed_in import FILE
from workshop.actions.next_step import after
from workshop.actions.progress import ActivityStatus, activity_rows
from workshop.actions.project import Project
from workshop.actions.seed import seed
from workshop.actions.submit import submit


def users(root: Path) -> int:
    connection = sqlite3.connect(root / "db.sqlite3")
    try:
        return int(connection.execute("SELECT count(*) FROM users_user").fetchone()[0])
    finally:
        connection.close()


def test_seeding_twice_makes_the_users_once(learner: Project) -> None:
    with pytest.raises(MachineError) as caught:
        seed(learner)
    assert "manage.py migrate" in caught.value.remedy

    migrate = [str(learner.submission.python), "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, cwd=learner.root, check=True)
    first = seed(learner)
    assert first.made == first.total == users(learner.root)
    assert first.login == "aline.demo@example.com"
    assert seed(learner).made == 0
    assert users(learner.root) == first.total


def test_a_project_that_cannot_run_is_named_as_the_reason(learner: Project) -> None:
    (learner.root / "users" / "models.py").write_text("raise RuntimeError('half done')\n")
    with pytest.raises(CodeError, match="half done"):
        seed(learner)
    (learner.root / "users" / "models.py").write_text("import a_package_nobody_has\n")
    with pytest.raises(MachineError, match="a_package_nobody_has"):
        seed(learner)


def test_the_file_to_hand_in_holds_the_attempts_and_is_the_same_twice(learner: Project) -> None:
    verdict = Verdict("L2", "x", Tier.CORE, Outcome.FAILED, 0, 2)
    learner.progress.record(Result("activity-4", Outcome.FAILED, checks=(verdict,)))
    learner.progress.give_hint("activity-4", "L2", "", 1)
    learner.progress.reveal("activity-4")
    path = submit(learner)
    assert path == learner.root / FILE
    first = path.read_bytes()
    content = json.loads(first)
    assert content["schema"] == "workshop/answers/v1"
    (fourth,) = [each for each in content["activities"] if each["activity"] == "activity-4"]
    assert (fourth["hints"], fourth["solution_shown"], fourth["passed"]) == (1, True, False)
    assert fourth["attempts"][0]["failing"] == ["L2"]
    assert submit(learner).read_bytes() == first
    assert not list(learner.root.glob(".workshop-*"))


def test_standing_tells_how_far_each_activity_is(learner: Project) -> None:
    learner.progress.start("activity-3", {})
    passed = Verdict("L1", "x", Tier.CORE, Outcome.PASSED, 2, 2)
    failed = Verdict("L8", "x", Tier.CHALLENGE, Outcome.FAILED, 0, 1)
    learner.progress.record(Result("activity-4", Outcome.PASSED, checks=(passed, failed)))
    rows = {row.activity.number: row for row in activity_rows(learner)}
    assert [rows[n].state for n in (2, 3, 4)] == [
        ActivityStatus.NEW,
        ActivityStatus.OPEN,
        ActivityStatus.PASSED,
    ]
    assert (rows[4].points, rows[4].max_points, rows[4].attempts, rows[4].failing) == (2, 3, 1, "L8")
    assert rows[2].max_points == sum(check.points for check in learner.course[1].checks)


def test_what_comes_next_is_counted_from_where_one_is(learner: Project) -> None:
    assert learner.next is not None
    assert learner.next.number == 1
    learner.progress.start("activity-3", {})
    learner.progress.record(Result("activity-3", Outcome.PASSED))
    assert learner.next.number == 4
    last = learner.course[-1]
    learner.progress.record(Result(last.id, Outcome.PASSED))
    assert learner.next is learner.course[0]  # no later check asks its questions
    learner.progress.record(Result("activity-1", Outcome.PASSED))
    assert learner.next is None
    assert after(learner, last).words == "review"
