"""Answers from a file: for those who write them in an editor, and for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import UsageError
from workshop.actions import quiz
from workshop.actions.project import Project
from workshop.quiz.asked import Answer, Asked, understood
from workshop.quiz.grade import Marked
from workshop.quiz.live.laboratory import Laboratory
from workshop.quiz.model import Format, Sheet

SCHEMA = "workshop/marks/v1"
_FORM = 'It should be one JSON object, such as {"T03": "b", "T01": "A cache keeps ..."}.'


@dataclass(frozen=True, slots=True)
class Marks:
    """What became of one answer. `own_score` is None unless the learner reviewed a text."""

    marked: Marked
    own_score: float | None

    @property
    def done(self) -> bool:
        """Whether the question is done: right, or in words of one's own."""
        words = self.marked.asked.item.format is Format.TEXT
        return not self.marked.grade.empty if words else self.marked.grade.passed

    @property
    def says(self) -> str:
        """In a word."""
        if self.marked.grade.empty:
            return "nothing of your own was said"
        if self.marked.asked.item.format is Format.TEXT:
            return "answered"
        return "right" if self.marked.grade.passed else "not right"


def read_file(path: Path) -> str:
    """The text of a file. Raises UsageError if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}.", _FORM) from error


def answer_all(project: Project, sheet: Sheet, text: str, laboratory: Laboratory) -> tuple[Marks, ...]:
    """Grade and keep the answers in `text`, JSON by the ids of questions.

    A value is what one would type (letters are those that `--format json` lists), or for a text also
    `{"text": "...", "own": ["copy", ...]}` with the learner's own review. All answers are understood before
    the first one is kept. Raises UsageError if one is not.
    """
    answers = _parsed(text)
    records = {each.item.id.lower(): each for each in quiz.question_records(project, sheet)}
    ready = []
    for id, value in answers.items():
        if (record := records.get(id.lower())) is None:
            raise UsageError(f"There is no question {id!r} in {sheet.id}.", f"See: workshop quiz {sheet.id}")
        asked = quiz.question(project, record)
        own = value.get("own") if isinstance(value, Mapping) else None
        said = value.get("text") if isinstance(value, Mapping) else value
        if not isinstance(said, str) or (own is not None and not isinstance(own, list)):
            raise UsageError(f"The answer to {id} is not a text.", _FORM)
        try:
            answer = understood(asked, said) if said.strip() else Answer()
        except UsageError as error:
            raise UsageError(f"{id}: {error.sentence}", error.remedy) from error
        ready.append((asked, answer, _own(asked, own)))
    return tuple(
        _kept(project, sheet, quiz.answer(project, sheet, asked, answer, laboratory), own)
        for asked, answer, own in ready
    )


def to_json(sheet: Sheet, results: tuple[Marks, ...]) -> dict[str, Any]:
    """The marks as JSON: one object a question."""
    return {"schema": SCHEMA, "sheet": sheet.id, "items": [_to_json(result) for result in results]}


def _own(asked: Asked, own: list[Any] | None) -> tuple[str, ...] | None:
    """The ideas that the learner found in their own text. Raises UsageError if one is not there."""
    if own is None:
        return None
    known = [idea.id for idea in asked.item.rubric.ideas] if asked.item.rubric else []
    if not all(each in known for each in own):
        raise UsageError(
            f"{asked.item.id}: `own` names ideas that are not there.", f"There are: {', '.join(known)}."
        )
    return tuple(own)


def _kept(project: Project, sheet: Sheet, marked: Marked, own: tuple[str, ...] | None) -> Marks:
    reading = marked.grade.reading
    if reading is None:
        return Marks(marked, None)
    # In a file nobody is shown a model answer first: without a review of one's own the rubric's stands.
    ticked = reading.ideas if own is None else own
    return Marks(marked, quiz.review(project, marked.asked.item, reading, ticked))


def _parsed(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"The answers are no JSON: {error}.", _FORM) from error
    if not isinstance(data, dict):
        raise UsageError("The answers are no JSON object.", _FORM)
    return data


def _to_json(marks: Marks) -> dict[str, Any]:
    marked, grade, item = marks.marked, marks.marked.grade, marks.marked.asked.item
    reading = grade.reading
    return {
        "id": item.id,
        "done": marks.done,
        "empty": grade.empty,
        "score": round(grade.score, 3),
        "own_score": None if marks.own_score is None else round(marks.own_score, 3),
        "notes": [{"label": note.label, "right": note.right, "text": note.text} for note in grade.notes],
        "seen": list(marked.seen),
        "ideas": [
            {"id": idea.id, "text": idea.text, "found": idea.id in reading.ideas}
            for idea in reading.rubric.ideas
        ]
        if reading
        else [],
        "wrong": list(reading.wrong) if reading else [],
        "why": item.why if marked.tell_all and not grade.empty else "",
        "model": item.model if not grade.empty else "",
    }
