"""Hints answer to what failed, and how; the solution is free once the core has passed."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from grader.errors import UsageError
from grader.result import Blank, Outcome, Result, Tier, Verdict
from workshop.actions.failing import course_check
from workshop.actions.hint import hint
from workshop.actions.project import Project
from workshop.actions.solution import Piece, apply_solution, plan_solution, solution
from workshop.actions.start import carry_out, prepare
from workshop.scaffold.edits import (
    AddDefinition,
    AppendEntry,
    CreateFile,
    Decorate,
    Edit,
    MoveFile,
    RequireLine,
    SetName,
)


def failed(learner: Project, *checks: tuple[str, str, Outcome], outcome: Outcome = Outcome.FAILED) -> None:
    verdicts = tuple(Verdict(id, id, Tier.CORE, state, how=how) for id, how, state in checks)
    learner.progress.record(Result("activity-4", outcome, checks=verdicts))


def hints_on(learner: Project, id: str, how: str = "") -> tuple[str, str, str]:
    check = course_check(id, learner.activity("4"), learner.course)
    assert check is not None
    return check.mode_hints[how] if how else check.hints


def test_hints_get_stronger_and_follow_the_way_a_check_failed(learner: Project) -> None:
    failed(
        learner, ("L8", "", Outcome.FAILED), ("L3", "", Outcome.BLOCKED), ("L2", "uncached", Outcome.FAILED)
    )
    given = [hint(learner, learner.activity("4")) for _ in range(4)]
    assert [each.check for each in given] == ["L2"] * 4
    assert [each.level for each in given] == [1, 2, 3, 3]
    assert tuple(each.text for each in given[:3]) == hints_on(learner, "L2", "uncached")
    assert [each.last for each in given] == [False, False, True, True]

    failed(learner, ("L2", "not_in_redis", Outcome.FAILED))
    assert hint(learner, learner.activity("4")).text == hints_on(learner, "L2", "not_in_redis")[0]
    failed(learner, ("L2", "a way nobody wrote about", Outcome.FAILED))
    assert hint(learner, learner.activity("4")).text == hints_on(learner, "L2")[0]


def test_a_hint_on_the_check_that_is_named(learner: Project) -> None:
    failed(learner, ("L2", "", Outcome.FAILED), ("L8", "", Outcome.FAILED), ("L3", "", Outcome.BLOCKED))
    activity = learner.activity("4")
    assert hint(learner, activity, "L8").text == hints_on(learner, "L8")[0]
    assert hint(learner, activity).check == "L2"
    assert "needs did not pass" in hint(learner, activity, "L3").text
    assert "did not fail" in hint(learner, activity, "L4").text


def test_a_challenge_is_hinted_at_once_the_core_is_done(learner: Project) -> None:
    failed(learner, ("L8", "", Outcome.FAILED), outcome=Outcome.PASSED)
    assert hint(learner, learner.activity("4")).check == "L8"


def test_a_failing_check_of_an_earlier_activity_has_its_hints(learner: Project) -> None:
    failed(learner, ("F1", "process_memory", Outcome.FAILED), ("L2", "", Outcome.BLOCKED))
    assert hint(learner, learner.activity("4")).text == hints_on(learner, "F1", "process_memory")[0]


def test_without_an_attempt_there_is_nothing_to_hint_at(learner: Project) -> None:
    with pytest.raises(UsageError) as caught:
        hint(learner, learner.activity("4"))
    assert "workshop check activity-4" in caught.value.remedy


def test_an_open_blank_is_hinted_at_by_its_place(learner: Project) -> None:
    carry_out(learner, prepare(learner, learner.activity("4")))
    learner.progress.record(Result("activity-4", Outcome.FAILED, blanks=(Blank("users/views.py", 1, "x"),)))
    text = hint(learner, learner.activity("4")).text
    assert "users/views.py, line " in text
    apply_solution(learner, learner.activity("4"), plan_solution(learner, learner.activity("4")))
    assert "filled now" in hint(learner, learner.activity("4")).text


def test_when_all_passed_there_is_nothing_to_hint_at(learner: Project) -> None:
    failed(learner, outcome=Outcome.PASSED)
    assert "Everything passed" in hint(learner, learner.activity("4")).text
    failed(learner, ("syntax", "", Outcome.FAILED))
    assert "could not run" in hint(learner, learner.activity("4")).text


def test_the_solution_is_free_after_the_core_has_passed(learner: Project) -> None:
    activity = learner.activity("4")
    with pytest.raises(UsageError) as caught:
        solution(learner, activity, give_up=False)
    assert "--give-up" in caught.value.remedy
    assert not learner.progress.revealed(activity.id)
    failed(learner, outcome=Outcome.PASSED)
    solved = solution(learner, activity, give_up=False)
    assert not learner.progress.revealed(activity.id)
    pieces = [piece for each in solved for piece in each.pieces]
    assert any(piece.file == "users/views.py" and "cache.set(" in piece.source for piece in pieces)
    assert not any("___" in piece.source for piece in pieces)


def test_giving_up_is_asked_for_once_and_recorded(learner: Project) -> None:
    activity = learner.activity("3")
    solved = solution(learner, activity, give_up=True)
    assert learner.progress.revealed(activity.id)
    assert solution(learner, activity, give_up=False) == solved
    assert {piece.file for each in solved for piece in each.pieces} == {"safeboda/settings.py"}


def test_a_solution_shows_of_each_kind_of_edit_what_the_learner_would_write(learner: Project) -> None:
    activity = learner.activity("4")
    template = "get_cache_key.py"
    code = (activity.solutions / "core" / template).read_text(encoding="utf-8")
    settings = learner.roles["settings"]
    shown: dict[Edit, list[Piece]] = {
        CreateFile("users/keys.py", template): [Piece("users/keys.py", code)],
        SetName("{settings}", "get_cache_key", template): [Piece(settings, code)],
        AddDefinition("users/views.py", "get_cache_key", template): [Piece("users/views.py", code)],
        Decorate("users/views.py", "list", "timed"): [Piece("users/views.py", "timed")],
        AppendEntry("{settings}", "INSTALLED_APPS", "'caching'"): [Piece(settings, "'caching'")],
        RequireLine("requirements.txt", "redis", "redis==5.0.1"): [Piece("requirements.txt", "redis==5.0.1")],
        MoveFile("{settings}", "app/settings/base.py"): [],
        MoveFile("{settings}", "app/settings/base.py", leaves="from .base import *"): [
            Piece("app/settings/__init__.py", "from .base import *\n")
        ],
    }
    assert {type(edit) for edit in shown} == set(get_args(Edit))
    for edit, pieces in shown.items():
        other = replace(activity, tasks=(replace(activity.tasks[0], edits=(edit,)),))
        (solved,) = solution(learner, other, give_up=True)
        assert list(solved.pieces) == pieces


def test_applying_the_solution_replaces_what_the_learner_has(learner: Project) -> None:
    activity = learner.activity("4")
    carry_out(learner, prepare(learner, activity))
    planned = plan_solution(learner, activity)
    apply_solution(learner, activity, planned)
    views = (learner.root / "users" / "views.py").read_text()
    assert "___" not in views
    assert views.count("def list(") == 1
    assert plan_solution(learner, activity).changes == ()
