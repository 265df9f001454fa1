"""The project in its sandbox, as one entry point loads it: its report, its workers, its databases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from grader.sandbox.errors import SandboxError
from grader.sandbox.hosting.launch import EntryPoint
from grader.sandbox.hosting.worker import Worker
from grader.sandbox.observing.database import Database
from grader.spec import CheckFailed
from grader.submission import Submission

if TYPE_CHECKING:
    from grader.sandbox.hosting.sandbox import Sandbox

Made = TypeVar("Made")


class HostedProject:
    """A view of the sandbox. `made` keeps what is made once a run.

    `default` is the project as manage.py enters it, whose migrated database all other ways share.
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
        """Let the project load; nothing is waited for."""
        self.sandbox.load(self._entry)

    def report(self) -> Mapping[str, Any]:
        """What the project says it consists of. Raises SandboxError if it does not load."""
        return self.once("report", self.sandbox.load(self._entry).loaded)

    def database(self, path: Path, visible: str = "") -> Database:
        """The judge's handle on a project's database. `visible` is the column of the users that is shown."""
        report = self.report()
        return Database(path, report["user"], visible, report["passenger"])

    def fresh_worker(self, overrides: Mapping[str, Any] | None = None) -> tuple[Worker, Path]:
        """A worker on a clone of the migrated database, and where the clone lies.

        `overrides` are settings that the check varies: then the project is loaded anew. The private
        server is emptied. Raises SandboxError.
        """
        database = self.sandbox.clone(self._default.snapshot())
        self.sandbox.pool.wait_for_sweep()  # or a process that lives on would write to what is emptied now
        self.sandbox.redis.flush()
        if overrides:
            return self.sandbox.load(self._entry, overrides).worker(database), database
        return self.worker(database), database

    def worker(self, database: Path) -> Worker:
        """A worker on `database`. Raises SandboxError."""
        self.report()
        return self.sandbox.load(self._entry).worker(database, ahead=True)

    def shell_worker(self, database: Path) -> Worker:
        """A worker that has not loaded the project's URLs, as a shell has not. Raises SandboxError."""
        self.report()
        return self.sandbox.load(self._entry, urls=False).worker(database)

    def snapshot(self) -> Path:
        """The migrated database. Raises SandboxError."""
        return self.once("snapshot", self.sandbox.make_snapshot)

    def is_single_threaded(self) -> bool:
        """Whether the project is known to have no threads of its own after loading."""
        report = self._made.get("report")
        return isinstance(report, dict) and int(report.get("threads", 1)) <= 1

    def has_failed(self) -> bool:
        """Whether the project could not be asked for something that is made once."""
        return any(isinstance(made, SandboxError) for made in self._made.values())

    def once(self, name: str, make: Callable[[], Made]) -> Made:
        """Make something once a run; if that failed, fail in the same way each time."""
        if name not in self._made:
            try:
                self._made[name] = make()
            except (CheckFailed, SandboxError) as error:
                self._made[name] = error
        made = self._made[name]
        if isinstance(made, (CheckFailed, SandboxError)):
            raise made
        return made  # type: ignore[return-value]
