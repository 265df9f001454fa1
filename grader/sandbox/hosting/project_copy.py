"""A throw-away copy of the staged project, which the project may write to while it is judged."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from grader.errors import MachineError

MOST_FILES = 100_000
"""Files and folders of a copy that are looked at; staging takes 20,000."""


class ProjectCopy:
    """The copy in the folder `path`, made anew as often as one likes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir()

    def make(self, staged: Path) -> None:
        """Copy the staged tree, in place of what is there. Raises MachineError."""
        for left in self.path.iterdir():
            if left.is_dir() and not left.is_symlink():
                remove(left)
            else:
                left.unlink()
        try:
            shutil.copytree(staged, self.path, copy_function=shutil.copyfile, dirs_exist_ok=True)
        except OSError as error:
            raise MachineError(
                f"The project could not be copied: {error}.", "Check that the disk has room."
            ) from error

    def seal(self) -> None:
        """From now on nobody but the project changes the copy."""
        self._stamps = _stamps(self.path)

    def is_sealed(self) -> bool:
        """Whether the project has changed no file since `seal`."""
        try:
            return _stamps(self.path) == self._stamps
        except OSError:
            return False


def files_below(folder: Path) -> Iterator[os.DirEntry[str]]:
    """All files and links below a folder, however deep it is, up to MOST_FILES. Raises OSError."""
    waiting, found = [os.fspath(folder)], 0
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                found += 1
                if found > MOST_FILES:
                    return
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                else:
                    yield entry


def remove(folder: Path) -> None:
    """Remove a folder, also one that is deeper than Python itself can go."""
    try:
        shutil.rmtree(folder, ignore_errors=True)
    except RecursionError:
        subprocess.run(["rm", "-rf", "--", str(folder)], capture_output=True, check=False)


def _stamps(folder: Path) -> dict[str, tuple[int, ...]]:
    """What changes whenever a file or link below `folder` does, by path. Raises OSError."""
    return {entry.path: _stamp(entry.path) for entry in files_below(folder)}


def _stamp(path: str) -> tuple[int, ...]:
    # Nobody sets the last one at will, and a file that takes another's place has another number.
    found = os.lstat(path)
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def copy_safely(file: Path, to: Path) -> None:
    """Copy the database `file` to the new file `to`. Raises OSError, also if either is a link."""
    source = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(source, "rb") as data:
        target = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(target, "wb") as copied:
            shutil.copyfileobj(data, copied)
