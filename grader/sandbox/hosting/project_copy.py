"""A throw-away copy of a project, so that nothing it does while judged touches the learner's folder."""

from __future__ import annotations

import filecmp
import os
import shutil
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from grader.errors import MachineError
from grader.project_files import SKIPPED_FOLDERS, is_skipped

SKIPPED_ENDINGS = (".sqlite3", ".sqlite3-journal", ".pyc", ".rdb", ".zip", ".sock")
MAX_FILES = 20_000
MAX_BYTES = 200_000_000

COARSE_NS = 2_000_000_000
"""A file may be changed twice within one tick of its clock, at most this many nanoseconds on any disk."""

Stamps = dict[str, tuple[int, ...]]
"""What tells of each file, by its path in a folder, whether it is still the same."""


class ProjectCopy:
    """The copy of the project at `root` that lies in the folder `path`, made anew as often as one likes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir()

    def make(self, root: Path) -> None:
        """Copy the project at `root`, in place of what is there. Raises as `copy_project` does."""
        for left in self.path.iterdir():
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left)
            else:
                left.unlink()
        self._root, self._at = root, time.time_ns()
        self._theirs = _stamps(root, _Copying(root))  # before it is read: a later save shows
        copy_project(root, self.path)

    def seal(self) -> None:
        """From now on nobody but the project changes the copy."""
        self._ours = _stamps(self.path)

    def is_as_made(self) -> bool:
        """Whether neither the learner nor the project has changed a file since."""
        try:
            same = _stamps(self._root, _Copying(self._root)) == self._theirs
            return same and _stamps(self.path) == self._ours and self._holds_the_newest()
        except (OSError, MachineError):
            return False

    def _holds_the_newest(self) -> bool:
        """Whether files that were new when they were copied are still as copied."""
        newest = [name for name, stamp in self._theirs.items() if stamp[-1] > self._at - COARSE_NS]
        return all(filecmp.cmp(self._root / name, self.path / name, shallow=False) for name in newest)


class _Copying:
    """One copy under way: what is left out, and how much was taken."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._files = 0
        self._bytes = 0

    def left_out(self, folder: str, names: list[str]) -> set[str]:
        """For shutil.copytree: the names in `folder` that are not copied."""
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
            return False  # a link to nothing
        if stat.S_ISDIR(found.st_mode):
            # A link to a folder that holds it would be copied for ever; a venv may have any name.
            return not path.is_symlink() and not is_skipped(path)
        self._files += 1
        self._bytes += found.st_size
        return stat.S_ISREG(found.st_mode)


def _stamps(folder: Path, copying: _Copying | None = None) -> Stamps:
    """Of every file below `folder`, or of those that are copied. Raises OSError, and MachineError."""
    return {str(path.relative_to(folder)): _stamp(path) for path in _files(folder, copying)}


def _files(folder: Path, copying: _Copying | None) -> Iterator[Path]:
    for at, folders, files in os.walk(folder):
        left_out = copying.left_out(at, [*folders, *files]) if copying else set()
        folders[:] = [name for name in folders if name not in left_out]
        links = [name for name in folders if (Path(at) / name).is_symlink()]
        yield from (Path(at) / name for name in (*files, *links) if name not in left_out)


def _stamp(path: Path) -> tuple[int, ...]:
    # Nobody sets the last one at will, and a file that takes another's place has another number.
    found = path.stat() if path.exists() else path.lstat()
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def copy_project(root: Path, to: Path) -> None:
    """Copy `root` to the empty folder `to`.

    Left out: virtual environments, version control, databases, compiled files, devices, links that lead
    out of the project. Raises MachineError if the project is too large or cannot be read.
    """
    try:
        left_out = _Copying(root).left_out
        shutil.copytree(root, to, ignore=left_out, copy_function=shutil.copyfile, dirs_exist_ok=True)
    except OSError as error:
        raise MachineError(f"The project could not be copied: {error}.", "Check its permissions.") from error


def copy_safely(file: Path, to: Path) -> None:
    """Copy the database `file` to the new file `to`; neither may be a link that the project laid there.

    Raises OSError.
    """
    source = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(source, "rb") as data:
        target = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(target, "wb") as copied:
            shutil.copyfileobj(data, copied)
