"""The cluster: real nodes that agree, send on what is not theirs, and go with whoever started them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from grader.errors import MachineError
from grader.servers.client import Client
from grader.servers.cluster import Cluster
from grader.servers.resp import ReplyError


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with Cluster() as cluster:
        cluster.wait()
        yield cluster


def test_a_third_of_the_keys_is_on_each_node_and_a_moved_client_finds_it(cluster: Cluster) -> None:
    moved: dict[str, str] = {}
    with Client(cluster.proxies[0].address) as client:
        for number in range(30):
            try:
                client.call("SET", f"k{number}", "v")
            except ReplyError as error:
                moved[f"k{number}"] = error.text
    assert 10 < len(moved) < 30
    places = {text.split()[2] for text in moved.values()}
    assert places == {str(proxy.address) for proxy in cluster.proxies[1:]}
    for proxy in cluster.proxies[1:]:
        with Client(proxy.address) as client:
            for key, text in moved.items():
                if text.endswith(str(proxy.address)):
                    assert client.call("SET", key, "v") == b"OK"
    assert sum(map(len, cluster.names())) == 30
    assert all(cluster.names())
    assert any("MOVED" in exchange.error for exchange in cluster.proxies[0].since())
    cluster.flush()
    assert cluster.names() == [[], [], []]


def test_no_database_but_0(cluster: Cluster) -> None:
    # Redis: "SELECT is not allowed in cluster mode". Valkey 9: out of range, unless more were asked for.
    with Client(cluster.proxies[0].address) as client, pytest.raises(ReplyError):
        client.call("SELECT", 1)


def test_stopped_before_it_was_ready_nothing_is_left_and_whoever_waits_is_told() -> None:
    cluster = Cluster().start()
    proxies = cluster.proxies
    cluster.stop()
    for proxy in proxies:
        with pytest.raises(OSError):  # noqa: PT011 - refused or reset
            Client(proxy.address)
    with pytest.raises(MachineError, match="did not"):
        cluster.wait()
