"""A change to the learner's files is shown before it is made, and asked for."""

from __future__ import annotations

from collections.abc import Sequence

from workshop.cli.context import Context
from workshop.scaffold.changes import FileChange
from workshop.screens import diff


def agreed(
    context: Context, changes: Sequence[FileChange], question: str, yes: bool, notes: Sequence[str] = ()
) -> bool:
    """Show `changes`, tell `notes`, and ask. False, and said, if the answer was no.

    Raises UsageError if there is nobody to ask and `yes` was not typed.
    """
    context.show(*diff.diff(changes))
    for note in notes:
        context.tell(note)
    if context.confirm(question, yes):
        return True
    context.say("Nothing was changed.")
    return False
