"""Whether a piece of the learner's code is still as an earlier `start` wrote it: nobody's work, so a newer
template may take its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import assert_never

import libcst as cst

from workshop.scaffold.by_hand import ByHand
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
from workshop.scaffold.python_file import as_statement, parse
from workshop.scaffold.statements import class_body, find_assignment, find_definition, source_of


@dataclass(frozen=True, slots=True)
class FileVersions:
    """The bytes of a file just before and just after a `start` wrote it. None: there was no such file."""

    before: bytes | None
    after: bytes | None


Written = Mapping[str, Iterable[FileVersions]]
"""What the starts of an activity wrote, by the path of the file in the project."""


def is_unedited(edit: Edit, file: str, raw: bytes | None, written: Written) -> bool:
    """Whether the piece that `edit` is about reads in `raw` exactly as a start wrote it into `file`.

    A piece that was there before that start, such as one the learner had filled by then, is the learner's.
    """
    starts = written.get(file, ())
    now = _piece(edit, file, raw) if starts else None
    return now is not None and any(
        now == _piece(edit, file, start.after) != _piece(edit, file, start.before) for start in starts
    )


def _piece(edit: Edit, file: str, raw: bytes | None) -> bytes | str | None:
    """The file, statement or decorators that the edit brings, as they read in `raw`; None if not there.

    An entry of a list, a line of a line file and the place of a file are no such piece.
    """
    if raw is None:
        return None
    try:
        match edit:
            case CreateFile():
                return raw
            case SetName(name=name):
                module = parse(file, raw).module
                at = find_assignment(module.body, name)
                return None if at is None else source_of(module, as_statement(module.body[at]))
            case AddDefinition():
                module, found = _definition(edit, file, raw)
                return None if found is None else source_of(module, found)
            case Decorate():
                module, found = _definition(edit, file, raw)
                if found is None:
                    return None
                return "".join(module.code_for_node(each) for each in found.decorators)
            case AppendEntry() | RequireLine() | MoveFile():
                return None
    except ByHand:
        return None
    assert_never(edit)


def _definition(
    edit: AddDefinition | Decorate, file: str, raw: bytes
) -> tuple[cst.Module, cst.FunctionDef | cst.ClassDef | None]:
    """The module in `raw`, and the function, method or class in it that the edit names. Raises ByHand."""
    module = parse(file, raw).module
    body = class_body(module, edit.into, file)[1].body if edit.into else module.body
    at = find_definition(body, edit.name)
    found = None if at is None else body[at]
    return module, found if isinstance(found, cst.FunctionDef | cst.ClassDef) else None
