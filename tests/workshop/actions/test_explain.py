"""A check of the last result is explained again, word for word, and nothing runs."""

from __future__ import annotations

import pytest

from grader.errors import UsageError
from grader.result import Blank, Event, Outcome, Result, Source, SourceLocation, Tier, Verdict
from workshop.actions.explain import explain
from workshop.actions.project import Project

FAILED = Verdict(
    "L2",
    "the list is cached",
    Tier.CORE,
    Outcome.FAILED,
    seen="the list was read from the database",
    means="It is not cached.",
    try_="Store it.",
    where=SourceLocation("users/views.py", 12),
    evidence=(Event(1.5, Source.REDIS, "GET :1:user_list miss"),),
)
PASSED = Verdict("B3", "it starts", Tier.CORE, Outcome.PASSED, 2, 2)
WAITS = Verdict("L3", "it expires", Tier.CORE, Outcome.BLOCKED, needs=("L2",))


def test_the_first_failure_is_explained_and_the_others_are_named(learner: Project) -> None:
    learner.progress.record(Result("activity-4", Outcome.FAILED, checks=(PASSED, FAILED, WAITS)))
    explained = explain(learner, learner.activity("4"))
    assert (explained.verdict, explained.others) == (FAILED, (WAITS,))


@pytest.mark.parametrize("verdict", [PASSED, FAILED, WAITS], ids=lambda verdict: verdict.outcome)
def test_any_check_of_the_last_result_can_be_explained(learner: Project, verdict: Verdict) -> None:
    learner.progress.record(Result("activity-4", Outcome.FAILED, checks=(PASSED, FAILED, WAITS)))
    assert explain(learner, learner.activity("4"), verdict.id).verdict == verdict


def test_only_the_last_result_counts(learner: Project) -> None:
    for verdict in (FAILED, PASSED):
        learner.progress.record(Result("activity-4", Outcome.PASSED, checks=(verdict,)))
    assert explain(learner, learner.activity("4")).verdict is None


def test_what_was_not_judged_is_said(learner: Project) -> None:
    activity = learner.activity("4")
    with pytest.raises(UsageError, match="has not been checked"):
        explain(learner, activity)
    learner.progress.record(Result("activity-4", Outcome.FAILED, checks=(PASSED,)))
    with pytest.raises(UsageError, match="L9 was not judged"):
        explain(learner, activity, "L9")
    learner.progress.record(
        Result("activity-4", Outcome.FAILED, blanks=(Blank("users/views.py", 3, "____"),))
    )
    with pytest.raises(UsageError, match="a blank was still open"):
        explain(learner, activity)


def test_a_result_of_another_version_is_none(learner: Project) -> None:
    learner.progress.record(Result("activity-4", Outcome.FAILED, checks=(FAILED,)))
    learner.state.execute("UPDATE attempts SET result = '{\"activity\": 4}'")
    with pytest.raises(UsageError, match="has not been checked"):
        explain(learner, learner.activity("4"))
