"""Loads and validates the review. Raises GraderError naming file and key if it is not well formed."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from workshop.course.load import content_root
from workshop.course.table import Table
from workshop.review.model import ACTIVITY, Change, HunkKind, Line, Sheet


@cache
def sheet() -> Sheet:
    """The review of the course."""
    root = content_root()
    file = root / "exercises" / ACTIVITY / "review.toml"
    table = Table(tomllib.loads(file.read_text(encoding="utf-8")), file)
    found = Sheet(
        lines=tuple(_line(each) for each in table.tables("lines")),
        changes=tuple(_change(each, root / "solutions") for each in table.tables("changes")),
    )
    table.finish()
    return found


def _line(table: Table) -> Line:
    line = Line(table.text("id"), table.text("title"), table.texts("checks"))
    table.finish()
    return line


def _change(table: Table, solutions: Path) -> Change:
    kind = table.text("kind")
    if kind not in list(HunkKind):
        raise table.mistake("kind", f"must be one of {', '.join(HunkKind)}, not {kind!r}")
    fragment = solutions / table.text("fragment")
    if not fragment.is_file():
        raise table.mistake("fragment", f"is no file: {fragment}")
    source, old = fragment.read_text(encoding="utf-8"), table.text("old")
    if source.count(old) != 1:
        raise table.mistake("old", f"stands {source.count(old)} times in {fragment}, and not once")
    change = Change(
        id=table.text("id"),
        kind=HunkKind(kind),
        subtle=table.flag("subtle"),
        place=table.text("place"),
        source=source,
        old=old,
        new=table.text("new", ""),
        why=table.text("why"),
        check=table.text("check", ""),
    )
    table.finish()
    if (change.kind is HunkKind.FAULT) is not bool(change.check):
        raise table.mistake("check", "belongs to a fault, and to nothing else")
    return change
