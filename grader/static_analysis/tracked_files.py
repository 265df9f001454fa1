"""Finds files that git tracks and should not track."""

from __future__ import annotations

import re

from grader.spec import not_applicable
from grader.staging.repository import Repository
from grader.static_analysis.git_index import NotReadable, tracked_files

_PRIVATE = re.compile(
    r"(^|/)(dump\.rdb|.*\.(rdb|aof|sqlite3?|pem|key|p12|pfx)|id_(rsa|dsa|ecdsa|ed25519)|.*passwords?\b.*\.txt)$",
    re.IGNORECASE,
)


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
    return len(name) < 4096 and _PRIVATE.search(name) is not None
