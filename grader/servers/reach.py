"""Reaches the server of a URL: DNS look-up, connection and TLS, each with a time-out."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time

from grader.servers.address import Tcp, Unix, connect
from grader.servers.client import Client
from grader.servers.url import RedisUrl


class Unreachable(Exception):
    """The server could not be reached. `near` tells whether its address is on this machine."""

    def __init__(self, cause: OSError, *, near: bool, unknown_host: bool = False, tls: bool = False) -> None:
        super().__init__(str(cause))
        self.cause = cause
        self.near = near
        self.unknown_host = unknown_host
        self.tls = tls


def reach(target: RedisUrl, near: float, far: float) -> Client:
    """Return a client of the server, within `near` seconds on this machine and `far` on another.

    The rest of that time is the time-out of each call of the client. Raises Unreachable.
    """
    began = time.monotonic()
    here = True
    try:
        if isinstance(target.address, Unix):
            return Client(target.address, near)
        hosts = _resolve(target.address.host, far)
        here = all(ipaddress.ip_address(host.partition("%")[0]).is_loopback for host in hosts)
        deadline = began + (near if here else far)
        connection = _connect(hosts, target.address.port, deadline)
    except OSError as error:
        raise Unreachable(error, near=here, unknown_host=isinstance(error, socket.gaierror)) from error
    if target.tls:
        connection = _secure(connection, target.address.host, here)
    return Client(target.address, max(deadline - time.monotonic(), 0.02), connection)


def _resolve(host: str, timeout: float) -> list[str]:
    """The addresses of a name. Raises socket.gaierror, also if the look-up takes longer than `timeout`."""
    # The system has no time-out for a look-up: a thread does it, and is left behind if it takes too long.
    found: list[str] = []

    def ask() -> None:
        try:
            answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        found.extend(str(answer[4][0]) for answer in answers)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(timeout)
    if not found:
        raise socket.gaierror(socket.EAI_NONAME, f"no address for {host}")
    return list(dict.fromkeys(found))


def _connect(hosts: list[str], port: int, deadline: float) -> socket.socket:
    last: OSError = TimeoutError("it does not answer")
    for host in hosts:
        try:
            return connect(Tcp(host, port), max(deadline - time.monotonic(), 0.01))
        except TimeoutError:
            last = TimeoutError("it does not answer")
        except OSError as error:
            last = error
    raise last


def _secure(connection: socket.socket, host: str, here: bool) -> socket.socket:
    import ssl  # imported late: it takes 20 ms, and few URLs need it

    try:
        return ssl.create_default_context().wrap_socket(connection, server_hostname=host)
    except OSError as error:
        connection.close()
        raise Unreachable(error, near=here, tls=True) from error
