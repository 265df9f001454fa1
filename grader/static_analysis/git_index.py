"""Reads git's index, the list of tracked files, without running git.

A repository's own configuration can name programs for git to run, and no list of such settings is complete.
The format is that of gitformat-index(5), versions 2 to 4.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from grader.staging.repository import MAX_BYTES, Repository

_HEADER = 12
_FIXED = 40
"""Bytes of an entry before the object's name: two times, device, inode, mode, user, group, size."""
_EXTENDED = 0x4000
_HASHES = (20, 32)
"""Bytes of an object's name: SHA-1, SHA-256."""


class NotReadable(Exception):
    """There is no index that can be read. The message says why, for a sentence."""


def tracked_files(repository: Repository) -> list[str]:
    """The files that git tracks below the project's folder, relative to it. Raises NotReadable."""
    if repository.problem:
        raise NotReadable(repository.problem)
    below = repository.below
    return [os.fsdecode(name[len(below) :]) for name in _names(repository.index) if name.startswith(below)]


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
