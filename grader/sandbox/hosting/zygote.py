"""The zygote: the warm process in the learner's interpreter from which app servers are forked."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grader import probe
from grader.probe.wire import Channel
from grader.sandbox import errors
from grader.sandbox.hosting.control_channel import ask, receive
from grader.sandbox.hosting.environment import process_variables
from grader.sandbox.hosting.interpreter import package_stamps
from grader.sandbox.hosting.jail import Jail
from grader.sandbox.hosting.launch import SandboxPaths
from grader.sandbox.observing.process_log import ProcessLog
from grader.servers.proxy import Proxy

START_SECONDS = 30.0
SWEEP_SECONDS = 1.0

BOOT = """
import sys
sys.path.pop(0)
import importlib.util as u
p = sys.argv[1]
s = u.spec_from_file_location("_workshop_probe", p + "/__init__.py", submodule_search_locations=[p])
sys.modules["_workshop_probe"] = u.module_from_spec(s)
from _workshop_probe.zygote import main
main()
"""
"""The code that starts the probe in an interpreter; its first argument is the probe's folder."""
# The project's folder is not on sys.path yet, so that no module of the project replaces one that the probe
# imports. The probe has a name of its own, so that it hides no module of the project.


class Zygote:
    """Starts the process at once; `ready` waits for it. It runs no code of the learner, so it is trusted."""

    def __init__(self, paths: SandboxPaths, proxies: Sequence[Proxy], jail: Jail | None) -> None:
        """The project may connect to `proxies`; its settings get the address of the first."""
        self.paths = paths
        self.servers = [(proxy.address.host, proxy.address.port) for proxy in proxies]
        self._proxies = proxies
        self._jail = jail
        self._log = ProcessLog(self.kill)
        self._lock = threading.Lock()
        self._killed = False
        self._waited_for = False
        self._sweeping = False
        self._adopted: list[tuple[Proxy, socket.socket]] = []
        self._suits = _what_it_suits(paths)
        ours, theirs = socket.socketpair()
        config = {
            "servers": self.servers,
            "own": sorted(top_level_names(paths.copy)),
            "jail": jail.probe_config(self.servers) if jail else None,
        }
        with theirs:
            python, folder = str(paths.submission.python), str(Path(probe.__file__).parent)
            words = [python, "-c", BOOT, folder, str(theirs.fileno()), json.dumps(config)]
            if jail:
                words = jail.command(words, paths.submission, (*paths.copies, paths.databases))
            self._popen = subprocess.Popen(
                words,
                cwd=paths.copy,
                env=process_variables(),
                stdin=subprocess.DEVNULL,
                stdout=self._log.writer,
                stderr=self._log.writer,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self._log.close_writer()
        self._channel = Channel(ours)

    def ready(self) -> None:
        """Wait until the probe listens in the jail, and let the proxies adopt its sockets.

        Raises SandboxError.
        """
        if self._jail is None or self._waited_for:
            return
        self._waited_for = True
        _, descriptors = receive(self._channel, "it was starting", START_SECONDS, self._log)
        try:
            *heard, usual = self._jail.listening_sockets(descriptors, len(self._proxies))
        except (OSError, ValueError) as error:
            raise errors.ended("it was starting", self._log.text()) from error
        self._adopted = [*zip(self._proxies, heard, strict=True), (self._proxies[0], usual)]
        for proxy, listening in self._adopted[:-1]:
            proxy.adopt(listening)
        self._proxies[0].adopt(usual, default_address=True)

    def load(self, message: dict[str, Any], control: int, log: int) -> None:
        """Fork an app server with the descriptors of its control channel and log. Raises NoResponse."""
        data = json.dumps({"do": "load", **message}).encode() + b"\n"
        with self._lock:
            self._wait_for_sweep()  # descriptors may arrive with an earlier message of the stream
            try:
                socket.send_fds(self._channel.sock, [data], [control, log])
            except OSError as error:
                raise errors.ended("it was starting", self._log.text()) from error

    def sweep(self) -> None:
        """In the jail, kill the processes that ended workers left behind; see `wait_for_sweep`."""
        if self._jail and self.alive:
            with self._lock, contextlib.suppress(OSError):
                self._wait_for_sweep()
                self._channel.send({"do": "sweep"})
                self._sweeping = True

    def wait_for_sweep(self) -> None:
        """Wait until the last `sweep` is done."""
        with self._lock:
            self._wait_for_sweep()

    def _wait_for_sweep(self) -> None:
        if self._sweeping:
            self._sweeping = False
            with contextlib.suppress(errors.SandboxError):
                ask(self._channel, None, "it was idle", SWEEP_SECONDS, self._log)

    def suits(self, paths: SandboxPaths) -> bool:
        """Whether it runs, and `paths` has the same interpreter, packages and top-level names."""
        return self.alive and self._suits == _what_it_suits(paths)

    @property
    def alive(self) -> bool:
        """Whether the zygote still runs."""
        return not self._killed and self._popen.poll() is None

    def kill(self) -> None:
        """Kill the zygote and all its forks."""
        self._killed = True  # before the signal: a thread that sees a worker end must not fork another
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if self._popen.poll() is None:
                os.killpg(self._popen.pid, signal.SIGKILL)

    def close(self) -> None:
        """Kill the zygote and wait."""
        self.kill()
        self._popen.wait()
        self._channel.sock.close()

    def release_addresses(self) -> None:
        """Close the sockets inside the jail: another zygote listens in a jail of its own."""
        for proxy, listening in self._adopted:
            proxy.abandon(listening)


def top_level_names(folder: Path) -> frozenset[str]:
    """Return the names of the modules and packages at the top of `folder`."""
    return frozenset(path.name.partition(".")[0] for path in folder.iterdir())


def _what_it_suits(paths: SandboxPaths) -> tuple[object, ...]:
    return paths.submission.python, package_stamps(paths.submission), top_level_names(paths.copy)
