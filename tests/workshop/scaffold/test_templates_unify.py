"""Every template of the course and its core solution are one thing, but for the blanks."""

from __future__ import annotations

from pathlib import Path

import pytest

from workshop.course.load import activities
from workshop.scaffold.blanks import lines_with_blanks
from workshop.scaffold.unify import Match, unify

PAIRS = [
    pytest.param(
        activity.templates / edit.fragment,
        activity.solutions / "core" / edit.fragment,
        task.given,
        id=f"{activity.id}-{edit.fragment}",
    )
    for activity in activities()
    for task in activity.tasks
    for edit in task.edits
    if edit.fragment.endswith(".py")
]


def test_there_are_templates() -> None:
    assert len(PAIRS) >= 4


@pytest.mark.parametrize(("template", "solution", "given"), PAIRS)
def test_template_unifies_with_its_core_solution(template: Path, solution: Path, given: bool) -> None:
    ours, answer = template.read_text(encoding="utf-8"), solution.read_text(encoding="utf-8")
    found = unify(ours, answer)
    assert isinstance(found, Match), f"line {found.line}: {found.reason}"
    assert lines_with_blanks(answer) == ()
    assert {binding.line for binding in found.bindings} == set(lines_with_blanks(ours))


def test_a_task_that_is_not_given_has_a_blank() -> None:
    for activity in activities():
        for task in activity.tasks:
            fragments = [edit.fragment for edit in task.edits if edit.fragment]
            blanks = [
                lines_with_blanks((activity.templates / f).read_text(encoding="utf-8")) for f in fragments
            ]
            if fragments:
                assert any(blanks) != task.given, f"{activity.id}, {task.id}"
