"""Loads the questions: exercises/activity-N/questions.toml, and those of the scenarios and extensions."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

from grader.errors import GraderError, UsageError
from workshop.course.load import content_root
from workshop.course.table import Table
from workshop.quiz.items import item_of
from workshop.quiz.model import Item, Sheet

FILE = "questions.toml"


@cache
def sheets(exercises: Path | None = None) -> tuple[Sheet, ...]:
    """All sheets: the activities by number, then the others by name, each question in its first variant.

    Raises GraderError naming file and key if one is not well formed, or two questions share an id.
    """
    found = tuple(_sheet(file) for file in _files(exercises or content_root() / "exercises"))
    counts = Counter(item.id for sheet in found for item in sheet.items)
    for id, count in counts.items():
        if count > 1:
            raise GraderError(f"There are {count} questions with the id {id}.", "Name them differently.")
    return found


def sheet(name: str) -> Sheet:
    """The sheet that `activity-4`, `4` or `scenarios` means. Raises UsageError if there is none."""
    wanted = name.strip().lower()
    if match := re.fullmatch(r"(?:activity[- _]?)?(\d{1,3})", wanted):
        wanted = f"activity-{int(match[1])}"
    for each in sheets():
        if each.id == wanted:
            return each
    names = ", ".join(each.id for each in sheets())
    raise UsageError(f"There are no questions for {name!r}.", f"There are some for: {names}.")


def of_activity(id: str) -> Sheet | None:
    """The sheet of one activity, without a look at the others, or None if it has none."""
    file = content_root() / "exercises" / id / FILE
    return _sheet(file) if file.is_file() else None


def sheet_of(item: str) -> Sheet | None:
    """The sheet that has the question of that id."""
    for each in sheets():
        if any(question.id.lower() == item.strip().lower() for question in each.items):
            return each
    return None


def variant(item: Item, number: int, exercises: Path | None = None) -> Item:
    """`item` with the names and numbers of its variant `number`; any whole number will do."""
    if item.variants < 2:
        return item
    for file in _files(exercises or content_root() / "exercises"):
        for data in _read(file)["items"]:
            if data["id"] == item.id:
                return item_of(Table(data, file, item.id), number)
    raise GraderError(f"The question {item.id} is gone.", "The course is damaged: install it anew.")


def _files(exercises: Path) -> list[Path]:
    def order(file: Path) -> tuple[int, str]:
        number = re.fullmatch(r"activity-(\d+)", file.parent.name)
        return (int(number[1]) if number else 1000, file.parent.name)

    return sorted(exercises.glob(f"*/{FILE}"), key=order)


def _sheet(file: Path) -> Sheet:
    table = Table(_read(file), file)
    title = table.text("title")
    items = tuple(item_of(each, 0) for each in table.tables("items"))
    table.finish()
    return Sheet(file.parent.name, title, items)


@cache
def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise GraderError(
            f"{file} cannot be read: {error}.", "The course is damaged: install it anew."
        ) from error
