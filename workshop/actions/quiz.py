"""Questions: which are open, and what an answer to one is worth."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from grader.result import Outcome
from workshop.actions.project import Project
from workshop.actions.regrade import regraded
from workshop.course.load import content_root
from workshop.quiz import load
from workshop.quiz.asked import Answer, Asked, ask
from workshop.quiz.found import found_in
from workshop.quiz.grade import Marked, grade, reviewed, with_truth
from workshop.quiz.items import LETTERS
from workshop.quiz.live.laboratory import Laboratory
from workshop.quiz.live.run import run
from workshop.quiz.model import Format, Item, Sheet
from workshop.quiz.pasted import of_the_handout
from workshop.quiz.rubric import Reading, read
from workshop.state.answers import AnswerRecord

SCHEMA = "workshop/questions/v1"
TELL_ALL = 2
"""After so many answers the right one is told. The question is asked again all the same until it is given."""


class QuestionState(StrEnum):
    """How far a question is."""

    OPEN = "open"
    WRONG = "wrong"
    REVIEW = "to review"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class QuestionRecord:
    """A question and the answers to it so far, oldest first."""

    item: Item
    given: tuple[AnswerRecord, ...]

    @property
    def state(self) -> QuestionState:
        """Done is what was answered right; a text when it was compared with a good answer."""
        if not self.given:
            return QuestionState.OPEN
        if self.item.format is not Format.TEXT:
            return QuestionState.DONE if any(each.passed for each in self.given) else QuestionState.WRONG
        if self.item.rubric is None or any(each.own is not None for each in self.given):
            return QuestionState.DONE
        return QuestionState.REVIEW

    @property
    def rests(self) -> bool:
        """Whether the last answer needs no other: it was right, or a text."""
        last = self.given[-1] if self.given else None
        return last is None or last.passed or self.item.format is Format.TEXT

    @property
    def score(self) -> float:
        """The best so far, 0 to 1; of a text with the learner's own review."""
        return max((max(each.score, each.own_score or 0.0) for each in self.given), default=0.0)


def meant(project: Project, name: str | None) -> tuple[Sheet, str]:
    """The sheet that was named, and the question, if one was. None: that of the activity started last.

    Raises UsageError if there is none.
    """
    if name is None:
        current = project.current or project.course[0]
        return load.sheet(current.id), ""
    if (sheet := load.sheet_of(name)) is not None:
        return sheet, next(item.id for item in sheet.items if item.id.lower() == name.lower())
    return load.sheet(name), ""


def called(sheet: Sheet) -> str:
    """`Activity 4`, or the title of a sheet that is no activity's."""
    head, _, number = sheet.id.partition("-")
    return f"Activity {number}" if head == "activity" else sheet.title


def question_records(project: Project, sheet: Sheet) -> tuple[QuestionRecord, ...]:
    """Every question of `sheet`, in order. The answers are graded again; see `_graded`."""
    answers = project.progress.answers
    given = answers.of(sheet.id)
    return tuple(
        QuestionRecord(
            item, tuple(_graded(item, answers.seed, [each for each in given if each.item == item.id]))
        )
        for item in sheet.items
    )


def _graded(item: Item, seed: int, given: Sequence[AnswerRecord]) -> Iterator[AnswerRecord]:
    """The answers with the scores that they have, not those on record: anybody can write the file.

    What a run has shown is known only then, so those scores are kept. They decide nothing.
    """
    for each in given:
        if item.run:
            yield each
        elif again := regraded(item, seed, each):
            yield again


def question_record(project: Project, sheet: Sheet, item: str) -> QuestionRecord:
    """One question of `sheet`."""
    return next(each for each in question_records(project, sheet) if each.item.id == item)


def following(
    project: Project, sheet: Sheet, later: Collection[str], only: str = ""
) -> QuestionRecord | None:
    """The question to ask next: the one named, or the first that is not done and not left for later."""
    if only:
        return question_record(project, sheet, only)
    to_do = (each for each in question_records(project, sheet) if each.state is not QuestionState.DONE)
    return next((each for each in to_do if each.item.id not in later), None)


def question(project: Project, record: QuestionRecord) -> Asked:
    """The question as this learner meets it next."""
    return ask(record.item, project.progress.answers.seed, len(record.given))


def answer(project: Project, sheet: Sheet, asked: Asked, given: Answer, laboratory: Laboratory) -> Marked:
    """Grade an answer and keep it. One that says nothing of its own is not kept.

    A question with a run is run now, in the `laboratory`. Raises MachineError if that cannot be done here:
    then nothing is kept.
    """
    seen = run(asked.item.run, asked.item.values, laboratory) if asked.item.run else None
    if seen is not None:
        asked = with_truth(asked, seen.right)
    graded = grade(asked, given, of_the_handout(content_root() / "exercises"))
    if not graded.empty:
        project.progress.answers.add(
            sheet.id,
            AnswerRecord(asked.item.id, asked.attempt, given.keys, given.text, graded.score, graded.passed),
        )
    return Marked(
        asked, graded, seen.lines if seen else (), tell_all=graded.passed or asked.attempt + 1 >= TELL_ALL
    )


def found(project: Project, item: Item) -> str:
    """What the learner's own Markdown says to a question in words; empty if nothing."""
    return found_in(project.root, item)


def failed_once(project: Project) -> tuple[str, ...]:
    """The checks that did not pass in some attempt, in the order of the course, to think back to."""
    attempts = [each for activity in project.course for each in project.progress.attempts(activity.id)]
    return tuple(
        dict.fromkeys(
            failing.check
            for attempt in attempts
            for failing in attempt.failing
            if failing.outcome is Outcome.FAILED
        )
    )


def open_questions(project: Project, activity: str) -> int:
    """How many questions of an activity are not done."""
    sheet = load.of_activity(activity)
    return (
        sum(each.state is not QuestionState.DONE for each in question_records(project, sheet)) if sheet else 0
    )


def reading_again(record: QuestionRecord) -> Reading | None:
    """What the rubric finds in the last text, to review it."""
    rubric = record.item.rubric
    return read(rubric, record.given[-1].text) if rubric and record.given else None


def review(project: Project, item: Item, reading: Reading, ticked: Sequence[str]) -> float:
    """Keep the learner's own review of their text; the score with it."""
    score = reviewed(reading, frozenset(ticked))
    project.progress.answers.review(item.id, tuple(ticked), score)
    return score


def listing(project: Project, sheet: Sheet) -> dict[str, Any]:
    """The questions as JSON, as this learner meets them next, without a word of what is right."""
    items = []
    for each in question_records(project, sheet):
        asked = question(project, each)
        items.append(
            {
                "id": each.item.id,
                "title": each.item.title,
                "format": each.item.format.value,
                "required": each.item.required,
                "prediction": bool(each.item.run),
                "ask": asked.item.ask,
                "type": asked.how,
                "rows": [row.text for row in asked.item.rows],
                "options": {LETTERS[at]: option.text for at, option in enumerate(asked.options)},
                "state": each.state.value,
                "answers": len(each.given),
            }
        )
    return {"schema": SCHEMA, "sheet": sheet.id, "title": sheet.title, "items": items}
