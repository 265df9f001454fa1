"""The proxy between a project and its server: logs commands, simulates outages, holds commands."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from enum import Enum
from types import TracebackType
from typing import Self

from grader.errors import GraderError
from grader.servers.address import Address, Tcp, connect
from grader.servers.hold import Command, Hold, Predicate, Stage
from grader.servers.link import Link
from grader.servers.listener import Listener, listen_by_number
from grader.servers.traffic import Exchange, Traffic

LINKS = 512
"""Most connections at a time; further ones are reset."""
SWITCH_TIMEOUT = 5.0


class ProxyFault(Enum):
    """The outage that the proxy simulates."""

    NONE = "none"
    REFUSE = "refuse"
    HUNG = "hung"
    BLACKHOLE = "blackhole"
    SLOW = "slow"


_CLOSED = (ProxyFault.REFUSE, ProxyFault.BLACKHOLE)


class Proxy:
    """Forwards RESP between a TCP port on loopback and the server at `upstream`. A context manager.

    `listening` is a socket that already listens and was bound to a port by number; the proxy owns it from
    then on. `name` is the name of the server in a timeline with several servers. Every method may be called
    from any thread, takes effect before it returns, and raises GraderError when the proxy has broken down.
    """

    def __init__(self, upstream: Address, listening: socket.socket | None = None, name: str = "") -> None:
        self.name = name
        self._upstream = upstream
        self._listener = Listener(listening or listen_by_number())
        self._listeners = {self._listener: False}
        self._traffic = Traffic()
        self.default_address_connections = 0
        """Connections so far to the default address of Redis; see `adopt`."""
        self._fault = ProxyFault.NONE
        self._delay = 0.0
        self._holds: list[Hold] = []
        self._links: dict[Link, None] = {}
        self._opened = 0
        self._selector = selectors.DefaultSelector()
        self._jobs: deque[tuple[Callable[[], None], threading.Event]] = deque()
        self._wake_reader, self._wake_writer = socket.socketpair()
        self._stopping = False
        self._broken: BaseException | None = None
        self._thread = threading.Thread(target=self._guarded, name="redis-proxy", daemon=True)

    @property
    def address(self) -> Tcp:
        """Where the proxy listens."""
        return self._listener.address

    def adopt(self, listening: socket.socket, *, default_address: bool = False) -> None:
        """Accept connections at `listening` too, a socket as for the constructor; the proxy owns it now.

        `default_address` tells that the socket listens at the default address of Redis inside a jail, where
        no project should connect. The proxy forwards its connections, counts them in
        `default_address_connections`, and does not log their commands.
        """

        def job() -> None:
            listener = Listener(listening)
            self._listeners[listener] = default_address
            if self._fault is ProxyFault.REFUSE:
                listener.refuse()
            else:
                self._register(listener)

        self._do(job)

    def abandon(self, listening: socket.socket) -> None:
        """Close a socket that was adopted."""

        def job() -> None:
            for listener in [each for each in self._listeners if each.socket is listening]:
                del self._listeners[listener]
                if listener.listening:
                    self._selector.unregister(listening)
                listener.close()

        self._do(job)

    def forget(self) -> None:
        """Clear the log, and count the connections to the default address from 0."""
        self._traffic.clear()
        self.default_address_connections = 0

    def restore(self) -> None:
        """End the outage. Connections that hung are reset, as by a restarted server."""
        self._switch(ProxyFault.NONE)

    def refuse(self) -> None:
        """Reset every connection and stop listening; the port stays reserved."""
        self._switch(ProxyFault.REFUSE)

    def hang(self) -> None:
        """Accept connections and read commands, and never reply."""
        self._switch(ProxyFault.HUNG)

    def blackhole(self) -> None:
        """Accept no connection: one or two more clients connect, and all others wait until their time-out.

        Open connections go on. Linux leaves a client waiting while the backlog of a listener is full.
        """
        self._switch(ProxyFault.BLACKHOLE)

    def slow(self, seconds: float) -> None:
        """Delay every reply by `seconds`."""
        self._switch(ProxyFault.SLOW, seconds)

    def hold(self, predicate: Predicate, stage: Stage = Stage.AFTER) -> Hold:
        """Hold the first command from now on for which `predicate` (on the tuple of its words) is true.

        For a command inside MULTI, the proxy withholds the reply to EXEC.
        """
        hold = Hold(predicate, stage, self._wake)

        def job() -> None:
            self._holds = [*(other for other in self._holds if not other.open), hold]

        self._do(job)
        return hold

    def mark(self) -> int:
        """Return a position in the log, for `since`."""
        return self._traffic.mark()

    def since(self, mark: int = 0) -> list[Exchange]:
        """Return the exchanges after the mark, oldest first."""
        return self._traffic.since(mark)

    def start(self) -> Self:
        """Start the thread that forwards."""
        self._wake_reader.setblocking(False)
        self._wake_writer.setblocking(False)
        self._selector.register(self._wake_reader, selectors.EVENT_READ, self._drain_wake)
        self._register(self._listener)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Close all sockets. Held commands are dropped."""
        if self._thread.is_alive():
            self._stopping = True
            self._wake()
            self._thread.join(SWITCH_TIMEOUT)
        for listener in self._listeners:
            listener.close()
        for end in (self._wake_reader, self._wake_writer):
            end.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _switch(self, fault: ProxyFault, delay: float = 0.0) -> None:
        def job() -> None:
            self._fault, self._delay = fault, delay
            for listener in self._listeners:
                if fault in _CLOSED and listener.listening:
                    self._selector.unregister(listener.socket)
                    listener.refuse() if fault is ProxyFault.REFUSE else listener.blackhole()
                elif fault not in _CLOSED and not listener.listening:
                    listener.restore()
                    self._register(listener)
            for link in list(self._links):
                if fault is ProxyFault.REFUSE or (link.swallowed and fault is not ProxyFault.HUNG):
                    self._drop(link, reset=True)
                link.hung, link.delay = fault is ProxyFault.HUNG, delay

        self._do(job)

    def _register(self, listener: Listener) -> None:
        listener.socket.setblocking(False)
        self._selector.register(listener.socket, selectors.EVENT_READ, lambda: self._accept(listener))

    def _do(self, job: Callable[[], None]) -> None:
        """Run the job in the proxy's thread and wait until it is done. Raises GraderError."""
        done = threading.Event()
        self._jobs.append((job, done))
        self._wake()
        if not self._thread.is_alive() or not done.wait(SWITCH_TIMEOUT) or self._broken:
            raise GraderError(f"The proxy before the private server broke down: {self._broken!r}.")

    def _wake(self) -> None:
        with contextlib.suppress(OSError):  # the proxy is stopped, or enough bytes to wake it wait already
            self._wake_writer.send(b"!")

    def _guarded(self) -> None:
        try:
            while not self._stopping:
                self._turn()
        except BaseException as error:
            self._broken = error
        finally:
            for link in list(self._links):
                self._drop(link)
            self._selector.close()
            while self._jobs:
                self._jobs.popleft()[1].set()

    def _turn(self) -> None:
        dues = [due for link in list(self._links) if (due := self._pump(link)) is not None]
        timeout = max(min(dues) - time.monotonic(), 0) if dues else None
        for key, events in self._selector.select(timeout):
            if events & selectors.EVENT_READ:  # a socket that is writable again is written to by `_pump`
                key.data()
        while self._jobs:
            job, done = self._jobs.popleft()
            job()
            done.set()

    def _drain_wake(self) -> None:
        self._wake_reader.recv(4096)

    def _accept(self, listener: Listener) -> None:
        try:
            client, _ = listener.socket.accept()
        except OSError:
            return
        default_address = self._listeners[listener]
        self.default_address_connections += default_address
        try:
            if len(self._links) >= LINKS:
                raise ConnectionRefusedError
            upstream = connect(self._upstream, timeout=1.0)
        except OSError:
            client.close()
            return
        for end in (client, upstream):
            end.setblocking(False)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._opened += 1
        record = (lambda exchange: None) if default_address else self._traffic.add
        link = Link(self._opened, client, upstream, self._match, record)
        link.hung, link.delay = self._fault is ProxyFault.HUNG, self._delay
        self._links[link] = None
        self._selector.register(client, selectors.EVENT_READ, lambda: self._read(link, link.read_client))
        self._selector.register(upstream, selectors.EVENT_READ, lambda: self._read(link, link.read_upstream))

    def _read(self, link: Link, read: Callable[[], bool]) -> None:
        if link not in self._links:
            return  # the link was dropped in the same turn of the loop
        try:
            if not read():
                link.pump()  # data that arrived just before the end is still forwarded
                self._drop(link)
        except BlockingIOError:
            pass
        except OSError:
            self._drop(link)

    def _pump(self, link: Link) -> float | None:
        try:
            due = link.pump()
        except OSError:
            self._drop(link)
            return None
        if link.full:
            self._drop(link)
            return None
        for end, data in ((link.client, link.to_client), (link.upstream, link.to_upstream)):
            events = selectors.EVENT_READ | (selectors.EVENT_WRITE if data else 0)
            if self._selector.get_key(end).events != events:
                self._selector.modify(end, events, self._selector.get_key(end).data)
        return due

    def _drop(self, link: Link, *, reset: bool = False) -> None:
        del self._links[link]
        for end in (link.client, link.upstream):
            self._selector.unregister(end)
        link.close(reset=reset)

    def _match(self, stage: Stage, command: Command) -> Hold | None:
        return next((hold for hold in self._holds if hold.catches(stage, command)), None)
