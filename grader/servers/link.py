"""One connection through the proxy: the client's socket, the server's socket, and their data."""

from __future__ import annotations

import socket
import struct
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from grader.servers.hold import Command, Hold, Stage
from grader.servers.resp import LIMIT, Parser, Push, Reply, ReplyError
from grader.servers.traffic import Exchange, exchange, name_of, unanswered, unknown

SUBSCRIPTIONS = frozenset(
    {"SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE", "SUNSUBSCRIBE"}
)
"""By RESP3 the answer to these is a push message for each channel. By RESP2 messages follow as replies do."""
STREAMS = SUBSCRIPTIONS | {"MONITOR"}
CHUNK = 256 * 1024


@dataclass(slots=True)
class _Sent:
    """A command on its way to the server."""

    at: float
    words: Command
    raw: bytes
    before: Hold | None = None
    after: Hold | None = None
    pushes: int = 0
    """How many of the push messages that answer it have come."""


@dataclass(slots=True)
class _DelayedReply:
    """A reply on its way to the client. `due` in seconds of time.monotonic()."""

    raw: bytes
    due: float
    hold: Hold | None


class Link:
    """Forwards whole commands and replies, in order, and records each pair. No method blocks.

    Once a client has asked for messages that answer no command, or for no replies, it cannot be known any
    more which reply belongs to which command. From then on the record says "unknown".

    `match` returns the hold that catches a command, and `record` receives the exchanges. The proxy sets
    `hung` and `delay`.
    """

    def __init__(
        self,
        number: int,
        client: socket.socket,
        upstream: socket.socket,
        match: Callable[[Stage, Command], Hold | None],
        record: Callable[[Exchange], None],
    ) -> None:
        self.client = client
        self.upstream = upstream
        self.hung = False
        self.swallowed = False
        self.delay = 0.0
        self.to_client = bytearray()
        self.to_upstream = bytearray()
        self._number = number
        self._match = match
        self._record = record
        self._commands = Parser(commands=True)
        self._replies = Parser()
        self._unsent: deque[_Sent] = deque()
        self._waiting: deque[_Sent] = deque()
        self._delayed: deque[_DelayedReply] = deque()
        self._queued: list[_Sent] | None = None
        self._paired = True
        self._db = 0

    def read_client(self) -> bool:
        """Read from the client; False when the client has hung up. Raises OSError."""
        data = self.client.recv(CHUNK)
        self._commands.feed(data)
        now = time.monotonic()
        for value, raw in self._commands:
            words = (
                tuple(word for word in value if isinstance(word, bytes)) if isinstance(value, list) else ()
            )
            if not words:
                continue  # the server does not reply to an empty line either
            if self.hung:
                self.swallowed = True
                self._record(unanswered(now, self._number, self._db, words))
            else:
                self._unsent.append(_Sent(now, words, raw))
        return bool(data)

    def read_upstream(self) -> bool:
        """Read from the server; False when the server has hung up. Raises OSError."""
        data = self.upstream.recv(CHUNK)
        self._replies.feed(data)
        due = time.monotonic() + self.delay
        for value, raw in self._replies:
            hold = None
            if isinstance(value, Push):
                self._pushed(value)
            elif self._waiting:
                hold = self._settle(self._waiting.popleft(), value)
            if hold is not None:
                hold.reach()
            self._delayed.append(_DelayedReply(raw, due, hold))
        return bool(data)

    def pump(self) -> float | None:
        """Forward all data as far as holds, delays and sockets allow. Raises OSError.

        Returns the monotonic time in seconds when the next delayed reply is due, or None.
        """
        while self._unsent and self._may_go(self._unsent[0]):
            self._forward(self._unsent.popleft())
        due = None
        now = time.monotonic()
        while self._delayed and not self.hung:
            first = self._delayed[0]
            if first.hold is not None and not first.hold.open:
                break
            if first.due > now:
                due = first.due
                break
            self.to_client += self._delayed.popleft().raw
        _send(self.upstream, self.to_upstream)
        _send(self.client, self.to_client)
        return due

    @property
    def full(self) -> bool:
        """Whether more data is buffered than any real client would send."""
        buffered = len(self.to_client) + len(self.to_upstream)
        stuck = sum(len(sent.raw) for sent in self._unsent) + sum(len(a.raw) for a in self._delayed)
        return buffered + stuck > 2 * LIMIT

    def close(self, *, reset: bool = False) -> None:
        """Close both sockets; with `reset` the client sees a reset instead of an orderly end."""
        for sent in (*(self._queued or ()), *self._waiting, *self._unsent):
            self._record(unanswered(sent.at, self._number, self._db, sent.words))
        if reset:
            self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.client.close()
        self.upstream.close()

    def _may_go(self, sent: _Sent) -> bool:
        if sent.before is None:
            sent.before = self._match(Stage.BEFORE, sent.words)
        if sent.before is None:
            return True
        if not self._waiting:  # the server has executed all commands before this one
            sent.before.reach()
        return sent.before.open

    def _forward(self, sent: _Sent) -> None:
        self.to_upstream += sent.raw
        sent.raw = b""
        if self._paired and name_of(sent.words) not in STREAMS:
            sent.after = self._match(Stage.AFTER, sent.words)
        self._waiting.append(sent)
        self._lose_if_silent()

    def _pushed(self, message: Push) -> None:
        """Record a subscription once all messages have come that answer it."""
        kind = message[0] if message else b""
        if not self._waiting or not isinstance(kind, bytes):
            return
        first = self._waiting[0]
        name = name_of(first.words)
        if name not in SUBSCRIPTIONS or kind.decode("ascii", "replace").upper() != name:
            return
        first.pushes += 1
        if len(first.words) == 1:  # it ends all subscriptions: nobody has counted them
            self._lose()
        elif first.pushes == len(first.words) - 1:
            self._note(self._waiting.popleft(), message)
            self._lose_if_silent()

    def _lose_if_silent(self) -> None:
        """Give up pairing if the next command is one that asks for no reply, or all is lost already."""
        if self._waiting and (not self._paired or _asks_for_silence(self._waiting[0].words)):
            self._lose()

    def _lose(self) -> None:
        """From now on it is unknown which reply belongs to which command."""
        self._paired = False
        for sent in (*(self._queued or ()), *self._waiting):
            self._record(unknown(sent.at, self._number, self._db, sent.words))
        self._queued = None
        self._waiting.clear()

    def _settle(self, sent: _Sent, reply: Reply) -> Hold | None:
        """Record a command with its reply, and return the hold on that reply."""
        name = name_of(sent.words)
        queued = self._queued
        if queued is not None and reply == b"QUEUED" and name not in STREAMS:
            queued.append(sent)  # the server executes it with EXEC, and replies to it there
            return None
        holds = [sent.after]
        if queued is not None and name in ("EXEC", "DISCARD", "RESET"):
            self._queued = None
            holds += [waiting.after for waiting in queued]
            if isinstance(reply, list):
                for one, answer in zip(queued, reply, strict=False):
                    self._note(one, answer)
        self._note(sent, reply)
        if name == "MULTI" and not isinstance(reply, ReplyError):
            self._queued = []
        if name in STREAMS and not isinstance(reply, ReplyError):
            self._lose()
        self._lose_if_silent()
        return next((hold for hold in holds if hold is not None), None)

    def _note(self, sent: _Sent, reply: Reply) -> None:
        name = name_of(sent.words)
        self._record(exchange(sent.at, self._number, self._db, sent.words, reply))
        if name == "SELECT" and reply == b"OK":
            self._db = int(sent.words[1])
        elif name == "RESET":
            self._db = 0


def _asks_for_silence(words: Command) -> bool:
    asked = tuple(word.upper() for word in words[:3])
    return asked[:2] == (b"CLIENT", b"REPLY") and asked[2:] != (b"ON",)


def _send(connection: socket.socket, data: bytearray) -> None:
    while data:
        try:
            del data[: connection.send(data)]
        except BlockingIOError:
            return
