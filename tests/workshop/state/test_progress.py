"""The record survives closing, answers what screens ask, and a reset can be taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.result import Blank, Outcome, Result, Tier, Verdict
from workshop.state.database import open_state
from workshop.state.progress import Failing, Progress, StartFile


@pytest.fixture
def progress(tmp_path: Path) -> Progress:
    return Progress(open_state(tmp_path))


def verdict(id: str, outcome: Outcome, how: str = "") -> Verdict:
    points = 2 if outcome is Outcome.PASSED else 0
    return Verdict(id, id, Tier.CORE, outcome, points=points, max_points=2, how=how)


def result(*verdicts: Verdict, outcome: Outcome = Outcome.FAILED, blanks: tuple[Blank, ...] = ()) -> Result:
    return Result("activity-4", outcome, checks=verdicts, blanks=blanks)


def test_an_attempt_is_remembered_with_what_failed_and_how(tmp_path: Path) -> None:
    first = Progress(open_state(tmp_path))
    first.record(
        result(
            verdict("L1", Outcome.PASSED),
            verdict("L2", Outcome.FAILED, "uncached"),
            verdict("L3", Outcome.BLOCKED),
            verdict("L5", Outcome.SKIPPED),
        )
    )
    (attempt,) = Progress(open_state(tmp_path)).attempts("activity-4")
    assert (attempt.points, attempt.max_points, attempt.outcome) == (2, 8, Outcome.FAILED)
    assert attempt.failing == (
        Failing("L2", "uncached", Outcome.FAILED),
        Failing("L3", "", Outcome.BLOCKED),
    )
    assert first.attempts("activity-5") == ()


def test_passed_means_passed_once(progress: Progress) -> None:
    progress.record(result(blanks=(Blank("a.py", 1, "___"),)))
    assert not progress.passed("activity-4")
    progress.record(result(outcome=Outcome.PASSED))
    progress.record(result())
    assert progress.passed("activity-4")
    assert [attempt.blanks for attempt in progress.attempts("activity-4")] == [1, 0, 0]


def test_the_activity_started_last_comes_last(progress: Progress) -> None:
    for activity in ("activity-2", "activity-4", "activity-3", "activity-2"):
        progress.start(activity, {})
    assert progress.started() == ("activity-4", "activity-3", "activity-2")


def test_a_second_start_keeps_what_was_there_before_the_first(progress: Progress) -> None:
    progress.start(
        "activity-4", {"views.py": StartFile(b"mine", b"template"), "new.py": StartFile(None, b"n")}
    )
    progress.start("activity-4", {"views.py": StartFile(b"template", b"template 2")})
    assert progress.start_files("activity-4") == {
        "views.py": StartFile(b"mine", b"template 2"),
        "new.py": StartFile(None, b"n"),
    }


def test_a_second_start_takes_nothing_the_learner_wrote_for_its_own(progress: Progress) -> None:
    progress.start("activity-4", {"views.py": StartFile(b"mine", b"template")})
    progress.start("activity-4", {"views.py": StartFile(b"filled", b"filled")})
    assert progress.start_files("activity-4") == {"views.py": StartFile(b"mine", b"template")}


def test_hints_are_counted_by_the_way_a_check_failed(progress: Progress) -> None:
    assert progress.hint_level("activity-4", "L2", "uncached") == 0
    progress.give_hint("activity-4", "L2", "uncached", 1)
    progress.give_hint("activity-4", "L2", "uncached", 2)
    assert progress.hint_level("activity-4", "L2", "uncached") == 2
    assert progress.hint_level("activity-4", "L2", "") == 0
    assert progress.hints_given("activity-4") == 2


def test_what_a_reset_takes_away_comes_back(progress: Progress) -> None:
    progress.start("activity-4", {"views.py": StartFile(b"a", b"b")})
    progress.record(result(verdict("L2", Outcome.FAILED), outcome=Outcome.PASSED))
    progress.give_hint("activity-4", "L2", "", 1)
    progress.reveal("activity-4")
    progress.start("activity-5", {})

    progress.archive(["activity-4"], 7)
    assert progress.started() == ("activity-5",)
    assert not progress.attempts("activity-4")
    assert not progress.passed("activity-4")
    assert not progress.revealed("activity-4")
    assert not progress.start_files("activity-4")
    assert progress.hints_given("activity-4") == 0

    progress.restore(8)
    assert progress.started() == ("activity-5",)
    progress.start("activity-4", {"views.py": StartFile(b"c", b"d")})
    progress.restore(7)
    assert progress.started() == ("activity-4", "activity-5")
    assert progress.attempts("activity-4")[0].failing == (Failing("L2", "", Outcome.FAILED),)
    assert progress.revealed("activity-4")
    assert progress.hint_level("activity-4", "L2", "") == 1
    assert progress.start_files("activity-4") == {"views.py": StartFile(b"a", b"b")}
