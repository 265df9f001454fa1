"""Grades an answer, and says of each part of it why it is right or wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from workshop.quiz.asked import Answer, Asked
from workshop.quiz.model import Format, Item
from workshop.quiz.pasted import is_empty, own
from workshop.quiz.rubric import Reading, read


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to say about an answer. `label` is a letter or a number, or empty."""

    label: str
    right: bool
    text: str


@dataclass(frozen=True, slots=True)
class Grade:
    """How an answer was. `score` is 0 to 1; `reading` is what the rubric found in a text."""

    passed: bool
    score: float
    notes: tuple[Note, ...] = ()
    reading: Reading | None = None
    empty: bool = False
    """Whether nothing was answered in one's own words."""


@dataclass(frozen=True, slots=True)
class Marked:
    """An answer that was graded. `asked` knows what is right, and `seen` are the lines of a run.

    With `tell_all` the right answer and the explanation are told.
    """

    asked: Asked
    grade: Grade
    seen: tuple[str, ...] = ()
    tell_all: bool = False


def grade(asked: Asked, answer: Answer, handout: frozenset[str] = frozenset()) -> Grade:
    """Grade `answer`. Words that stand in the handout do not count as the learner's.

    For a question with a run, `asked` must hold what was seen: see `with_truth`.
    """
    match asked.item.format:
        case Format.TEXT:
            return _text(asked.item, answer, handout)
        case Format.MATCH:
            return _match(asked, answer)
        case Format.ORDER:
            return _order(asked, answer)
        case _:
            return _choices(asked, answer)


def with_truth(asked: Asked, seen: Mapping[str, str] | frozenset[str]) -> Asked:
    """The question with what a run has shown as the right answer: keys of options, or one for each row."""
    if isinstance(seen, frozenset):
        item = replace(asked.item, options=tuple(replace(o, right=o.key in seen) for o in asked.item.options))
    else:
        item = replace(asked.item, rows=tuple(replace(r, right=seen[r.key]) for r in asked.item.rows))
    options = tuple(item.option(option.key) for option in asked.options)
    return replace(asked, item=item, options=options)


def _choices(asked: Asked, answer: Answer) -> Grade:
    right = {option.key for option in asked.item.options if option.right}
    chosen = set(answer.keys)
    notes = [
        Note(asked.letter(option.key), option.right, option.why)
        for option in asked.options
        if option.key in chosen
    ]
    if right - chosen and chosen & right and not chosen - right:
        notes.append(Note("", False, "What you chose is right, and there is more."))
    score = max(0, len(chosen & right) - len(chosen - right)) / len(right)
    return Grade(chosen == right, score, tuple(notes), empty=not chosen)


def _match(asked: Asked, answer: Answer) -> Grade:
    rows = asked.item.rows
    given = answer.keys + ("",) * (len(rows) - len(answer.keys))
    notes = tuple(
        Note(str(number), key == row.right, row.why if key != row.right else "Yes.")
        for number, (row, key) in enumerate(zip(rows, given, strict=False), 1)
    )
    score = sum(note.right for note in notes) / len(rows)
    return Grade(all(note.right for note in notes), score, notes, empty=not answer.keys)


def _order(asked: Asked, answer: Answer) -> Grade:
    right = [option.key for option in asked.item.options if option.right]
    given = list(answer.keys)
    kept = [key for key in given if key in right]
    pairs = list(pairwise(right))
    good = sum((one, two) in set(pairwise(given)) for one, two in pairs)
    score = good / max(1, len(pairs))
    passed = given == right
    return Grade(
        passed, 1.0 if passed else min(score, 0.9), tuple(_wrongly(asked, given, kept)), empty=not given
    )


def _wrongly(asked: Asked, given: list[str], kept: list[str]) -> Iterator[Note]:
    for key in given:
        option = asked.item.option(key)
        if not option.right:
            yield Note(asked.letter(key), False, option.why)
    for pitfall in asked.item.pitfalls:
        if {pitfall.first, pitfall.then} <= set(kept) and kept.index(pitfall.first) < kept.index(
            pitfall.then
        ):
            label = f"{asked.letter(pitfall.first)} before {asked.letter(pitfall.then)}"
            yield Note(label, False, pitfall.why)
    if missing := [o for o in asked.options if o.right and o.key not in given]:
        letters = ", ".join(asked.letter(option.key) for option in missing)
        yield Note(letters, False, "This belongs in, too.")


def _text(item: Item, answer: Answer, handout: frozenset[str]) -> Grade:
    text = own(answer.text, handout)
    if is_empty(text):
        return Grade(False, 0.0, empty=True)
    if item.rubric is None:
        return Grade(True, 1.0)
    reading = read(item.rubric, text)
    return Grade(reading.passed, reading.score, reading=reading)


def reviewed(reading: Reading, ticked: frozenset[str]) -> float:
    """The score with the learner's own review: it adds one idea at most to those that the rubric found."""
    rubric = reading.rubric
    known = {idea.id for idea in rubric.ideas}
    found = set(reading.ideas)
    for idea in rubric.ideas:  # the one that is needed most, if there is a choice
        if idea.id in ticked & known - found and (idea.id in rubric.needs or not rubric.needs - found):
            found.add(idea.id)
            break
    if reading.wrong:
        return reading.score
    full = len(found) >= rubric.least and rubric.needs <= found
    return 1.0 if full else max(reading.score, min(0.9, len(found) / rubric.least))
