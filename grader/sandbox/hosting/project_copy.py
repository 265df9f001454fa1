"""A throw-away copy of a project, so that a run never changes the learner's folder."""

from __future__ import annotations

import filecmp
import os
import shutil
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from grader.errors import MachineError
from grader.submission import SKIPPED_FOLDERS

SKIPPED_ENDINGS = (".sqlite3", ".sqlite3-journal", ".pyc", ".rdb", ".zip", ".sock")
MAX_FILES = 20_000
MAX_BYTES = 200_000_000

COARSE_NS = 2_000_000_000
"""The coarsest resolution in nanoseconds of a file's modification time on any disk."""

Stamps = dict[str, tuple[int, ...]]
"""Inode, size and times of each file, by its path in a folder: equal if the file is unchanged."""


class ProjectCopy:
    """The copy of a project in the folder `path`; `make` can be called repeatedly."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir()

    def make(self, root: Path) -> None:
        """Replace the content by a copy of the project at `root`. Raises as `copy_project` does."""
        for left in self.path.iterdir():
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left)
            else:
                left.unlink()
        self._root, self._at = root, time.time_ns()
        self._theirs = _stamps(root, _Copying(root))  # before copying, so that a later save shows
        copy_project(root, self.path)

    def seal(self) -> None:
        """Remember the state of the copy: from now on only the project changes it."""
        self._ours = _stamps(self.path)

    def is_as_made(self) -> bool:
        """Whether neither the learner nor the project has changed a file since `seal`."""
        try:
            same = _stamps(self._root, _Copying(self._root)) == self._theirs
            return same and _stamps(self.path) == self._ours and self._holds_the_newest()
        except (OSError, MachineError):
            return False

    def _holds_the_newest(self) -> bool:
        """Whether files that were saved just before the copying still equal their copies."""
        newest = [name for name, stamp in self._theirs.items() if stamp[-1] > self._at - COARSE_NS]
        return all(filecmp.cmp(self._root / name, self.path / name, shallow=False) for name in newest)


class _Copying:
    """The state of one copying: excluded files, and the count and bytes of copied files."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._files = 0
        self._bytes = 0

    def left_out(self, folder: str, names: list[str]) -> set[str]:
        """Return the names in `folder` that are not copied, for shutil.copytree. Raises MachineError."""
        skipped = set()
        for name in names:
            if not self._wanted(Path(folder) / name):
                skipped.add(name)
        if self._files > MAX_FILES or self._bytes > MAX_BYTES:
            raise MachineError(
                f"The project is too large to copy: over {MAX_FILES} files or {MAX_BYTES // 1_000_000} MB.",
                "Move data files out of the folder of manage.py.",
            )
        return skipped

    def _wanted(self, path: Path) -> bool:
        if path.name in SKIPPED_FOLDERS or path.name.endswith(SKIPPED_ENDINGS):
            return False
        if path.is_symlink() and not path.resolve().is_relative_to(self._root):
            return False
        try:
            found = path.stat()
        except OSError:
            return False  # a broken link
        if stat.S_ISDIR(found.st_mode):
            # A link to a parent folder would be copied without end; a virtual environment may have any name.
            return not path.is_symlink() and not (path / "pyvenv.cfg").exists()
        self._files += 1
        self._bytes += found.st_size
        return stat.S_ISREG(found.st_mode)


def _stamps(folder: Path, copying: _Copying | None = None) -> Stamps:
    """The stamps of every file below `folder`, or of those to copy. Raises OSError and MachineError."""
    return {str(path.relative_to(folder)): _stamp(path) for path in _files(folder, copying)}


def _files(folder: Path, copying: _Copying | None) -> Iterator[Path]:
    for at, folders, files in os.walk(folder):
        left_out = copying.left_out(at, [*folders, *files]) if copying else set()
        folders[:] = [name for name in folders if name not in left_out]
        links = [name for name in folders if (Path(at) / name).is_symlink()]
        yield from (Path(at) / name for name in (*files, *links) if name not in left_out)


def _stamp(path: Path) -> tuple[int, ...]:
    # No program can set st_ctime at will, and a file that replaces another has another inode.
    found = path.stat() if path.exists() else path.lstat()
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def copy_project(root: Path, to: Path) -> None:
    """Copy the project at `root` to the empty folder `to`.

    Not copied: virtual environments, version control, databases, compiled files, devices, links that lead
    out of the project. Raises MachineError if the project is too large or cannot be read.
    """
    try:
        left_out = _Copying(root).left_out
        shutil.copytree(root, to, ignore=left_out, copy_function=shutil.copyfile, dirs_exist_ok=True)
    except OSError as error:
        raise MachineError(f"The project could not be copied: {error}.", "Check its permissions.") from error


def copy_safely(file: Path, to: Path) -> None:
    """Copy the database `file` to the new file `to`. Raises OSError, also if either is a link."""
    source = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(source, "rb") as data:
        target = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(target, "wb") as copied:
            shutil.copyfileobj(data, copied)
