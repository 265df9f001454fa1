"""The rubrics against three labelled sets of answers. The figures themselves stand in docs/questions.md."""

from __future__ import annotations

import pytest

from tests.workshop.quiz.figures import SETS, answers, ideas, passes, rubric_of
from workshop.quiz.rubric import read

FLOOR = 0.9
"""Below this a rubric would mislead more than it helps. Measured: see docs/questions.md."""


def test_the_sets_are_whole() -> None:
    assert {name: len(answers(name)) for name in SETS} == {"labelled": 120, "held_out": 60, "afterwards": 40}
    for name in SETS:
        for answer in answers(name):
            assert answer.groups <= {idea.id for idea in rubric_of(answer.item).ideas}


@pytest.mark.parametrize("name", SETS)
def test_a_rubric_judges_as_a_teacher_does(name: str) -> None:
    assert passes(name).accuracy >= FLOOR
    assert ideas(name).accuracy >= FLOOR


@pytest.mark.parametrize("name", SETS)
def test_nothing_wrong_negated_or_off_topic_passes(name: str) -> None:
    for answer in answers(name):
        if not answer.passes:
            assert not read(rubric_of(answer.item), answer.text).passed, answer.text
