"""What a check works with: a worker of the project, a database of its own, and the timeline so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from grader.result import SourceLocation
from grader.sandbox import errors
from grader.sandbox.hosting.hosted_project import HostedProject
from grader.sandbox.hosting.sandbox import Sandbox
from grader.sandbox.hosting.worker import Worker
from grader.sandbox.observing.timeline import Timeline
from grader.servers.proxy import Proxy
from grader.submission import Submission

COMMAND_SECONDS = 60.0
"""How long a management command may take."""


@dataclass(frozen=True, slots=True)
class CommandResult:
    """A management command that has run. The command itself reports all of this; none of it is evidence.

    `said` is all that it printed, with the error that ended it, and `where` is the learner's line of that
    error. `sql` counts its statements. `known` is false if manage.py has no such command.
    """

    status: int
    said: str
    sql: int
    known: bool
    where: SourceLocation | None

    @property
    def last(self) -> str:
        """The last line it printed, cut short."""
        lines = self.said.strip().splitlines()
        return lines[-1].strip()[:200] if lines else ""


class CheckEnvironment:
    """A context manager: opens a process on a fresh database and an emptied private server."""

    def __init__(self, project: HostedProject, overrides: Mapping[str, Any] | None = None) -> None:
        self.project = project
        self._overrides = overrides
        self._workers: list[Worker] = []

    def __enter__(self) -> Self:
        self.proxy.restore()
        self.worker, self.database_path = self.project.fresh_worker(self._overrides)
        self._workers.append(self.worker)
        self.timeline = Timeline(*self.project.sandbox.proxies)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.close()
        self.database_path.unlink(missing_ok=True)

    @property
    def sandbox(self) -> Sandbox:
        """What the project is hosted in."""
        return self.project.sandbox

    @property
    def proxy(self) -> Proxy:
        """What stands between the project and the private server."""
        return self.project.sandbox.proxy

    @property
    def submission(self) -> Submission:
        """The project as it was staged."""
        return self.project.submission

    def another_worker(self) -> Worker:
        """One more worker on the same database."""
        return self.worker_of(self.project)

    def worker_of(self, project: HostedProject) -> Worker:
        """A worker of `project`, which may be entered in another way, on the same database."""
        self._workers.append(project.worker(self.database_path))
        return self._workers[-1]

    def shell_worker(self) -> Worker:
        """A worker on the same database that has not loaded the URLs, as `manage.py shell` has not."""
        self._workers.append(self.project.shell_worker(self.database_path))
        return self._workers[-1]

    def bytes_written(self) -> int:
        """The bytes in all files below the project's folder: more than before if the project wrote to one."""
        return sum(self.sandbox.file_sizes().values())

    def run(
        self, code: str, worker: Worker | None = None, says: str = "", seconds: float | None = None
    ) -> Any:
        """Run Python in a process of the project, as in `manage.py shell`; what it bound to `value`.

        The timeline has what it `says`, by default its last line. It may take as many `seconds`, by default
        as long as any answer. The value is feedback, never evidence. Raises SandboxError if the code raised.
        """
        self.timeline.note(f"shell: {says or code.splitlines()[-1]}")
        reply = (worker or self.worker).ask("run", "the shell ran", seconds, code=code)
        if not reply.get("ok"):
            raise errors.shell_failed(code, reply.get("error") or {})
        return reply.get("value")

    def command(self, *words: str, worker: Worker | None = None) -> CommandResult:
        """Run a management command in a process of the project. Raises SandboxError if that ends or hangs."""
        line = f"manage.py {' '.join(words)}"
        self.timeline.note(line)
        reply = (worker or self.worker).ask("command", f"{line} ran", COMMAND_SECONDS, argv=words)
        if not reply.get("ok"):
            raise errors.shell_failed(line, reply.get("error") or {})
        status, sql, error = (reply.get(name) for name in ("status", "sql", "error_in"))
        ran = CommandResult(
            status if isinstance(status, int) else 1,
            str(reply.get("said", "")),
            sql if isinstance(sql, int) else 0,
            bool(reply.get("known")),
            errors.source_location(error) if isinstance(error, dict) else None,
        )
        self.timeline.note(f"{line} ended with status {ran.status}" + f": {ran.last}" * bool(ran.last))
        return ran

    def refused(self) -> list[str]:
        """The addresses other than the private server's that the project tried to reach.

        In the jail a call to the usual address of Redis is seen from outside; the rest the project tells.
        """
        value = self.worker.ask("refused", "it was asked which addresses it dialled").get("value")
        told = [str(address) for address in value] if isinstance(value, list) else []
        return [*(["127.0.0.1:6379"] if self.proxy.default_address_connections else []), *told]
