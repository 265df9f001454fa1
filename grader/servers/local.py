"""The learner's local server: a Redis that already runs, or one that the workshop starts."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from grader.errors import MachineError
from grader.servers import binary
from grader.servers.address import Tcp, free_port
from grader.servers.client import Client
from grader.servers.connection_check import check_connection
from grader.servers.findings import FindingKind
from grader.servers.process import end, start_mark, until
from grader.servers.resp import ReplyError
from grader.servers.url import DEFAULT_PORT, DEFAULT_URL

FOLDER = Path(".workshop") / "server"
START_TIMEOUT = 10.0
HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class LocalServer:
    """A server on this machine. `ours` tells that it was started for this project; only then `pid` is set."""

    port: int
    ours: bool
    version: str = ""
    pid: int | None = None

    @property
    def address(self) -> Tcp:
        """Where the server listens."""
        return Tcp(HOST, self.port)

    @property
    def url(self) -> str:
        """The value of REDIS_URL that names the server."""
        return f"redis://{HOST}:{self.port}/1"

    @property
    def default(self) -> bool:
        """Whether a project uses the server without any REDIS_URL."""
        return self.url == DEFAULT_URL


@dataclass(frozen=True, slots=True)
class _Note:
    """The record in server.json of the server that was started for this project.

    `birth` is the start mark of the process. An update keeps the names: the server may run on.
    """

    pid: int
    birth: str
    port: int
    version: str


def start(project: Path, ports: Sequence[int] = (DEFAULT_PORT,)) -> LocalServer:
    """Return the local server of the project at `project`, and start one if necessary.

    A server that this project started and that still runs comes first. Otherwise each of `ports` is tried in
    order: a Redis that answers there is used and is not `ours`; if nothing listens, a server is started
    there. If other programs use all `ports`, a server is started at a free port. Raises MachineError if there
    is no server program, or if the server does not start.
    """
    if running := status(project):
        return running
    for port in ports:
        verdict = check_connection(LocalServer(port, ours=False).url, other_ports=())
        if verdict.ok:
            return LocalServer(port, ours=False, version=verdict.version)
        if verdict.kind is FindingKind.REFUSED and _free(port):
            return _launch(project, port)
    return _launch(project, free_port())


def status(project: Path) -> LocalServer | None:
    """Return the server that this project started if it still runs, else None."""
    note = _read(project / FOLDER)
    if note is None or start_mark(note.pid) != note.birth:
        return None
    return LocalServer(note.port, ours=True, version=note.version, pid=note.pid)


def stop(project: Path) -> LocalServer | None:
    """End the server that this project started, and no other; return it, or None if none ran.

    Raises MachineError if the server cannot be ended.
    """
    running, note = status(project), _read(project / FOLDER)
    if running is not None and note is not None:
        try:
            end(note.pid, note.birth)
        except OSError as error:
            raise MachineError(
                f"The server with process id {note.pid} could not be stopped: {error.strerror}.",
                f"Stop it yourself: kill {note.pid}.",
            ) from error
    if note is not None:
        with contextlib.suppress(OSError):  # a record that stays names a process that has ended: no harm
            (project / FOLDER / "server.json").unlink()
    return running


def _launch(project: Path, port: int) -> LocalServer:
    program = binary.find()
    folder = (project / FOLDER).resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("server.pid", "server.log"):
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise MachineError(
            f"The folder {folder} cannot be written: {error.strerror}.", "Check its permissions."
        ) from error
    # The server daemonizes itself: a child process would end with the terminal, or stay as a zombie.
    arguments = [
        "--daemonize",
        "yes",
        "--pidfile",
        "server.pid",
        "--logfile",
        "server.log",
        "--dir",
        str(folder),
    ]
    arguments += [
        "--bind",
        HOST,
        "--port",
        str(port),
        "--protected-mode",
        "yes",
        "--save",
        "",
        "--appendonly",
        "no",
    ]
    try:
        began = subprocess.run(
            [program.path, *arguments],
            cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=START_TIMEOUT, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _not_started(folder, str(error)) from error
    if began.returncode != 0 or not until(lambda: _answers(folder, port), START_TIMEOUT):
        raise _not_started(folder, (began.stdout + began.stderr).decode(errors="replace"))
    pid = _pid(folder)
    note = _Note(pid, start_mark(pid) or "", port, program.text)
    (folder / "server.json").write_text(json.dumps(asdict(note)))
    return LocalServer(port, ours=True, version=program.text, pid=pid)


def _answers(folder: Path, port: int) -> bool:
    """Whether the started process answers: another program may have taken the port in between."""
    pid = _pid(folder)
    if pid and start_mark(pid) is None:
        raise _not_started(folder, "")
    try:
        with Client(Tcp(HOST, port), timeout=1.0) as client:
            info = client.call("INFO", "server")
    except (OSError, ReplyError):
        return False
    return pid > 0 and isinstance(info, bytes) and b"process_id:%d\r\n" % pid in info


def _pid(folder: Path) -> int:
    try:
        return int((folder / "server.pid").read_text())
    except (OSError, ValueError):
        return 0


def _not_started(folder: Path, output: str) -> MachineError:
    log = folder / "server.log"
    text = output.strip() or (log.read_text(errors="replace") if log.exists() else "")
    reason = " ".join(text.split())[-300:] or "it ended without a word"
    return MachineError(f"The local Redis server did not start: {reason}", f"Its log, if any, is {log}.")


def _read(folder: Path) -> _Note | None:
    try:
        fields = json.loads((folder / "server.json").read_text())
        return _Note(int(fields["pid"]), str(fields["birth"]), int(fields["port"]), str(fields["version"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _free(port: int) -> bool:
    try:
        with socket.create_server((HOST, port)):
            return True
    except OSError:
        return False
