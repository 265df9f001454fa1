"""Which projects are this user's own: a list outside of every project, which no project can write to.

A project's folder is known by its path, device and inode: another folder in its place is another project.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path

MOST = 1_000
"""Projects that are remembered; the oldest is forgotten first."""
MOST_BYTES = 1_000_000


def remember(root: Path) -> None:
    """Remember the project at `root` as this user's own, where a file for that can be written."""
    known = _read()
    known.pop(str(root), None)
    with contextlib.suppress(OSError):
        known[str(root)] = _identity(root)
        file = _file()
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = file.with_name(f"{file.name}.{os.getpid()}")
        partial.write_text(json.dumps(dict(list(known.items())[-MOST:])), encoding="utf-8")
        partial.replace(file)


def is_own(root: Path, standing_in: Path | None) -> bool:
    """Whether the project at `root` is one's own: one is `standing_in` it, or it is remembered.

    None means that the project was not named, but found from where one stands.
    """
    return standing_in is None or standing_in.resolve().is_relative_to(root) or is_remembered(root)


def is_remembered(root: Path) -> bool:
    """Whether the project at `root` is remembered, and still the same folder."""
    with contextlib.suppress(OSError):
        return _read().get(str(root)) == _identity(root)
    return False


def _identity(root: Path) -> list[int]:
    found = root.stat()
    return [found.st_dev, found.st_ino]


def _file() -> Path:
    home = Path.home()
    if sys.platform == "win32":
        folder = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        folder = home / "Library" / "Application Support"
    else:
        folder = Path(os.environ.get("XDG_STATE_HOME") or home / ".local" / "state")
    return folder / "safeboda-workshop" / "projects.json"


def _read() -> dict[str, object]:
    try:
        file = _file()
        if file.stat().st_size > MOST_BYTES:
            return {}
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RuntimeError):  # RuntimeError: there is no home
        return {}
    return found if isinstance(found, dict) else {}
