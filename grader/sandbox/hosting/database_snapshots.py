"""A cache of migrated databases, since migrating takes longer than most checks."""

from __future__ import annotations

import contextlib
import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from grader.sandbox import errors
from grader.sandbox.hosting.project_copy import copy_safely
from grader.sandbox.hosting.worker import Worker

KEPT = 4
"""Most snapshots of one project: enough for a few branches in git."""


class SnapshotCache:
    """The snapshots in `folder`, which the first `keep` makes. Errors of the disk are ignored."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def take(self, key: str, to: Path) -> bool:
        """Copy the snapshot of `key` to the new file `to`; whether there was one."""
        try:
            copy_safely(self._folder / f"{key}.sqlite3", to)
        except OSError:
            to.unlink(missing_ok=True)
            return False
        return True

    def keep(self, key: str, made: Path) -> None:
        """Store a copy of the file `made` under `key`, and delete all but the newest snapshots."""
        with contextlib.suppress(OSError):
            self._folder.mkdir(exist_ok=True)
            part = self._folder / f"{secrets.token_hex(4)}.part"  # two runs may store the same key at once
            copy_safely(made, part)
            part.replace(self._folder / f"{key}.sqlite3")
            oldest = sorted(self._folder.glob("*.sqlite3"), key=lambda path: path.stat().st_mtime)
            for path in oldest[:-KEPT]:
                path.unlink()


class DatabaseSnapshot:
    """The migrated database, of which each check gets a clone. The file `path` exists after `prepare`."""

    def __init__(self, path: Path, kept: SnapshotCache | None) -> None:
        """`kept` are the snapshots of earlier runs, or None."""
        self.path = path
        self._kept = kept
        self._key = ""

    def prepare(self, key: str, make: Callable[[Path], None]) -> None:
        """Provide the database of `key`: the present one, one of an earlier run, or one made by `make`."""
        if key == self._key:
            return
        self._key = ""  # no key while `make` runs, nor after it fails
        self.path.unlink(missing_ok=True)
        if not (self._kept and self._kept.take(key, self.path)):
            make(self.path)
            if self._kept:
                self._kept.keep(key, self.path)
        self._key = key


def migrate(worker: Worker, seconds: float) -> None:
    """Migrate the database of `worker` and make the first user, within `seconds` each.

    Raises SandboxError.
    """
    for deed, doing in (("migrate", "the migrations ran"), ("seed", "the first user was made")):
        reply = worker.ask(deed, doing, timeout=seconds)
        if not reply.get("ok"):
            raise errors.no_database(deed, reply.get("error") or {})


def snapshot_key(copy: Path, report: Mapping[str, Any]) -> str:
    """Return a hash of all that a migrated database depends on: migrations, models, settings, versions."""
    parts = [report.get(part) for part in ("versions", "user", "passenger")]
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True).encode())
    for path in sorted(copy.rglob("*.py")):
        named = {part.removesuffix(".py") for part in path.relative_to(copy).parts}
        if named & {"migrations", "models", "settings", "managers"}:
            digest.update(path.relative_to(copy).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
