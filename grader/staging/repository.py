"""Takes the index of a project's git repository, as bytes. Nothing of the repository is run or followed."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

MAX_BYTES = 32 * 1024 * 1024
"""Bytes of an index that is taken: 200,000 files need about as many."""


@dataclass(frozen=True, slots=True)
class Repository:
    """The git repository around a project. `below` is the path of the project in it, which ends in a slash.

    `problem` says why there is no `index`, for a sentence.
    """

    index: bytes = b""
    below: bytes = b""
    problem: str = ""


def repository_of(root: Path) -> Repository:
    """Return the repository around the project at `root`."""
    top = next((folder for folder in (root, *root.parents) if os.path.lexists(folder / ".git")), None)
    if top is None:
        return Repository(problem="the project is not in a git repository")
    if (top / ".git").is_symlink() or not (top / ".git").is_dir():
        return Repository(problem="the .git of the project leads to another folder")
    below = root.relative_to(top).as_posix()
    return _taken(top / ".git" / "index", b"" if below == "." else os.fsencode(below) + b"/")


def _taken(file: Path, below: bytes) -> Repository:
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return Repository(below=below)  # nothing was ever added
    except OSError as error:
        return Repository(problem=f"the index of the git repository cannot be opened: {error.strerror}")
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode) or found.st_size > MAX_BYTES:
        os.close(descriptor)
        return Repository(problem="the index of the git repository is too large, or no file")
    with os.fdopen(descriptor, "rb") as data:
        return Repository(data.read(MAX_BYTES), below)
