from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.errors import MachineError, UsageError
from grader.servers.address import free_port
from grader.servers.findings import FindingKind
from grader.servers.keys import keys
from grader.servers.private import PrivateServer
from workshop.actions import servers
from workshop.actions.console import Console, danger, monitor, split


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.delenv("REDIS_URL", raising=False)
    (tmp_path / "manage.py").write_text('os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site.settings")\n')
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "settings.py").write_text("DEBUG = True\n")
    yield tmp_path
    servers.stop(tmp_path)


@pytest.fixture(scope="module")
def theirs() -> Iterator[int]:
    """A server that we did not start for the project."""
    port = free_port()
    with PrivateServer(("--port", str(port), "--bind", "127.0.0.1")):
        yield port


def test_a_server_on_an_unusual_port_wants_a_line_in_dotenv(project: Path) -> None:
    started = servers.start(project, free_port())
    assert started.fresh
    assert started.edit is not None
    assert (started.edit.file, started.edit.line) == (".env", f"REDIS_URL={started.server.url}")
    assert started.instead_of is None
    assert not (project / ".env").exists()

    (project / ".env").write_text(started.edit.line)
    again = servers.start(project, free_port())
    assert (again.server, again.fresh, again.edit) == (started.server, False, None)
    status = servers.status(project)
    assert status.verdict.ok
    assert status.ours == started.server
    assert servers.stop(project) == started.server
    assert servers.status(project).verdict.kind in (FindingKind.REFUSED, FindingKind.WRONG_PORT)


def test_it_starts_where_the_project_already_points(project: Path) -> None:
    port = free_port()
    (project / "site" / "settings.py").write_text(
        f'CACHES = {{"default": {{"LOCATION": "redis://127.0.0.1:{port}/2"}}}}'
    )
    started = servers.start(project, free_port())
    assert (started.server.port, started.edit) == (port, None)


def test_an_address_elsewhere_is_named_before_it_is_replaced(project: Path) -> None:
    (project / ".env").write_text("REDIS_URL=redis://:secret@cache.example:6379/0")
    started = servers.start(project, free_port())
    assert started.edit is not None
    assert started.instead_of is not None
    assert started.instead_of.origin == "REDIS_URL in .env"


def test_a_redis_of_theirs_is_used_and_a_stranger_is_not(project: Path, theirs: int) -> None:
    used = servers.start(project, theirs)
    assert (used.server.port, used.server.ours, used.fresh) == (theirs, False, False)
    assert servers.stop(project) is None
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        other = servers.start(project, stranger.getsockname()[1])
    assert other.server.ours


def test_no_project_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no manage\.py"):
        servers.start(tmp_path)


def test_a_console_sends_commands_and_shows_replies(project: Path) -> None:
    started = servers.start(project, free_port())
    with Console(started.server.url, started.server) as console:
        assert console.send(split('set ":1:a key" "two words" EX 100')) == ["OK"]
        assert console.send(["GET", ":1:a key"]) == ['"two words"']
        assert console.send(["NONSENSE"])[0].startswith("(error) ERR")
        assert console.send([]) == []
        assert console.ours
        assert console.dangerous(["FLUSHALL"]) == ""
        with pytest.raises(UsageError, match="no end"):
            console.send(["subscribe", "x"])
    (entry,) = keys(started.server.url).entries
    assert (entry.db, entry.key) == (1, ":1:a key")


def test_a_console_on_another_server_warns(theirs: int) -> None:
    with Console(f"redis://127.0.0.1:{theirs}/0") as console:
        assert not console.ours
        assert "every key" in console.dangerous(["flushall", "async"])
        assert console.dangerous(["GET", "k"]) == ""


@pytest.mark.parametrize(
    "line", ["FLUSHDB", "config set save 1", "SHUTDOWN NOSAVE", "config", "ACL DELUSER a"]
)
def test_dangerous_commands(line: str) -> None:
    assert danger(split(line)) != ""


@pytest.mark.parametrize("line", ["", "CONFIG GET save", "acl whoami", "DEL k", "KEYS *", "get FLUSHALL"])
def test_harmless_commands(line: str) -> None:
    assert danger(split(line)) == ""


def test_an_open_quote_is_said() -> None:
    with pytest.raises(UsageError, match="quot"):
        split('GET "open')


def test_a_console_goes_on_after_its_connection_was_cut(theirs: int) -> None:
    url = f"redis://127.0.0.1:{theirs}/0"
    with Console(url) as console, Console(url) as other:
        me = console.send(["CLIENT", "ID"])[0].removeprefix("(integer) ")
        assert other.send(["CLIENT", "KILL", "ID", me]) == ["(integer) 1"]
        with pytest.raises(MachineError, match="lost"):
            console.send(["PING"])
        assert console.send(["PING"]) == ["PONG"]


def test_monitor_shows_commands_until_the_server_goes() -> None:
    port = free_port()
    with PrivateServer(("--port", str(port), "--bind", "127.0.0.1")) as server:
        lines = monitor(f"redis://127.0.0.1:{port}/0")
        first = _first(lines, server)
        assert '"SET" "k"' in first
        assert "\x1b" not in first
        server.stop()
        with pytest.raises(MachineError, match="lost"):
            list(lines)


def _first(lines: Iterator[str], server: PrivateServer) -> str:
    """The first SET that monitor shows, while another thread keeps setting."""
    stop = threading.Event()

    def keep_setting() -> None:
        with server.client() as client:
            while not stop.wait(0.005):
                client.call("SET", "k", "\x1b[2J")

    thread = threading.Thread(target=keep_setting)
    thread.start()
    try:
        return next(line for line in lines if '"SET"' in line)
    finally:
        stop.set()
        thread.join(5)
