"""The timeline of a check: what happened, in order, with the time since it began."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.result import Event, Source
from grader.wording import counted
from workshop.screens.clean import clean_line

MOST = 24
"""Lines shown. Of a longer timeline the middle is left out: the end is where it went wrong."""

_WHO = {
    Source.JUDGE: ("check", "cyan"),
    Source.PROJECT: ("project", "yellow"),
    Source.REDIS: ("redis", "red"),
    Source.DATABASE: ("database", "blue"),
}
_NAMES = {"reader": "green", "writer": "magenta", "shell": "magenta"}
"""Those who act for the check, if an event begins with their name."""


def timeline(events: Sequence[Event]) -> RenderableType:
    """One line an event: the time, who, what."""
    shown = list(events)
    left_out = max(0, len(shown) - MOST)
    head, tail = (shown[:6], shown[6 + left_out :]) if left_out else (shown, [])
    grid = Table.grid(padding=(0, 1))
    grid.add_column(justify="right", width=9, style="dim")
    grid.add_column(width=8)
    grid.add_column()
    for event in head:
        grid.add_row(*_row(event))
    if left_out:
        grid.add_row("", "", Text(f"({counted(left_out, 'more line')})", "dim"))
    for event in tail:
        grid.add_row(*_row(event))
    return Padding(grid, (0, 0, 0, 2), expand=False)


def _time(milliseconds: float) -> str:
    """In the width of its column: from ten seconds on in seconds."""
    return f"{milliseconds:.1f} ms" if milliseconds < 9999.95 else f"{milliseconds / 1000:.2f} s"


def _row(event: Event) -> tuple[str, Text, Text]:
    who, colour = _WHO[event.source]
    text = clean_line(event.text)
    name, colon, rest = text.partition(": ")
    if event.source is Source.JUDGE and colon and name in _NAMES:
        who, colour, text = name, _NAMES[name], rest
    return _time(event.at_ms), Text(who, colour), Text(text)
