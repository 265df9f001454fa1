"""One function names the command that comes next, for every screen."""

from __future__ import annotations

import pytest

from grader.result import Blank, Outcome, Result, Tier, Verdict
from workshop.actions.next_step import NextStep, next_step
from workshop.actions.project import Project

FAILED = Verdict("L2", "L2", Tier.CORE, Outcome.FAILED)


def test_at_first_it_is_the_first_activity(learner: Project) -> None:
    assert next_step(learner) == NextStep("start activity-1")
    learner.progress.start("activity-1", {})
    assert next_step(learner).words == "quiz activity-1"


def test_it_follows_what_was_started_and_how_the_check_came_out(learner: Project) -> None:
    progress = learner.progress
    progress.start("activity-4", {})
    assert next_step(learner).words == "check activity-4"
    progress.record(Result("activity-4", Outcome.FAILED, blanks=(Blank("users/views.py", 3, "____"),)))
    assert next_step(learner).words == "tasks activity-4"
    progress.record(Result("activity-4", Outcome.FAILED, checks=(FAILED,)))
    assert next_step(learner) == NextStep("hint activity-4", "L2 did not pass in the last check.")
    progress.record(Result("activity-4", Outcome.PASSED))
    assert next_step(learner).words == "start activity-5"


def test_after_a_reset_the_activity_is_to_be_checked_again(
    learner: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner.progress.record(Result("activity-4", Outcome.PASSED))
    monkeypatch.setattr("workshop.state.progress._now", lambda: "2999-01-01T00:00:00.000+00:00")
    learner.progress.begin_again("activity-4")
    assert next_step(learner).words == "check activity-4"


def test_what_is_left_at_the_end_is_the_review_and_what_was_left_out(learner: Project) -> None:
    last = learner.course[-1]
    learner.progress.record(Result(last.id, Outcome.PASSED))
    assert next_step(learner).words == "review"
