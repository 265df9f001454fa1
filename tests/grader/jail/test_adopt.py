"""One proxy behind several addresses: those of a jail are made inside and handed out."""

from __future__ import annotations

import pytest

from grader.servers.address import Tcp
from grader.servers.client import Client
from grader.servers.listener import listen_by_number
from grader.servers.private import PrivateServer
from grader.servers.proxy import Proxy


def test_an_adopted_address_answers_goes_down_and_comes_back(private_server: PrivateServer) -> None:
    listening = listen_by_number()
    address = Tcp(*listening.getsockname())
    with Proxy(private_server.address) as proxy:
        proxy.adopt(listening)
        with Client(address) as client:
            client.call("SET", "k", "v")
        proxy.refuse()
        with pytest.raises(ConnectionRefusedError):
            Client(address)
        proxy.restore()
        with Client(address) as client:
            assert client.call("GET", "k") == b"v"
        assert [exchange.name for exchange in proxy.since()] == ["SET", "GET"]
        assert proxy.default_address_connections == 0
    with pytest.raises(ConnectionRefusedError):
        Client(address)


def test_an_address_adopted_during_an_outage_is_down_too(private_server: PrivateServer) -> None:
    listening = listen_by_number()
    with Proxy(private_server.address) as proxy:
        proxy.refuse()
        proxy.adopt(listening)
        with pytest.raises(ConnectionRefusedError):
            Client(Tcp(*listening.getsockname()))


def test_a_stray_call_is_answered_counted_and_kept_out_of_the_log(private_server: PrivateServer) -> None:
    listening = listen_by_number()
    with Proxy(private_server.address) as proxy:
        proxy.adopt(listening, default_address=True)
        with Client(proxy.address) as client, Client(Tcp(*listening.getsockname())) as stray:
            client.call("SET", "k", "v")
            assert stray.call("GET", "k") == b"v"
        assert [exchange.name for exchange in proxy.since()] == ["SET"]
        assert proxy.default_address_connections == 1
