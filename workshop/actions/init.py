"""Make a new project from the starter, or adopt one as it is."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.errors import MachineError, UsageError
from grader.project_files import is_file, python_files
from grader.submission import Submission, find
from workshop.course.load import content_root

DEFAULT = "my-safeboda"


@dataclass(frozen=True, slots=True)
class Initialised:
    """A project that is ready. `new` is false if it was there and was adopted.

    `apps` are the folders with models or an AppConfig; `has_git` tells whether
    an adopted project lies in a git repository.
    """

    submission: Submission
    new: bool
    apps: tuple[str, ...]
    has_git: bool


def init(cwd: Path, path: Path | None = None, python: Path | None = None) -> Initialised:
    """Make or adopt the project at `path` (default: this folder if it is a project, else ./my-safeboda).

    Nothing in a project that is adopted is changed. Raises UsageError if the folder holds something
    else, MachineError if it cannot be written.
    """
    if path is None:
        path = cwd if is_file(cwd / "manage.py") else cwd / DEFAULT
    path = (cwd / path.expanduser()).resolve()
    new = not is_file(path / "manage.py")
    if new:
        _make(path)
    from workshop.state.database import open_state
    from workshop.state.own_projects import remember

    submission = find(path, python)
    open_state(submission.root).close()
    remember(submission.root)
    return Initialised(submission, new, _apps(submission.root), not new and _has_git(submission.root))


def _make(path: Path) -> None:
    """Copy the starter to `path`: all of it, or nothing."""
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise UsageError(
            f"{path} is not empty, and it is not a Django project.",
            "Name an empty or a new folder: `workshop init PATH`.",
        )
    ignore = shutil.ignore_patterns("__pycache__", "*.pyc", ".workshop", "db.sqlite3", ".keep")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".workshop-", dir=path.parent) as folder:
            copy = Path(folder, path.name)
            shutil.copytree(content_root() / "safeboda", copy, ignore=ignore)
            if path.exists():
                path.rmdir()
            copy.rename(path)
    except OSError as error:
        raise MachineError(
            f"The project could not be made in {path}: {error.strerror or error}.",
            "Check that you may write there and that the disk has room, or name another folder.",
        ) from error


def _apps(root: Path) -> tuple[str, ...]:
    files = [PurePosixPath(file) for file in python_files(root)]
    folders = {file.parent for file in files if file.name in ("apps.py", "models.py")}
    folders |= {file.parent.parent for file in files if file.parts[-2:] == ("models", "__init__.py")}
    return tuple(sorted(map(str, folders)))


def _has_git(root: Path) -> bool:
    """Whether the project lies in a git repository. git itself may run programs that a repository names."""
    return any((folder / ".git").exists() for folder in (root, *root.parents))
