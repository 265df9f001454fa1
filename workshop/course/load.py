"""Loads and validates activities from `exercises/`. Light, since `hint` reads the course too."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from functools import cache
from pathlib import Path

from grader.errors import GraderError, UsageError
from grader.result import Tier
from workshop.course.model import Activity, CourseCheck, Task
from workshop.course.table import Table
from workshop.scaffold import edits

EDIT_KINDS: dict[str, type[edits.Edit]] = {
    "create file": edits.CreateFile,
    "set name": edits.SetName,
    "add definition": edits.AddDefinition,
    "decorate": edits.Decorate,
    "append entry": edits.AppendEntry,
    "require line": edits.RequireLine,
    "move file": edits.MoveFile,
}


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
    return tuple(load_folder(root, number) for number in numbers)


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


def load_folder(root: Path, number: int) -> Activity:
    """Read exercises/activity-`number` under `root`. Raises GraderError naming file and key."""
    folder = root / "exercises" / f"activity-{number}"
    file = folder / "activity.toml"
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise GraderError(
            f"{file} cannot be read: {error}.", "The course is damaged: install it anew."
        ) from error
    table = Table(data, file)
    activity = Activity(
        number=number,
        title=table.text("title"),
        minutes=table.number("minutes"),
        objectives=table.texts("objectives"),
        try_it=table.texts("try_it", ()),
        tasks=tuple(_task(task, folder / "templates") for task in table.tables("tasks")),
        checks=tuple(_check(check) for check in table.tables("checks")),
        folder=folder,
        solutions=root / "solutions" / f"activity-{number}",
        theory=table.flag("theory"),
    )
    table.finish()
    for key, ids in (
        ("tasks", [task.id for task in activity.tasks]),
        ("checks", [check.id for check in activity.checks]),
    ):
        for id in ids:
            if ids.count(id) > 1:
                raise table.mistake(key, f"has the id {id!r} more than once")
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


def _check(table: Table) -> CourseCheck:
    tier = table.text("tier")
    if tier not in list(Tier):
        raise table.mistake("tier", f"must be one of {', '.join(Tier)}, not {tier!r}")
    ways = {}
    for name, way in table.named_tables("ways").items():
        ways[name] = way.three("hints")
        way.finish()
    check = CourseCheck(
        id=table.text("id"),
        tier=Tier(tier),
        points=table.number("points"),
        hints=table.three("hints"),
        ways=ways,
    )
    table.finish()
    return check
