"""What the doctor found. Plain text."""

from __future__ import annotations

from workshop.screens.clean import clean
from workshop.screens.look import Look

_SIGNS = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "bad": ("✗", "red")}


def finding(what: str, state: str, sentence: str, remedy: str, look: Look) -> str:
    """One finding, with its remedy under it. `state` is ok, warn or bad."""
    sign, style = _SIGNS[state]
    sign = f"{state:4}" if look.words else sign
    indent = len(sign) + 1
    text = look.paragraph(clean(f"{what}: {sentence}"), indent, 2)[indent:]
    lines = [f"{look.paint(sign, style)} {text}"]
    if remedy and state != "ok":
        lines += [look.paragraph(clean(line), indent + 2) for line in remedy.split("\n")]
    return "\n".join(lines)
