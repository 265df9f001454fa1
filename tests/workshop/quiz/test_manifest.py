"""Every question of the handout leads to an item, and every item to a question or to a reason for it."""

from __future__ import annotations

import tomllib

from workshop.course.load import activities, content_root
from workshop.quiz.load import sheets

MANIFEST = tomllib.loads((content_root() / "exercises" / "handout.toml").read_text(encoding="utf-8"))
ITEMS = {item.id: sheet.id for sheet in sheets() for item in sheet.items}


def test_every_question_has_an_answer_that_is_there() -> None:
    checks = {check.id for activity in activities() for check in activity.checks}
    for question in MANIFEST["questions"]:
        assert question["items"], question
        assert set(question["items"]) <= set(ITEMS), question
        assert set(question.get("checks", [])) <= checks, question


def test_every_item_is_named() -> None:
    named = {id for question in MANIFEST["questions"] for id in question["items"]}
    beyond = set(MANIFEST["beyond"]["items"])
    assert named | beyond == set(ITEMS)
    assert not named & beyond


def test_every_activity_but_the_seventh_asks() -> None:
    """Activity 7 gives code and asks nothing."""
    assert {question["activity"] for question in MANIFEST["questions"] if "activity" in question} == {
        *range(1, 10)
    } - {7}
    assert {sheet.id for sheet in sheets()} >= {activity.id for activity in activities()}


def test_the_theory_bank_is_whole() -> None:
    numbers = {f"T{number:02}" for number in range(1, 42)} | {"T11b", "T25b"}
    assert numbers <= set(ITEMS)


def test_there_are_three_for_each_scenario() -> None:
    assert {id for id, sheet in ITEMS.items() if sheet == "scenarios"} == {
        f"S{scenario}.{number}" for scenario in (1, 2, 3) for number in (1, 2, 3)
    }


def test_the_questions_of_activity_1_are_its_checks() -> None:
    (activity,) = [each for each in activities() if each.theory]
    items = [id for id, sheet in ITEMS.items() if sheet == activity.id]
    assert [check.id for check in activity.checks] == items
