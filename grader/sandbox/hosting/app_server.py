"""The app server: the process that loads the learner's project, and forks a worker for each check.

The judge kills only the process group that it started itself, never a process id that a process reports.
"""

from __future__ import annotations

import json
import secrets
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.probe.wire import Channel
from grader.sandbox import errors
from grader.sandbox.hosting.control_channel import ask
from grader.sandbox.hosting.launch import EntryPoint, Limits
from grader.sandbox.hosting.report_schema import well_formed
from grader.sandbox.hosting.worker import Worker
from grader.sandbox.hosting.zygote import Zygote, top_level_names
from grader.sandbox.observing.process_log import ProcessLog

END_SECONDS = 0.3
"""Time-out in seconds for an idle app server to end."""


@dataclass(frozen=True, slots=True)
class LaunchConfig:
    """How an app server is started: its entry point, and settings that one check varies.

    Without `urls` it loads settings and apps only.
    """

    zygote: Zygote
    entry: EntryPoint
    database: Path
    overrides: Mapping[str, Any] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    urls: bool = True


class AppServer:
    """The process that loads the learner's project, and from which workers are forked."""

    def __init__(self, config: LaunchConfig) -> None:
        """Start loading without waiting; see `loaded`. Raises NoResponse."""
        self._config = config
        self._zygote = config.zygote
        self._log = ProcessLog(self.kill)
        self._lock = threading.Lock()
        self._single_use: list[AppServer] = []
        self._workers: set[Worker] = set()
        self._next: Worker | None = None
        self._report: dict[str, Any] | None = None
        ours, theirs = socket.socketpair()
        self._channel = Channel(ours)
        message = {
            "root": str(config.entry.root),
            "settings": config.entry.settings,
            "variables": dict(config.entry.variables),
            "servers": self._zygote.servers,
            "database": "" if config.entry.own_databases else str(config.database),
            "overrides": dict(config.overrides),
            "urls": config.urls,
        }
        with theirs:
            self._zygote.load(message, theirs.fileno(), self._log.writer)
        self._log.close_writer()

    def loaded(self) -> dict[str, Any]:
        """Wait until the project is loaded; return the report of `grader.probe.introspection`.

        Raises SandboxError if the project does not load in time, ends, or prints too much.
        """
        if self._report is None:
            self._zygote.ready()
            report = ask(self._channel, None, "it was loading", self._config.limits.load, self._log)
            if not report.get("ok"):
                raise errors.load_failed(report.get("error") or {}, top_level_names(self._config.entry.root))
            if not well_formed(report, self._config.urls):
                raise errors.forged("it was loading")
            self._report = report
        return self._report

    @property
    def alive(self) -> bool:
        """Whether the app server still runs."""
        if not self._zygote.alive:
            return False
        self._channel.sock.setblocking(False)
        try:
            return self._channel.sock.recv(1, socket.MSG_PEEK) != b""
        except BlockingIOError:  # no data, and the channel is open
            return True
        except OSError:
            return False

    def worker(self, database: Path, ahead: bool = False) -> Worker:
        """Return a new worker with its own `database`. Raises as `loaded` does.

        With `ahead`, fork the next worker too, which then waits for its database.
        """
        # A fork takes only the calling thread along: a project with threads is loaded in every worker.
        if int(self.loaded().get("threads", 1)) > 1:
            other = AppServer(self._config)
            self._single_use.append(other)
            other.loaded()
            return other._started(other._new_worker("become"), database)
        with self._lock:
            ready, self._next = self._next, None
            worker = ready or self._new_worker("fork")
            if ahead:  # sent before this worker starts: the app server warms up when no message waits
                self._next = self._new_worker("fork ahead")
            return self._started(worker, database, again=ready is not None)

    def _started(self, worker: Worker, database: Path, again: bool = False) -> Worker:
        """`worker`, started. If it ended while it waited (`again`), another one instead."""
        try:
            worker.start("" if self._config.entry.own_databases else str(database))
        except errors.NoResponse:
            worker.close()
            if not again or not self.alive:
                raise
            return self._started(self._new_worker("fork"), database)
        return worker

    def _new_worker(self, how: str) -> Worker:
        path = self._zygote.paths.scratch / f"{secrets.token_hex(6)}.sock"
        ours, theirs = socket.socketpair()
        log = ProcessLog(self.kill)
        with theirs, socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))
            listener.listen(64)
            message = json.dumps({"do": how}).encode() + b"\n"
            descriptors = [theirs.fileno(), listener.fileno(), log.writer]
            try:
                socket.send_fds(self._channel.sock, [message], descriptors)
            except OSError as error:
                raise errors.ended("it was idle", self._log.text()) from error
            finally:
                log.close_writer()
        worker = Worker(Channel(ours), path, log, self, self._config.limits)
        self._workers.add(worker)
        return worker

    def forget(self, worker: Worker) -> None:
        """Drop a worker that has ended."""
        self._workers.discard(worker)

    def sweep(self) -> None:
        """In the jail, kill the processes that ended workers left behind."""
        self._zygote.sweep()

    def kill(self) -> None:
        """Kill this app server, and the zygote with all its forks, which share one process group."""
        self._zygote.kill()

    def hang_up(self) -> None:
        """Tell all workers to end, without waiting. Any thread may call this."""
        for project in (self, *self._single_use):
            for worker in list(project._workers):
                worker.hang_up()

    def end(self) -> bool:
        """End the app server and its workers; whether all ended in time."""
        gone = True
        for other in self._single_use:
            gone = other.end() and gone
        for worker in list(self._workers):
            worker.close()
        sock = self._channel.sock
        try:
            sock.shutdown(socket.SHUT_WR)
            sock.settimeout(END_SECONDS)
            while sock.recv(65536):  # a report that no one has read
                pass
        except TimeoutError:
            gone = False
        except OSError:  # the app server has ended before
            pass
        sock.close()
        return gone

    def close(self) -> None:
        """Close the channel, so that this app server ends, and those that were started for single workers."""
        for other in self._single_use:
            other.close()
        self._channel.sock.close()
