"""Finds files that git tracks and should not track."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from grader.spec import not_applicable

_PRIVATE = re.compile(
    r"(^|/)(dump\.rdb|.*\.(rdb|aof|sqlite3?|pem|key|p12|pfx)|id_(rsa|dsa|ecdsa|ed25519)|.*passwords?\b.*\.txt)$",
    re.IGNORECASE,
)
# The configuration of a repository can name programs that git runs: these options prevent that.
_INERT = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "safe.directory=*")
_SECONDS = 10.0


def is_private(name: str) -> bool:
    """Whether a file of this name can hold data or secrets: a database, a dump, a key, passwords."""
    return _PRIVATE.search(name) is not None


def tracked(root: Path) -> list[str]:
    """Return the files below `root` that git tracks. Skips the check without a repository or git."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        listed = subprocess.run(
            ["git", *_INERT, "ls-files", "-z"],
            cwd=root,
            env={**kept, "GIT_CONFIG_NOSYSTEM": "1", "GIT_OPTIONAL_LOCKS": "0"},
            capture_output=True,
            timeout=_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        not_applicable("the project is not in a git repository")
    return [name.decode(errors="replace") for name in listed.stdout.split(b"\0") if name]
