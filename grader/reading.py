"""Reads and parses the files of a project on the machine itself, within bounds. Standard library only."""

from __future__ import annotations

import ast
import errno
import os
import stat
import tomllib
from pathlib import Path
from typing import Any

MOST_BYTES = 2_000_000
"""Of one file that is parsed. The longest module of Django has 110 kB."""
_FLAGS = ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY")  # a system has those that it needs


def read_bytes(path: Path) -> bytes:
    """Return what the file at `path` holds.

    Raises OSError, also for a link, for what is no regular file, and for what is too long.
    """
    descriptor = os.open(path, os.O_RDONLY | sum(getattr(os, name, 0) for name in _FLAGS))
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "it is no regular file", str(path))
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise OSError(errno.EFBIG, f"it is longer than {MOST_BYTES // 1_000_000} MB", str(path))
    return data


def parse_python(source: bytes | str, filename: str = "<unknown>") -> ast.Module:
    """Parse a module. Raises SyntaxError for whatever is none: too deep, of no text encoding, with a NUL."""
    try:
        return ast.parse(source, filename=filename)
    except (ValueError, LookupError, RecursionError, MemoryError) as error:
        raise SyntaxError(str(error) or "it is nested too deeply") from error


def parse_toml(text: str) -> dict[str, Any]:
    """Parse a TOML document. Raises ValueError, also for one that is nested too deeply."""
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
