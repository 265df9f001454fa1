"""What every activity file must have, beyond what the loader asks for."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from workshop.course.load import activities
from workshop.course.model import Activity, Task
from workshop.scaffold.blanks import lines_with_blanks
from workshop.scaffold.edits import Edit

COURSE = activities()
WRITTEN = [(activity, task) for activity in COURSE for task in activity.tasks]


def fragments(edits: tuple[Edit, ...]) -> list[str]:
    return [edit.fragment for edit in edits if edit.fragment]


def name(value: object) -> str:
    return getattr(value, "id", "")


@pytest.mark.parametrize("activity", COURSE, ids=name)
def test_the_lesson_fits_a_terminal(activity: Activity) -> None:
    lines = activity.lesson.read_text(encoding="utf-8").splitlines()
    assert 60 <= len(lines) <= 120
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("activity", COURSE, ids=name)
def test_the_lesson_has_what_every_lesson_has(activity: Activity) -> None:
    headings = [
        line.removeprefix("## ")
        for line in activity.lesson.read_text(encoding="utf-8").splitlines()
        if line.startswith("## ")
    ]
    assert {"What you will be able to do", "Try it yourself", "Pitfalls", "Further reading"} <= set(headings)


@pytest.mark.parametrize("activity", COURSE, ids=name)
def test_there_is_something_to_aim_at_and_to_try(activity: Activity) -> None:
    assert activity.minutes > 0
    assert activity.objectives
    assert activity.try_it
    assert activity.tasks
    assert activity.checks


@pytest.mark.parametrize("activity", COURSE, ids=name)
def test_no_hint_is_said_twice(activity: Activity) -> None:
    for check in activity.checks:
        for hints in (check.hints, *check.mode_hints.values()):
            assert len(set(hints)) == 3, check.id


@pytest.mark.parametrize(("activity", "task"), WRITTEN, ids=name)
def test_a_template_has_blanks_unless_it_is_given(activity: Activity, task: Task) -> None:
    for fragment in fragments(task.edits):
        source = (activity.templates / fragment).read_text(encoding="utf-8")
        assert bool(lines_with_blanks(source)) is not task.given, fragment


@pytest.mark.parametrize(("activity", "task"), WRITTEN, ids=name)
def test_every_fragment_has_a_core_solution(activity: Activity, task: Task) -> None:
    for fragment in fragments(task.edits):
        assert (activity.solutions / "core" / fragment).is_file(), fragment


@pytest.mark.parametrize("activity", COURSE, ids=name)
def test_nothing_lies_about_unused(activity: Activity) -> None:
    used = {fragment for task in activity.tasks for fragment in fragments(task.edits)}
    assert {file.name for file in activity.templates.glob("*")} == used
    assert {file.name for file in (activity.solutions / "core").glob("*")} == used


@pytest.mark.parametrize(
    "file",
    [file for activity in COURSE for file in sorted(activity.solutions.glob("*/*.py"))],
    ids=lambda file: "-".join(file.parts[-3:]),
)
def test_a_solution_is_python_without_blanks(file: Path) -> None:
    source = file.read_text(encoding="utf-8")
    assert ast.parse(source).body
    assert lines_with_blanks(source) == ()
