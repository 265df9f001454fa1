"""When the journal does not touch a file: someone else changed it, or it must not be written."""

from __future__ import annotations

import os
from pathlib import Path

from grader.errors import MachineError, UsageError
from workshop.scaffold.changes import FileChange, unified_diff
from workshop.scaffold.disk import content, permissions
from workshop.state.journal import Entry, EntryFile


class FileChanged(UsageError):
    """A file is not as the workshop last saw it, so it is left alone. `diff` shows how it differs."""

    def __init__(self, sentence: str, remedy: str, diff: str) -> None:
        super().__init__(sentence, remedy)
        self.diff = diff


def check_writable(root: Path, change: FileChange) -> None:
    """Refuse what must not or cannot be written, before anything is.

    Raises FileChanged if the file is not as planned, UsageError if it is no file of its own inside the
    project, MachineError if a permission is lacking.
    """
    path = root / change.path
    if path.resolve() != path or not path.is_relative_to(root):
        raise UsageError(f"{change.path} is not a file of its own in this project.", "It was left alone.")
    refuse_changed(root, change)
    folder = next(f for f in path.parents if f.exists())
    if not os.access(folder, os.W_OK):
        raise MachineError(f"You may not write in the folder {folder}.", "Give yourself that permission.")
    mode = permissions(path)
    if mode is not None and not mode & 0o222:
        raise MachineError(f"{change.path} is read-only.", "Make it writable, then run the command again.")


def refuse_changed(root: Path, change: FileChange) -> None:
    """Raise FileChanged if a file is not what it was when the change was planned."""
    now = content(root / change.path)
    if now != change.before:
        raise FileChanged(
            f"{change.path} was changed in the meantime, so nothing was written.",
            "Save it in your editor and run the command again.",
            unified_diff(change.path, change.before, now),
        )


def refuse_edited(root: Path, file: EntryFile, change: FileChange, last: Entry) -> None:
    """Raise FileChanged if a file that shall be taken back was edited since the entry `last`."""
    now = content(root / file.path)
    if now == change.before:
        return
    kept = [
        f"{words}: {path.relative_to(root).as_posix()}"
        for words, path in (("before", file.before), ("as the workshop left it", file.after))
        if path is not None
    ]
    diff = unified_diff(file.path, change.before, now)
    raise FileChanged(
        f"{file.path} was edited since `{last.why}`, and undo would lose that.",
        f"Change it by hand; both versions are kept ({'; '.join(kept)}). What was edited:\n{diff}",
        diff,
    )


def kept_bytes(version: Path | None) -> bytes | None:
    """The bytes of a kept version, None for a file that did not exist."""
    return None if version is None else version.read_bytes()
