"""What a command is about to change, as a diff, and what it leaves to the learner."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from rich.text import Text

from workshop.scaffold.changes import EditOutcome, FileChange
from workshop.screens.clean import clean, clean_line

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def diff(changes: Iterable[FileChange]) -> Iterator[Text]:
    """The changes, one file after the other."""
    for change in changes:
        yield Text(f"{_verb(change)}: {clean_line(change.path)}", "bold")
        yield _coloured(change.diff())
        yield Text()


def _verb(change: FileChange) -> str:
    if change.before is None:
        return "New file"
    return "Delete" if change.after is None else "Change"


def by_hand(outcomes: Iterable[EditOutcome]) -> Iterator[Text]:
    """What to do by hand: why, where, and the lines to paste or the difference to look at."""
    for outcome in outcomes:
        yield Text(f"\nFor you to do by hand in {clean_line(outcome.file)}", "bold yellow")
        yield Text(clean(outcome.reason))
        if outcome.place:
            yield Text(clean(outcome.place))
        if outcome.diff:
            yield Text("The difference between yours and ours:")
            yield _coloured(outcome.diff)
        elif outcome.fragment:
            yield _code(textwrap.indent(clean(outcome.fragment.rstrip(), 20_000), "    "))


def _coloured(unified: str) -> Text:
    """A unified diff without the two lines that name the file."""
    lines = [clean(line.expandtabs(4)) for line in unified.splitlines()[2:]]
    text = _code()
    for line in lines:
        text.append(line + "\n", _COLOURS.get(line[:1], ""))
    text.rstrip()
    return text


def _code(source: str = "") -> Text:
    """Code keeps its lines: whoever copies one must not get it in pieces."""
    return Text(source, no_wrap=True)
