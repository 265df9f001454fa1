"""Which open blanks stand in the way of an activity."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path

from grader.result import Blank
from workshop.course.model import Activity
from workshop.scaffold.edits import AddDefinition, CreateFile, SetName

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
    names = {name for each in so_far for name in _names(each)}
    made = {file for each in so_far for file in _files(each)}
    blanks = find_blanks(project)
    spans = {file: _spans(project / file) for file in {blank.file for blank in blanks}}
    return tuple(
        blank
        for blank in blanks
        if _name(blank.file) in made or names & _around(spans[blank.file], blank.line)
    )


def _names(activity: Activity) -> Iterable[str]:
    for task in activity.tasks:
        for edit in task.edits:
            if isinstance(edit, AddDefinition | SetName):
                yield edit.name


def _files(activity: Activity) -> Iterable[str]:
    """The names of the files it makes: their folder is another where the app is."""
    return (
        _name(edit.file) for task in activity.tasks for edit in task.edits if isinstance(edit, CreateFile)
    )


def _name(file: str) -> str:
    return file.rpartition("/")[2]


def _around(spans: Iterable[Span], line: int) -> frozenset[str]:
    """The names of the definitions and bindings that `line` lies in."""
    return frozenset(name for name, first, last in spans if first <= line <= last)


def _spans(file: Path) -> tuple[Span, ...]:
    spans = []
    for node in ast.walk(ast.parse(file.read_bytes())):
        last = getattr(node, "end_lineno", None) or 0
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            spans.append((node.name, node.lineno, last))
        elif isinstance(node, ast.Assign):
            spans += [(each.id, node.lineno, last) for each in node.targets if isinstance(each, ast.Name)]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            spans.append((node.target.id, node.lineno, last))
    return tuple(spans)
