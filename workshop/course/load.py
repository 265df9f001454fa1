"""Loads and validates activities from `exercises/`. Light, since `hint` reads the course too."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import get_args

from grader.errors import GraderError, UsageError
from workshop.course.checks import load_checks
from workshop.course.model import Activity, Task
from workshop.course.table import Table, read
from workshop.scaffold import edits

EDIT_KINDS: dict[str, type[edits.Edit]] = {each.kind: each for each in get_args(edits.Edit)}


def content_root() -> Path:
    """The folder of exercises, solutions and safeboda: in the wheel, or beside the package in a clone."""
    package = Path(__file__).resolve().parent.parent
    packed = package / "_content"
    return packed if packed.is_dir() else package.parent


@cache
def activities(root: Path | None = None) -> tuple[Activity, ...]:
    """All activities under `root` (default: the course itself), by number.

    Raises GraderError naming file and key if one of them is not well formed.
    """
    root = root or content_root()
    numbers = sorted(
        int(match[1])
        for folder in (root / "exercises").glob("activity-*")
        if (match := re.fullmatch(r"activity-(\d+)", folder.name)) and (folder / "activity.toml").is_file()
    )
    found: list[Activity] = []
    for number in numbers:
        found.append(load_folder(root, number, found))
    return tuple(found)


def load(number: int) -> Activity:
    """The activity of that number. Raises UsageError if there is none."""
    for activity in activities():
        if activity.number == number:
            return activity
    names = ", ".join(activity.id for activity in activities())
    raise UsageError(f"There is no activity-{number}.", f"There are: {names}.")


def by_name(name: str) -> Activity:
    """The activity meant by `activity-4`, `activity 4` or `4`. Raises UsageError if there is none."""
    match = re.fullmatch(r"(?:activity[- _]?)?(\d{1,3})", name.strip().lower())
    if match:
        return load(int(match[1]))
    names = ", ".join(activity.id for activity in activities())
    raise UsageError(f"There is no activity called {name!r}.", f"There are: {names}.")


def hidden() -> tuple[Path, ...]:
    """The folders that no project which is judged may see: the course, answers and all, and the workshop."""
    package = Path(__file__).resolve().parent.parent
    return (package, *(content_root() / name for name in ("corpus", "exercises", "solutions")))


def load_folder(root: Path, number: int, earlier: Sequence[Activity] = ()) -> Activity:
    """Read exercises/activity-`number` under `root`; `earlier` are the activities before it.

    Raises GraderError naming file and key.
    """
    folder = root / "exercises" / f"activity-{number}"
    table = read(folder / "activity.toml")
    theory = table.flag("theory")
    activity = Activity(
        number=number,
        title=table.text("title"),
        minutes=table.number("minutes"),
        objectives=table.texts("objectives"),
        try_it=table.texts("try_it", ()),
        tasks=tuple(_task(task, folder / "templates") for task in table.tables("tasks")),
        checks=tuple(load_checks(folder, theory, [check for each in earlier for check in each.checks])),
        folder=folder,
        solutions=root / "solutions" / f"activity-{number}",
        theory=theory,
    )
    table.finish()
    ids = [task.id for task in activity.tasks]
    for id in ids:
        if ids.count(id) > 1:
            raise table.mistake("tasks", f"has the id {id!r} more than once")
    if not activity.lesson.is_file():
        raise GraderError(f"{activity.lesson} is missing.", "Each activity needs a lesson.")
    return activity


def _task(table: Table, templates: Path) -> Task:
    task = Task(
        id=table.text("id"),
        title=table.text("title"),
        text=table.text("text"),
        edits=tuple(edit(each, templates) for each in table.tables("edits")),
        given=table.flag("given"),
    )
    table.finish()
    return task


def edit(table: Table, fragments: Path | None = None) -> edits.Edit:
    """One typed edit. With `fragments` its fragment must be a file there."""
    kind = table.text("kind")
    if kind not in EDIT_KINDS:
        raise table.mistake("kind", f"must be one of {', '.join(EDIT_KINDS)}, not {kind!r}")
    kind_class = EDIT_KINDS[kind]
    values: dict[str, str | bool | edits.Position] = {}
    for field in dataclasses.fields(kind_class):
        if isinstance(field.default, bool):
            values[field.name] = table.flag(field.name)
            continue
        optional = field.default is not dataclasses.MISSING
        value = table.text(field.name.rstrip("_"), str(field.default) if optional else None)
        if field.name == "position":
            if value not in list(edits.Position):
                raise table.mistake("position", 'must be "first" or "last"')
            values[field.name] = edits.Position(value)
        else:
            values[field.name] = value
        if field.name == "fragment" and fragments is not None and not (fragments / value).is_file():
            raise table.mistake("fragment", f"names {value!r}, which is not in {fragments}")
    table.finish()
    return kind_class(**values)  # type: ignore[arg-type]  # every field was read above
