"""A real cluster on loopback: three nodes, each behind a proxy of its own.

Each node announces the address of its proxy. A client that follows a MOVED reply therefore connects to the
next proxy, and the proxies log every command.
"""

from __future__ import annotations

import contextlib
import secrets
import socket
import threading
from types import TracebackType
from typing import Self

from grader.errors import MachineError
from grader.servers.address import Tcp
from grader.servers.client import Client
from grader.servers.private import PrivateServer
from grader.servers.process import until
from grader.servers.proxy import Proxy
from grader.servers.resp import ReplyError

NODES = 3
SLOTS = 16384
BUS = 10_000
"""The cluster bus of a node listens at the node's port plus this number."""
PORTS = range(11_000, 22_000)
"""Ports for the nodes: these and the ports of the bus lie below those of outgoing connections."""
READY_SECONDS = 15.0
"""Time-out in seconds for the nodes to agree; 2.1 are usual, and no option makes them faster."""

_REMEDY = "Close some programs and check again. Everything but the cluster can be judged without it."


class Cluster:
    """Three masters with a third of the slots each: `with Cluster() as cluster`.

    The nodes have no persistence and no replicas: a killed node loses its third of the keys. The nodes end
    with the judge, as every private server does.
    """

    def __init__(self, nodes: int = NODES) -> None:
        self._count = nodes
        self._nodes: list[PrivateServer] = []
        self._error: Exception | None = None
        self._ready = threading.Event()
        self._thread: threading.Thread | None = None
        self.proxies: list[Proxy] = []
        """One proxy per node, in the order of the slots. The proxies listen as soon as `start` returns."""

    def start(self) -> Self:
        """Start the proxies and, in the background, the nodes; see `wait`. Raises MachineError."""
        self._ready, self._error = threading.Event(), None
        try:
            for port in _free_ports(self._count):
                proxy = Proxy(Tcp("127.0.0.1", port), name=f"node {len(self.proxies) + 1}").start()
                self.proxies.append(proxy)
                self._nodes.append(PrivateServer(_options(port, proxy.address.port)))
        except BaseException:
            self.stop()
            raise
        self._thread = threading.Thread(target=self._guarded, name="cluster", daemon=True)
        self._thread.start()
        return self

    def wait(self) -> None:
        """Wait until the nodes agree and accept writes. Raises MachineError if they do not in time."""
        if not self._ready.wait(READY_SECONDS) or self._error:
            reason = self._error or "its nodes did not agree in time"
            raise MachineError(f"The cluster of {self._count} nodes did not start: {reason}", _REMEDY)

    def clients(self) -> list[Client]:
        """Return a direct connection to each node, which its proxy does not log."""
        return [node.client() for node in self._nodes]

    def flush(self) -> None:
        """Empty all nodes."""
        for client in self.clients():
            with client:
                client.call("FLUSHALL")

    def names(self) -> list[list[bytes]]:
        """Return the names of the keys on each node, one list per node."""
        found = []
        for client in self.clients():
            with client:
                names = client.call("KEYS", "*")
                found.append([name for name in names if isinstance(name, bytes)])  # type: ignore[union-attr]
        return found

    def kill(self, number: int) -> None:
        """Kill the node `number`, counted from 0: an outage of a third of the slots."""
        self._nodes[number].stop()

    def stop(self) -> None:
        """Kill all nodes and stop their proxies. A second call does nothing."""
        if self._thread:
            self._ready.set()
            self._thread.join(READY_SECONDS)
        for node in self._nodes:
            node.stop()
        for proxy in self.proxies:
            proxy.stop()
        self._nodes, self.proxies, self._thread = [], [], None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _guarded(self) -> None:
        try:
            self._form()
        except Exception as error:
            self._error = error
        self._ready.set()

    def _form(self) -> None:
        for node in self._nodes:
            node.start()
        with contextlib.ExitStack() as stack:
            clients = [stack.enter_context(client) for client in self.clients()]
            for number, client in enumerate(clients):
                first, end = (SLOTS * at // self._count for at in (number, number + 1))
                client.call("CLUSTER", "ADDSLOTS", *range(first, end))
                client.call("CLUSTER", "SET-CONFIG-EPOCH", number + 1)
            host, port, bus = self._place(clients[0])
            for client in clients[1:]:
                client.call("CLUSTER", "MEET", host, port, bus)
            until(lambda: self._ready.is_set() or all(map(_agrees, clients)), READY_SECONDS, every=0.02)
            if not all(map(_agrees, clients)):
                raise TimeoutError("its nodes did not agree")
        for node in self._nodes:
            node.confine()

    @staticmethod
    def _place(client: Client) -> tuple[str, int, int]:
        """Return host, port and bus port of a node itself, for CLUSTER MEET."""
        reply = client.call("CONFIG", "GET", "port")
        port = int(reply[1])  # type: ignore[index, arg-type]
        return "127.0.0.1", port, port + BUS


def _options(port: int, announced: int) -> tuple[str, ...]:
    options = {
        "port": port,
        "bind": "127.0.0.1",
        "cluster-enabled": "yes",
        "cluster-announce-ip": "127.0.0.1",
        "cluster-announce-port": announced,
        "cluster-announce-bus-port": port + BUS,
    }
    return tuple(str(word) for name, value in options.items() for word in (f"--{name}", value))


def _agrees(client: Client) -> bool:
    try:
        info = client.call("CLUSTER", "INFO")
    except ReplyError:
        return False
    text = info if isinstance(info, bytes) else b""
    return b"cluster_state:ok" in text and b"cluster_slots_ok:%d" % SLOTS in text


def _free_ports(count: int) -> list[int]:
    """Return free ports of loopback whose bus ports are free too. Raises MachineError."""
    found: list[int] = []
    for _ in range(200):
        port = PORTS[secrets.randbelow(len(PORTS))]
        with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
            for each in (port, port + BUS):
                stack.enter_context(socket.create_server(("127.0.0.1", each)))
            if port not in found:
                found.append(port)
        if len(found) == count:
            return found
    raise MachineError(f"There are no {count} free ports on 127.0.0.1 for a cluster.", _REMEDY)
