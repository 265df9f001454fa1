"""Reads one question from its table, in one of its variants, and complains of what is not sound."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from string import Template

from workshop.course.table import Table
from workshop.quiz.model import Format, Item, Option, Pitfall, Row
from workshop.quiz.patterns import Pattern, parse
from workshop.quiz.rubric import Idea, Misconception, Rubric

LETTERS = "abcdefghijklmnopqrstuvwxyz"

Fill = Callable[[str], str]


def item_of(table: Table, number: int) -> Item:
    """The question in `table`, in its variant `number`. Raises GraderError naming the key."""
    variants = [each.strings() for each in table.tables("variants")]
    values = variants[number % len(variants)] if variants else {}
    if any(each.keys() != values.keys() for each in variants):
        raise table.mistake("variants", "must all have the same names")
    fill: Fill = partial(_filled, table, values) if variants else str
    kind = table.text("format")
    if kind not in list(Format):
        raise table.mistake("format", f"must be one of {', '.join(Format)}, not {kind!r}")
    is_open = table.flag("open")
    item = Item(
        id=table.text("id"),
        title=table.text("title"),
        format=Format(kind),
        ask=fill(table.text("ask").strip("\n")),
        why=fill(table.text("why", "").strip("\n")),
        required=not table.flag("extra"),
        options=tuple(_option(each, fill) for each in table.tables("options")),
        rows=tuple(_row(each, fill) for each in table.tables("rows")),
        pitfalls=tuple(_pitfall(each, fill) for each in table.tables("pitfalls")),
        run=table.text("run", ""),
        rubric=_rubric(table) if kind == Format.TEXT and not is_open else None,
        model=fill(table.text("model", "").strip("\n")),
        values=values,
        variants=max(1, len(variants)),
        cues=table.texts("cues", ()),
    )
    table.finish()
    if trouble := _unsound(item):
        raise table.mistake(*trouble)
    return item


def _filled(table: Table, values: dict[str, str], text: str) -> str:
    try:
        return Template(text).substitute(values)
    except (KeyError, ValueError) as error:
        raise table.mistake("variants", f"does not fit {text[:40]!r}: {error}") from error


def _option(table: Table, fill: Fill) -> Option:
    option = Option(
        table.text("key"), fill(table.text("text")), table.flag("right"), fill(table.text("why", ""))
    )
    table.finish()
    return option


def _row(table: Table, fill: Fill) -> Row:
    row = Row(table.text("key"), fill(table.text("text")), table.text("right"), fill(table.text("why")))
    table.finish()
    return row


def _pitfall(table: Table, fill: Fill) -> Pitfall:
    pitfall = Pitfall(table.text("first"), table.text("then"), fill(table.text("why")))
    table.finish()
    return pitfall


def _rubric(table: Table) -> Rubric:
    ideas, misconceptions = [], []
    for each in table.tables("ideas"):
        ideas.append(Idea(each.text("id"), each.text("text"), _patterns(each)))
        each.finish()
    for each in table.tables("misconceptions"):
        misconceptions.append(Misconception(each.text("why"), _patterns(each)))
        each.finish()
    rubric = Rubric(
        ideas=tuple(ideas),
        misconceptions=tuple(misconceptions),
        least=table.number("least"),
        needs=frozenset(table.texts("needs", ())),
        is_list=table.flag("list"),
        most_sentences=table.number("most_sentences", 0),
    )
    if not rubric.needs <= {idea.id for idea in ideas} or not 0 < rubric.least <= len(ideas):
        raise table.mistake("needs", "or `least` asks for ideas that are not there")
    return rubric


def _patterns(table: Table) -> tuple[Pattern, ...]:
    try:
        return tuple(parse(text) for text in table.texts("ways"))
    except ValueError as error:
        raise table.mistake("ways", str(error)) from error


def _unsound(item: Item) -> tuple[str, str] | None:
    """The key and the reason why a question cannot be answered, or not be explained."""
    if item.format is Format.TEXT:
        return None if item.model else ("model", "is missing")
    keys = [option.key for option in item.options]
    right = [option for option in item.options if option.right]
    chosen = item.format in (Format.CHOICE, Format.CHOICES)
    if not 2 <= len(keys) <= len(LETTERS) or len(set(keys)) != len(keys):
        return "options", "must be two at least, each with a key of its own"
    if not item.why:
        return "why", "is missing"
    if (item.format is Format.CHOICE and len(right) != 1) or (item.format is not Format.MATCH and not right):
        return "options", "must have one that is right"
    if any(not option.why for option in item.options if chosen or not (option.right or item.rows)):
        return "options", "must say why"
    if item.format is Format.MATCH and not (item.rows and all(row.right in keys for row in item.rows)):
        return "rows", "must each name an option that is there"
    if not all({pitfall.first, pitfall.then} <= set(keys) for pitfall in item.pitfalls):
        return "pitfalls", "names an option that is not there"
    return None
