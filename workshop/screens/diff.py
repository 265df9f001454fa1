"""What a command is about to change, as a diff, and what it leaves to the learner."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from workshop.scaffold.changes import EditOutcome, FileChange
from workshop.screens.clean import clean, clean_line

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def diff(changes: Iterable[FileChange]) -> RenderableType:
    """The changes, one file after the other."""
    return Text("\n\n").join(_one(change) for change in changes)


def _one(change: FileChange) -> Text:
    verb = "Delete" if change.after is None else "Change"
    if change.before is None:
        verb = "New file"
    lines = [Text(f"{verb}: {clean_line(change.path)}", "bold")]
    body = change.diff().splitlines()[2:]  # the two lines that name the file are said above
    for line in body:
        shown = clean(line.expandtabs(4))
        lines.append(Text(shown, _COLOURS.get(line[:1], ""), overflow="fold"))
    return Text("\n").join(lines)


def by_hand(outcomes: Iterable[EditOutcome]) -> RenderableType:
    """What to do by hand: why, where, and the lines to paste or the difference to look at."""
    parts: list[RenderableType] = []
    for outcome in outcomes:
        parts.append(Text(f"\nFor you to do by hand in {clean_line(outcome.file)}", "bold yellow"))
        parts.append(Text(clean(outcome.reason)))
        if outcome.diff:
            parts.append(Text("The difference to ours:"))
            body = outcome.diff.splitlines()[2:]
            text = Text("\n").join(
                Text(clean(line.expandtabs(4)), _COLOURS.get(line[:1], "")) for line in body
            )
            parts.append(Padding(text, (0, 0, 0, 2)))
        elif outcome.fragment:
            parts.append(Text(f"Put this {clean(outcome.place)}:" if outcome.place else "Put this there:"))
            parts.append(Padding(Text(clean(outcome.fragment.rstrip(), 20_000)), (0, 0, 0, 2)))
    return Group(*parts)
