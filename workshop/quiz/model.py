"""What a question is. Loaded from the files questions.toml by `workshop.quiz.load`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from workshop.quiz.rubric import Rubric


class Format(StrEnum):
    """How a question is answered."""

    CHOICE = "choice"
    """One option."""
    CHOICES = "choices"
    """All options that are right: right minus wrong."""
    ORDER = "order"
    """The options in their order, without those that do not belong."""
    MATCH = "match"
    """One option for every row."""
    TEXT = "text"
    """In words, read by a rubric; the learner has the last word on it."""


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose. `why` explains why it is wrong (or right). `key` names it in records."""

    key: str
    text: str
    right: bool
    why: str


@dataclass(frozen=True, slots=True)
class Row:
    """What an option is to be found for. `right` is the key of the option."""

    key: str
    text: str
    right: str
    why: str


@dataclass(frozen=True, slots=True)
class Pitfall:
    """An order that is wrong for a reason worth telling: `first` before `then`."""

    first: str
    then: str
    why: str


@dataclass(frozen=True, slots=True)
class Item:
    """One question.

    The `required` ones decide whether the sheet is passed. `run` names the experiment that says what is
    right; the `right` of options and rows is then only what the author expects of it. `values` are the
    names and numbers that this variant has put into the texts. `why` is the explanation, `model` a good
    answer in words. A text without a rubric is answered by whatever was thought about it. Where a line of
    the learner's own Markdown holds one of the `cues`, the answer may follow.
    """

    id: str
    title: str
    format: Format
    ask: str
    why: str
    required: bool = True
    options: tuple[Option, ...] = ()
    rows: tuple[Row, ...] = ()
    pitfalls: tuple[Pitfall, ...] = ()
    run: str = ""
    rubric: Rubric | None = None
    model: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    variants: int = 1
    cues: tuple[str, ...] = ()

    def option(self, key: str) -> Option:
        """The option of that key."""
        return next(option for option in self.options if option.key == key)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The questions of one activity, or of the scenarios, or of the extensions, in order."""

    id: str
    title: str
    items: tuple[Item, ...]

    @property
    def required(self) -> tuple[Item, ...]:
        """The questions that decide."""
        return tuple(item for item in self.items if item.required)
