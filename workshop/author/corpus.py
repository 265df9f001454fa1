"""The corpus: projects of which it is known what the judge must say. Read from the folder `corpus`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TypeVar

from grader.errors import GraderError, UsageError
from workshop.author.recipe import STARTER, Change, Recipe
from workshop.author.trees import TreeKind
from workshop.course.load import content_root
from workshop.course.table import Table

Item = TypeVar("Item")
Bases = Mapping[str, Recipe]

TREES = (STARTER, *(kind.value for kind in TreeKind))


@dataclass(frozen=True, slots=True)
class Mutant:
    """A project with one fault, which the check `check` must find.

    `how` is the failure mode, `says` a piece of what the learner is told of it. `also` are the
    other checks that fail, and how; `passes` are neighbours that must not. `believes` is what somebody
    believes who writes this. `in_git`: all its files are committed. `alone`: nothing else is judged, since
    the project does not do the other activities.
    """

    id: str
    name: str
    activity: int
    recipe: Recipe
    check: str
    how: str
    says: str
    also: Mapping[str, str] = field(default_factory=dict)
    passes: tuple[str, ...] = ()
    believes: str = ""
    in_git: bool = False
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Variant:
    """A project that does it otherwise, and right: all core and challenge passes, or does not apply.

    `lacks` are checks that it does not set out to pass, and how they fail. `passes` must not be skipped.
    If there are some, only the checks in `judged` are, and what they need.
    """

    id: str
    name: str
    activity: int
    recipe: Recipe
    lacks: Mapping[str, str] = field(default_factory=dict)
    passes: tuple[str, ...] = ()
    judged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Adversary:
    """A project that is out to get a mark it has not earned, or to do harm.

    `tries` says what, `holds` what must be so afterwards. Of the checks in `judged` those in `fails` must
    fail, with `says` among what is told of the first; all others pass. It is over within `seconds`;
    to load and to answer it gets `load` and `answer` seconds.
    """

    id: str
    name: str
    activity: int
    recipe: Recipe
    tries: str
    holds: str
    judged: tuple[str, ...]
    fails: Mapping[str, str] = field(default_factory=dict)
    says: str = ""
    seconds: int = 60
    answer: int = 10
    load: int = 30


@dataclass(frozen=True, slots=True)
class Corpus:
    """All of it, in the order of the ids."""

    mutants: tuple[Mutant, ...]
    variants: tuple[Variant, ...]
    adversaries: tuple[Adversary, ...]


def corpus_root() -> Path:
    """The folder of the corpus. Raises UsageError in an installed workshop, which does not bring it."""
    folder = content_root() / "corpus"
    if not folder.is_dir():
        raise UsageError(
            "The corpus of mutants, variants and adversaries is not here.",
            "Author commands work in a checkout of the workshop: `git clone` it, and `make start` in it.",
        )
    return folder


@cache
def corpus(root: Path | None = None) -> Corpus:
    """Load and validate it. Raises GraderError naming file and key, or UsageError if it is not here."""
    root = root or corpus_root()
    bases = _bases(root)
    return Corpus(
        _all(root, "mutants", lambda table, place: _mutant(table, place, bases)),
        _all(root, "variants", lambda table, place: _variant(table, place, bases)),
        _all(root, "adversaries", lambda table, place: _adversary(table, place, bases)),
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """The folder of an activity in the corpus, and its number."""

    folder: Path
    activity: int


def _all(root: Path, kind: str, read: Callable[[Table, _Place], Item]) -> tuple[Item, ...]:
    """The items of one kind from all activities; `<kind>.toml` holds tables of that name."""
    found: dict[str, Item] = {}
    for file in sorted(root.glob(f"activity-*/{kind}.toml")):
        place = _Place(file.parent, int(file.parent.name.partition("-")[2]))
        table = _table(file)
        for each in table.tables(kind):
            item = read(each, place)
            id = str(getattr(item, "id"))  # noqa: B009  # all three have one
            if id in found:
                raise table.mistake(kind, f"has the id {id!r}, which is in use already")
            found[id] = item
        table.finish()
    return tuple(found[id] for id in sorted(found, key=_order))


def _order(id: str) -> tuple[str, int]:
    match = re.fullmatch(r"([A-Za-z]+)(\d+)", id)
    if match is None:
        raise GraderError(f"{id!r} is no id of the corpus.", "Ids are m01, V01 or A01.")
    return match[1], int(match[2])


def _table(file: Path) -> Table:
    try:
        return Table(tomllib.loads(file.read_text(encoding="utf-8")), file)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise GraderError(f"{file} cannot be read: {error}.", "Mend the corpus.") from error


def _bases(root: Path) -> Bases:
    """The projects that others are made from, by name."""
    file = root / "bases.toml"
    bases: dict[str, Recipe] = {}
    table = _table(file)
    for each in table.tables("bases"):
        name = each.text("name")
        bases[name] = _recipe(each, root / "bases", name, 0, bases)
        each.finish()
    table.finish()
    return bases


def _recipe(table: Table, overlays: Path, id: str, activity: int, bases: Bases) -> Recipe:
    """What makes the project. The overlay is the folder `id`, if there is one."""
    base = table.text("base", "reference")
    if base not in TREES and base not in bases:
        raise table.mistake("base", f"must be one of {', '.join((*TREES, *bases))}, not {base!r}")
    overlay = overlays / id
    return Recipe(
        bases.get(base, base),
        table.number("through", activity),
        overlay if overlay.is_dir() else None,
        tuple(_changes(table)),
    )


def _changes(table: Table) -> Iterator[Change]:
    for each in table.tables("changes"):
        kinds = [key for key in ("old", "append", "text", "to", "link", "remove") if each.has(key)]
        if len(kinds) != 1:
            raise each.mistake("file", "must come with one of old, append, text, to, link or remove")
        file = each.text("file")
        (kind,) = kinds
        if kind == "remove":
            each.flag("remove")
            yield Change(file)
        elif kind == "old":
            yield Change(file, old=each.text("old"), new=each.text("new", ""))
        else:
            yield Change(file, **{kind: each.text(kind)})
        each.finish()


def _mutant(table: Table, place: _Place, bases: Bases) -> Mutant:
    id = table.text("id")
    mutant = Mutant(
        id=id,
        name=table.text("name"),
        activity=place.activity,
        recipe=_recipe(table, place.folder / "mutants", id, place.activity, bases),
        check=table.text("check"),
        how=table.text("how", ""),
        says=table.text("says"),
        also=table.words("also"),
        passes=table.texts("passes", ()),
        believes=table.text("believes", ""),
        in_git=table.flag("in_git"),
        alone=table.flag("alone"),
    )
    table.finish()
    return mutant


def _variant(table: Table, place: _Place, bases: Bases) -> Variant:
    id = table.text("id")
    variant = Variant(
        id=id,
        name=table.text("name"),
        activity=place.activity,
        recipe=_recipe(table, place.folder / "variants", id, place.activity, bases),
        lacks=table.words("lacks"),
        passes=table.texts("passes", ()),
        judged=table.texts("judged", ()),
    )
    table.finish()
    return variant


def _adversary(table: Table, place: _Place, bases: Bases) -> Adversary:
    id = table.text("id")
    adversary = Adversary(
        id=id,
        name=table.text("name"),
        activity=place.activity,
        recipe=_recipe(table, place.folder / "adversaries", id, place.activity, bases),
        tries=table.text("tries"),
        holds=table.text("holds"),
        judged=table.texts("judged"),
        fails=table.words("fails"),
        says=table.text("says", ""),
        seconds=table.number("seconds", 60),
        answer=table.number("answer", 10),
        load=table.number("load", 30),
    )
    table.finish()
    return adversary
