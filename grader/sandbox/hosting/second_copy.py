"""The project a second time: files, database, jail and processes of its own, before the same servers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.sandbox.hosting.app_server_pool import AppServerPool
from grader.sandbox.hosting.launch import EntryPoint, SandboxPaths
from grader.sandbox.hosting.project_copy import ProjectCopy, copy_safely
from grader.sandbox.hosting.worker import Worker

if TYPE_CHECKING:
    from grader.sandbox.hosting.sandbox import Sandbox


@contextmanager
def second_copy(sandbox: Sandbox, entry: EntryPoint, database: Path) -> Iterator[Worker]:
    """Load the project by `entry` from fresh files, and yield a worker on a copy of the file `database`.

    It shares nothing with the first copy but the servers: no file, no memory, no /tmp. To load it takes as
    long as to load a project. Raises SandboxError, and MachineError if the files cannot be copied.
    """
    place = sandbox.paths.scratch / "2"  # short: the path of a socket has a limit
    place.mkdir()
    try:
        copy = ProjectCopy(place / "project")
        copy.make(sandbox.stage.path)
        if entry.root == sandbox.bare_copy:
            (copy.path / ".env").unlink(missing_ok=True)
        databases = place / "databases"
        databases.mkdir()
        copy_safely(database, databases / "db.sqlite3")
        if sandbox.jail:
            sandbox.jail.make_writable(copy.path)
            sandbox.jail.make_writable(databases)
        paths = SandboxPaths(sandbox.submission, place, (copy.path,), databases)
        pool = AppServerPool(paths, sandbox.proxies, sandbox.jail, sandbox.limits)
        try:
            yield pool.loaded(replace(entry, root=copy.path)).worker(databases / "db.sqlite3")
        finally:
            pool.leave()
    finally:
        shutil.rmtree(place, ignore_errors=True)
