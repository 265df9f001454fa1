"""Take back the last change the workshop made."""

from __future__ import annotations

from dataclasses import dataclass

from grader.errors import UsageError
from workshop.actions.project import Project
from workshop.scaffold.changes import FileChange
from workshop.state.journal import Entry, Status

LOOSE = 1_000_000
"""Added to the number of an archive that holds progress alone: the reset changed no file."""


@dataclass(frozen=True, slots=True)
class Undo:
    """What taking back the last change comes to. `changes` is empty if only progress comes back."""

    why: str
    changes: tuple[FileChange, ...]
    archive: int


def last_entry(project: Project) -> Entry | None:
    """The newest change that stands: done, no undo itself, and not undone."""
    done = [entry for entry in project.journal.entries() if entry.status is Status.DONE]
    undone = {entry.undoes for entry in done}
    standing = [entry for entry in done if entry.undoes is None and entry.id not in undone]
    return standing[-1] if standing else None


def plan_undo(project: Project) -> Undo:
    """What the last change was. Raises UsageError if there is nothing to take back."""
    entry = last_entry(project)
    loose = LOOSE + (entry.id if entry else 0)
    if project.progress.has_archive(loose):
        return Undo("reset of what is on record", (), loose)
    if entry is None:
        raise UsageError(
            "There is nothing to undo: the workshop has changed none of your files.",
            "See where you are: `workshop`.",
        )
    changes = tuple(
        FileChange(
            file.path,
            file.after.read_bytes() if file.after else None,
            file.before.read_bytes() if file.before else None,
        )
        for file in entry.files
    )
    return Undo(entry.why, changes, entry.id)


def undo(project: Project, planned: Undo) -> None:
    """Take it back. Progress that went with it comes back too.

    Raises what the journal raises if a file was edited since: then nothing is written.
    """
    if planned.changes:
        project.journal.undo()
    project.progress.restore(planned.archive)
