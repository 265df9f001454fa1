"""Runs a script of the learner, such as a load test, in a jail of its own if the sandbox has one.

The jail has a network of its own, so the project can listen where runserver does, at 127.0.0.1:8000.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from grader import probe
from grader.probe.wire import Channel
from grader.result import Fault
from grader.sandbox import errors
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.hosting.control_channel import receive
from grader.sandbox.hosting.environment import process_variables
from grader.sandbox.hosting.http_front import Handle, HttpFront
from grader.sandbox.hosting.zygote import BOOT
from grader.sandbox.observing.process_log import FLOOD, ProcessLog
from grader.spec import not_applicable

SITE = ("127.0.0.1", 8000)
SECONDS = 30.0
"""Time-out in seconds of a script."""
START_SECONDS = 10.0


class RunMode(StrEnum):
    """How the script is run: by `python NAME`, by an import, or by pytest."""

    RUN = "run"
    IMPORT = "import"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class ScriptResult:
    """The exit status and the output of a script."""

    status: int
    output: str


def run(environment: CheckEnvironment, path: Path, how: RunMode, handle: Handle | None) -> ScriptResult:
    """Run the script at `path`, relative to the project, while `handle` answers at 127.0.0.1:8000.

    Without a `handle` nothing listens there. Raises NoResponse if the script does not end in time, or prints
    too much. Skips the check if there is no jail and another program uses the port.
    """
    sandbox = environment.sandbox
    servers = [(proxy.address.host, proxy.address.port) for proxy in sandbox.proxies]
    jail = sandbox.jail
    inside = jail.probe_config(servers) if jail else None
    if inside and handle:
        inside["listen"] = [*inside["listen"], SITE]
    config = {
        "path": str(sandbox.paths.copy / path),
        "root": str(sandbox.paths.copy),
        "settings": sandbox.submission.settings_module,
        "servers": servers,
        "database": str(environment.database_path),
        "how": how,
        "jail": inside,
    }
    with contextlib.ExitStack() as closing:
        if not jail:
            listening = _listen()
            closing.callback(listening.close)
            if handle:
                closing.enter_context(HttpFront(listening, handle))
            else:
                listening.close()
        ours, theirs = socket.socketpair()
        closing.callback(ours.close)
        running = _Running(environment, config, theirs)
        closing.callback(running.kill)
        if jail:
            _, descriptors = receive(Channel(ours), "the script was starting", START_SECONDS, running.log)
            heard = jail.listening_sockets(descriptors, len(servers) + bool(handle))
            if handle:
                closing.enter_context(HttpFront(heard.pop(), handle))
            for proxy, listening in zip((*sandbox.proxies, sandbox.proxy), heard, strict=True):
                proxy.adopt(listening)
                closing.callback(proxy.abandon, listening)
        return running.wait()


class _Running:
    """The process of a script."""

    def __init__(
        self, environment: CheckEnvironment, config: Mapping[str, object], theirs: socket.socket
    ) -> None:
        sandbox = environment.sandbox
        self.log = ProcessLog(self.kill)
        paths = sandbox.paths
        folder = str(Path(probe.__file__).parent)
        boot = BOOT.replace("_workshop_probe.zygote", "_workshop_probe.script")
        words = [str(sandbox.submission.python), "-c", boot, folder, str(theirs.fileno()), json.dumps(config)]
        if sandbox.jail:
            writable = (*paths.copies, paths.databases)
            words = sandbox.jail.command(words, sandbox.submission, writable)
        with theirs:
            self._popen = subprocess.Popen(
                words,
                cwd=paths.copy,
                env=process_variables(),
                stdin=subprocess.DEVNULL,
                stdout=self.log.writer,
                stderr=self.log.writer,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self.log.close_writer()

    def wait(self) -> ScriptResult:
        """Wait until the script ends. Raises NoResponse."""
        try:
            status = self._popen.wait(SECONDS)
        except subprocess.TimeoutExpired as error:
            self.kill()
            raise errors.hung("the script was running", SECONDS) from error
        if self.log.flooded:
            raise errors.flooded("the script was running", FLOOD)
        return ScriptResult(status, self.log.whole())

    def kill(self) -> None:
        """Kill the script and its process group."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if self._popen.poll() is None:
                os.killpg(self._popen.pid, signal.SIGKILL)
                self._popen.wait()


def _listen() -> socket.socket:
    try:
        return socket.create_server(SITE)
    except OSError:
        reason = "port 8000 of this machine is taken: stop your runserver, and check again"
        not_applicable(reason, "Stop your runserver, and check again.", Fault.ENVIRONMENT)
