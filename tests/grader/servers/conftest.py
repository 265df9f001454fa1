"""Real servers for the tests: one private server a module, emptied for each test."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from grader.servers.client import Client
from grader.servers.private import PrivateServer
from grader.servers.proxy import Proxy


@pytest.fixture(scope="module")
def shared_server() -> Iterator[PrivateServer]:
    with PrivateServer() as server:
        yield server


@pytest.fixture
def server(shared_server: PrivateServer) -> PrivateServer:
    with shared_server.client() as client:
        client.call("FLUSHALL")
    return shared_server


@pytest.fixture
def proxy(server: PrivateServer) -> Iterator[Proxy]:
    with Proxy(server.address) as proxy:
        yield proxy


@pytest.fixture
def through(proxy: Proxy) -> Iterator[Client]:
    with Client(proxy.address) as client:
        yield client


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], bool]:
    """Waits for a condition, five seconds at most."""

    def wait(condition: Callable[[], bool]) -> bool:
        deadline = time.monotonic() + 5
        while not condition():
            if time.monotonic() > deadline:
                return False
            threading.Event().wait(0.002)
        return True

    return wait
