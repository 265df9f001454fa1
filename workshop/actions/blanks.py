"""Which open blanks stand in the way of an activity."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path
from typing import assert_never

from grader.reading import parse_python, read_bytes
from grader.result import Blank
from workshop.course.model import Activity
from workshop.scaffold.edits import (
    AddDefinition,
    AppendEntry,
    CreateFile,
    Decorate,
    MoveFile,
    RequireLine,
    SetName,
)

Span = tuple[str, int, int]
"""A name that a file binds, with the first and last line of what it is bound to."""


def in_the_way(project: Path, activity: Activity, course: Iterable[Activity]) -> tuple[Blank, ...]:
    """The blanks in what `activity` or an earlier one asked to be filled.

    A blank belongs to the activities whose edits made the definition, the setting or the file it stands
    in, wherever the learner moved it. One that belongs to none is the learner's own affair, and one that
    belongs only to a later activity can wait.
    """
    from workshop.scaffold.blanks import find_blanks

    so_far = [each for each in course if each.number < activity.number] + [activity]
    names, files = _made(so_far)
    blanks = find_blanks(project)
    spans = {file: _spans(project / file) for file in {blank.file for blank in blanks}}
    return tuple(
        blank
        for blank in blanks
        if _name(blank.file) in files or names & _around(spans[blank.file], blank.line)
    )


def _made(activities: Iterable[Activity]) -> tuple[frozenset[str], frozenset[str]]:
    """The names of the definitions and settings, and of the files, that hold the templates of activities.

    A file has no folder here: it is another where the app is.
    """
    names, files = set[str](), set[str]()
    for edit in (edit for each in activities for task in each.tasks for edit in task.edits):
        match edit:
            case CreateFile(file=file):
                files.add(_name(file))
            case SetName(name=name) | AddDefinition(name=name):
                names.add(name)
            case Decorate() | AppendEntry() | RequireLine() | MoveFile():
                pass  # they bring no template
            case _:
                assert_never(edit)
    return frozenset(names), frozenset(files)


def _name(file: str) -> str:
    return file.rpartition("/")[2]


def _around(spans: Iterable[Span], line: int) -> frozenset[str]:
    """The names of the definitions and bindings that `line` lies in."""
    return frozenset(name for name, first, last in spans if first <= line <= last)


def _spans(file: Path) -> tuple[Span, ...]:
    spans = []
    for node in ast.walk(parse_python(read_bytes(file))):
        last = getattr(node, "end_lineno", None) or 0
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            spans.append((node.name, node.lineno, last))
        elif isinstance(node, ast.Assign):
            spans += [(each.id, node.lineno, last) for each in node.targets if isinstance(each, ast.Name)]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            spans.append((node.target.id, node.lineno, last))
    return tuple(spans)
