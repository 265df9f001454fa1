"""The one SQLite file of a project, .workshop/state.db beside manage.py, and the lock on the folder."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from grader.errors import MachineError, UsageError

FOLDER = ".workshop"
DATABASE = "state.db"
LOCK = "lock"
TURN = 0.1
"""Seconds between two looks whether a wait has become pointless."""
_BUSY_SECONDS = 5.0

Notice = Callable[[str], None]


def say_on_stderr(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def state_folder(project: Path) -> Path:
    """The project's .workshop folder, made if need be, with a .gitignore that leaves all of it out.

    Raises MachineError if it cannot be made.
    """
    folder = project / FOLDER
    try:
        folder.mkdir(exist_ok=True)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
    except OSError as error:
        raise _not_writable(project, error) from error
    return folder


def open_state(project: Path, notice: Notice = say_on_stderr) -> sqlite3.Connection:
    """Open the project's state file; the caller closes it.

    A file that is no sound database is kept beside the new one as state.db.damaged-1 (-2, ...), and
    `notice` is told in one sentence. Raises MachineError if the folder cannot be written, or if
    another process holds the file too long.
    """
    path = state_folder(project) / DATABASE
    try:
        return _connect(path)
    except sqlite3.DatabaseError as error:
        # Busy, read-only and full disk are OperationalError too: only real damage is set aside.
        if not _is_damage(error, path):
            raise _not_writable(project, error) from error
    kept = _set_aside(path)
    notice(f"The workshop's state file was damaged. It is kept as {FOLDER}/{kept}; a new one was made.")
    try:
        return _connect(path)
    except sqlite3.DatabaseError as error:
        raise _not_writable(project, error) from error


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS)
    try:
        # EXTRA also syncs the folder: a journal entry is on disk before the first byte of a file moves.
        connection.execute("PRAGMA synchronous = EXTRA")
        connection.execute("PRAGMA foreign_keys = ON")
        (answer,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if answer != "ok":
            raise sqlite3.DatabaseError(str(answer))
        # A folder that cannot be written is found here, not in the middle of the work.
        connection.execute("BEGIN IMMEDIATE")
        connection.rollback()
    except BaseException:
        connection.close()
        raise
    return connection


def _is_damage(error: sqlite3.DatabaseError, path: Path) -> bool:
    if path.is_dir():
        return True
    return not isinstance(error, sqlite3.OperationalError)


def _set_aside(path: Path) -> str:
    """Rename the damaged file, and its rollback journal with it, which must not meet the new file."""
    number = 1
    while (kept := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    try:
        path.replace(kept)
        for suffix in ("-journal", "-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                path.with_name(path.name + suffix).replace(kept.with_name(kept.name + suffix))
    except OSError as error:
        raise _not_writable(path.parent.parent, error) from error
    return kept.name


@contextlib.contextmanager
def run_lock(
    project: Path,
    doing: str = "a workshop command",
    patience: float = 0.0,
    notice: Notice = say_on_stderr,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[None]:
    """Hold the project for one run. `doing` is what others are told this run is, such as `workshop check`.

    If another run has it, `notice` is told and it is waited for, for up to `patience` seconds, or until
    `stopped` is true. Raises UsageError, naming the holder, if it still has it then; MachineError if the
    folder cannot be written. The lock falls with its process, however that ends.
    """
    from filelock import FileLock, Timeout  # 20 ms that a hint need not wait for

    path = state_folder(project) / LOCK
    holder = path.with_name("lock.holder")
    lock = FileLock(path, timeout=0)
    try:
        try:
            lock.acquire()
        except Timeout:
            if patience > 0:
                notice(f"{_held(holder)} This one waits for its turn.")
            deadline = time.monotonic() + patience
            while not lock.is_locked:
                left = deadline - time.monotonic()
                try:
                    lock.acquire(timeout=max(0.0, min(left, TURN)))
                except Timeout:
                    if left <= 0 or stopped():
                        raise
    except Timeout as error:
        raise UsageError(_held(holder), "Wait until it ends, or stop it.") from error
    except OSError as error:
        raise _not_writable(project, error) from error
    try:
        with contextlib.suppress(OSError):
            holder.write_text(f"`{doing}` (process {os.getpid()})", encoding="utf-8")
        yield
    finally:
        with contextlib.suppress(OSError):
            holder.unlink()
        lock.release()


def _held(holder: Path) -> str:
    return f"{_read(holder) or 'Another workshop command'} is still running in this project."


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""


def _not_writable(project: Path, error: Exception) -> MachineError:
    return MachineError(
        f"The workshop cannot keep its notes in {project / FOLDER}: {error}.",
        "Check that you may write in the project folder and that the disk has room.",
    )
