"""The journal's rows in the state file: what was changed, when and why, and how far it came."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path, PurePosixPath

from grader.errors import UsageError
from workshop.state.folder import FOLDER


class Status(StrEnum):
    """How far a change came."""

    PENDING = "pending"
    DONE = "done"
    ROLLED_BACK = "rolled back"


def cut_off(connection: sqlite3.Connection) -> bool:
    """Whether a change was begun and not ended: by a run that was cut off, or by one that is at work."""
    found = connection.execute("SELECT 1 FROM change WHERE status = ?", (Status.PENDING,)).fetchone()
    return found is not None


@dataclass(frozen=True, slots=True)
class EntryFile:
    """One file of a change. `path` is relative to the project; the rest are copies kept of it.

    `before` and `after` are where both versions lie, None where the file did not exist. The modes are
    permission bits, None for the usual ones.
    """

    path: str
    before: Path | None
    after: Path | None
    mode_before: int | None
    mode_after: int | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of the learner's files. `at` is UTC in ISO 8601; `undoes` is the id of another entry.

    `made` are the folders made for it. `kept` are files that someone else changed while it was cut
    off: they are left as they are, with both versions under .workshop/versions/.
    """

    id: int
    at: str
    why: str
    status: Status
    files: tuple[EntryFile, ...]
    undoes: int | None = None
    made: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


class JournalStore:
    """Reads and writes entries through an open state file. `root` is the real project folder.

    All methods raise sqlite3.Error, and UsageError if the rows name files outside the project.
    """

    def __init__(self, connection: sqlite3.Connection, root: Path) -> None:
        self.connection = connection
        self.root = root

    def entries(self, where: str = "1 = 1") -> tuple[Entry, ...]:
        """The entries in order, or those for which the SQL condition `where` holds."""
        rows = self.connection.execute(
            f"SELECT id, at, why, folder, status, undoes, made FROM change WHERE {where} ORDER BY id"
        ).fetchall()
        return tuple(
            Entry(
                id_,
                at,
                why,
                Status(status),
                self._files(id_, folder),
                undoes,
                tuple(map(self._own, json.loads(made))),
            )
            for id_, at, why, folder, status, undoes, made in rows
        )

    def _files(self, entry: int, folder: str) -> tuple[EntryFile, ...]:
        if not re.fullmatch(r"\.workshop/versions/\d+", folder):
            raise _foreign(folder)
        base = self.root / folder
        rows = self.connection.execute(
            "SELECT path, had_before, has_after, mode_before, mode_after FROM changed_file "
            "WHERE change = ? ORDER BY position",
            (entry,),
        )
        return tuple(
            EntryFile(
                self._own(path),
                self._kept(base / "before", path) if before else None,
                self._kept(base / "after", path) if after else None,
                mode_before,
                mode_after,
            )
            for path, before, after, mode_before, mode_after in rows
        )

    def _own(self, path: str) -> str:
        """`path`, if it is that of a file or folder of the project itself. Raises UsageError."""
        parts = PurePosixPath(path).parts
        folder = self.root.joinpath(*parts[:-1]).resolve()
        inside = folder.relative_to(self.root).parts if folder.is_relative_to(self.root) else ("..",)
        if not parts or ".." in (*parts, *inside) or {parts[0], *inside[:1]} & {"/", ".git", FOLDER}:
            raise _foreign(path)
        return path

    def _kept(self, folder: Path, path: str) -> Path:
        """Where a version of the file `path` is kept. Raises UsageError if a link leads elsewhere."""
        kept = folder / path
        if kept.resolve() != kept:
            raise _foreign(path)
        return kept

    def open(self, why: str, folder: Path, entry: Entry) -> Entry:
        """Write a new pending entry, durably, and return it with its id."""
        for path in (*(f.path for f in entry.files), *entry.made):
            self._own(path)
        at = datetime.now(UTC).isoformat(timespec="seconds")
        with self.connection:
            cursor = self.connection.execute(
                "INSERT INTO change (at, why, folder, status, undoes, made) VALUES (?, ?, ?, ?, ?, ?)",
                (
                    at,
                    why,
                    folder.relative_to(self.root).as_posix(),
                    Status.PENDING,
                    entry.undoes,
                    json.dumps(entry.made),
                ),
            )
            self.connection.executemany(
                "INSERT INTO changed_file VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        cursor.lastrowid,
                        position,
                        f.path,
                        f.before is not None,
                        f.after is not None,
                        f.mode_before,
                        f.mode_after,
                    )
                    for position, f in enumerate(entry.files)
                ],
            )
        return self.entries(f"id = {cursor.lastrowid}")[0]

    def close(self, entry: Entry, status: Status) -> None:
        """Say how an entry ended, durably."""
        with self.connection:
            self.connection.execute("UPDATE change SET status = ? WHERE id = ?", (status, entry.id))


def _foreign(path: str) -> UsageError:
    return UsageError(
        f"The journal in .workshop/state.db names {path!r:.200}, which is no file of this project's own.",
        "Nothing was touched. If you did not make this project, remove its folder .workshop.",
    )
