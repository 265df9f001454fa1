"""What a process printed: read as it comes, kept up to a limit."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

KEPT = 256_000
END_SECONDS = 1.0
FLOOD = 10_000_000
"""Bytes after which a process is stopped."""


class Log:
    """The read end of a pipe that a process writes its output to. `writer` is the other end."""

    def __init__(self, on_flood: Callable[[], None]) -> None:
        self._reader, self.writer = os.pipe()
        self._on_flood = on_flood
        self._kept = bytearray()
        self._lock = threading.Lock()
        self.flooded = False
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def text(self) -> str:
        """What was printed so far, its first 256 kB."""
        with self._lock:
            return self._kept.decode(errors="replace")

    def whole(self) -> str:
        """All that was printed, once the process has ended; what it left behind is not waited for long."""
        self._reading.join(END_SECONDS)
        return self.text()

    def close_writer(self) -> None:
        """Close our copy of the write end, once the process has its own."""
        os.close(self.writer)

    def _read(self) -> None:
        total = 0
        with os.fdopen(self._reader, "rb", buffering=0) as pipe:
            while data := pipe.read(65536):
                total += len(data)
                with self._lock:
                    self._kept += data[: max(0, KEPT - len(self._kept))]
                if total > FLOOD and not self.flooded:
                    self.flooded = True
                    self._on_flood()
