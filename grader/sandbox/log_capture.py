"""Captures what a worker logs: its output, and what the project writes to its own log files."""

from __future__ import annotations

import os
from pathlib import Path

from grader.sandbox.check_environment import CheckEnvironment

MOST = 256_000
"""Most bytes that are read from one file."""

ROOT_AT_INFO = """
import logging, sys
class Formatter(logging.Formatter):
    plain = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "request", "taskName"}
    def format(self, record):
        more = {name: value for name, value in vars(record).items() if name not in self.plain}
        return record.getMessage() + (f" {more}" if more else "")
handler = logging.StreamHandler(sys.stderr)
handler.setFormatter(Formatter())
root = logging.getLogger()
root.addHandler(handler)
root.setLevel(min(root.level or logging.INFO, logging.INFO))
"""
"""Code for a worker: the root logger prints records from INFO on, with message and extras."""


class LogCapture:
    """Captures the lines that are logged after its construction, or after the last `clear`."""

    def __init__(self, environment: CheckEnvironment) -> None:
        self._environment = environment
        self.clear()

    def clear(self) -> None:
        """Forget the lines so far."""
        self._start = len(self._environment.worker.log())
        self._sizes = self._environment.sandbox.file_sizes()

    def lines(self) -> list[str]:
        """Return the lines so far; the last one may still be incomplete."""
        texts = [self._environment.worker.log()[self._start :]]
        for path, size in self._environment.sandbox.file_sizes().items():
            before = self._sizes.get(path, 0)
            if size > before:
                texts.append(_end_of(path, before))
        return [line for text in texts for line in text.splitlines()]


def _end_of(path: Path, start: int) -> str:
    """The text in `path` from byte `start` on; empty if `path` is a link or cannot be read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            file.seek(start)
            return file.read(MOST).decode(errors="replace")
    except OSError:
        return ""
