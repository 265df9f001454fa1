"""A throw-away copy of a project, so that nothing it does while judged touches the learner's folder."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

from grader.errors import MachineError
from grader.submission import SKIPPED_FOLDERS

SKIPPED_ENDINGS = (".sqlite3", ".sqlite3-journal", ".pyc", ".rdb", ".zip", ".sock")
MAX_FILES = 20_000
MAX_BYTES = 200_000_000


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
            return not path.is_symlink() and not (path / "pyvenv.cfg").exists()
        self._files += 1
        self._bytes += found.st_size
        return stat.S_ISREG(found.st_mode)


def copy_project(root: Path, to: Path) -> None:
    """Copy `root` to the new folder `to`.

    Left out: virtual environments, version control, databases, compiled files, devices, links that lead
    out of the project. Raises MachineError if the project is too large or cannot be read.
    """
    try:
        shutil.copytree(root, to, ignore=_Copying(root).left_out, copy_function=shutil.copyfile)
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
