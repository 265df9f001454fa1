"""Reads git's index, the list of tracked files, without running git.

A repository's own configuration can name programs for git to run, and no list of such settings is complete.
The format is that of gitformat-index(5), versions 2 to 4.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

MAX_BYTES = 32 * 1024 * 1024
"""Bytes of an index that is read: 200,000 files need about as many."""

_HEADER = 12
_FIXED = 40
"""Bytes of an entry before the object's name: two times, device, inode, mode, user, group, size."""
_EXTENDED = 0x4000
_HASHES = (20, 32)
"""Bytes of an object's name: SHA-1, SHA-256."""


class NotReadable(Exception):
    """There is no index that can be read. The message says why, for a sentence."""


def tracked_files(root: Path) -> list[str]:
    """The files below `root` that git tracks, relative to `root`. Raises NotReadable."""
    top = next((folder for folder in (root, *root.parents) if os.path.lexists(folder / ".git")), None)
    if top is None:
        raise NotReadable("the project is not in a git repository")
    if (top / ".git").is_symlink() or not (top / ".git").is_dir():
        raise NotReadable("the .git of the project leads to another folder")
    below = root.relative_to(top).as_posix()
    prefix = b"" if below == "." else os.fsencode(below) + b"/"
    names = _names(_bytes(top / ".git" / "index"))
    return [os.fsdecode(name[len(prefix) :]) for name in names if name.startswith(prefix)]


def _bytes(file: Path) -> bytes:
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return b""  # nothing was ever added
    except OSError as error:
        raise NotReadable(f"the index of the git repository cannot be opened: {error.strerror}") from error
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode) or found.st_size > MAX_BYTES:
        os.close(descriptor)
        raise NotReadable("the index of the git repository is too large, or no file")
    with os.fdopen(descriptor, "rb") as data:
        return data.read(MAX_BYTES)


def _names(index: bytes) -> list[bytes]:
    if not index:
        return []
    version, count = int.from_bytes(index[4:8]), int.from_bytes(index[8:12])
    if index[:4] != b"DIRC" or version not in (2, 3, 4) or count > len(index) // _FIXED:
        raise NotReadable("the index of the git repository has an unknown format")
    for hash_size in _HASHES:
        try:
            return list(_entries(index, version, count, hash_size))
        except (IndexError, ValueError):
            continue
    raise NotReadable("the index of the git repository is damaged")


def _entries(index: bytes, version: int, count: int, hash_size: int) -> Iterator[bytes]:
    """The names of the entries. Raises IndexError or ValueError if they are not `count` of this form."""
    at, name = _HEADER, b""
    for _ in range(count):
        start = at
        at += _FIXED + hash_size + 2
        flags = int.from_bytes(index[at - 2 : at])
        if flags & _EXTENDED:
            if version == 2:
                raise ValueError("version 2 has no extended flags")
            at += 2
        if version == 4:  # a name says only how it differs from the one before
            dropped, at = _number(index, at)
            if dropped > len(name):
                raise ValueError("more is dropped than there is")
            name = name[: len(name) - dropped]
        else:
            name = b""
        end = index.index(b"\0", at)
        name += index[at:end]
        if not name or name.startswith(b"/"):
            raise ValueError("an entry has no name")
        # Up to version 3 zeros fill each entry up to a multiple of 8 bytes, one at the least.
        at = end + 1 if version == 4 else start + (end - start) // 8 * 8 + 8
        yield name


def _number(index: bytes, at: int) -> tuple[int, int]:
    """A number of git's variable width, and where it ends."""
    value = index[at] & 0x7F
    while index[at] & 0x80:
        at += 1
        value = ((value + 1) << 7) | (index[at] & 0x7F)
        if value > MAX_BYTES:
            raise ValueError("a number is too large")
    return value, at + 1
