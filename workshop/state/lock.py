"""The lock on a project: one run at a time writes to it or runs it."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from grader.errors import UsageError
from workshop.state.folder import Notice, not_writable, say_on_stderr, state_folder

LOCK = "lock"
TURN = 0.1
"""Seconds between two looks whether a wait has become pointless."""


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
        raise not_writable(project, error) from error
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
