from __future__ import annotations

import http.server
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from grader.servers.address import free_port
from grader.servers.connection_check import check_connection, version_in
from grader.servers.findings import FindingKind
from grader.servers.listener import listen_by_number
from grader.servers.private import PrivateServer


@contextmanager
def scripted(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """A listener that treats its first caller as `answer` says; yields the URL."""
    with listen_by_number() as listener:
        port = listener.getsockname()[1]

        def serve() -> None:
            caller, _ = listener.accept()
            with caller:
                answer(caller)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"redis://127.0.0.1:{port}/0"
        thread.join(5)


@contextmanager
def tcp_server(*options: str) -> Iterator[tuple[PrivateServer, int]]:
    port = free_port()
    with PrivateServer(("--port", str(port), "--bind", "127.0.0.1", *options)) as server:
        yield server, port


@pytest.fixture(scope="module")
def plain() -> Iterator[int]:
    with tcp_server() as (_, port):
        yield port


@pytest.fixture(scope="module")
def closed() -> Iterator[PrivateServer]:
    """A server with a password, and a user who may nearly nothing."""
    with PrivateServer() as server:
        with server.client() as client:
            client.call("ACL", "SETUSER", "little", "on", ">pw", "~app:*", "+@connection", "+get")
            client.call("CONFIG", "SET", "requirepass", "right")
        yield server


def test_a_good_server_is_ok_and_quick_and_untouched(plain: int, server: PrivateServer) -> None:
    for url in (
        f"redis://127.0.0.1:{plain}/3",
        f"redis://localhost:{plain}/3",
        f"unix://{server.address}?db=3",
    ):
        verdict = check_connection(url)
        assert verdict.ok, verdict
        assert verdict.version.startswith("Valkey ")
        assert verdict.version in verdict.sentence
        assert verdict.db == 3
    assert min(check_connection(f"redis://127.0.0.1:{plain}/0").ms for _ in range(5)) < 50
    with server.client() as client:
        assert client.call("INFO", "keyspace") == b"# Keyspace\r\n"


def test_the_round_trip_writes_one_expiring_key_of_ours(server: PrivateServer) -> None:
    with server.client() as monitor:
        monitor.call("MONITOR")
        assert check_connection(f"unix://{server.address}?db=2", round_trip=True).ok
        seen: list[bytes] = []
        while not seen or b'"DEL"' not in seen[-1]:
            line = monitor.receive(5)
            assert isinstance(line, bytes)
            seen.append(line)
    written = [line for line in seen if b'"SET"' in line]
    assert len(written) == 1
    assert b'"workshop:check:' in written[0]
    assert b'"PX" "5000"' in written[0]
    assert all(b"workshop:check:" in line for line in seen if b'"DEL"' in line or b'"GET"' in line)
    with server.client() as client:
        assert client.call("INFO", "keyspace") == b"# Keyspace\r\n"


def test_a_closed_port_is_refused_at_once() -> None:
    verdict = check_connection(f"redis://127.0.0.1:{free_port()}/0", other_ports=())
    assert verdict.kind is FindingKind.REFUSED
    assert "workshop redis start" in verdict.remedy
    assert (
        min(check_connection(f"redis://127.0.0.1:{free_port()}/0", other_ports=()).ms for _ in range(3)) < 50
    )


def test_a_server_on_another_port_is_named(plain: int) -> None:
    with scripted(lambda caller: caller.sendall(b"HTTP/1.1 400 no\r\n\r\n")) as other:
        web = int(other.rpartition(":")[2].partition("/")[0])
        verdict = check_connection(
            f"redis://127.0.0.1:{free_port()}/0", other_ports=(web, free_port(), plain)
        )
    assert verdict.kind is FindingKind.WRONG_PORT
    assert str(plain) in verdict.sentence
    assert str(plain) in verdict.remedy


def test_passwords(closed: PrivateServer, server: PrivateServer) -> None:
    assert check_connection(f"unix://{closed.address}").kind is FindingKind.PASSWORD_WANTED
    assert check_connection(f"unix://:wrong@{closed.address}").kind is FindingKind.WRONG_PASSWORD
    assert check_connection(f"unix://:right@{closed.address}", round_trip=True).kind is FindingKind.OK
    unneeded = check_connection(f"unix://:any@{server.address}")
    assert unneeded.kind is FindingKind.WRONG_PASSWORD
    assert "no password" in unneeded.sentence
    for verdict in (check_connection(f"unix://:wrong@{closed.address}"), unneeded):
        assert "wrong" not in verdict.sentence + verdict.remedy


def test_a_user_without_rights(closed: PrivateServer) -> None:
    verdict = check_connection(f"unix://little:pw@{closed.address}", round_trip=True)
    assert verdict.kind is FindingKind.NOT_ALLOWED
    assert "NOPERM" in verdict.sentence


def test_a_database_that_is_not_there(server: PrivateServer) -> None:
    verdict = check_connection(f"unix://{server.address}?db=99")
    assert verdict.kind is FindingKind.NO_SUCH_DB
    assert "99" in verdict.sentence


def test_a_full_server_is_unhealthy_only_when_written_to(server: PrivateServer) -> None:
    with server.client() as client:
        client.call("CONFIG", "SET", "maxmemory", "1")
        try:
            assert check_connection(f"unix://{server.address}").ok
            verdict = check_connection(f"unix://{server.address}", round_trip=True)
        finally:
            client.call("CONFIG", "SET", "maxmemory", "0")
    assert verdict.kind is FindingKind.UNHEALTHY
    assert "OOM" in verdict.sentence


def test_protected_mode() -> None:
    with scripted(
        lambda caller: caller.sendall(b"-DENIED Redis is running in protected mode ...\r\n")
    ) as url:
        assert check_connection(url).kind is FindingKind.PROTECTED_MODE


def test_a_loading_server() -> None:
    with scripted(lambda caller: caller.sendall(b"-LOADING \x1b[31mdataset\r\n")) as url:
        verdict = check_connection(url)
    assert verdict.kind is FindingKind.UNHEALTHY
    assert "\x1b" not in verdict.sentence


def test_a_web_server_is_not_a_redis() -> None:
    with http.server.HTTPServer(("127.0.0.1", 0), Quiet) as web:
        threading.Thread(target=web.serve_forever, args=(0.01,), daemon=True).start()
        verdict = check_connection(f"redis://127.0.0.1:{web.server_address[1]}/0")
        web.shutdown()
    assert verdict.kind is FindingKind.NOT_REDIS


class Quiet(http.server.BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


def test_a_stranger_that_hangs_up() -> None:
    with scripted(lambda caller: None) as url:
        assert check_connection(url).kind is FindingKind.NOT_REDIS


def test_a_silent_listener_is_hung_and_left_soon() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        verdict = check_connection(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
    assert verdict.kind is FindingKind.HUNG
    assert 200 < verdict.ms < 1500


def test_an_answer_that_never_ends_is_hung_too() -> None:
    stop = threading.Event()

    def drip(caller: socket.socket) -> None:
        while not stop.wait(0.03):
            caller.sendall(b"$1\r\n"[:1] if stop.is_set() else b"|0\r\n")

    with scripted(drip) as url:
        verdict = check_connection(url)
        stop.set()
    assert verdict.kind is FindingKind.HUNG
    assert verdict.ms < 1500


def test_names_and_sockets_that_are_not_there(tmp_path: Path) -> None:
    unknown = check_connection("redis://no-such-host.invalid:6379/0", timeout=2.0)
    assert unknown.kind is FindingKind.UNKNOWN_HOST
    assert "no-such-host.invalid" in unknown.sentence
    assert check_connection(f"unix://{tmp_path}/none").kind is FindingKind.REFUSED
    assert check_connection("localhost:6379").kind is FindingKind.BAD_URL


def test_tls_where_there_is_none(plain: int) -> None:
    assert check_connection(f"rediss://127.0.0.1:{plain}/0").kind is FindingKind.TLS
    with scripted(lambda caller: caller.sendall(b"-ERR what\r\n")) as url:
        assert check_connection(url.replace("redis:", "rediss:")).kind is FindingKind.TLS


def test_the_version_prefers_the_servers_own_number() -> None:
    assert (
        version_in(b"redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:9.1.2\r\n") == "Valkey 9.1.2"
    )
    assert version_in(b"redis_version:7.0.15\r\n") == "Redis 7.0.15"
    assert version_in(None) == ""
