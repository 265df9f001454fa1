"""The judge's private server: on a socket of its own, not persistent, ended with the judge."""

from __future__ import annotations

import os
import secrets
import select
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from grader.errors import MachineError
from grader.servers import binary
from grader.servers.address import Unix
from grader.servers.client import Client
from grader.servers.resp import ReplyError

START_TIMEOUT = 10.0
"""Time-out in seconds for a server to answer; 40 ms are usual."""
SCRIPT_MS = 500
"""Milliseconds after which SCRIPT KILL can stop a script that still runs."""
MAX_MEMORY = 512 * 1024 * 1024
"""Bytes that a server may store, unless its options say otherwise; then it refuses to store more."""
PATH_LIMIT = 100
"""Longest path in bytes of a unix socket that every system accepts."""

JUDGE = "judge"
"""The user name of the judge on a server that is confined."""

_FILES_AND_SERVERS = (
    "migrate",
    "replicaof",
    "slaveof",
    "failover",
    "module",
    "save",
    "bgsave",
    "bgrewriteaof",
)
_END = ("shutdown", "debug")
NOT_FOR_PROJECTS_BEFORE_7 = (*_FILES_AND_SERVERS, *_END, "acl", "config", "psync", "sync", "replconf")
NOT_FOR_PROJECTS = (
    *(*_FILES_AND_SERVERS, *_END, "psync", "sync", "replconf"),
    *(f"acl|{word}" for word in ("setuser", "deluser", "load", "save")),
    *(f"config|{word}" for word in ("set", "rewrite")),
    *(f"client|{word}" for word in ("kill", "pause", "unpause", "no-evict")),
    *(f"cluster|{word}" for word in ("meet", "reset", "replicate", "forget", "failover", "bumpepoch")),
    *(f"cluster|{word}" for word in ("addslots", "delslots", "setslot", "flushslots", "set-config-epoch")),
)
"""Commands that a project may not send to a private server. An older server may not know them all."""

# The guard starts the server, closes its own copy of the pipe that shows the end of the server, and waits on
# its standard input. That input ends when the judge closes it, or when the judge itself ends in any way.
GUARD = """\
"$@" &
server=$!
exec >/dev/null 2>&1
read -r _
kill -9 "$server"
wait "$server"
rm -rf "$GUARDED_FOLDER"
"""


class PrivateServer:
    """A server on a unix socket in a folder of its own: `with PrivateServer() as server`.

    The server has no persistence, allows DEBUG and runs in a session of its own, which Ctrl-C does not reach.
    `options` are further settings such as `("--maxmemory", "2mb")`. Raises MachineError if the server does
    not start.
    """

    def __init__(self, options: tuple[str, ...] = ()) -> None:
        self._binary = binary.find()
        self._options = options
        self._folder: Path | None = None
        self._guard: subprocess.Popen[bytes] | None = None
        self._password = ""

    @property
    def address(self) -> Unix:
        """Where the server listens. Only while it runs."""
        if self._folder is None:
            raise RuntimeError("the private server is not running")
        return Unix(str(self._folder / "s"))

    @property
    def folder(self) -> Path:
        """The folder with the socket and the log. Only while the server runs."""
        return Path(self.address.path).parent

    @property
    def version(self) -> str:
        """Name and version of the server, such as `Valkey 9.1.2`."""
        return self._binary.text

    def client(self, timeout: float = 2.0) -> Client:
        """Return a new connection with all rights. `timeout` in seconds."""
        client = Client(self.address, timeout)
        if self._password:
            client.call("AUTH", JUDGE, self._password)
        return client

    def confine(self) -> None:
        """Forbid administrative commands to every client without the judge's password, from now on.

        The server runs outside the jail: a project must not make the server write files, connect to other
        servers, end, or lock the judge out.
        """
        password = secrets.token_hex(16)
        with self.client() as client:
            client.call("ACL", "SETUSER", JUDGE, "reset", "on", f">{password}", "~*", "&*", "+@all")
            client.call("AUTH", JUDGE, password)
            rules = NOT_FOR_PROJECTS if self._binary.version >= (7,) else NOT_FOR_PROJECTS_BEFORE_7
            client.call_many([("ACL", "SETUSER", "default", f"-{command}") for command in rules])
        self._password = password

    def start(self) -> Self:
        """Start the server and wait until it answers. Raises MachineError."""
        return self.launch().ready()

    def launch(self) -> Self:
        """Start the server without waiting; see `ready`. Raises MachineError."""
        if sys.platform == "win32":
            raise MachineError("The private server needs unix sockets.", binary.how_to_install())
        self._folder = short_folder("ws-", "s")
        self._guard = subprocess.Popen(
            ["/bin/sh", "-c", GUARD, "guard", str(self._binary.path), *self._arguments(self._folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "GUARDED_FOLDER": str(self._folder)},
            start_new_session=True,
        )
        return self

    def ready(self) -> Self:
        """Wait until the server answers. Raises MachineError."""
        assert self._guard is not None
        try:
            self._wait_until_ready(self._guard)
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Kill the server and remove its folder. A second call does nothing."""
        guard, folder, self._guard, self._folder = self._guard, self._folder, None, None
        self._password = ""
        if guard is not None:
            guard.communicate(b"\n")  # a line ends the guard, even if a forked process holds the pipe open
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)  # the folder stays if the guard itself was killed

    def _arguments(self, folder: Path) -> list[str]:
        arguments = ["--port", "0", "--unixsocket", str(folder / "s"), "--unixsocketperm", "700"]
        arguments += ["--dir", str(folder), "--logfile", str(folder / "log"), "--daemonize", "no"]
        arguments += ["--save", "", "--appendonly", "no"]
        arguments += ["--lua-time-limit", str(SCRIPT_MS), "--maxmemory", str(MAX_MEMORY)]
        if self._binary.version >= (7,):  # older servers always allow DEBUG
            arguments += ["--enable-debug-command", "local"]
        return [*arguments, *self._options]

    def _wait_until_ready(self, guard: subprocess.Popen[bytes]) -> None:
        assert guard.stdout is not None
        deadline = time.monotonic() + START_TIMEOUT
        output = b""
        while time.monotonic() < deadline:
            try:
                with self.client() as client:
                    client.call("PING")
                return
            except ReplyError:  # the server answers; an error such as NOAUTH comes from `options`
                return
            except OSError:
                pass
            # The pipe ends when the server ends; the output until then is the reason.
            if select.select([guard.stdout], [], [], 0.002)[0]:
                chunk = os.read(guard.stdout.fileno(), 4096)
                output += chunk
                if not chunk:
                    raise MachineError(
                        f"The private Redis server did not start: {self._reason(output)}", _REMEDY
                    )
        raise MachineError(f"The private Redis server did not answer within {START_TIMEOUT:.0f} s.", _REMEDY)

    def _reason(self, output: bytes) -> str:
        log = self.folder / "log"
        text = (output or (log.read_bytes() if log.exists() else b"")).decode(errors="replace")
        return " ".join(text.split())[-300:] or "it ended at once without a word"

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


_REMEDY = f"Look at `workshop doctor`, or name another server in {binary.VARIABLE}."


def short_folder(prefix: str, longest: str) -> Path:
    """Make a temporary folder in which a socket named `longest` has a path that every system accepts."""
    folder = Path(tempfile.mkdtemp(prefix=prefix)).resolve()
    if len(os.fsencode(folder / longest)) > PATH_LIMIT:
        folder.rmdir()
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir="/tmp")).resolve()
    return folder
