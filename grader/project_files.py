"""Which files of a project are the learner's own. Standard library only.

A folder that one may not read holds nothing for us. Path.is_file() raises PermissionError for what lies in
it, before Python 3.14; os.path.isfile() says no.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

SKIPPED_FOLDERS = frozenset(
    {".git", ".hg", ".venv", "venv", "env", "node_modules", ".workshop", "__pycache__", ".tox", ".idea"}
)
"""Folders that hold nothing of the learner's own code."""

NOT_WRITTEN = frozenset({"migrations", "site-packages"})
"""Folders of Python files that the learner did not write."""


def is_file(path: Path) -> bool:
    """Whether there is a file at `path`, or a link to one, that may be looked at."""
    return os.path.isfile(path)  # noqa: PTH113


def is_skipped(path: Path) -> bool:
    """Whether a folder of a project holds nothing of the learner's: by its name, or a virtual environment."""
    return path.name in SKIPPED_FOLDERS or is_file(path / "pyvenv.cfg")


def python_files(project: Path) -> Iterator[str]:
    """The project's .py files: paths relative to it with forward slashes, in a fixed order.

    Virtual environments (whatever their name), migrations and hidden tool folders are left out, and
    folders that are symlinks are not entered. Folders that cannot be read are passed over.
    """
    for folder, folders, files in os.walk(project):
        here = Path(folder)
        folders[:] = sorted(f for f in folders if f not in NOT_WRITTEN and not is_skipped(here / f))
        for name in sorted(files):
            if name.endswith(".py") and _is_text(name):
                yield (here / name).relative_to(project).as_posix()


def _is_text(name: str) -> bool:
    """A name that is no proper text can be neither imported nor printed."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
