"""The .workshop folder beside manage.py, where the workshop keeps everything about one project."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from grader.errors import MachineError, UsageError

FOLDER = ".workshop"

Notice = Callable[[str], None]


def say_on_stderr(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def state_folder(project: Path) -> Path:
    """The project's .workshop folder. The folder is made if it is missing, with a .gitignore for all of it.

    Raises MachineError if the folder cannot be made, and UsageError if it is a link or holds one: the
    workshop makes none, and whoever made it would have other files read and written in our name.
    """
    folder = project / FOLDER
    for path in (folder, *(folder.iterdir() if folder.is_dir() and not folder.is_symlink() else ())):
        if path.is_symlink():
            raise UsageError(
                f"{path.relative_to(project)} in {project} is a link, and the workshop makes no links there.",
                f"Remove the link. If you did not make this project, remove its whole folder {FOLDER}.",
            )
    try:
        folder.mkdir(exist_ok=True)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
    except OSError as error:
        raise not_writable(project, error) from error
    return folder


def not_writable(project: Path, error: Exception) -> MachineError:
    """The error to raise where the folder of `project` cannot be written."""
    return MachineError(
        f"The workshop cannot keep its notes in {project / FOLDER}: {error}.",
        "Check that you may write in the project folder and that the disk has room.",
    )
