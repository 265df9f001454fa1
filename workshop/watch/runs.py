"""Starts and stops runs. A server process keeps the judge imported and forks a process for each of them."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import tempfile
from collections.abc import Callable
from multiprocessing.context import BaseContext

from workshop.watch.messages import FromRun, Refused
from workshop.watch.run import Order, run

WARM = ["workshop.watch.run", "workshop.cli.app", "grader.judge", "workshop.scaffold.holes", "grader.checks"]
"""What every run needs, imported once."""

GOING = 5.0
"""Seconds a run may take to put everything away."""


class Run:
    """A run under way. `tell` is called, in the event loop, with each message of it; None when it is over."""

    def __init__(self, order: Order, tell: Callable[[FromRun | None], None]) -> None:
        """Start it. Called in a running event loop."""
        self._tell = tell
        self._scratch = tempfile.TemporaryDirectory(prefix="watch-", ignore_cleanup_errors=True)
        self._pipe, theirs = multiprocessing.Pipe(duplex=False)
        self._process = _context().Process(  # type: ignore[attr-defined]
            target=run, args=(order, theirs, self._scratch.name), name="workshop watch", daemon=True
        )
        # The server must not import from the folder we are in: it may have a redis.py.
        safe = os.environ.get("PYTHONSAFEPATH")
        os.environ["PYTHONSAFEPATH"] = "1"
        try:
            self._process.start()
        finally:
            if safe is None:
                del os.environ["PYTHONSAFEPATH"]
        theirs.close()
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._pipe.fileno(), self._read)
        self._reading = True

    @property
    def pid(self) -> int:
        """The process of this run."""
        return int(self._process.pid or 0)

    async def stop(self) -> None:
        """End it, with all that it started, and wait. Nothing is told any more."""
        self._deaf()
        self._process.terminate()
        await asyncio.to_thread(self._process.join, GOING)
        if self._process.is_alive():
            self._process.kill()
            await asyncio.to_thread(self._process.join, GOING)
        self._scratch.cleanup()

    def _read(self) -> None:
        try:
            message: FromRun = self._pipe.recv()
        except (EOFError, OSError):
            self._deaf()
            self._scratch.cleanup()
            self._tell(None)
        except Exception as error:  # it was killed in the midst of a message
            self._tell(Refused("The check ended in the midst of a sentence.", str(error)))
        else:
            self._tell(message)

    def _deaf(self) -> None:
        if self._reading:
            self._reading = False
            self._loop.remove_reader(self._pipe.fileno())
            self._pipe.close()


def _context() -> BaseContext:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(WARM)
    return context
