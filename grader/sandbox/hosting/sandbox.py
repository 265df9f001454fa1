"""The sandbox of one submission, for several runs: copy, jail, private server, processes."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from grader.sandbox import errors
from grader.sandbox.hosting.app_server import AppServer
from grader.sandbox.hosting.app_server_pool import AppServerPool
from grader.sandbox.hosting.database_snapshots import DatabaseSnapshot, SnapshotCache, migrate, snapshot_key
from grader.sandbox.hosting.extra_servers import ExtraServers
from grader.sandbox.hosting.hosted_project import HostedProject
from grader.sandbox.hosting.jail import Jail, find_jail
from grader.sandbox.hosting.launch import EntryPoint, Limits, SandboxPaths
from grader.sandbox.hosting.project_copy import ProjectCopy, copy_safely, files_below, remove
from grader.sandbox.observing.redis import Redis
from grader.servers.private import PrivateServer, short_folder
from grader.servers.proxy import Proxy
from grader.staging.stage import Stage
from grader.staging.staged import Staged
from grader.submission import Submission

SOCKET = "0123456789ab.socket"
"""A name at least as long as that of a worker's socket."""


class Sandbox:
    """A context manager that starts the private server, and starts loading the project.

    `project` is the project as manage.py enters it. `submission` is what was handed in. `staged` is the same
    as a tree of plain files, which everybody else reads.
    """

    def __init__(
        self,
        submission: Submission,
        limits: Limits | None = None,
        jail: bool | None = None,
        snapshots: Path | None = None,
        extra_servers: ExtraServers | None = None,
        *,
        hidden: tuple[Path, ...] = (),
        staged: Staged | None = None,
    ) -> None:
        """`jail` tells whether to confine the project; the default is to do so where the system can.
        A confined project sees nothing in the folders `hidden`.

        The folder `snapshots` keeps migrated databases for the next run. `extra_servers` are for checks with
        other entry points; see `enter`. `staged` is the submission if it was staged before.
        """
        self.submission = self.staged = submission
        self._jail_wanted = jail
        self.jail: Jail | None = None  # until it is entered
        self._hidden = hidden
        self._snapshots = SnapshotCache(snapshots) if snapshots else None
        self.limits = limits or Limits()
        self._server = PrivateServer()
        self._extra_servers = extra_servers
        self._staged_before = staged
        self._pool: AppServerPool | None = None
        self._cancelled = threading.Event()
        self._entered: dict[str, HostedProject] = {}
        self.project = HostedProject(self, EntryPoint(submission.settings_module, submission.root))

    def __enter__(self) -> Self:
        self._scratch = short_folder("workshop-", SOCKET)
        # The project can write to the copies and the databases, and to nothing else that is here.
        self._databases = self._scratch / "databases"
        self._snapshot = DatabaseSnapshot(self._scratch / "snapshot.sqlite3", self._snapshots)
        try:
            self.jail = find_jail(self._jail_wanted, self._hidden)
            self._databases.mkdir()
            if self.jail:
                self.jail.make_writable(self._databases)
            self.stage = self._staged_before or Stage(self._scratch / "stage")
            self._copies = [ProjectCopy(self._scratch / "project")]
            if self._extra_servers:
                self._extra_servers.start()
                self._copies.append(ProjectCopy(self.bare_copy))
            self._copy_anew()
            self.proxy = Proxy(self._server.launch().address).start()
            self._pool = AppServerPool(self.paths, self.proxies, self.jail, self.limits)
            self._server.ready().confine()
            self.project.begin_loading()
        except BaseException:
            self._clean()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._clean()

    def _clean(self) -> None:
        if self._pool:
            self._pool.close()
        if proxy := self.__dict__.get("proxy"):
            proxy.stop()
        self._server.stop()
        self.__dict__.pop("redis", None)
        if self._extra_servers:
            self._extra_servers.stop()
        remove(self._scratch)

    def renew(self, submission: Submission) -> None:
        """Host `submission` in its present state, for another run. Raises as entering does.

        The server and the zygote are kept if they run and suit. The migrated database is kept if nothing that
        it depends on has changed. The project stays loaded if no file has changed.
        """
        stays = submission == self.submission and self._is_as_loaded()
        self.submission = submission
        self._cancelled.clear()
        self.pool.wait_for_sweep()
        try:
            self.redis.flush()
        except OSError:  # the server has ended
            self._clean()
            self.__enter__()
            return
        for proxy in self.proxies:
            proxy.restore()
            proxy.forget()
        if not stays:
            self.pool.end()
            for left in self._databases.iterdir():
                left.unlink()
            self._copy_anew()
            self.pool.renew(self.paths)
            self.project.begin_loading()

    def cancel(self) -> None:
        """Cancel the run: pending and new requests raise NoResponse. Any thread may call this."""
        self._cancelled.set()
        self.pool.hang_up()

    @property
    def cancelled(self) -> bool:
        """Whether the run was cancelled; see `cancel`."""
        return self._cancelled.is_set()

    def kill(self) -> None:
        """Kill all processes of the project. Any thread may call this."""
        self.pool.kill()

    def end_if_threaded(self) -> None:
        """End the app servers of a project with threads, which would go on working between two runs."""
        if not self.project.is_single_threaded():
            self.pool.end()

    def _is_as_loaded(self) -> bool:
        if self.cancelled or self._extra_servers or not self.project.is_single_threaded():
            return False
        if self.project.has_failed():
            return False
        unchanged = self.stage.is_current() and self._copies[0].is_sealed()
        return unchanged and self.pool.suits(self.paths)

    def enter(self, entry: EntryPoint) -> HostedProject:
        """Return the project by another entry point, with an app server of its own.

        Raises SandboxError if no database can be made.
        """
        key = f"{entry.settings} {sorted(entry.variables.items())} {entry.own_databases}"
        if key not in self._entered:
            self.project.snapshot()
            self._entered[key] = HostedProject(self, entry, self.project)
            self._entered[key].begin_loading()
        return self._entered[key]

    def load(
        self, entry: EntryPoint, overrides: Mapping[str, Any] | None = None, urls: bool = True
    ) -> AppServer:
        """Return the app server for `entry`; see `AppServerPool.loaded`. Raises NoResponse after `cancel`."""
        if self.cancelled:
            raise errors.ended("the run was stopped")
        return self.pool.loaded(entry, overrides, urls)

    def make_snapshot(self) -> Path:
        """Make the migrated database with a first user, and return its path. Raises SandboxError."""
        key = snapshot_key(self.staged.root, self.project.report())
        self._snapshot.prepare(key, self._migrate)
        return self._snapshot.path

    def clone(self, snapshot: Path) -> Path:
        """Return a copy of the migrated database `snapshot`, which one check can change."""
        clone = self._databases / f"{secrets.token_hex(8)}.sqlite3"
        copy_safely(snapshot, clone)
        if self.jail:
            self.jail.make_writable(clone)
        return clone

    def _migrate(self, to: Path) -> None:
        made = self.pool.first_database
        worker = self.project.worker(made)
        try:
            migrate(worker, self.limits.load)
        finally:
            worker.close()
        try:
            copy_safely(made, to)
        except OSError as error:
            facts = {"type": "OSError", "message": "the database file is gone"}
            raise errors.no_database("migrate", facts) from error

    @property
    def pool(self) -> AppServerPool:
        """The app servers. Only while the sandbox runs."""
        assert self._pool is not None
        return self._pool

    @property
    def paths(self) -> SandboxPaths:
        """The paths of the sandbox."""
        copies = tuple(copy.path for copy in self._copies)
        return SandboxPaths(self.submission, self._scratch, copies, self._databases)

    @property
    def bare_copy(self) -> Path:
        """The copy of the project without its .env, as on a server. Only if there are extra servers."""
        return self._scratch / "bare"

    @property
    def proxies(self) -> tuple[Proxy, ...]:
        """The proxies of the private server and of each extra server."""
        return (self.proxy, *(self._extra_servers.proxies if self._extra_servers else ()))

    @property
    def extra_servers(self) -> ExtraServers:
        """The servers beside the private server. Only if there are some."""
        assert self._extra_servers is not None
        return self._extra_servers

    @property
    def has_extra_servers(self) -> bool:
        """Whether there are servers beside the private server."""
        return self._extra_servers is not None

    @cached_property
    def redis(self) -> Redis:
        """The admin connection to the private server."""
        return Redis(self._server.client())

    @property
    def server_version(self) -> str:
        """Name and version of the private server."""
        return self._server.version

    def file_sizes(self) -> dict[Path, int]:
        """Return every file of the project's copy with its size in bytes."""
        files = (entry for entry in files_below(self.paths.copy) if not entry.name.endswith(".pyc"))
        return {Path(entry.path): entry.stat(follow_symlinks=False).st_size for entry in files}

    def _copy_anew(self) -> None:
        self.stage.make(self.submission.root)
        self.staged = replace(self.submission, root=self.stage.path)
        self.project = HostedProject(self, EntryPoint(self.submission.settings_module, self._copies[0].path))
        self._entered.clear()
        for each in self._copies:
            each.make(self.stage.path)
        (self.bare_copy / ".env").unlink(missing_ok=True)
        for each in self._copies:
            if self.jail:
                self.jail.make_writable(each.path)
            each.seal()
