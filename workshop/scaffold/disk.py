"""Every way in which the journal changes the disk, one function each, all durable. Standard library only."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


def _nothing(step: str) -> None:
    """The usual `before`: no one watches."""


@dataclass(frozen=True, slots=True)
class Disk:
    """Changes files so that a power cut leaves them old or new. All methods raise OSError.

    `before` is called with a description before each single change of the disk; tests kill or fail there.
    """

    before: Callable[[str], None] = _nothing

    def make_folder(self, folder: Path) -> None:
        """Make a folder and those above it."""
        if folder.is_dir():
            return
        self.make_folder(folder.parent)
        self.before(f"make the folder {folder.name}")
        folder.mkdir()
        sync_folder(folder.parent)

    def write_new(self, path: Path, raw: bytes, mode: int | None = None) -> None:
        """Write a file that must not exist yet, its folders too. `mode` is its permission bits."""
        self.make_folder(path.parent)
        self.before(f"make {path.name}")
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        with os.fdopen(handle, "wb") as file:
            self.before(f"write {path.name}")
            file.write(raw)
            file.flush()
            self.before(f"sync {path.name}")
            os.fsync(file.fileno())
        if mode is not None:
            path.chmod(mode)
        sync_folder(path.parent)

    def put_in_place(self, temporary: Path, path: Path) -> None:
        """Rename a finished file over another, in one step."""
        self.before(f"put {path.name} in place")
        temporary.replace(path)
        sync_folder(path.parent)

    def remove(self, path: Path) -> None:
        """Remove a file."""
        self.before(f"remove {path.name}")
        path.unlink()
        sync_folder(path.parent)

    def remove_empty(self, folder: Path) -> None:
        """Remove a folder if it is there and holds nothing; never raises."""
        self.before(f"remove the folder {folder.name}")
        with contextlib.suppress(OSError):
            folder.rmdir()


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable. Windows has no such call, and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def content(path: Path) -> bytes | None:
    """The bytes of a file, None if there is none. Raises OSError if it cannot be read."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def permissions(path: Path) -> int | None:
    """The permission bits of a file, None if there is none."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return None
