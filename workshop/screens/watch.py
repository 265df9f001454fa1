"""What a watch says between the verdicts."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from workshop.course.model import Activity
from workshop.screens.clean import clean, clean_line
from workshop.screens.look import Look

SHOWN = 3
"""Names of saved files."""


def heading(files: Sequence[str], keys: bool, look: Look) -> RenderableType:
    """Why this run began, and which keys there are."""
    line = Text("workshop watch", "bold")
    if files:
        names = ", ".join(clean_line(name, 60) for name in files[:SHOWN])
        more = f" and {len(files) - SHOWN} more" if len(files) > SHOWN else ""
        line.append(f": {names}{more} saved", "default")
    parts = [line]
    if keys:
        parts.append(Text("h hint    n next    r run again    q quit", "dim"))
    if look.words and not keys:
        parts.insert(0, Text())
    return Group(*parts)


def activity(found: Activity) -> RenderableType:
    """What is being judged."""
    return Text(f"\nActivity {found.number}: {found.title}\n")


def note(text: str) -> RenderableType:
    """A sentence on the way."""
    return Text(clean(text), "dim")


def so_far(id: str, count: int) -> str:
    """While verdicts come."""
    return f"{id} is judged: {count} so far ..."


def refused(sentence: str, remedy: str) -> RenderableType:
    """Why nothing could be judged."""
    lines = [Text(), Text(clean(sentence), "bold")]
    if remedy:
        lines.append(Text(clean(remedy)))
    return Group(*lines)


def waiting(keys: bool) -> RenderableType:
    """The end of a run."""
    how = " h hint, n next, r run again, q quit." if keys else " Ctrl-C ends it."
    return Text(f"\nWatching: save a file and it is checked again.{how}", "dim")
