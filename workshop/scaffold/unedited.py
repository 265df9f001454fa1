"""Whether a piece of the learner's code is still as an earlier `start` wrote it: nobody's work, so a newer
template may take its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import libcst as cst

from workshop.scaffold.by_hand import ByHand
from workshop.scaffold.edits import AddDefinition, CreateFile, Decorate, Edit, SetName
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
    """The file, statement or decorators that the edit brings, as they read in `raw`; None if not there."""
    if raw is None or isinstance(edit, CreateFile):
        return raw
    try:
        module = parse(file, raw).module
        match edit:
            case SetName(name=name):
                return _source(module, module.body, find_assignment(module.body, name))
            case AddDefinition(name=name, into=into):
                body = class_body(module, into, file)[1].body if into else module.body
                return _source(module, body, find_definition(body, name))
            case Decorate(target=target):
                into, _, name = target.rpartition(".")
                body = class_body(module, into, file)[1].body if into else module.body
                at = find_definition(body, name)
                found = None if at is None else body[at]
                if isinstance(found, cst.FunctionDef | cst.ClassDef):
                    return "".join(module.code_for_node(each) for each in found.decorators)
    except ByHand:
        pass
    return None


def _source(module: cst.Module, body: Iterable[cst.BaseStatement], at: int | None) -> str | None:
    return None if at is None else source_of(module, as_statement(list(body)[at]))
