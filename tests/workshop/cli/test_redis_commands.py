"""`redis ...` and `doctor`, on a server of the test's own. Port 6379 is never touched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.servers import local
from grader.servers.address import free_port
from tests.workshop.cli.conftest import Ran

Run = Callable[..., Ran]


@pytest.fixture
def port(project: Path) -> Iterator[int]:
    """A free port that the project's .env points to. Whatever we start there is stopped."""
    number = free_port()
    (project / ".env").write_text(f"REDIS_URL=redis://127.0.0.1:{number}/1\n")
    yield number
    local.stop(project)


def test_a_server_of_ones_own_from_start_to_stop(run: Run, project: Path, port: int) -> None:
    down = run(project, "redis", "status")
    assert down.status == 3
    assert str(port) in down.out

    started = run(project, "redis", "start")
    assert started.status == 0
    assert f"redis://127.0.0.1:{port}/1" in started.out
    assert "runs already" in run(project, "redis", "start").out
    assert run(project, "redis", "status").status == 0
    assert "redis:" in run(project, "doctor").out

    assert "no key" in run(project, "redis", "keys").out
    assert run(project, "redis", "cli", "SET", "greeting", "Muraho", "EX", "60").out.strip() == "OK"
    assert "Muraho" in run(project, "redis", "cli", "GET", "greeting").out
    typed = run(project, "redis", "cli", typed="TTL greeting\nGET 'unclosed\nGET greeting\n")
    assert "Muraho" in typed.out
    assert "Close every quote" in typed.err
    listed = run(project, "redis", "keys").out.splitlines()[1].split()
    assert (listed[0], listed[-2], listed[-1]) == ("1", "string", "greeting")
    assert 0 < int(listed[1]) <= 60

    assert f"port {port}" in run(project, "redis", "stop").out
    assert "Nothing was stopped" in run(project, "redis", "stop").out
    assert run(project, "redis", "keys").status == 3


def test_danger_is_asked_about_on_a_server_that_is_not_ours(
    run: Run, project: Path, tmp_path: Path, port: int
) -> None:
    run(project, "redis", "start")
    other = tmp_path / "other"
    assert run(tmp_path, "init", str(other)).status == 0
    (other / ".env").write_text(f"REDIS_URL=redis://127.0.0.1:{port}/1\n")
    run(project, "redis", "cli", "SET", "kept", "1")

    refused = run(other, "redis", "cli", "FLUSHALL")
    assert refused.status == 2
    assert "--yes" in refused.err
    assert "1" in run(project, "redis", "cli", "GET", "kept").out
    assert "Nothing was stopped" in run(other, "redis", "stop").out
    assert run(project, "redis", "cli", "FLUSHALL").status == 0
