"""The process in the outer jail, from the machine's side."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from multiprocessing.connection import Connection

from grader.boundary import replies
from grader.boundary.orders import Cancel, Connected, Order
from grader.boundary.outer_jail import OuterJail
from grader.boundary.watcher import Excess, Watcher

CODE = "from grader.boundary.inside import main; main()"

_KEPT = 4000
"""Characters of what the process says on standard error that are kept."""


class JudgeProcess:
    """Starts the judge in the jail at once; `ready` waits for it.

    `mounts` are what the jail shows. The thread that makes this object must live as long as it.
    """

    def __init__(self, jail: OuterJail, mounts: list[str]) -> None:
        self.mounts = mounts
        words = [sys.executable, "-c", CODE]
        self._popen = subprocess.Popen(
            jail.command(words, mounts),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        assert self._popen.stdin is not None
        assert self._popen.stdout is not None
        self._orders = Connection(os.dup(self._popen.stdin.fileno()), readable=False)
        self._popen.stdin.close()
        self._lines = replies.lines(self._popen.stdout.fileno())
        self._errors = bytearray()
        threading.Thread(target=self._listen, name="judge's errors", daemon=True).start()
        self._watcher = Watcher(self._popen.pid, self.kill)
        self._lock = threading.Lock()
        self._ready = False

    def ready(self) -> bool:
        """Wait until the judge runs and has an inner jail; whether it has, and still runs."""
        if self._ready:
            return self._popen.poll() is None
        try:
            self._ready = isinstance(self.reply(), replies.Ready)
        except (EOFError, replies.BadReply):
            return False
        return self._ready

    def send(self, message: Order | Cancel | Connected) -> None:
        """Send it; a process that has ended is noticed when it should reply."""
        with self._lock, contextlib.suppress(OSError):
            self._orders.send(message)

    def run(self, order: Order) -> Iterator[replies.Reply]:
        """Send the order, and return the replies as they come. Raises EOFError and BadReply."""
        self._watcher.begin()
        try:
            self.send(order)
            while True:
                yield self.reply()
        finally:
            self._watcher.end()

    def reply(self) -> replies.Reply:
        """The next reply. Raises EOFError when the process has ended, and BadReply."""
        line = next(self._lines, None)
        if line is None:
            raise EOFError
        return replies.parse(line)

    @property
    def excess(self) -> Excess | None:
        """Why the process was ended, if it took too much."""
        return self._watcher.excess

    @property
    def most_memory(self) -> int:
        """Bytes that all processes of the jail took together when they took most."""
        return self._watcher.most

    @property
    def said(self) -> str:
        """What the process has said on standard error, at most its first 4000 characters."""
        return self._errors.decode(errors="replace")

    def kill(self) -> None:
        """End the judge, its servers and the project. Any thread may call this."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if self._popen.poll() is None:
                os.killpg(self._popen.pid, signal.SIGKILL)

    def close(self) -> None:
        """End everything in the jail: its files go with it, and nobody else has seen them."""
        self._watcher.close()
        self.kill()
        self._popen.wait()
        with self._lock, contextlib.suppress(OSError):
            self._orders.close()
        assert self._popen.stdout
        self._popen.stdout.close()

    def _listen(self) -> None:
        assert self._popen.stderr
        with self._popen.stderr as errors:
            while chunk := os.read(errors.fileno(), 4096):
                self._errors += chunk[: max(0, _KEPT - len(self._errors))]
