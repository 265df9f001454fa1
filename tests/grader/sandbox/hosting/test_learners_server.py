"""The learner's own Redis is never reached, whatever the project names or hard-codes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from grader.result import Outcome
from grader.servers.address import Tcp, free_port
from grader.servers.client import Client
from grader.servers.private import PrivateServer
from grader.servers.resp import Reply
from tests.grader.conftest import Bench, not_passed, outcomes, verdict
from tests.projects.build import Variant
from tests.projects.handout import HONEST, LIST, settings, with_list

_FROM_ENV = settings().replace('"redis://127.0.0.1:6379/1"', 'os.environ["REDIS_URL"]')

_VIEWS = """
import socket

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from rest_framework.decorators import api_view

own = redis.Redis(host="localhost", port=PORT, retry=Retry(NoBackoff(), 0))


@api_view(["GET"])
def stats(request):
    return Response({"emptied": own.flushall()})


@api_view(["GET"])
def dial(request):
    return Response({"said": socket.create_connection(("127.0.0.1", PORT)).recv(1)})
"""

_URLS = """
from django.urls import include, path
from users import views

urlpatterns = [
    path("api/", include("users.urls")),
    path("api/stats/", views.stats),
    path("api/dial/", views.dial),
]
"""


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def learners(port: int) -> Iterator[Client]:
    """A connection to a server on `port` that holds data of every kind."""
    with (
        PrivateServer(("--bind", "127.0.0.1", "--port", str(port))),
        Client(Tcp("127.0.0.1", port)) as client,
    ):
        for db in ("0", "1"):
            client.call("SELECT", db)
            client.call("SET", ":1:user_list", "the learner's own")
            client.call("SET", "session", "short", "EX", "5000")
            client.call("HSET", "boda", "plate", "RAE 123")
            client.call("RPUSH", "queue", "one", "two")
            client.call("SADD", "riders", "one", "two")
            client.call("ZADD", "ranks", "1", "one")
            client.call("XADD", "rides", "1-1", "km", "7")
        yield client


def test_the_server_of_the_env_file_is_the_same_after_a_run(
    port: int, learners: Client, bench: Bench
) -> None:
    env = {".env": f"REDIS_URL=redis://127.0.0.1:{port}/1\n"}
    project = replace(HONEST, settings=_FROM_ENV, files=env)
    before = _everything(learners)
    assert not_passed(bench.judge(project)) == set()
    assert _everything(learners) == before


def test_a_hard_coded_server_is_not_reached(port: int, learners: Client, bench: Bench) -> None:
    before = _everything(learners)
    result = bench.judge(_hard_coded(port), ids=("B3", "F1", "F2"))
    assert outcomes(result) == {"B3": "passed", "F1": "passed", "F2": "failed second_address"}
    assert f":{port}" in verdict(result, "F2").seen
    assert _everything(learners) == before


def test_no_connection_is_even_opened(port: int, bench: Bench) -> None:
    with _listener(port) as callers:
        result = bench.judge(_hard_coded(port), ids=("B3", "F1", "F2"))
    assert callers == []
    assert verdict(result, "F2").outcome is Outcome.FAILED


def _hard_coded(port: int) -> Variant:
    return replace(with_list(LIST, top=_VIEWS.replace("PORT", str(port))), files={"safeboda/urls.py": _URLS})


def _everything(client: Client) -> dict[str, Reply]:
    """Every key with its value and expiry, the configuration, and how often the server was called."""
    found: dict[str, Reply] = {"config": client.call("CONFIG", "GET", "*")}
    info = client.call("INFO", "stats")
    assert isinstance(info, bytes)
    found["connections"] = next(line for line in info.splitlines() if b"total_connections_received" in line)
    for db in range(16):
        client.call("SELECT", str(db))
        names = client.call("KEYS", "*")
        assert isinstance(names, list)
        for name in names:
            assert isinstance(name, bytes)
            found[f"{db} {name!r}"] = [client.call("DUMP", name), client.call("PEXPIRETIME", name)]
    return found


@contextmanager
def _listener(port: int) -> Iterator[list[object]]:
    """Stands in for a server on `port`; yields who has called by the end of the block."""
    callers: list[object] = []
    with socket.create_server(("127.0.0.1", port)) as listener:

        def accept() -> None:
            while True:
                connection, address = listener.accept()
                if connection.recv(4) == b"stop":
                    return
                callers.append(address)

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield callers
        finally:
            with socket.create_connection(("127.0.0.1", port)) as last:
                last.sendall(b"stop")
            thread.join()
