"""The keys of a server. Plain text."""

from __future__ import annotations

from collections.abc import Iterable

from workshop.screens.clean import clean_line
from workshop.screens.look import Look


def keys(rows: Iterable[tuple[int, str, str, float | None, int | None]], look: Look) -> str:
    """Keys with database, type, seconds left and size."""
    shown = [look.paint(f"{'db':>2}  {'seconds left':>12}  {'bytes':>8}  {'type':6}  key", "dim")]
    for db, key, kind, ttl, size in rows:
        left = "for ever" if ttl is None else f"{ttl:.0f}"
        bytes_used = "" if size is None else str(size)
        shown.append(f"{db:2}  {left:>12}  {bytes_used:>8}  {kind:6}  {clean_line(key)}")
    return "\n".join(shown)
