"""What processes printed: read as it comes, each kept up to a limit."""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import threading
from collections.abc import Callable

CHUNK = 65_536
KEPT = 256_000
END_SECONDS = 1.0
FLOOD = 10_000_000
"""Bytes after which a process is stopped."""


class ProcessLog:
    """The read end of a pipe that a process writes its output to. `writer` is the other end."""

    def __init__(self, on_flood: Callable[[], None]) -> None:
        self._reader, self.writer = os.pipe()
        os.set_blocking(self._reader, False)
        self._on_flood = on_flood
        self._kept = bytearray()
        self._total = 0
        self._lock = threading.Lock()
        self._over = False
        self._ended = threading.Event()
        self.flooded = False
        _LOGS.follow(self)

    def text(self) -> str:
        """What was printed until now, its first 256 kB."""
        # A process may have ended a moment ago, and its last words still lie in the pipe.
        for _ in range(KEPT // CHUNK + 1):
            if not self._take():
                break
        with self._lock:
            return self._kept.decode(errors="replace")

    def whole(self) -> str:
        """All that was printed, once the process has ended; what it left behind is not waited for long."""
        self._ended.wait(END_SECONDS)
        return self.text()

    def close_writer(self) -> None:
        """Close our copy of the write end, once the process has its own."""
        os.close(self.writer)

    def fileno(self) -> int:
        """The end that is read."""
        return self._reader

    def read(self) -> bool:
        """Take what is there; False when nobody can print any more."""
        self._take()
        return not self._over

    def end(self) -> None:
        """Nothing more will come."""
        os.close(self._reader)
        self._ended.set()

    def _take(self) -> bool:
        with self._lock:
            if self._over:
                return False
            try:
                data = os.read(self._reader, CHUNK)
            except BlockingIOError:
                return False
            self._over = not data
            self._total += len(data)
            self._kept += data[: max(0, KEPT - len(self._kept))]
            flooded = self._total > FLOOD and not self.flooded
            self.flooded = self.flooded or flooded
        if flooded:
            self._on_flood()
        return bool(data)


class _Logs:
    """Reads every log, in one thread: each check has a process, and to start a thread takes a while."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._new: list[ProcessLog] = []
        self._wake_writer: socket.socket | None = None

    def follow(self, log: ProcessLog) -> None:
        """Read it until its end."""
        with self._lock:
            if (
                self._wake_writer is None
            ):  # not where this is imported: a process forked from there has no threads
                wake_reader, self._wake_writer = socket.socketpair()
                wake_reader.setblocking(False)
                threading.Thread(target=self._read, args=(wake_reader,), name="logs", daemon=True).start()
            self._new.append(log)
            self._wake_writer.send(b"!")

    def _read(self, wake_reader: socket.socket) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(wake_reader, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select():
                    log = key.fileobj
                    if isinstance(log, ProcessLog):
                        if not log.read():
                            selector.unregister(log)
                            log.end()
                    else:
                        with contextlib.suppress(BlockingIOError):
                            wake_reader.recv(4096)
                        self._register_new(selector)

    def _register_new(self, selector: selectors.BaseSelector) -> None:
        with self._lock:
            new, self._new = self._new, []
        for log in new:
            selector.register(log, selectors.EVENT_READ)


_LOGS = _Logs()
