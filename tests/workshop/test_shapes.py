"""Activities 2 to 6 on projects of every shape: brought in, or told what to paste where; and taken back."""

from __future__ import annotations

import ast
import codecs
import io
import stat
import tokenize
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import assert_never

import pytest

from grader.errors import MachineError
from tests.projects.shapes import SHAPES, Shape
from workshop.actions.project import Project, opened
from workshop.actions.start import Start, carry_out, prepare
from workshop.actions.undo import plan_undo, undo
from workshop.course.load import activities
from workshop.scaffold.blanks import lines_with_blanks
from workshop.scaffold.changes import EditOutcome, FileChange
from workshop.scaffold.edits import (
    AddDefinition,
    AppendEntry,
    CreateFile,
    Decorate,
    Edit,
    MoveFile,
    RequireLine,
    SetName,
)

NUMBERS = range(2, 7)


@dataclass(frozen=True)
class Seen:
    """A file, or a link: what undo must bring back."""

    raw: bytes
    mode: int
    link: str


def files(folder: Path) -> dict[str, Seen]:
    """All files below a folder but for the workshop's own notes and the virtual environment."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file() and not {".workshop", ".venv", ".git", "__pycache__"} & set(path.parts):
            link = str(path.readlink()) if path.is_symlink() else ""
            found[str(path.relative_to(folder))] = Seen(
                path.read_bytes(), stat.S_IMODE(path.stat().st_mode), link
            )
    return found


def key(edit: Edit) -> str:
    """How shapes name an edit."""
    match edit:
        case SetName(name=name) | AddDefinition(name=name):
            return name
        case RequireLine(key=name) | Decorate(target=name) | AppendEntry(to=name):
            return name
        case CreateFile(file=file) | MoveFile(file=file):
            return file
    assert_never(edit)


def text_of(raw: bytes) -> tuple[str, str]:
    """A file's text and its encoding. The encoding keeps the byte order mark."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16"), "utf-16"
    encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
    return raw.decode(encoding), encoding


def newlines(text: str) -> set[str]:
    """What ends the lines of a text."""
    return {line[len(line.rstrip("\r\n")) :] for line in text.splitlines(keepends=True)} - {""}


def only_adds(change: FileChange) -> None:
    """Whether a change leaves every line of the learner's as it was, and writes as they write."""
    assert change.after is not None
    after, encoding = text_of(change.after)
    if change.before is None:
        return
    before, as_before = text_of(change.before)
    assert encoding == as_before
    assert newlines(after) == newlines(before), change.path
    rest = iter(after.splitlines())
    for line in before.splitlines():
        assert line in rest, f"{change.path}: {line!r} is no longer there, or elsewhere"
    inserted = [line for line in after.splitlines() if line not in before.splitlines()]
    if "\n\t" in before:
        assert not [line for line in inserted if line.startswith("  ")]


def told_usefully(outcome: EditOutcome, fragments: list[Path], root: Path) -> None:
    """Whether a person could do this edit from what they are told."""
    assert outcome.reason.endswith("."), outcome.reason
    assert outcome.place.endswith("."), outcome.place
    edit = outcome.edit
    into = edit.target if isinstance(edit, Decorate) else edit.into or outcome.file
    assert any(word in outcome.reason + outcome.place for word in (outcome.file, into))
    assert (root / outcome.file).exists() or outcome.file not in outcome.reason or "no " in outcome.reason
    match edit:
        case Decorate(decorator=source) | AppendEntry(entry=source) | RequireLine(line=source):
            assert source in outcome.fragment
            return
        case MoveFile():
            return
    whole = next(folder / edit.fragment for folder in fragments if (folder / edit.fragment).is_file())
    ours, told = ast.parse(whole.read_text()), ast.parse(outcome.fragment)
    assert without_imports(told) == without_imports(ours)


def without_imports(tree: ast.AST) -> list[str]:
    """What a fragment defines. What it imports may go by the name of the learner's own app."""
    return [
        type(node).__name__ for node in ast.walk(tree) if not isinstance(node, ast.Import | ast.ImportFrom)
    ]


@cache
def blanks(number: int) -> int:
    """How many lines with a blank the templates up to an activity have."""
    so_far = [activity for activity in activities() if activity.number <= number]
    templates = chain.from_iterable(activity.templates.glob("*.py") for activity in so_far)
    return sum(len(lines_with_blanks(path.read_text())) for path in templates)


def begin(learner: Project, shape: Shape, number: int) -> Start:
    """Start an activity and hold every promise that is made about it."""
    activity = learner.activity(str(number))
    start = prepare(learner, activity)
    assert {key(outcome.edit) for outcome in start.by_hand} == shape.by_hand.get(number, frozenset())
    for outcome in start.by_hand:
        told_usefully(outcome, [activity.templates], learner.root)
    for change in start.changes:
        only_adds(change)
    started = carry_out(learner, start)
    if shape.automatic:
        assert len(started.blanks) == blanks(number), (
            "a blank is not asked for where the file has another name"
        )
    return start


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_a_shape_is_brought_through_and_taken_back(shape: Shape, tmp_path: Path) -> None:
    typed_in = shape.make(tmp_path)
    original = files(tmp_path)
    stages = []
    with opened(typed_in, notice=pytest.fail) as learner:
        inside = learner.root.relative_to(tmp_path)
        for number in NUMBERS:
            if number in shape.refused:
                with pytest.raises(MachineError) as refusal:
                    carry_out(learner, prepare(learner, learner.activity(str(number))))
                assert "is read-only" in refusal.value.sentence
                continue
            before = files(tmp_path)
            start = begin(learner, shape, number)
            after = files(tmp_path)
            named = {str(inside / change.path) for change in start.changes}
            differ = {path for path in {*before, *after} if before.get(path) != after.get(path)}
            # A link to a changed file shows the change as well.
            assert {path for path in differ if not after[path].link} == named
            for path in differ & set(before):
                assert (before[path].mode, before[path].link) == (after[path].mode, after[path].link)
            for path, seen in after.items():
                if path.endswith(".py"):
                    ast.parse(seen.raw)
            assert prepare(learner, learner.activity(str(number))).changes == ()
            if start.changes:
                stages.append(before)
        for before in reversed(stages):
            undo(learner, plan_undo(learner))
            assert files(tmp_path) == before
    assert files(tmp_path) == original


def test_the_list_of_shapes_is_long_enough() -> None:
    assert len({shape.name for shape in SHAPES}) == len(SHAPES) >= 25
    assert {*chain.from_iterable(shape.by_hand for shape in SHAPES)} == {3, 4, 5, 6}
