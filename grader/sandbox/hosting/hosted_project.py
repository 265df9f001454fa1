"""The project in its sandbox by one entry point: its report, its workers, its databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from grader.sandbox.errors import SandboxError
from grader.sandbox.hosting.launch import EntryPoint
from grader.sandbox.hosting.second_copy import second_copy
from grader.sandbox.hosting.worker import Worker
from grader.sandbox.observing.database import Database
from grader.spec import CheckFailed
from grader.submission import Submission

if TYPE_CHECKING:
    from grader.sandbox.hosting.sandbox import Sandbox

Made = TypeVar("Made")


class HostedProject:
    """A view of the sandbox by the entry point `entry`.

    `default` is the project by the entry point of manage.py; all others share its migrated database.
    """

    def __init__(self, sandbox: Sandbox, entry: EntryPoint, default: HostedProject | None = None) -> None:
        self.sandbox = sandbox
        self._entry = entry
        self._default = default or self
        self._made: dict[str, object] = {}

    @property
    def submission(self) -> Submission:
        """The project as it was staged."""
        return self.sandbox.staged

    def begin_loading(self) -> None:
        """Start loading the project without waiting."""
        self.sandbox.load(self._entry)

    def report(self) -> Mapping[str, Any]:
        """Return the report of the loaded project. Raises SandboxError if it does not load."""
        return self.once("report", self.sandbox.load(self._entry).loaded)

    def database(self, path: Path, visible: str = "") -> Database:
        """Open the database at `path` for the judge. `visible` is the users' column that the API shows."""
        report = self.report()
        return Database(path, report["user"], visible, report["passenger"])

    def fresh_worker(self, overrides: Mapping[str, Any] | None = None) -> tuple[Worker, Path]:
        """Return a worker on a clone of the migrated database, and the path of the clone.

        `overrides` are settings that the check varies; they need an app server of their own. The private
        server is emptied. Raises SandboxError.
        """
        database = self.sandbox.clone(self._default.snapshot())
        self.sandbox.pool.wait_for_sweep()  # a process that still runs could write to the emptied server
        self.sandbox.redis.flush()
        if overrides:
            return self.sandbox.load(self._entry, overrides).worker(database), database
        return self.worker(database), database

    def worker(self, database: Path) -> Worker:
        """Return a worker on `database`. Raises SandboxError."""
        self.report()
        return self.sandbox.load(self._entry).worker(database, ahead=True)

    def shell_worker(self, database: Path) -> Worker:
        """Return a worker without the project's URLs, as in `manage.py shell`. Raises SandboxError."""
        self.report()
        return self.sandbox.load(self._entry, urls=False).worker(database)

    @contextmanager
    def second_copy(self, database: Path) -> Iterator[Worker]:
        """A worker of the project from fresh files, on a copy of `database`; see `second_copy`."""
        with second_copy(self.sandbox, self._entry, database) as worker:
            yield worker

    def snapshot(self) -> Path:
        """Return the path of the migrated database. Raises SandboxError."""
        return self.once("snapshot", self.sandbox.make_snapshot)

    def is_single_threaded(self) -> bool:
        """Whether the project has no threads of its own after loading; false if it has not loaded."""
        report = self._made.get("report")
        return isinstance(report, dict) and int(report.get("threads", 1)) <= 1

    def has_failed(self) -> bool:
        """Whether a call of `once` raised SandboxError."""
        return any(isinstance(made, SandboxError) for made in self._made.values())

    def once(self, name: str, make: Callable[[], Made]) -> Made:
        """Return the result of `make`, which is called once per run for each `name`.

        If `make` raised CheckFailed or SandboxError, every call raises that error.
        """
        if name not in self._made:
            try:
                self._made[name] = make()
            except (CheckFailed, SandboxError) as error:
                self._made[name] = error
        made = self._made[name]
        if isinstance(made, (CheckFailed, SandboxError)):
            raise made
        return made  # type: ignore[return-value]
