from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.errors import MachineError
from grader.servers import binary, local
from grader.servers.address import free_port
from grader.servers.client import Client
from grader.servers.private import PrivateServer
from grader.servers.process import start_mark


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "my safebodä"
    folder.mkdir()
    yield folder
    local.stop(folder)


def test_it_starts_once_keeps_nothing_and_stops(project: Path) -> None:
    port = free_port()
    assert local.status(project) is None
    server = local.start(project, [port])
    assert (server.port, server.ours, server.default) == (port, True, False)
    assert local.start(project, [free_port()]) == server == local.status(project)
    with Client(server.address) as client:
        assert client.call("CONFIG", "GET", "save") == [b"save", b""]
        assert client.call("CONFIG", "GET", "bind") == [b"bind", b"127.0.0.1"]
        client.call("SET", "k", "v")
    assert local.stop(project) == server
    assert server.pid is not None
    assert start_mark(server.pid) is None
    assert local.status(project) is None
    assert local.stop(project) is None
    names = {path.name for path in (project / ".workshop" / "server").iterdir()}
    assert names <= {"server.log"}


def test_it_outlives_the_command_that_started_it(project: Path) -> None:
    code = (
        "import sys, pathlib; from grader.servers import local;"
        "local.start(pathlib.Path(sys.argv[1]), [int(sys.argv[2])])"
    )
    subprocess.run([sys.executable, "-c", code, str(project), str(free_port())], check=True, timeout=20)
    server = local.status(project)
    assert server is not None
    with Client(server.address) as client:
        assert client.call("PING") == b"PONG"


def test_a_redis_that_runs_already_is_used_and_never_stopped(project: Path) -> None:
    port = free_port()
    with PrivateServer(("--port", str(port), "--bind", "127.0.0.1")) as theirs:
        server = local.start(project, [port])
        assert (server.port, server.ours, server.pid) == (port, False, None)
        assert server.version == theirs.version
        assert local.stop(project) is None
        with theirs.client() as client:
            assert client.call("PING") == b"PONG"
    assert not (project / ".workshop").exists()


def test_a_port_that_another_program_has_is_left_alone(project: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        server = local.start(project, [taken])
    assert server.ours
    assert server.port != taken
    assert server.url == f"redis://127.0.0.1:{server.port}/1"


def test_a_process_that_only_has_our_pid_is_not_ended(project: Path) -> None:
    server = local.start(project, [free_port()])
    assert local.stop(project) is not None
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        note = {"pid": other.pid, "start_mark": "1", "port": server.port, "version": "x"}
        (project / local.FOLDER / "server.json").write_text(json.dumps(note))
        assert local.status(project) is None
        assert local.stop(project) is None
        assert other.poll() is None


def test_a_server_that_does_not_listen_to_reason_is_killed(project: Path) -> None:
    server = local.start(project, [free_port()])
    assert server.pid is not None
    os.kill(server.pid, signal.SIGSTOP)
    assert local.stop(project) == server
    assert start_mark(server.pid) is None


@pytest.mark.parametrize("content", ["", "[]", "{", '{"pid": "x"}', "\xff"])
def test_a_damaged_note_means_nothing_is_ours(project: Path, content: str) -> None:
    folder = project / local.FOLDER
    folder.mkdir(parents=True)
    (folder / "server.json").write_text(content, encoding="latin-1")
    assert local.status(project) is None
    assert local.stop(project) is None


def test_a_server_that_cannot_start_says_why(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken"
    broken.write_text(
        "#!/bin/sh\n[ $1 = --version ] && echo 'Redis server v=7.2.4' && exit\necho out of luck >&2\nexit 1\n"
    )
    broken.chmod(0o755)
    monkeypatch.setenv(binary.VARIABLE, str(broken))
    with pytest.raises(MachineError, match="out of luck"):
        local.start(project, [free_port()])


def test_a_folder_that_cannot_be_written_is_said(project: Path) -> None:
    (project / ".workshop").write_text("a file where a folder should be")
    with pytest.raises(MachineError, match="cannot be written"):
        local.start(project, [free_port()])
