"""The output of processes, read while they run, and kept up to a limit."""

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
"""Bytes of output after which a process is killed."""


class ProcessLog:
    """The read end of a pipe for the output of a process. `writer` is the write end."""

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
        """Return the output so far, at most its first 256 kB."""
        # The last output of a process that has just ended may still be in the pipe.
        for _ in range(KEPT // CHUNK + 1):
            if not self._take():
                break
        with self._lock:
            return self._kept.decode(errors="replace")

    def whole(self) -> str:
        """Return the whole output of an ended process, but wait at most 1 s for processes it left behind."""
        self._ended.wait(END_SECONDS)
        return self.text()

    def close_writer(self) -> None:
        """Close the judge's copy of the write end, after the process has its own."""
        os.close(self.writer)

    def fileno(self) -> int:
        """Return the descriptor of the read end."""
        return self._reader

    def read(self) -> bool:
        """Read the output in the pipe; False when no process has the write end any more."""
        self._take()
        return not self._over

    def end(self) -> None:
        """Close the read end."""
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
    """Reads all logs in one thread, since starting a thread for each worker takes longer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._new: list[ProcessLog] = []
        self._wake_writer: socket.socket | None = None

    def follow(self, log: ProcessLog) -> None:
        """Read `log` until its end."""
        with self._lock:
            if self._wake_writer is None:  # not at import: a forked process would not have the thread
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
