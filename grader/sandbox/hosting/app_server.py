"""The app server: the process that has the learner's project loaded, and forks a worker for each check.

The judge kills only the process group that it started itself. What a process reports about itself decides
nothing there.
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
"""How long a project that has nothing to do may take to end."""


@dataclass(frozen=True, slots=True)
class LaunchConfig:
    """What a project process is started with: how it is entered, and settings that one check varies.

    Without `urls` it loads settings and apps only.
    """

    zygote: Zygote
    entry: EntryPoint
    database: Path
    overrides: Mapping[str, Any] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    urls: bool = True


class AppServer:
    """The process that has the learner's project loaded, from which workers are forked."""

    def __init__(self, config: LaunchConfig) -> None:
        """Start it. `loaded()` waits for it."""
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
        """Wait until the project is loaded: what `grader.probe.introspection` says of it.

        Raises SandboxError if it does not load, ends, hangs or floods.
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
        """Whether it still runs."""
        if not self._zygote.alive:
            return False
        self._channel.sock.setblocking(False)
        try:
            return self._channel.sock.recv(1, socket.MSG_PEEK) != b""
        except BlockingIOError:  # it says nothing, so it is there
            return True
        except OSError:
            return False

    def worker(self, database: Path, ahead: bool = False) -> Worker:
        """A new process of the project with its own `database`. Raises as `loaded` does.

        With `ahead` the next one is forked as well; it waits, having done nothing yet, until it is wanted.
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
            if ahead:  # ordered before this one starts: once nothing is ordered, the project warms up
                self._next = self._new_worker("fork ahead")
            return self._started(worker, database, again=ready is not None)

    def _started(self, worker: Worker, database: Path, again: bool = False) -> Worker:
        """`worker`, at work. If it is of no use, and `again`, another one."""
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
        """This worker has gone."""
        self._workers.discard(worker)

    def sweep(self) -> None:
        """In the jail: end what workers that have gone left behind."""
        self._zygote.sweep()

    def kill(self) -> None:
        """End it at once, and with it all that was forked from the zygote: none can be told from another."""
        self._zygote.kill()

    def hang_up(self) -> None:
        """Let its workers end, from any thread; nothing is waited for."""
        for project in (self, *self._single_use):
            for worker in list(project._workers):
                worker.hang_up()

    def end(self) -> bool:
        """Let it end with its workers, and wait a little: whether all have gone."""
        gone = True
        for other in self._single_use:
            gone = other.end() and gone
        for worker in list(self._workers):
            worker.close()
        sock = self._channel.sock
        try:
            sock.shutdown(socket.SHUT_WR)
            sock.settimeout(END_SECONDS)
            while sock.recv(65536):  # what it says while it loads
                pass
        except TimeoutError:
            gone = False
        except OSError:  # it has gone long since
            pass
        sock.close()
        return gone

    def close(self) -> None:
        """Let it end, and what was loaded anew for its workers."""
        for other in self._single_use:
            other.close()
        self._channel.sock.close()
