"""A question as one learner meets it: a variant of it, with its options shuffled and lettered."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace

from grader.errors import UsageError
from workshop.quiz.items import LETTERS
from workshop.quiz.load import variant
from workshop.quiz.model import Format, Item, Option


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: keys of options (for a match, one a row, in the order of the rows), or a text."""

    keys: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its options in the order in which this learner sees them, this time."""

    item: Item
    options: tuple[Option, ...]
    attempt: int

    def letter(self, key: str) -> str:
        """The letter before the option of that key."""
        return LETTERS[[option.key for option in self.options].index(key)]

    @property
    def how(self) -> str:
        """What to type, in words."""
        last = LETTERS[len(self.options) - 1] if self.options else ""
        return {
            Format.CHOICE: f"one letter, a to {last}",
            Format.CHOICES: "all letters that are right, such as ac",
            Format.ORDER: "the letters in their order, such as cab; leave out what does not belong",
            Format.MATCH: f"a letter for each number, such as {_pairs(len(self.item.rows))}",
            Format.TEXT: "your own words; an empty line ends them",
        }[self.item.format]


def ask(item: Item, seed: int, attempt: int) -> Asked:
    """`item` as the learner with that `seed` gets it at this `attempt`, counted from 0.

    The next attempt brings another variant, where there is one, and another order.
    """
    dice = random.Random(f"{seed} {item.id}")
    item = variant(item, dice.randrange(1_000) + attempt)
    order = list(item.options)
    random.Random(f"{seed} {item.id} {attempt}").shuffle(order)
    if item.format is Format.ORDER and [o.key for o in order] == [o.key for o in item.options]:
        order.reverse()  # so that reading them off is never the answer
    return Asked(replace(item, options=item.options), tuple(order), attempt)


def understood(asked: Asked, typed: str) -> Answer:
    """What the learner means by what they typed. Raises UsageError, saying what to type, if nothing."""
    if asked.item.format is Format.TEXT:
        return Answer(text=typed.strip())
    letters = re.findall(r"[a-z]", re.sub(r"\band\b", " ", typed.lower()))
    known = dict(zip(LETTERS, (option.key for option in asked.options), strict=False))
    if (
        not letters
        or not set(letters) <= set(known)
        or re.search(r"[a-z]{3,}[^a-z]+[a-z]{3,}", typed.lower())
    ):
        raise UsageError(f"Please type {asked.how}.")
    if asked.item.format is Format.MATCH:
        return Answer(_matched(asked, typed, letters, known))
    if asked.item.format is Format.CHOICE and len(letters) > 1:
        raise UsageError("Please choose one.", f"Type {asked.how}.")
    if len(set(letters)) != len(letters):
        raise UsageError("Please name each letter once.", f"Type {asked.how}.")
    return Answer(tuple(known[letter] for letter in letters))


def _matched(asked: Asked, typed: str, letters: list[str], known: dict[str, str]) -> tuple[str, ...]:
    rows = len(asked.item.rows)
    pairs = dict(re.findall(r"(\d+)\W*([a-z])", typed.lower()))
    if pairs:
        letters = [pairs.get(str(number), "") for number in range(1, rows + 1)]
    if len(letters) != rows or not all(letters):
        raise UsageError(f"Please give a letter for each of the numbers 1 to {rows}.", f"Type {asked.how}.")
    return tuple(known[letter] for letter in letters)


def _pairs(rows: int) -> str:
    return " ".join(f"{number}{LETTERS[(number + 1) % 3]}" for number in range(1, min(rows, 4) + 1))
