"""A script of the learner's, run beside the project that it asks: in a jail of its own, if there is one.

In the jail the network is its own too, so the project can listen where runserver does, on 127.0.0.1:8000.
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
from grader.spec import not_applicable
from grader.stand import trouble
from grader.stand.ask import receive
from grader.stand.front import Front, Handle
from grader.stand.log import FLOOD, Log
from grader.stand.stand import Stand
from grader.stand.zygote import BOOT, environment

SITE = ("127.0.0.1", 8000)
SECONDS = 30.0
"""How long a script may take."""
START_SECONDS = 10.0
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


class How(StrEnum):
    """What is done with the script: `python NAME`, an import of it, or pytest on it."""

    RUN = "run"
    IMPORT = "import"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a script ended: its exit status, and what it printed."""

    status: int
    output: str


def run(stand: Stand, path: Path, how: How, handle: Handle | None) -> Ended:
    """Run the script at `path`, relative to the project, while `handle` answers at 127.0.0.1:8000.

    With no `handle` nobody listens there. Raises NoAnswer if the script does not end or floods, and skips the
    check if there is no jail and the port is taken.
    """
    host = stand.host
    servers = [(proxy.address.host, proxy.address.port) for proxy in host.proxies]
    jail = host.confine
    inside = jail.inside(servers) if jail else None
    if inside and handle:
        inside["listen"] = [*inside["listen"], SITE]
    config = {
        "path": str(host.place.copy / path),
        "root": str(host.place.copy),
        "settings": host.submission.settings_module,
        "servers": servers,
        "database": str(stand.path),
        "how": how,
        "jail": inside,
    }
    with contextlib.ExitStack() as closing:
        if not jail:
            listening = _listen()
            closing.callback(listening.close)
            if handle:
                closing.enter_context(Front(listening, handle))
            else:
                listening.close()
        ours, theirs = socket.socketpair()
        closing.callback(ours.close)
        running = _Running(stand, config, theirs)
        closing.callback(running.kill)
        if jail:
            _, descriptors = receive(Channel(ours), "the script was starting", START_SECONDS, running.log)
            heard = jail.heard(descriptors, len(servers) + bool(handle))
            if handle:
                closing.enter_context(Front(heard.pop(), handle))
            for proxy, listening in zip((*host.proxies, host.proxy), heard, strict=True):
                proxy.adopt(listening)
                closing.callback(proxy.abandon, listening)
        return running.wait()


class _Running:
    """The process of a script."""

    def __init__(self, stand: Stand, config: Mapping[str, object], theirs: socket.socket) -> None:
        host = stand.host
        self.log = Log(self.kill)
        python, place = host.submission.python, host.place
        folder = str(Path(probe.__file__).parent)
        boot = BOOT.replace("_workshop_probe.main", "_workshop_probe.script")
        words = [str(python), "-c", boot, folder, str(theirs.fileno()), json.dumps(config)]
        if host.confine:
            writable = (*place.copies, place.databases)
            words = host.confine.command(words, python, host.submission.root, writable)
        with theirs:
            self._popen = subprocess.Popen(
                words,
                cwd=place.copy,
                env={name: text for name, text in environment().items() if name.lower() not in _PROXIES},
                stdin=subprocess.DEVNULL,
                stdout=self.log.writer,
                stderr=self.log.writer,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self.log.close_writer()

    def wait(self) -> Ended:
        """Wait for its end. Raises NoAnswer."""
        try:
            status = self._popen.wait(SECONDS)
        except subprocess.TimeoutExpired as error:
            self.kill()
            raise trouble.hung("the script was running", SECONDS) from error
        if self.log.flooded:
            raise trouble.flooded("the script was running", FLOOD)
        return Ended(status, self.log.whole())

    def kill(self) -> None:
        """End it and all it started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if self._popen.poll() is None:
                os.killpg(self._popen.pid, signal.SIGKILL)
                self._popen.wait()


def _listen() -> socket.socket:
    try:
        return socket.create_server(SITE)
    except OSError:
        not_applicable("port 8000 of this machine is taken: stop your runserver, and check again")
