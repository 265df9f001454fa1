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


def copy_project(root: Path, to: Path) -> None:
    """Copy `root` to the new folder `to`.

    Left out: virtual environments, version control, databases, compiled files, devices, links that lead
    out of the project. Raises MachineError if the project is too large or cannot be read.
    """
    counted = [0, 0]
    real = os.path.realpath(root) + os.sep

    def left_out(folder: str, names: list[str]) -> set[str]:
        skipped = {name for name in names if not _wanted(os.path.join(folder, name), name, real)}
        for name in set(names) - skipped:
            counted[0] += 1
            counted[1] += os.stat(os.path.join(folder, name)).st_size
        if counted[0] > MAX_FILES or counted[1] > MAX_BYTES:
            raise MachineError(
                f"The project is too large to copy: over {MAX_FILES} files or {MAX_BYTES // 1_000_000} MB.",
                "Move data files out of the folder of manage.py.",
            )
        return skipped

    try:
        shutil.copytree(root, to, ignore=left_out, copy_function=shutil.copyfile)
    except OSError as error:
        raise MachineError(f"The project could not be copied: {error}.", "Check its permissions.") from error


def _wanted(path: str, name: str, real: str) -> bool:
    if name in SKIPPED_FOLDERS or name.endswith(SKIPPED_ENDINGS):
        return False
    if os.path.islink(path) and not os.path.realpath(path).startswith(real):
        return False
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return False  # a link to nothing
    if stat.S_ISDIR(mode):
        # A link to a folder that holds it would be copied for ever; a venv may have any name.
        return not os.path.islink(path) and not os.path.exists(os.path.join(path, "pyvenv.cfg"))
    return stat.S_ISREG(mode)
