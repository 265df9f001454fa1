"""What a command is about to change, as a diff, and what it leaves to the learner."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from rich.text import Text

from workshop.scaffold.changes import EditOutcome, FileChange, unified_diff
from workshop.screens.clean import clean, clean_line

_ALIKE = 0.8
"""How much of a file must be as before for it to be the same one in another place."""

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def diff(changes: Sequence[FileChange]) -> Iterator[Text]:
    """The changes, one file after the other. A file that was moved is shown once, with what differs."""
    moves = _moves(changes)
    for change in changes:
        if came := moves.get(change.path):
            yield Text(f"Move: {clean_line(came.path)} → {clean_line(change.path)}", "bold")
            yield _coloured(unified_diff(change.path, came.before, change.after))
        elif change not in moves.values():
            yield Text(f"{_verb(change)}: {clean_line(change.path)}", "bold")
            yield _coloured(change.diff())
        elif change.after is None:
            continue
        else:
            yield Text(f"New file in its old place: {clean_line(change.path)}", "bold")
            yield _coloured(unified_diff(change.path, None, change.after))
        yield Text()


def _moves(changes: Sequence[FileChange]) -> Mapping[str, FileChange]:
    """By the path of a new file, the change of the file that it was until now."""
    gone = [change for change in changes if change.before and not _like(change.before, change.after)]
    found: dict[str, FileChange] = {}
    for new in changes:
        if new.before is None and new.after:
            came = next((old for old in gone if old.before and _like(old.before, new.after)), None)
            if came:
                gone.remove(came)
                found[new.path] = came
    return found


def _like(old: bytes, new: bytes | None) -> bool:
    """Whether most lines of two files are the same."""
    one, other = old.splitlines(), (new or b"").splitlines()
    return SequenceMatcher(None, one, other, autojunk=False).ratio() > _ALIKE


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
