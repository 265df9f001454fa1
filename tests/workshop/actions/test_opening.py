"""Opening a project: one command at a time, and what happened to it meanwhile is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import UsageError
from workshop.actions.project import opened
from workshop.actions.start import carry_out, prepare


def test_an_editor_that_saved_over_a_change_is_noticed(project: Path) -> None:
    views = project / "users" / "views.py"
    before = views.read_bytes()
    notices: list[str] = []
    with opened(project, notice=notices.append, alone="workshop start") as learner:
        carry_out(learner, prepare(learner, learner.activity("4")))
    with opened(project, notice=notices.append, alone="workshop check"):
        assert notices == []
    views.write_bytes(before)
    with opened(project, notice=notices.append, alone="workshop check"):
        (notice,) = notices
    assert "users/views.py" in notice
    assert "editor" in notice


def test_two_commands_that_write_never_meet(project: Path) -> None:
    with (
        opened(project, notice=pytest.fail, alone="workshop check"),
        pytest.raises(UsageError, match="workshop check"),
        opened(project, notice=pytest.fail, alone="workshop start"),
    ):
        pytest.fail("both were let in")


def test_a_command_that_only_tells_something_waits_for_nobody(project: Path) -> None:
    with (
        opened(project, notice=pytest.fail, alone="workshop check"),
        opened(project, notice=pytest.fail) as learner,
    ):
        assert learner.current is None
