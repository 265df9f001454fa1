from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.errors import MachineError
from grader.servers.client import Client
from grader.servers.private import MAX_MEMORY, PrivateServer
from grader.servers.resp import ReplyError

PARENT = """
import os, signal, sys
from grader.servers.client import Client
from grader.servers.private import PrivateServer
with PrivateServer() as server, server.client() as client:
    info = client.call("INFO", "server").decode()
    pid = next(line.partition(":")[2] for line in info.splitlines() if line.startswith("process_id"))
    fork = os.fork() if sys.argv[1] == "fork" else 1
    if not fork:
        signal.pause()
    print(pid, fork, server.folder, flush=True)
    sys.stdin.readline()
"""

Until = Callable[[Callable[[], bool]], bool]


def test_it_keeps_nothing_and_lets_nobody_else_in() -> None:
    with PrivateServer(options=("--maxmemory", "5mb")) as server:
        folder = server.folder
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        with server.client() as client:
            assert client.call("CONFIG", "GET", "save") == [b"save", b""]
            assert client.call("CONFIG", "GET", "appendonly") == [b"appendonly", b"no"]
            assert client.call("CONFIG", "GET", "port") == [b"port", b"0"]
            assert client.call("CONFIG", "GET", "maxmemory") == [b"maxmemory", b"5242880"]
            assert client.call("DEBUG", "SET-ACTIVE-EXPIRE", "0") == b"OK"
            assert client.call("SET", "k", "v") == b"OK"
        assert server.version.split()[0] in ("Valkey", "Redis")
    assert not folder.exists()
    server.stop()


@pytest.mark.parametrize(
    "command",
    [
        ("MIGRATE", "127.0.0.1", "1", "k", "0", "100"),
        ("EVAL", "return redis.call('MIGRATE', '127.0.0.1', '1', 'k', 0, 100)", "0"),
        ("REPLICAOF", "127.0.0.1", "1"),
        ("SHUTDOWN", "NOSAVE"),
        ("DEBUG", "SLEEP", "0"),
        ("SAVE",),
        ("CONFIG", "SET", "maxmemory", "1"),
        ("CLIENT", "PAUSE", "1"),
        ("CLIENT", "KILL", "TYPE", "normal"),
        ("ACL", "SETUSER", "default", "off"),
        ("ACL", "SETUSER", "judge", "off"),
    ],
    ids=" ".join,
)
def test_a_confined_server_serves_a_project_and_obeys_us(command: tuple[str, ...]) -> None:
    with PrivateServer() as server:
        server.confine()
        with Client(server.address) as project, server.client() as judge:
            for usual in (
                ("SET", "k", "v"),
                ("KEYS", "*"),
                ("INFO",),
                ("CLIENT", "SETNAME", "x"),
                ("FLUSHALL",),
            ):
                project.call(*usual)
            with pytest.raises(ReplyError, match="permission"):
                project.call(*command)
            assert judge.call("CONFIG", "SET", "maxmemory", "0") == b"OK"


def test_two_servers_know_nothing_of_each_other() -> None:
    with PrivateServer() as one, PrivateServer() as two, one.client() as first, two.client() as second:
        first.call("SET", "k", "v")
        assert second.call("GET", "k") is None


def test_a_deep_temporary_folder_still_gives_a_short_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("d" * 90)
    deep.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    with PrivateServer() as server, server.client() as client:
        assert client.call("PING") == b"PONG"
    assert list(deep.iterdir()) == []


def test_a_server_that_does_not_start_says_why() -> None:
    with pytest.raises(MachineError, match="nonsense"):
        PrivateServer(options=("--nonsense", "1")).start()


def start_parent(how: str) -> tuple[subprocess.Popen[str], int, int, Path]:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, how], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    pid, fork, folder = parent.stdout.readline().split()
    parent.stdout.close()
    assert alive(int(pid))
    return parent, int(pid), int(fork), Path(folder)


def test_it_dies_with_a_killed_parent(until: Until) -> None:
    parent, pid, _, folder = start_parent("alone")
    parent.kill()
    parent.wait(10)
    assert until(lambda: not alive(pid))
    assert until(lambda: not folder.exists())


def test_it_stops_though_a_forked_process_lives_on(until: Until) -> None:
    parent, pid, fork, folder = start_parent("fork")
    try:
        parent.communicate("\n", timeout=10)
        assert until(lambda: not alive(pid))
        assert until(lambda: not folder.exists())
    finally:
        os.kill(fork, signal.SIGKILL)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"


def test_it_keeps_only_so_much(server: PrivateServer) -> None:
    step = 2**27
    with server.client(timeout=10) as client:
        for number in range(MAX_MEMORY // step):
            client.call("SETRANGE", str(number), str(step), "x")
        with pytest.raises(ReplyError, match="OOM"):
            client.call("SET", "one more", "x")
