"""The learner's project as processes: one that loads it, and children that are asked things.

The judge kills only the process group that it started itself; what a process says of itself is never used
for that.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader import probe
from grader.probe.wire import Channel
from grader.servers.proxy import Proxy
from grader.stand import trouble
from grader.stand.ask import ask, receive
from grader.stand.http import Answer, request
from grader.stand.jail import Jail
from grader.stand.log import FLOOD, Log
from grader.submission import Submission

LOAD_SECONDS = 30.0
ANSWER_SECONDS = 10.0
_SWEEP_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a project may take, in seconds: to load, and to give any answer."""

    load: float = LOAD_SECONDS
    answer: float = ANSWER_SECONDS


_BOOT = """
import sys
sys.path.pop(0)
import importlib.util as u
p = sys.argv[1]
s = u.spec_from_file_location("_workshop_probe", p + "/__init__.py", submodule_search_locations=[p])
sys.modules["_workshop_probe"] = u.module_from_spec(s)
from _workshop_probe.main import main
main()
"""
# Nothing is imported from the project's folder yet: what the probe does first is not the project's to choose.
# The probe has a name of its own, so that a project's `main.py` or `work.py` stays the project's.


@dataclass(frozen=True, slots=True)
class Setting:
    """What a project process is started with. `overrides` are settings that one check varies.

    In a `jail` it can write to `copy` and to the folder of `database`. `proxy` is before its Redis.
    """

    submission: Submission
    copy: Path
    scratch: Path
    proxy: Proxy
    database: Path
    jail: Jail | None = None
    overrides: Mapping[str, Any] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)


class Project:
    """The process that has the learner's project loaded, from which children are forked."""

    def __init__(self, setting: Setting) -> None:
        """Start it. `loaded()` waits for it."""
        self._setting = setting
        self._log = Log(self.kill)
        self._lock = threading.Lock()
        self._count = 0
        self._killed = False
        self._sweeps = setting.jail is not None
        self._others: list[Project] = []
        ours, theirs = socket.socketpair()
        jail, address = setting.jail, setting.proxy.address
        redis = (address.host, address.port)
        config = {
            "root": str(setting.copy),
            "settings": setting.submission.settings_module,
            "redis": redis,
            "database": str(setting.database),
            "overrides": dict(setting.overrides),
            "jail": jail.inside(redis) if jail else None,
        }
        folder = str(Path(probe.__file__).parent)
        with theirs:
            python = setting.submission.python
            words = [str(python), "-c", _BOOT, folder, str(theirs.fileno()), json.dumps(config)]
            if jail:
                writable = (setting.copy, setting.database.parent)
                words = jail.command(words, python, setting.submission.root, writable)
            self._popen = subprocess.Popen(
                words,
                cwd=setting.copy,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=self._log.writer,
                stderr=self._log.writer,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self._log.close_writer()
        ours.settimeout(setting.limits.load)
        self._channel = Channel(ours)
        self._description: dict[str, Any] | None = None

    def loaded(self) -> dict[str, Any]:
        """Wait until the project is loaded: what `grader.probe.describe` says of it.

        Raises StandTrouble if it does not load, ends, hangs or floods.
        """
        if self._description is None:
            if self._setting.jail:
                self._adopt(self._setting.jail)
            report = ask(self._channel, None, "it was loading", self._setting.limits.load, self._log)
            if not report.get("ok"):
                own = frozenset(p.name.partition(".")[0] for p in self._setting.copy.iterdir())
                raise trouble.boot_failed(report.get("error") or {}, own)
            self._description = report
        return self._description

    def _adopt(self, jail: Jail) -> None:
        """Answer what the probe listens on inside. It sends this before it reads a line of theirs."""
        _, descriptors = receive(self._channel, "it was starting", self._setting.limits.load, self._log)
        try:
            moved, usual = jail.heard(descriptors)
        except (OSError, ValueError) as error:
            raise trouble.ended("it was starting", self._log.text()) from error
        self._setting.proxy.adopt(moved)
        self._setting.proxy.adopt(usual, stray=True)

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return not self._killed and self._popen.poll() is None

    def child(self, database: Path) -> Child:
        """A new process of the project with its own `database`. Raises as `loaded` does."""
        # A fork takes only the calling thread along: a project with threads is loaded in every child.
        alone = int(self.loaded().get("threads", 1)) <= 1
        project = self if alone else Project(self._setting)
        if not alone:
            self._others.append(project)
            project.loaded()
        with project._lock:
            return project._child(database, "fork" if alone else "become")

    def _child(self, database: Path, how: str) -> Child:
        self._count += 1
        self._sweeps = self._sweeps and how == "fork"  # else nobody is left to do it
        path = self._setting.scratch / f"{self._popen.pid}-{self._count}.sock"
        ours, theirs = socket.socketpair()
        log = Log(self.kill)
        with theirs, socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))
            listener.listen(64)
            message = json.dumps({"do": how, "database": str(database)}).encode() + b"\n"
            descriptors = [theirs.fileno(), listener.fileno(), log.writer]
            try:
                socket.send_fds(self._channel.sock, [message], descriptors)
            except OSError as error:
                raise trouble.ended("it was idle", self._log.text()) from error
            finally:
                log.close_writer()
        return Child(Channel(ours), path, log, self, self._setting.limits)

    def sweep(self) -> None:
        """In the jail: end what children that have gone left behind."""
        if self._sweeps and self.alive:
            with self._lock, contextlib.suppress(trouble.StandTrouble):
                ask(self._channel, {"do": "sweep"}, "it was idle", _SWEEP_SECONDS, self._log)

    def kill(self) -> None:
        """End the process and every child of its group, at once."""
        self._killed = True  # before the signal: a check that sees a child go must not fork another
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if self._popen.poll() is None:
                os.killpg(self._popen.pid, signal.SIGKILL)

    def close(self) -> None:
        """End it, and what was loaded anew for its children, and wait."""
        for other in self._others:
            other.close()
        self.kill()
        self._popen.wait()
        self._channel.sock.close()


class Child:
    """One process of the project that answers HTTP and control messages."""

    def __init__(self, channel: Channel, path: Path, log: Log, project: Project, limits: Limits) -> None:
        self._channel = channel
        self._path = path
        self._log = log
        self._project = project
        self._limits = limits
        ask(channel, None, "it was starting", limits.answer, log)

    def request(
        self,
        method: str,
        url: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = ANSWER_SECONDS,
    ) -> Answer:
        """One request. `timeout` in seconds, at most the limit of the run.

        Raises NoAnswer (the process ended, hangs or floods).
        """
        timeout = min(timeout, self._limits.answer)
        doing = f"answering {method} {url}"
        started = time.monotonic()
        try:
            return request(self._path, method, url, body, headers or {}, timeout)
        except TimeoutError as error:
            raise trouble.hung(doing, timeout) from error
        except (OSError, http.client.HTTPException) as error:
            if self._log.flooded:
                raise trouble.flooded(doing, FLOOD) from error
            if time.monotonic() - started >= timeout:
                raise trouble.hung(doing, timeout) from error
            raise trouble.ended(doing, self._log.text()) from error

    def ask(self, do: str, doing: str, timeout: float | None = None, **more: Any) -> dict[str, Any]:
        """Send a control message; the reply. Feedback only: the project can forge it."""
        seconds = self._limits.answer if timeout is None else timeout
        return ask(self._channel, {"do": do, **more}, doing, seconds, self._log)

    def _gone(self) -> bool:
        with contextlib.suppress(OSError):
            self._channel.sock.shutdown(socket.SHUT_WR)
        for seconds in (0.2, 0.8):
            self._channel.sock.settimeout(seconds)
            try:
                return self._channel.sock.recv(1) == b""
            except TimeoutError:  # it may be its own children that hold the channel open
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


def _environment() -> dict[str, str]:
    """Ours, without what would bend the learner's Python or name other settings."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "PYTEST")) and name not in ("DJANGO_SETTINGS_MODULE", "VIRTUAL_ENV")
    }
    return {**kept, "PYTHONUNBUFFERED": "1"}
