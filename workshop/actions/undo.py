"""Take back the last change the workshop made."""

from __future__ import annotations

from workshop.actions.project import Project
from workshop.scaffold.changes import FileChange


def last_change(project: Project) -> tuple[str, tuple[FileChange, ...]]:
    """What the last change was called, and the changes that taking it back would make now."""
    raise NotImplementedError


def undo(project: Project) -> str:
    """Take the last change back and return what it was called. Progress that went with it comes back too."""
    raise NotImplementedError
