"""What is saved in a project, as it is saved."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from watchfiles import Change, DefaultFilter, awatch

from grader.project_files import SKIPPED_FOLDERS, is_file
from workshop.watch.messages import Gone, Saved

QUIET_MS = 10
"""Milliseconds of quiet after which a save counts as done: an editor may write a file in several steps."""
LONGEST_MS = 400
LOOK_MS = 1000
"""Milliseconds between two looks whether the folder is still the same one."""


class _Filter(DefaultFilter):
    """Leaves out what is not the learner's own. By the path in the project, whatever lies above it."""

    ignore_dirs = (*DefaultFilter.ignore_dirs, *SKIPPED_FOLDERS)
    ignore_entity_patterns = (
        *DefaultFilter.ignore_entity_patterns,
        r"\.sqlite3(-journal|-wal|-shm)?$",
        r"\.(log|tmp|rdb|aof)$",
        r"^4913$",  # vim tries with it whether it may write
    )

    def __init__(self, root: Path) -> None:
        super().__init__()
        self._root = root

    def __call__(self, change: Change, path: str) -> bool:
        """Whether the change matters."""
        return super().__call__(change, _within(self._root, path))


async def changes(root: Path, polling: bool | None = None) -> AsyncIterator[Saved | Gone]:
    """Each save in the project at `root`. The folder may go, and come back: that is a save too.

    With `polling` the folder is read again and again, for systems that do not tell of changes.
    """
    while True:
        if not _there(root):
            yield Gone()
            while not _there(root):
                await asyncio.sleep(LOOK_MS / 4000)
            yield Saved(("manage.py",))
        here = _identity(root)
        try:
            async for found in awatch(
                root,
                watch_filter=_Filter(root),
                debounce=LONGEST_MS,
                step=QUIET_MS,
                rust_timeout=LOOK_MS,
                yield_on_timeout=True,
                force_polling=polling,
            ):
                if found and _there(root):
                    yield Saved(tuple(sorted({_within(root, path) for _, path in found})))
                if _identity(root) != here or not _there(root):
                    break
        except FileNotFoundError:
            continue  # it went just now


def _there(root: Path) -> bool:
    return is_file(root / "manage.py")


def _identity(root: Path) -> tuple[int, int] | None:
    try:
        found = root.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _within(root: Path, path: str) -> str:
    try:
        return Path(path).relative_to(root).as_posix()
    except ValueError:
        return path
