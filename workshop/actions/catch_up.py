"""The core solutions of several activities, tried one on top of the other on a throw-away copy."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.project_files import is_file, is_skipped
from workshop.actions.project import Project
from workshop.course.model import Activity
from workshop.scaffold.changes import EditOutcome, FileChange

_BIGGEST = 2_000_000
"""Files of more bytes than this are no source, and are not copied."""


class Copy:
    """A copy of the project that edits are tried on, so that all of them become a single change."""

    def __init__(self, root: Path, by_hand: Iterable[EditOutcome] = ()) -> None:
        self.root = root
        self.by_hand = tuple(by_hand)
        self._before: dict[str, bytes | None] = {}
        self._after: dict[str, FileChange] = {}

    def write(self, changes: Iterable[FileChange]) -> None:
        """Make `changes` in the copy."""
        for change in changes:
            self._note(change)
            path = self.root / change.path
            if change.after is None:
                path.unlink(missing_ok=True)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(change.after)

    def changes_with(self, changes: Iterable[FileChange]) -> tuple[FileChange, ...]:
        """All that was written, and `changes` on top of it: one change a file, from the first to the last."""
        for change in changes:
            self._note(change)
        return tuple(
            FileChange(path, self._before[path], change.after, change.mode)
            for path, change in self._after.items()
            if self._before[path] != change.after
        )

    def _note(self, change: FileChange) -> None:
        self._before.setdefault(change.path, change.before)
        self._after[change.path] = change


@contextmanager
def caught_up(project: Project, activities: Iterable[Activity]) -> Iterator[Copy]:
    """A copy of the project with the core solutions of `activities`, in order. It is deleted at the end."""
    from workshop.scaffold.plan import plan

    with tempfile.TemporaryDirectory(prefix="workshop-") as folder:
        root = Path(folder, "project")
        shutil.copytree(project.root, root, symlinks=True, ignore=_uninteresting)
        copy = Copy(root)
        by_hand: list[EditOutcome] = []
        for activity in activities:
            planned = plan(
                [edit for task in activity.tasks for edit in task.edits],
                project=root,
                fragments=[activity.solutions / "core", activity.templates],
                roles=project.roles_in(root),
                replace=True,
            )
            copy.write(planned.changes)
            by_hand += planned.by_hand
        copy.by_hand = tuple(by_hand)
        yield copy


def _uninteresting(folder: str, names: list[str]) -> set[str]:
    def skip(path: Path) -> bool:
        if path.is_symlink():
            return False
        if path.is_dir():
            return is_skipped(path)
        return not is_file(path) or path.stat().st_size > _BIGGEST

    return {name for name in names if skip(Path(folder, name))}
