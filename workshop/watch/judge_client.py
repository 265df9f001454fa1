"""Runs, one at a time, in a process that outlives them. A server process keeps the judge imported for it."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import tempfile
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from pathlib import Path

from workshop.watch.judge_server import GOING, Order, Stop, serve
from workshop.watch.messages import FromRun, Refused

WARM = [
    "workshop.watch.judge_server",
    "workshop.cli.app",
    "grader.boundary.confined_judge",
    "workshop.scaffold.blanks",
    "grader.checks",
]
"""What every run needs, imported once."""

Tell = Callable[[int, FromRun | None], None]


class Runs:
    """Runs on the project at `root`.

    `tell` is called, in the event loop, with each message of a run and its number; None when it is over.
    """

    def __init__(self, root: Path, tell: Tell) -> None:
        self._root = root
        self._tell = tell
        self._process: _Process | None = None
        self._count = 0
        self._over = asyncio.Event()
        self._over.set()

    def begin(self, activity: str | None, python: Path | None) -> int:
        """Begin a run; its number. The one before must be over."""
        self._count += 1
        self._over.clear()
        if self._process is None:
            self._process = _Process(self._root, self._hear, self._gone)
        self._process.send(Order(self._count, self._root, activity, python))
        return self._count

    async def stop(self) -> None:
        """End the run that is under way, if there is one, and wait."""
        if self._process and not self._over.is_set():
            self._process.send(Stop(self._count))
            try:
                await asyncio.wait_for(self._over.wait(), GOING)
            except TimeoutError:
                await self.close()

    async def close(self) -> None:
        """End the process with all that it started, and wait."""
        process, self._process = self._process, None
        if process:
            await process.close()
        self._over.set()

    def _hear(self, number: int, message: FromRun | None) -> None:
        if message is None and number == self._count:
            self._over.set()
        self._tell(number, message)

    def _gone(self) -> None:
        """The process has ended by itself: it was killed, or it broke down."""
        process, self._process = self._process, None
        if process:
            process.clean()
        if not self._over.is_set():
            self._tell(self._count, Refused("The check was ended from outside.", "Save a file, or press r."))
            self._hear(self._count, None)


class _Process:
    """The process that judges, from this side."""

    def __init__(self, root: Path, hear: Tell, gone: Callable[[], None]) -> None:
        """Start it. Called in a running event loop."""
        self._hear = hear
        self._gone = gone
        self._scratch = tempfile.TemporaryDirectory(prefix="watch-", ignore_cleanup_errors=True)
        self._pipe, theirs = multiprocessing.Pipe()
        self._process = _context().Process(  # type: ignore[attr-defined]
            target=serve, args=(theirs, root, self._scratch.name), name="workshop watch", daemon=True
        )
        _start(self._process, theirs)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._pipe.fileno(), self._read)

    def send(self, message: Order | Stop) -> None:
        """Send it; a process that has gone is noticed when it is listened to."""
        with contextlib.suppress(OSError):
            self._pipe.send(message)

    async def close(self) -> None:
        """Hang up and wait for the end; what does not end is killed."""
        self._deaf()
        await asyncio.to_thread(self._process.join, GOING)
        if self._process.is_alive():
            self._process.kill()
            await asyncio.to_thread(self._process.join, GOING)
        self.clean()

    def clean(self) -> None:
        """Remove what it may have left."""
        self._deaf()
        self._scratch.cleanup()

    def _read(self) -> None:
        try:
            number, message = self._pipe.recv()
        except Exception:  # it has ended, perhaps in the midst of a message
            self._gone()
        else:
            self._hear(number, message)

    def _deaf(self) -> None:
        if not self._pipe.closed:
            self._loop.remove_reader(self._pipe.fileno())
            self._pipe.close()


def _start(process: multiprocessing.Process, theirs: Connection) -> None:
    # The server must not import from the folder we are in: it may have a redis.py.
    safe = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        process.start()
    finally:
        if safe is None:
            del os.environ["PYTHONSAFEPATH"]
    theirs.close()


def _context() -> BaseContext:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(WARM)
    return context
