"""The environment of a check: a worker of the project, a database of its own, and a timeline."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from grader.result import SourceLocation
from grader.sandbox import errors
from grader.sandbox.hosting.hosted_project import HostedProject
from grader.sandbox.hosting.project_copy import copy_safely
from grader.sandbox.hosting.sandbox import Sandbox
from grader.sandbox.hosting.worker import Worker
from grader.sandbox.observing.timeline import Timeline
from grader.servers.proxy import Proxy
from grader.submission import Submission

COMMAND_SECONDS = 60.0
"""Time-out in seconds of a management command."""


@dataclass(frozen=True, slots=True)
class CommandResult:
    """The result of a management command. Untrusted code reports all of it; never use it as evidence.

    `output` is all that was printed, with the error that ended the command, and `where` is the learner's line
    of that error. `sql` counts the SQL statements. `known` is false if manage.py has no such command.
    """

    status: int
    output: str
    sql: int
    known: bool
    where: SourceLocation | None

    @property
    def last(self) -> str:
        """The last line of the output, at most 200 characters."""
        lines = self.output.strip().splitlines()
        return lines[-1].strip()[:200] if lines else ""


class CheckEnvironment:
    """A context manager: starts a worker with a fresh database, and empties the private server.

    `overrides` are settings that the check varies. Entering raises SandboxError.
    """

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
        """The sandbox of the project."""
        return self.project.sandbox

    @property
    def proxy(self) -> Proxy:
        """The proxy between the project and the private server."""
        return self.project.sandbox.proxy

    @property
    def submission(self) -> Submission:
        """The project as it was staged."""
        return self.project.submission

    def another_worker(self) -> Worker:
        """Start one more worker on the same database. Raises SandboxError."""
        return self.worker_of(self.project)

    def worker_of(self, project: HostedProject) -> Worker:
        """Start a worker of `project`, which may have another entry point, on the same database."""
        self._workers.append(project.worker(self.database_path))
        return self._workers[-1]

    def shell_worker(self) -> Worker:
        """Start a worker on the same database without the project's URLs, as in `manage.py shell`."""
        self._workers.append(self.project.shell_worker(self.database_path))
        return self._workers[-1]

    @contextmanager
    def database_now(self) -> Iterator[Path]:
        """A context manager: a copy of the database as it is now, where the project cannot reach it."""
        path = self.sandbox.paths.scratch / f"{secrets.token_hex(8)}.sqlite3"
        try:
            copy_safely(self.database_path, path)
            yield path
        except OSError as error:
            raise errors.database_replaced() from error
        finally:
            path.unlink(missing_ok=True)

    def bytes_written(self) -> int:
        """Return the bytes of all files in the project's copy; the number grows if the project writes one."""
        return sum(self.sandbox.file_sizes().values())

    def run(
        self, code: str, worker: Worker | None = None, says: str = "", seconds: float | None = None
    ) -> Any:
        """Run Python code in a worker, as in `manage.py shell`; return the value of its variable `value`.

        The timeline shows `says`, by default the last line of the code. The time-out in `seconds` is by
        default that of a response. The value is feedback, never evidence. Raises SandboxError if the code
        raised.
        """
        self.timeline.note(f"shell: {says or code.splitlines()[-1]}")
        reply = (worker or self.worker).ask("run", "the shell ran", seconds, code=code)
        if not reply.get("ok"):
            raise errors.shell_failed(code, reply.get("error") or {})
        return reply.get("value")

    def command(self, *words: str, worker: Worker | None = None) -> CommandResult:
        """Run a management command in a worker. Raises SandboxError if the worker ends or hangs."""
        line = f"manage.py {' '.join(words)}"
        self.timeline.note(line)
        reply = (worker or self.worker).ask("command", f"{line} ran", COMMAND_SECONDS, argv=words)
        if not reply.get("ok"):
            raise errors.shell_failed(line, reply.get("error") or {})
        status, sql, error = (reply.get(name) for name in ("status", "sql", "error_in"))
        ran = CommandResult(
            status if isinstance(status, int) else 1,
            str(reply.get("output", "")),
            sql if isinstance(sql, int) else 0,
            bool(reply.get("known")),
            errors.source_location(error) if isinstance(error, dict) else None,
        )
        self.timeline.note(f"{line} ended with status {ran.status}" + f": {ran.last}" * bool(ran.last))
        return ran

    def refused(self) -> list[str]:
        """Return the addresses other than the servers of the run that the project tried to connect to.

        In the jail, the proxy itself sees a connection to the default address of Redis. The project reports
        all other addresses.
        """
        value = self.worker.ask("refused", "it was asked which addresses it dialled").get("value")
        reported = [str(address) for address in value] if isinstance(value, list) else []
        return [*(["127.0.0.1:6379"] if self.proxy.default_address_connections else []), *reported]
