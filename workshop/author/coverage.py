"""Whether every item of the handout is covered: its tasks by tasks and checks, its questions by questions."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator
from pathlib import Path

from workshop.author.corpus import corpus_root
from workshop.course.load import activities, content_root
from workshop.course.table import Table
from workshop.quiz.load import sheets


def uncovered(numbers: Collection[int]) -> Iterator[str]:
    """What falls short of the items that these activities, by number, cover. Raises GraderError."""
    known = {
        "tasks": {f"{activity.id}/{task.id}" for activity in activities() for task in activity.tasks},
        "checks": {check.id for activity in activities() for check in activity.checks},
        "items": {item.id for sheet in sheets() for item in sheet.items},
    }
    for place, says, named in (*_tasks(), *_questions()):
        number = place.removeprefix("activity-")
        if number.isdecimal() and int(number) not in numbers:
            continue
        if not any(named.values()):
            yield f"{place}: nothing covers the handout's {says!r}"
        for kind, ids in named.items():
            for missing in sorted(set(ids) - known[kind]):
                yield f"{place}: the handout's {says!r} is covered by {missing}, which is not there"


Item = tuple[str, str, dict[str, tuple[str, ...]]]
"""Where it is covered, what the handout says, and what covers it, by kind."""


def _tasks() -> Iterator[Item]:
    for item in _tables(corpus_root() / "handout.toml", "items"):
        item.text("id")
        named = {kind: item.texts(kind, ()) for kind in ("tasks", "checks")}
        yield item.text("in"), item.text("says"), named
        item.finish()


def _questions() -> Iterator[Item]:
    for item in _tables(content_root() / "exercises/handout.toml", "questions"):
        place = item.text("sheet", "") or f"activity-{item.number('activity')}"
        yield place, item.text("says"), {kind: item.texts(kind, ()) for kind in ("items", "checks")}


def _tables(file: Path, key: str) -> list[Table]:
    return Table(tomllib.loads(file.read_text(encoding="utf-8")), file).tables(key)
