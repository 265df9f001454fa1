"""Answers that came with a project: in its workshop-submission.json, or in Markdown of the learner's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.probe.decoding import decode
from grader.reading import read_bytes
from workshop.actions.regrade import regraded
from workshop.quiz.asked import Answer
from workshop.quiz.found import found_in
from workshop.quiz.model import Format, Item, Sheet
from workshop.state.answers import AnswerRecord

FILE = "workshop-submission.json"
MOST_BYTES = 2_000_000


def handed_in(root: Path, sheet: Sheet) -> dict[str, AnswerRecord]:
    """The best answer to each question of `sheet` that lies in the project at `root`, graded anew.

    What the file says of its own scores is not believed.
    """
    best: dict[str, AnswerRecord] = {}
    for item, seed, attempt, answer in _all(root, sheet):
        # The text counts as reviewed, with nothing added to it.
        record = AnswerRecord(item.id, attempt, answer.keys, answer.text, 0.0, False, own=())
        given = regraded(item, seed, record)
        if given and (item.id not in best or given.score > best[item.id].score):
            best[item.id] = given
    return best


def _all(root: Path, sheet: Sheet) -> Iterator[tuple[Item, int, int, Answer]]:
    seed, answers = _submitted(root)
    for item in sheet.items:
        for each in answers:
            if each.get("item") == item.id and (answer := _answer(item, each)):
                attempt = each.get("attempt")
                yield item, seed, attempt if isinstance(attempt, int) else 0, answer
        if item.format is Format.TEXT and (text := found_in(root, item)):
            yield item, seed, 0, Answer(text=text)


def _answer(item: Item, each: dict[str, Any]) -> Answer | None:
    if item.format is Format.TEXT:
        text = each.get("text")
        return Answer(text=text) if isinstance(text, str) else None
    keys, known = each.get("keys"), {option.key for option in item.options}
    if isinstance(keys, list) and all(isinstance(key, str) and key in known for key in keys):
        return Answer(tuple(keys))
    return None


def _submitted(root: Path) -> tuple[int, list[dict[str, Any]]]:
    """The seed and the answers in the file; nothing if there is none, or it is not as we write it."""
    path = root / FILE
    try:
        if path.stat().st_size > MOST_BYTES:
            return 0, []
        data = decode(read_bytes(path))
        answers = data["answers"]
        seed, given = answers["seed"], answers["given"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return 0, []
    if not isinstance(seed, int) or not isinstance(given, list):
        return 0, []
    return seed, [each for each in given if isinstance(each, dict)]
