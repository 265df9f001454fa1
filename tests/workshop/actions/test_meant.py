"""Ids of checks and activities are taken in any order; without an activity it is the one at hand."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from grader.errors import UsageError
from grader.result import Outcome, Result, Tier, Verdict
from workshop.actions.meant import meant
from workshop.actions.project import Project


def checked(learner: Project, activity: str, *ids: str) -> None:
    verdicts = tuple(Verdict(id, id, Tier.CORE, Outcome.FAILED) for id in ids)
    learner.progress.record(Result(activity, Outcome.FAILED, checks=verdicts))


@pytest.mark.parametrize("words", [("L2", "activity-5"), ("5", "l2"), ("activity 5", "L2")])
def test_the_order_is_free(learner: Project, words: Sequence[str]) -> None:
    found = meant(learner, words)
    assert (found.activity.number, found.check) == (5, "L2")


def test_without_words_it_is_what_was_started_or_checked_last(learner: Project) -> None:
    learner.progress.start("activity-5", {})
    assert meant(learner, ()).activity.number == 5
    checked(learner, "activity-4", "L2")
    assert meant(learner, ()).activity.number == 4
    learner.progress.start("activity-6", {})
    assert meant(learner, ()).activity.number == 6


def test_a_check_means_the_activity_in_which_it_was_judged_last(learner: Project) -> None:
    assert meant(learner, ("L2",)).activity.number == 4  # the activity that has it
    checked(learner, "activity-6", "L2")
    checked(learner, "activity-5", "I1", "L2")
    learner.progress.start("activity-7", {})
    assert meant(learner, ("L2",)).activity.number == 5
    checked(learner, "activity-6", "L2")
    assert meant(learner, ("L2",)).activity.number == 6
    assert meant(learner, ("I1",)).activity.number == 5


@pytest.mark.parametrize(
    ("words", "says"),
    [(("Q99",), "no check called 'Q99'"), (("4", "5"), "more than one"), (("99",), "no activity-99")],
)
def test_what_means_nothing_is_said(learner: Project, words: Sequence[str], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        meant(learner, words)
