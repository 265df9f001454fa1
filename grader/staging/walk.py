"""Walks a folder that somebody else filled, step by step, without following a link.

Every folder and file is opened by its name in its opened parent, so no path can lead out of the folder, also
if somebody changes it meanwhile.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath

from grader.result import LeftOut, LeftOutReason

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC

MAX_DEPTH = 32
MAX_NAME = 200
"""Characters of one name; a path has at most `MAX_DEPTH` of them."""
MAX_ENTRIES = 100_000
"""Names that are looked at, wanted or not."""


@dataclass(frozen=True, slots=True)
class Found:
    """A regular file, open for reading. The walk closes it when the next step is taken.

    `path` is where it lies in the folder, and `stamp` changes whenever the file does.
    """

    path: str
    descriptor: int
    size: int
    stamp: tuple[int, ...]


class Walk:
    """Iterates over the regular files below `folder`, in order of their names; `left_out` grows meanwhile.

    Left out are folders with a name in `ignored`, files with one of the `endings`, and virtual environments.
    Raises OSError if `folder` itself cannot be opened.
    """

    def __init__(self, folder: str, ignored: frozenset[str], endings: tuple[str, ...]) -> None:
        self._folder = folder
        self._ignored = ignored
        self._endings = endings
        self._looked_at = 0
        self.left_out: list[LeftOut] = []

    def __iter__(self) -> Iterator[Found]:
        # The folder itself is named by whoever runs the judge: that name may be a link.
        self._root = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            yield from self._below(self._root, ())
        finally:
            os.close(self._root)

    def _below(self, folder: int, at: tuple[str, ...]) -> Iterator[Found]:
        try:
            with os.scandir(folder) as scanned:
                entries = sorted(
                    (entry.name, entry.stat(follow_symlinks=False).st_mode)
                    for entry in self._bounded(scanned, at)
                )
        except OSError:
            self._leave_out(at, LeftOutReason.UNREADABLE)
            return
        for name, mode in entries:
            path = (*at, name)
            if reason := self._unwanted(folder, path, mode):
                self._leave_out(path, reason)
            elif stat.S_ISDIR(mode):
                yield from self._folder_of(folder, path)
            elif stat.S_ISLNK(mode):
                yield from self._link(folder, path)
            else:
                yield from self._file(folder, name, path)

    def _bounded(
        self, scanned: Iterator[os.DirEntry[str]], at: tuple[str, ...]
    ) -> Iterator[os.DirEntry[str]]:
        for entry in scanned:
            self._looked_at += 1
            if self._looked_at > MAX_ENTRIES:
                self._leave_out(at, LeftOutReason.TOO_MANY)
                return
            yield entry

    def _unwanted(self, folder: int, path: tuple[str, ...], mode: int) -> LeftOutReason | None:
        name = path[-1]
        if len(name) > MAX_NAME or not name.isprintable():
            return LeftOutReason.BAD_NAME  # what is no UTF-8 comes as surrogates, which cannot be printed
        if name in self._ignored or name.endswith(self._endings):
            return LeftOutReason.IGNORED
        if stat.S_ISDIR(mode):
            if len(path) > MAX_DEPTH:
                return LeftOutReason.TOO_DEEP
            return LeftOutReason.IGNORED if _is_environment(folder, name) else None
        return None if stat.S_ISREG(mode) or stat.S_ISLNK(mode) else LeftOutReason.SPECIAL

    def _folder_of(self, parent: int, path: tuple[str, ...]) -> Iterator[Found]:
        try:
            folder = os.open(path[-1], _FOLDER, dir_fd=parent)
        except OSError:
            self._leave_out(path, LeftOutReason.UNREADABLE)
            return
        try:
            yield from self._below(folder, path)
        finally:
            os.close(folder)

    def _link(self, parent: int, path: tuple[str, ...]) -> Iterator[Found]:
        """A link to a regular file of the same tree counts as that file; any other is left out."""
        try:
            target = os.readlink(path[-1], dir_fd=parent)
        except OSError:
            target = ""
        steps = _steps(path[:-1], target)
        if not steps or self._ignored.intersection(steps) or steps[-1].endswith(self._endings):
            self._leave_out(path, LeftOutReason.LINK)
            return
        folders = [self._root]
        try:
            for step in steps[:-1]:
                folders.append(os.open(step, _FOLDER, dir_fd=folders[-1]))
            yield from self._file(folders[-1], steps[-1], path, LeftOutReason.LINK)
        except OSError:
            self._leave_out(path, LeftOutReason.LINK)
        finally:
            for folder in folders[1:]:
                os.close(folder)

    def _file(
        self,
        folder: int,
        name: str,
        path: tuple[str, ...],
        otherwise: LeftOutReason = LeftOutReason.UNREADABLE,
    ) -> Iterator[Found]:
        try:
            descriptor = os.open(name, _FILE, dir_fd=folder)
        except OSError:
            self._leave_out(path, otherwise)
            return
        try:
            found = os.fstat(descriptor)
            if stat.S_ISREG(found.st_mode):
                # Nobody sets the last one at will, and a file that takes another's place has another number.
                stamp = (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
                yield Found("/".join(path), descriptor, found.st_size, stamp)
            else:
                self._leave_out(path, otherwise if otherwise is LeftOutReason.LINK else LeftOutReason.SPECIAL)
        finally:
            with suppress(OSError):
                os.close(descriptor)

    def _leave_out(self, path: tuple[str, ...], reason: LeftOutReason) -> None:
        self.left_out.append(LeftOut("/".join(path) or ".", reason))


def _steps(at: tuple[str, ...], target: str) -> tuple[str, ...]:
    """Where a link in the folder `at` leads, as names from the top; nothing if it leads out."""
    if not target or target.startswith("/"):
        return ()
    steps = list(at)
    for part in PurePosixPath(target).parts:
        if part == "..":
            if not steps:
                return ()
            steps.pop()
        elif part != ".":
            steps.append(part)
    return tuple(steps)


def _is_environment(parent: int, name: str) -> bool:
    """Whether a folder is a virtual environment, whatever it is called."""
    try:
        os.stat(f"{name}/pyvenv.cfg", dir_fd=parent, follow_symlinks=False)
    except OSError:
        return False
    return True
