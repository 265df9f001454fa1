"""What learners did with older workshops is there: progress, hints, undo, answers and their own code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from grader.result import Outcome
from tests.workshop.state.old_state import lay_out
from workshop.actions.hint import hint
from workshop.actions.project import Project, opened
from workshop.actions.start import prepare
from workshop.actions.submit import submit
from workshop.actions.undo import plan_undo, undo
from workshop.scaffold.journal import FileChanged

OpenOld = Callable[[str], AbstractContextManager[Project]]


@pytest.fixture
def open_old(project: Path) -> OpenOld:
    """`open_old("half_of_activity_3")`: the project of that fixture, open."""

    @contextmanager
    def open_it(name: str) -> Iterator[Project]:
        lay_out(name, project)
        with opened(project, notice=pytest.fail, alone="a test") as learner:
            yield learner

    return open_it


def test_half_of_activity_3_is_there(open_old: OpenOld) -> None:
    with open_old("half_of_activity_3") as learner:
        progress = learner.progress
        assert progress.started() == ("activity-3",)
        blanks, failed = progress.attempts("activity-3")
        assert (blanks.blanks, failed.blanks) == (5, 0)
        assert failed.failing[0].check == "F1"
        assert failed.failing[0].outcome is Outcome.FAILED
        assert [given.item for given in progress.answers.of("activity-1")] == ["T03", "T01"]
        assert progress.answers.of("activity-1")[1].text.startswith("A cache keeps a copy")
        assert [given.passed for given in progress.answers.of("activity-3")] == [True]
        assert progress.hints_given("activity-3") == 2
        third = hint(learner, learner.activity(None))
        assert (third.check, third.level) == ("F1", 3)
        assert prepare(learner, learner.activity("3")).changes == ()


def test_half_of_activity_3_can_be_undone_but_for_what_was_edited(open_old: OpenOld) -> None:
    with open_old("half_of_activity_3") as learner:
        settings = learner.root / "safeboda" / "settings.py"
        edited = settings.read_bytes()
        planned = plan_undo(learner)
        assert planned.why == "start activity-3"
        with pytest.raises(FileChanged):
            undo(learner, planned)
        assert settings.read_bytes() == edited
        after = learner.progress.start_files("activity-3")["safeboda/settings.py"].after
        assert after is not None
        settings.write_bytes(after)
        undo(learner, planned)
        assert b"CACHES" not in settings.read_bytes()


def test_half_of_activity_6_comes_back_by_undo(open_old: OpenOld) -> None:
    with open_old("half_of_activity_6") as learner:
        progress = learner.progress
        assert progress.started() == ("activity-3", "activity-4", "activity-5", "activity-6")
        assert [progress.passed(f"activity-{number}") for number in (3, 4, 5, 6)] == [
            True,
            False,
            True,
            False,
        ]
        assert progress.revealed("activity-5")
        assert progress.hints_given("activity-6") == 2
        assert hint(learner, learner.activity(None)).level == 3
        timer = learner.root / "users" / "cache_performance.py"
        assert "_____" in timer.read_text()
        undo(learner, plan_undo(learner))
        assert timer.read_text().startswith("# Written by me, with the monotonic clock.")
        assert plan_undo(learner).why == "start activity-6"


@pytest.mark.parametrize("name", ["half_of_activity_3", "half_of_activity_6"])
def test_what_was_done_is_handed_in(open_old: OpenOld, name: str) -> None:
    with open_old(name) as learner:
        submit(learner)
        assert (learner.root / "workshop-submission.json").is_file()
