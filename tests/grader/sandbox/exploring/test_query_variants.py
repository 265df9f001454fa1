"""All that a list may be asked, asked at once: nothing may be left out, or a filter would never be judged."""

from __future__ import annotations

from grader.sandbox.exploring.query_variants import Query, _at_once

QUESTIONS: list[Query] = [
    {"page": "2"},
    {"limit": "1"},
    {"limit": "1", "offset": "1"},
    {"user_type": "rider"},
    {"user_type": "passenger"},
    {"email": "a"},
    {"email": "b"},
    {"email": "c"},
]


def test_each_name_is_asked_with_each_of_its_values() -> None:
    rounds = _at_once(QUESTIONS)
    asked = {pair for query in QUESTIONS for pair in query.items()}
    assert {pair for each in rounds for pair in each.items()} == asked
    assert len(rounds) == 3, "as many as the name with the most values"


def test_without_questions_nothing_is_asked() -> None:
    assert _at_once([]) == []
