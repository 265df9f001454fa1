"""Finds files that git tracks and should not track."""

from __future__ import annotations

import re

from grader.spec import not_applicable
from grader.staging.repository import Repository
from grader.static_analysis.git_index import NotReadable, tracked_files

_ENDS = (".rdb", ".aof", ".sqlite", ".sqlite3", ".pem", ".key", ".p12", ".pfx")
_KEYS = {f"id_{kind}" for kind in ("rsa", "dsa", "ecdsa", "ed25519")}
_PASSWORDS = re.compile(r"passwords?\b")


def private_files(repository: Repository) -> list[str]:
    """The files of the project that git tracks, and that hold data or secrets by their name.

    Skips the check where there is no repository, or none that can be read.
    """
    try:
        return [name for name in tracked_files(repository) if is_private(name)]
    except NotReadable as error:
        not_applicable(str(error))


def is_private(name: str) -> bool:
    """Whether a file of this name holds data or secrets: a database, a dump, a key, passwords."""
    path = name.lower()
    if path.endswith(_ENDS) or path.rpartition("/")[2] in _KEYS:
        return True
    return path.endswith(".txt") and _PASSWORDS.search(path) is not None
