"""What the doctor found, and what is in a server. Plain text."""

from __future__ import annotations

from collections.abc import Iterable

from workshop.screens.clean import clean, clean_line
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


def keys(rows: Iterable[tuple[int, str, str, float | None, int | None]], look: Look) -> str:
    """Keys with database, type, seconds left and size."""
    shown = [look.paint(f"{'db':>2}  {'seconds left':>12}  {'bytes':>8}  {'type':6}  key", "dim")]
    for db, key, kind, ttl, size in rows:
        left = "for ever" if ttl is None else f"{ttl:.0f}"
        bytes_used = "" if size is None else str(size)
        shown.append(f"{db:2}  {left:>12}  {bytes_used:>8}  {kind:6}  {clean_line(key)}")
    return "\n".join(shown)
