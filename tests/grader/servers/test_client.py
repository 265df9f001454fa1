from __future__ import annotations

import os
import socket
import time

import pytest

from grader.servers.address import Tcp
from grader.servers.client import Client
from grader.servers.private import PrivateServer
from grader.servers.resp import ProtocolError, ReplyError


def test_values_come_back_as_they_went(server: PrivateServer) -> None:
    data = os.urandom(300_000)
    with server.client() as client:
        assert client.call("SET", "k", data) == b"OK"
        assert client.call("GET", "k") == data
        assert client.call("GET", "none") is None
        assert client.call("INCR", "n") == 1


def test_an_error_is_raised_alone_and_returned_among_many(server: PrivateServer) -> None:
    with server.client() as client:
        with pytest.raises(ReplyError, match="unknown command"):
            client.call("NONSENSE")
        first, second = client.call_many([["NONSENSE"], ["PING"]])
        assert isinstance(first, ReplyError)
        assert second == b"PONG"


def test_unasked_pushes_are_not_taken_for_replies(server: PrivateServer) -> None:
    with server.client() as reader, server.client() as writer:
        reader.call("HELLO", 3)
        reader.call("CLIENT", "TRACKING", "ON")
        reader.call("GET", "k")
        writer.call("SET", "k", "new")
        assert reader.call("GET", "k") == b"new"


def test_a_silent_server_is_left_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = Client(Tcp("127.0.0.1", silent.getsockname()[1]), timeout=0.1)
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            client.call("PING")
        assert time.monotonic() - began < 1.5
        assert client.fileno() == -1


def test_a_closed_connection_and_a_stranger_are_told(server: PrivateServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        with Client(Tcp("127.0.0.1", listener.getsockname()[1])) as client:
            listener.accept()[0].close()
            with pytest.raises(ConnectionError):
                client.call("PING")
        with Client(Tcp("127.0.0.1", listener.getsockname()[1])) as client:
            other, _ = listener.accept()
            other.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            with pytest.raises(ProtocolError):
                client.call("PING")
            other.close()


def test_monitor_lines_are_received_one_by_one(server: PrivateServer) -> None:
    with server.client() as monitor, server.client() as client:
        monitor.call("MONITOR")
        client.call("SET", "k", "v")
        line = monitor.receive(timeout=5)
        assert isinstance(line, bytes)
        assert b'"SET" "k" "v"' in line
        with pytest.raises(TimeoutError):
            monitor.receive(timeout=0.02)
        client.call("PING")
        assert b'"PING"' in bytes(str(monitor.receive(timeout=5)), "utf8")
