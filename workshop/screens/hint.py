"""A hint. Plain text: it has to be there at once."""

from __future__ import annotations

from workshop.screens.clean import clean
from workshop.screens.look import Look


def hint(title: str, text: str, more: str, look: Look) -> str:
    """The hint under its title, and what to type for more."""
    paragraphs = [look.paragraph(clean(line), indent=2) for line in text.split("\n")]
    parts = [look.paint(title, "bold"), *paragraphs]
    if more:
        parts += ["", look.paint(more, "dim")]
    return "\n".join(parts)
