"""Grades an answer on record again: what a record says of its own score is never believed."""

from __future__ import annotations

from dataclasses import replace

from workshop.course.load import content_root
from workshop.quiz.asked import Answer, ask
from workshop.quiz.grade import grade, reviewed
from workshop.quiz.model import Item
from workshop.quiz.pasted import of_the_handout
from workshop.state.answers import AnswerRecord


def regraded(item: Item, seed: int, given: AnswerRecord) -> AnswerRecord | None:
    """`given` with the scores that its words or keys have; None if it says nothing of its own.

    `seed` is the learner's. Of a question that is answered by a run, the answer that the author expects is
    taken: nothing is run here.
    """
    if not {*given.keys} <= {"", *(option.key for option in item.options)}:
        return None
    handout = of_the_handout(content_root() / "exercises")
    graded = grade(ask(item, seed, given.attempt), Answer(given.keys, given.text), handout)
    if graded.empty:
        return None
    own_score = None
    if given.own is not None:
        own_score = reviewed(graded.reading, frozenset(given.own)) if graded.reading else graded.score
    return replace(given, score=graded.score, passed=graded.passed, own_score=own_score)
