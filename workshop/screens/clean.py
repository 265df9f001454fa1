"""Makes text safe to show. Whatever a learner's code emitted goes through here first."""

from __future__ import annotations

import unicodedata

LONGEST = 2_000
"""Characters of one piece of text that are shown."""


def clean(text: str, longest: int = LONGEST) -> str:
    """`text` without anything that could move a cursor, change a colour or turn the reading direction.

    Control characters become their escape (`\\x1b`), line ends stay, and what is too long is cut.
    """
    shown = text[:longest]
    safe = "".join(each if _harmless(each) else ascii(each)[1:-1] for each in shown)
    return safe if len(text) <= longest else f"{safe} … ({len(text) - longest} more characters)"


def clean_line(text: str, longest: int = 300) -> str:
    """As `clean`, on a single line."""
    return clean(" ".join(text.split()), longest)


def _harmless(character: str) -> bool:
    return character == "\n" or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
