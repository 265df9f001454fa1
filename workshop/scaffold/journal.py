"""Changes the learner's files so that nothing is ever lost.

Both versions of every file are kept under .workshop/versions/ and the change is noted in the state file
before the first byte moves. Then all new files are written beside the old ones, and only then put in
their places, each in one step. What is cut off in between is put right by `recover`, which every
command calls first. One run at a time: hold `workshop.state.lock.run_lock`.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from grader.errors import MachineError, UsageError
from workshop.scaffold.changes import FileChange
from workshop.scaffold.disk import Disk, content, permissions
from workshop.scaffold.refusals import FileChanged, check_writable, kept_bytes, refuse_changed, refuse_edited
from workshop.state.folder import state_folder
from workshop.state.journal import Entry, EntryFile, JournalStore, Status

VERSIONS = "versions"

__all__ = ["Entry", "EntryFile", "FileChanged", "Journal", "Status"]


class Journal:
    """The changes made to one project. `project` is the folder of manage.py, `state` its open state file."""

    def __init__(self, project: Path, state: sqlite3.Connection, disk: Disk | None = None) -> None:
        self.root = project.resolve()
        self.disk = disk or Disk()
        self._open_store = JournalStore(state, self.root)

    def entries(self) -> tuple[Entry, ...]:
        """Everything that was ever changed, oldest first. Raises MachineError."""
        with self._store() as store:
            return store.entries()

    def apply(self, changes: Sequence[FileChange], why: str) -> Entry:
        """Make all of the changes (one at least) or none. `why` names the command: `start activity-4`.

        Raises FileChanged if a file is not as planned, and MachineError if the disk is full or something
        may not be written. In both cases the files are as they were.
        """
        with self._store() as store:
            self._recover(store)
            return self._run(store, changes, why, undoes=None)

    def recover(self) -> Entry | None:
        """Put right a change that was cut off, if there is one, and return it.

        Its status says how: DONE if all files had their new bytes already, else ROLLED_BACK. Raises
        MachineError if that is not possible now; it is tried again by the next command.
        """
        with self._store() as store:
            return self._recover(store)

    def undo(self) -> Entry:
        """Take back the last change that was not yet taken back; the entry returned is the undoing one.

        Raises UsageError if there is none, FileChanged if a file was edited since (nothing is written),
        and MachineError as `apply` does.
        """
        with self._store() as store:
            self._recover(store)
            last, changes = self._undoing(store)
            return self._run(store, changes, f"undo {last.why}", undoes=last)

    def plan_undo(self) -> tuple[Entry, tuple[FileChange, ...]]:
        """What `undo` would do now: the entry it takes back, and the changes. Raises as `undo` does."""
        with self._store() as store:
            return self._undoing(store)

    def _undoing(self, store: JournalStore) -> tuple[Entry, tuple[FileChange, ...]]:
        last = self._last(store)
        if last is None:
            raise UsageError("There is nothing to undo.", "`workshop start` is what makes changes.")
        changes = []
        for file in reversed(last.files):
            change = FileChange(file.path, kept_bytes(file.after), kept_bytes(file.before), file.mode_before)
            refuse_edited(self.root, file, change, last)
            changes.append(change)
        return last, tuple(changes)

    def overwritten(self) -> tuple[str, ...]:
        """The files that hold their bytes from before the last change again: an editor saved over it."""
        with self._store() as store:
            last = self._last(store)
            files = last.files if last else ()
            return tuple(f.path for f in files if kept_bytes(f.before) == content(self.root / f.path))

    def _last(self, store: JournalStore) -> Entry | None:
        """The newest change that stands: done, no undo, and not undone."""
        undone = f"SELECT undoes FROM change WHERE undoes IS NOT NULL AND status = '{Status.DONE}'"
        standing = f"status = '{Status.DONE}' AND undoes IS NULL AND id NOT IN ({undone})"
        entries = store.entries(standing)
        return entries[-1] if entries else None

    @contextlib.contextmanager
    def _store(self) -> Iterator[JournalStore]:
        """The rows of the journal. What they or the disk raise becomes a MachineError."""
        try:
            yield self._open_store
        except (OSError, sqlite3.Error) as error:
            raise _machine(error, self.root) from error

    def _run(
        self, store: JournalStore, changes: Sequence[FileChange], why: str, undoes: Entry | None
    ) -> Entry:
        for change in changes:
            check_writable(self.root, change)
        folder = self._keep_versions(changes)
        entry = self._open(store, changes, why, folder, undoes)
        try:
            self._prepare(entry)
            for number, file in enumerate(entry.files):
                self._move(entry, number, file)
            self._finish(store, entry)
        except BaseException:
            # Also on Ctrl-C. If even this fails, the entry stays pending for `recover`.
            self._roll_back(store, entry)
            raise
        return store.entries(f"id = {entry.id}")[0]

    def _keep_versions(self, changes: Sequence[FileChange]) -> Path:
        versions = state_folder(self.root) / VERSIONS
        numbers = [int(f.name) for f in versions.iterdir() if f.name.isdigit()] if versions.is_dir() else []
        folder = versions / f"{max(numbers, default=0) + 1:04}"
        for change in changes:
            for side, raw in (("before", change.before), ("after", change.after)):
                if raw is not None:
                    self.disk.write_new(folder / side / change.path, raw)
        return folder

    def _open(
        self, store: JournalStore, changes: Sequence[FileChange], why: str, folder: Path, undoes: Entry | None
    ) -> Entry:
        files = []
        for change in changes:
            mode = permissions(self.root / change.path)
            before = folder if change.before is not None else None
            after = folder if change.after is not None else None
            files.append(
                EntryFile(change.path, before, after, mode, mode if mode is not None else change.mode)
            )
        made = sorted({str(f) for c in changes if c.after is not None for f in self._missing(c.path)})
        self.disk.before("note what is about to change")
        undone = undoes.id if undoes else None
        return store.open(why, folder, Entry(0, "", why, Status.PENDING, tuple(files), undone, tuple(made)))

    def _missing(self, path: str) -> Iterator[str]:
        for folder in (self.root / path).parents:
            if folder.exists():
                return
            yield folder.relative_to(self.root).as_posix()

    def _prepare(self, entry: Entry) -> None:
        """Write all new files beside the old ones: a full disk shows here, before anything has moved."""
        for number, file in enumerate(entry.files):
            if file.after is not None:
                raw = file.after.read_bytes()
                self.disk.write_new(self._temporary(entry, number), raw, file.mode_after)

    def _temporary(self, entry: Entry, number: int) -> Path:
        return (self.root / entry.files[number].path).parent / f".workshop-{entry.id}-{number}.tmp"

    def _move(self, entry: Entry, number: int, file: EntryFile) -> None:
        path = self.root / file.path
        refuse_changed(self.root, FileChange(file.path, kept_bytes(file.before), None))
        if file.after is None:
            self.disk.remove(path)
        else:
            self.disk.put_in_place(self._temporary(entry, number), path)

    def _finish(self, store: JournalStore, entry: Entry) -> None:
        if entry.undoes is not None:
            (undone,) = store.entries(f"id = {entry.undoes}")
            self._remove_folders(undone)
        self.disk.before("note that all is done")
        store.close(entry, Status.DONE)

    def _remove_folders(self, entry: Entry) -> None:
        for folder in sorted(entry.made, reverse=True):
            self.disk.remove_empty(self.root / folder)

    def _recover(self, store: JournalStore) -> Entry | None:
        pending = store.entries(f"status = '{Status.PENDING}'")
        if not pending:
            return None
        entry = pending[-1]
        kept: tuple[str, ...] = ()
        if any(v is not None and not v.exists() for f in entry.files for v in (f.before, f.after)):
            # Someone removed the copies: nothing can be told, so nothing is touched.
            kept = tuple(f.path for f in entry.files)
            store.close(entry, Status.ROLLED_BACK)
        elif all(content(self.root / f.path) == kept_bytes(f.after) for f in entry.files):
            self._clear(entry)
            self._finish(store, entry)
        else:
            kept = self._roll_back(store, entry)
        (ended,) = store.entries(f"id = {entry.id}")
        return replace(ended, kept=kept)

    def _roll_back(self, store: JournalStore, entry: Entry) -> tuple[str, ...]:
        """Give every file its old bytes again, but for those that someone else has changed since."""
        self._clear(entry)
        kept = []
        for number, file in reversed(list(enumerate(entry.files))):
            path, old = self.root / file.path, kept_bytes(file.before)
            now = content(path)
            if now == old:
                continue
            if now != kept_bytes(file.after):
                kept.append(file.path)
            elif old is None:
                self.disk.remove(path)
            else:
                self.disk.write_new(self._temporary(entry, number), old, file.mode_before)
                self.disk.put_in_place(self._temporary(entry, number), path)
        self._remove_folders(entry)
        self.disk.before("note that it was taken back")
        store.close(entry, Status.ROLLED_BACK)
        return tuple(reversed(kept))

    def _clear(self, entry: Entry) -> None:
        """Remove what is left of the new files that were not put in place."""
        for number in range(len(entry.files)):
            temporary = self._temporary(entry, number)
            if temporary.exists():
                self.disk.remove(temporary)


def _machine(error: OSError | sqlite3.Error, root: Path) -> MachineError:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return MachineError(
        f"Your files could not be changed: {reason}. Nothing of yours is lost.",
        f"Check that you may write in {root} and that the disk has room, then run the command again.",
    )
