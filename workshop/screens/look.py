"""How a screen may look here: how wide, with colour or not, with signs or words."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}


@dataclass(frozen=True, slots=True)
class Look:
    """What the terminal can show. `words` in place of signs: for screen readers, pipes and old terminals.

    `width` is in columns. `paint` and `paragraph` are for the light screens, which do without Rich.
    """

    width: int = 80
    colour: bool = False
    words: bool = True

    def paint(self, text: str, style: str) -> str:
        """`text` in a style (bold, dim, red, green, yellow, cyan), where there is colour."""
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self.colour else text

    def paragraph(self, text: str, indent: int = 0, hang: int = 0) -> str:
        """`text` wrapped to the width; lines after the first are indented by `hang` more."""
        return textwrap.fill(
            text,
            self.width,
            initial_indent=" " * indent,
            subsequent_indent=" " * (indent + hang),
            break_long_words=False,
            break_on_hyphens=False,
        )
