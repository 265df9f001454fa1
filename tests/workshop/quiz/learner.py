"""Somebody who knows the answers and reads the screen to find the letters for them."""

from __future__ import annotations

import re

from workshop.quiz.asked import ask
from workshop.quiz.load import sheets
from workshop.quiz.model import Format, Item

TEXTS = {
    "T01": "It keeps a copy of a result in memory, so the query is not run again.",
    "T02": "faster answers\nless load on the database\nmore users at the same time",
}


def item_on(screen: str) -> Item:
    """The question that is asked there."""
    title = re.findall(r"question \d+ of \d+: (.+)", screen)[-1].strip()
    return next(item for sheet in sheets() for item in sheet.items if item.title == title)


def letters_on(screen: str, right: bool = True) -> str:
    """What to type to answer rightly; else something that is wrong."""
    item = item_on(screen)
    shown: dict[str, str] = dict(re.findall(r"(?m)^  ([a-z])  (.+?)\s*$", screen))
    keys: dict[str, str] = {}
    for number in range(item.variants):
        variant = ask(item, 0, number).item
        keys = {
            letter: option.key
            for letter, text in shown.items()
            for option in variant.options
            if option.text.startswith(text.strip()) or text.strip() == option.text
        }
        if len(keys) == len(variant.options):
            break
    letters = {key: letter for letter, key in keys.items()}
    if item.format is Format.MATCH:
        chosen = [row.right if right else item.options[0].key for row in item.rows]
        return " ".join(f"{at}{letters[key]}" for at, key in enumerate(chosen, 1))
    wanted = [option.key for option in item.options if option.right]
    if right:
        return "".join(letters[key] for key in wanted)
    return letters[next(option.key for option in item.options if not option.right)]
