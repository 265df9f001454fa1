"""Makes a read-only tree of plain files from a hand-in, and tells whether the hand-in has changed since."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from grader.errors import MachineError
from grader.project_files import SKIPPED_FOLDERS
from grader.result import LeftOut, LeftOutReason
from grader.staging.repository import Repository, repository_of
from grader.staging.walk import Found, Walk

IGNORED_ENDINGS = (".sqlite3", ".sqlite3-journal", ".pyc", ".rdb", ".zip", ".sock")
MAX_FILES = 20_000
MAX_BYTES = 200_000_000
"""Bytes of all files together."""
MAX_FILE = 32_000_000
"""Bytes of one file."""

COARSE_NS = 2_000_000_000
"""A file may be changed twice within one tick of its clock, at most this many nanoseconds on any disk."""

MOST_MISSED = 100
"""What is told of what was left out, whatever a hand-in holds."""

_CHUNK = 1 << 20


class Stage:
    """The staged tree in the new folder `path`, made as often as one likes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.left_out: tuple[LeftOut, ...] = ()
        self._stamps: Mapping[str, tuple[int, ...]] = {}
        self._source = path
        self._at = 0
        path.mkdir()

    def make(self, source: Path) -> None:
        """Stage the project at `source`, in place of what is there.

        Raises MachineError if the project is too large, or cannot be read or written.
        """
        self._clear()
        self._source, self._at = source, time.time_ns()
        stamps: dict[str, tuple[int, ...]] = {}
        walk = _walk(source)
        total = 0
        try:
            for found in walk:
                if found.size > MAX_FILE:
                    walk.left_out.append(LeftOut(found.path, LeftOutReason.TOO_LARGE))
                    continue
                stamps[found.path] = found.stamp  # of before it is read: a later save shows
                total += self._copy(found)
                if len(stamps) > MAX_FILES or total > MAX_BYTES:
                    raise MachineError(
                        f"The project is too large to copy: over {MAX_FILES} files or "
                        f"{MAX_BYTES // 1_000_000} MB.",
                        "Move data files out of the folder of manage.py.",
                    )
        except OSError as error:
            raise MachineError(
                f"The project could not be copied: {error}.", "Check its permissions."
            ) from error
        self._stamps, self.left_out = stamps, tuple(walk.left_out)

    @property
    def missed(self) -> tuple[LeftOut, ...]:
        """The first of what was left out, without what every project holds and none needs."""
        return tuple(each for each in self.left_out if each.reason is not LeftOutReason.IGNORED)[:MOST_MISSED]

    @property
    def repository(self) -> Repository:
        """The git repository around the project, as it is now."""
        return repository_of(self._source)

    def is_current(self) -> bool:
        """Whether no file of the project has changed since it was staged."""
        try:
            return all(self._unchanged())
        except OSError:
            return False

    def _unchanged(self) -> Iterator[bool]:
        seen = set()
        for found in _walk(self._source):
            if found.size <= MAX_FILE:
                seen.add(found.path)
                yield self._stamps.get(found.path) == found.stamp
                if found.stamp[-1] > self._at - COARSE_NS:
                    yield self._holds(found)
        yield seen == self._stamps.keys()

    def _holds(self, found: Found) -> bool:
        """Whether a file that was new when it was staged is still as staged."""
        return b"".join(_chunks(found)) == (self.path / found.path).read_bytes()

    def _copy(self, found: Found) -> int:
        """Copy one file; its bytes."""
        target = self.path / found.path
        target.parent.mkdir(parents=True, exist_ok=True)
        size = 0
        with target.open("xb") as copy:
            for chunk in _chunks(found):
                size += copy.write(chunk)
        target.chmod(0o444)
        return size

    def _clear(self) -> None:
        for left in self.path.iterdir():
            if left.is_dir():
                shutil.rmtree(left)
            else:
                left.unlink()


def _walk(source: Path) -> Walk:
    return Walk(str(source), SKIPPED_FOLDERS, IGNORED_ENDINGS)


def _chunks(found: Found) -> Iterator[bytes]:
    """The bytes of a file, up to the most that is taken of one, also if it grows meanwhile."""
    left = MAX_FILE
    while left > 0 and (chunk := os.read(found.descriptor, min(_CHUNK, left))):
        left -= len(chunk)
        yield chunk
