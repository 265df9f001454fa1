"""The learner's project as processes: one that loads it, and workers that are asked things.

The judge kills only the process group that it started itself; what a process says of itself is never used
for that.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import secrets
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.probe.wire import Channel
from grader.sandbox import errors
from grader.sandbox.hosting.control import ask
from grader.sandbox.hosting.report_schema import well_formed
from grader.sandbox.hosting.zygote import Zygote, own_names
from grader.sandbox.observing.http import Response, request
from grader.sandbox.observing.process_log import FLOOD, ProcessLog

LOAD_SECONDS = 30.0
ANSWER_SECONDS = 10.0
END_SECONDS = 0.3
"""How long a project that has nothing to do may take to end."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a project may take, in seconds: to load, and to give any answer."""

    load: float = LOAD_SECONDS
    response: float = ANSWER_SECONDS


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """Which settings module the project is entered by, in which copy of it, and with which environment.

    `variables` are set before the settings load, and taken away where they are None. With `own_databases`
    these stay as they are written.
    """

    settings: str
    root: Path
    variables: Mapping[str, str | None] = field(default_factory=dict)
    own_databases: bool = False


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

    def __init__(self, setting: LaunchConfig) -> None:
        """Start it. `loaded()` waits for it."""
        self._setting = setting
        self._zygote = setting.zygote
        self._log = ProcessLog(self.kill)
        self._lock = threading.Lock()
        self._others: list[AppServer] = []
        self._workers: set[Worker] = set()
        self._next: Worker | None = None
        self._description: dict[str, Any] | None = None
        ours, theirs = socket.socketpair()
        self._channel = Channel(ours)
        message = {
            "root": str(setting.entry.root),
            "settings": setting.entry.settings,
            "variables": dict(setting.entry.variables),
            "servers": self._zygote.servers,
            "database": "" if setting.entry.own_databases else str(setting.database),
            "overrides": dict(setting.overrides),
            "urls": setting.urls,
        }
        with theirs:
            self._zygote.load(message, theirs.fileno(), self._log.writer)
        self._log.close_writer()

    def loaded(self) -> dict[str, Any]:
        """Wait until the project is loaded: what `grader.probe.introspection` says of it.

        Raises SandboxError if it does not load, ends, hangs or floods.
        """
        if self._description is None:
            self._zygote.ready()
            report = ask(self._channel, None, "it was loading", self._setting.limits.load, self._log)
            if not report.get("ok"):
                raise errors.load_failed(report.get("error") or {}, own_names(self._setting.entry.root))
            if not well_formed(report, self._setting.urls):
                raise errors.forged("it was loading")
            self._description = report
        return self._description

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
            other = AppServer(self._setting)
            self._others.append(other)
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
            worker.start("" if self._setting.entry.own_databases else str(database))
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
        worker = Worker(Channel(ours), path, log, self, self._setting.limits)
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
        for project in (self, *self._others):
            for worker in list(project._workers):
                worker.hang_up()

    def end(self) -> bool:
        """Let it end with its workers, and wait a little: whether all have gone."""
        gone = True
        for other in self._others:
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
        for other in self._others:
            other.close()
        self._channel.sock.close()


class Worker:
    """One process of the project that answers HTTP and control messages, once it is started."""

    def __init__(
        self, channel: Channel, path: Path, log: ProcessLog, project: AppServer, limits: Limits
    ) -> None:
        self._channel = channel
        self._path = path
        self._log = log
        self._project = project
        self._limits = limits

    def start(self, database: str) -> None:
        """Let it use `database`, and begin to answer. Raises NoResponse."""
        message = {"database": database}
        ask(self._channel, message, "it was starting", self._limits.answer, self._log)

    def request(
        self,
        method: str,
        url: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = ANSWER_SECONDS,
    ) -> Response:
        """One request. `timeout` in seconds, at most the limit of the run.

        Raises NoResponse (the process ended, hangs or floods).
        """
        timeout = min(timeout, self._limits.answer)
        doing = f"answering {method} {url}"
        started = time.monotonic()
        try:
            return request(self._path, method, url, body, headers or {}, timeout)
        except TimeoutError as error:
            raise errors.hung(doing, timeout) from error
        except (OSError, http.client.HTTPException) as error:
            if self._log.flooded:
                raise errors.flooded(doing, FLOOD) from error
            if time.monotonic() - started >= timeout:
                raise errors.hung(doing, timeout) from error
            raise errors.ended(doing, self._log.text()) from error

    def ask(self, do: str, doing: str, timeout: float | None = None, **more: Any) -> dict[str, Any]:
        """Send a control message; the reply. Feedback only: the project can forge it."""
        seconds = self._limits.answer if timeout is None else timeout
        return ask(self._channel, {"do": do, **more}, doing, seconds, self._log)

    def hang_up(self) -> None:
        """Tell it to end, from any thread."""
        with contextlib.suppress(OSError):
            self._channel.sock.shutdown(socket.SHUT_WR)

    def _gone(self) -> bool:
        self.hang_up()
        for seconds in (0.2, 0.8):
            self._channel.sock.settimeout(seconds)
            try:
                return self._channel.sock.recv(1) == b""
            except TimeoutError:  # it may be its own workers that hold the channel open
                self._project.sweep()
            except OSError:
                break
        return not self._project.alive

    def log(self) -> str:
        """What this process printed so far."""
        return self._log.text()

    def close(self) -> None:
        """End it; if it will not go, the whole project goes."""
        if not self._gone():
            self._project.kill()
        self._project.sweep()
        self._channel.sock.close()
        self._path.unlink(missing_ok=True)
        self._project.forget(self)
