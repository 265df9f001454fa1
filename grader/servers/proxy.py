"""Stands between the project and its server: keeps a log, makes outages, and holds commands for races."""

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
"""Connections at a time; more are reset."""
SWITCH_TIMEOUT = 5.0


class ProxyFault(Enum):
    """How the proxy treats the project."""

    NONE = "none"
    REFUSE = "refuse"
    HUNG = "hung"
    BLACKHOLE = "blackhole"
    SLOW = "slow"


_CLOSED = (ProxyFault.REFUSE, ProxyFault.BLACKHOLE)


class Proxy:
    """Forwards RESP between a TCP port on loopback and the server at `upstream`.

    `listening` is a socket that listens already and was bound to a port by number; it is the proxy's
    from then on. `name` is what a timeline calls the server, where there are several. Start it as a
    context manager. Every method may be called from any thread, takes effect before it returns, and raises
    GraderError when the proxy has broken down.
    """

    def __init__(self, upstream: Address, listening: socket.socket | None = None, name: str = "") -> None:
        self.name = name
        self._upstream = upstream
        self._listener = Listener(listening or listen_by_number())
        self._listeners = {self._listener: False}
        self._traffic = Traffic()
        self.strays = 0
        """Connections so far to where nobody should call; see `adopt`."""
        self._fault = ProxyFault.NONE
        self._delay = 0.0
        self._holds: list[Hold] = []
        self._links: dict[Link, None] = {}
        self._opened = 0
        self._selector = selectors.DefaultSelector()
        self._jobs: deque[tuple[Callable[[], None], threading.Event]] = deque()
        self._ear, self._bell = socket.socketpair()
        self._stopping = False
        self._broken: BaseException | None = None
        self._thread = threading.Thread(target=self._guarded, name="redis-proxy", daemon=True)

    @property
    def address(self) -> Tcp:
        """Where it listens."""
        return self._listener.address

    def adopt(self, listening: socket.socket, *, stray: bool = False) -> None:
        """Forward what comes to `listening` too, a socket as for the constructor; it is the proxy's now.

        A `stray` one is where nobody should call. It answers like the others, but each connection to it
        counts in `strays`, and its commands are not in the log.
        """

        def job() -> None:
            listener = Listener(listening)
            self._listeners[listener] = stray
            if self._fault is ProxyFault.REFUSE:
                listener.refuse()
            else:
                self._attend(listener)

        self._do(job)

    def abandon(self, listening: socket.socket) -> None:
        """Close a socket that was adopted: nobody calls there any more."""

        def job() -> None:
            for listener in [each for each in self._listeners if each.socket is listening]:
                del self._listeners[listener]
                if listener.listening:
                    self._selector.unregister(listening)
                listener.close()

        self._do(job)

    def forget(self) -> None:
        """Begin the log anew, and count strays from nothing."""
        self._traffic.clear()
        self.strays = 0

    def restore(self) -> None:
        """Forward everything again. Connections that hung are reset, as by a restarted server."""
        self._switch(ProxyFault.NONE)

    def refuse(self) -> None:
        """Refuse: reset every connection and stop listening, on a port that stays ours."""
        self._switch(ProxyFault.REFUSE)

    def hang(self) -> None:
        """Accept and read, and never answer."""
        self._switch(ProxyFault.HUNG)

    def blackhole(self) -> None:
        """Accept nobody: one or two more may call, and then connecting itself takes for ever.

        Connections that there are go on. That a full line is not answered is the way of Linux.
        """
        self._switch(ProxyFault.BLACKHOLE)

    def slow(self, seconds: float) -> None:
        """Let every reply come `seconds` late."""
        self._switch(ProxyFault.SLOW, seconds)

    def hold(self, predicate: Predicate, stage: Stage = Stage.AFTER) -> Hold:
        """Hold the first command from now on that `predicate` is true of (a tuple of all its words).

        Inside MULTI it is the reply to EXEC that is withheld.
        """
        hold = Hold(predicate, stage, self._ring)

        def job() -> None:
            self._holds = [*(other for other in self._holds if not other.open), hold]

        self._do(job)
        return hold

    def mark(self) -> int:
        """A place in the log, for `since`."""
        return self._traffic.mark()

    def since(self, mark: int = 0) -> list[Exchange]:
        """The commands answered after the mark, oldest first."""
        return self._traffic.since(mark)

    def start(self) -> Self:
        """Begin to forward."""
        self._ear.setblocking(False)
        self._bell.setblocking(False)
        self._selector.register(self._ear, selectors.EVENT_READ, self._hear)
        self._attend(self._listener)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Close everything. Whatever is still held is dropped."""
        if self._thread.is_alive():
            self._stopping = True
            self._ring()
            self._thread.join(SWITCH_TIMEOUT)
        for listener in self._listeners:
            listener.close()
        for end in (self._ear, self._bell):
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
                    self._attend(listener)
            for link in list(self._links):
                if fault is ProxyFault.REFUSE or (link.swallowed and fault is not ProxyFault.HUNG):
                    self._drop(link, reset=True)
                link.hung, link.delay = fault is ProxyFault.HUNG, delay

        self._do(job)

    def _attend(self, listener: Listener) -> None:
        listener.socket.setblocking(False)
        self._selector.register(listener.socket, selectors.EVENT_READ, lambda: self._accept(listener))

    def _do(self, job: Callable[[], None]) -> None:
        """Run the job in the loop's thread and wait until it is done."""
        done = threading.Event()
        self._jobs.append((job, done))
        self._ring()
        if not self._thread.is_alive() or not done.wait(SWITCH_TIMEOUT) or self._broken:
            raise GraderError(f"The proxy before the private server broke down: {self._broken!r}.")

    def _ring(self) -> None:
        with contextlib.suppress(OSError):  # stopped, or so many rings that one more is no news
            self._bell.send(b"!")

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
            if events & selectors.EVENT_READ:  # what can be written again is written by the next pump
                key.data()
        while self._jobs:
            job, done = self._jobs.popleft()
            job()
            done.set()

    def _hear(self) -> None:
        self._ear.recv(4096)

    def _accept(self, listener: Listener) -> None:
        try:
            client, _ = listener.socket.accept()
        except OSError:
            return
        stray = self._listeners[listener]
        self.strays += stray
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
        record = (lambda exchange: None) if stray else self._traffic.add
        link = Link(self._opened, client, upstream, self._match, record)
        link.hung, link.delay = self._fault is ProxyFault.HUNG, self._delay
        self._links[link] = None
        self._selector.register(client, selectors.EVENT_READ, lambda: self._read(link, link.read_client))
        self._selector.register(upstream, selectors.EVENT_READ, lambda: self._read(link, link.read_upstream))

    def _read(self, link: Link, read: Callable[[], bool]) -> None:
        if link not in self._links:
            return  # dropped a moment ago, in the same round of the loop
        try:
            if not read():
                link.pump()  # what came just before the end still goes through
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
