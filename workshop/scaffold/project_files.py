"""Which files of a project are the learner's own Python. Standard library only."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from grader.submission import SKIPPED_FOLDERS

SKIPPED = SKIPPED_FOLDERS | {"migrations", "site-packages"}


def python_files(project: Path) -> Iterator[str]:
    """The project's .py files: paths relative to it with forward slashes, in a fixed order.

    Virtual environments (whatever their name), migrations and hidden tool folders are left out, and
    folders that are symlinks are not entered. Folders that cannot be read are passed over.
    """
    for folder, folders, files in os.walk(project):
        here = Path(folder)
        folders[:] = sorted(f for f in folders if f not in SKIPPED and not (here / f / "pyvenv.cfg").exists())
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
