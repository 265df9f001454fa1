"""What went over the line: one Exchange a command, in the order the server answered."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from grader.servers.resp import Reply, ReplyError

KEPT = 20_000
"""Exchanges kept; the oldest go first."""
WORDS_KEPT = 20
BYTES_KEPT = 256

SETUP = frozenset({"HELLO", "CLIENT", "SELECT", "AUTH", "PING", "COMMAND", "READONLY", "RESET", "QUIT"})
READS = frozenset(
    {"GET", "GETEX", "GETDEL", "GETRANGE", "MGET", "EXISTS", "HGET", "HMGET", "HGETALL", "HVALS", "HEXISTS"}
    | {"LRANGE", "LINDEX", "SMEMBERS", "SISMEMBER", "ZRANGE", "ZSCORE", "STRLEN", "DUMP"}
)


class ReplyKind(StrEnum):
    """What the server made of a command."""

    HIT = "hit"
    """A reading command found something."""
    MISS = "miss"
    OK = "ok"
    NIL = "nil"
    """A writing command did nothing: SET NX on a key that is there, EXEC after a WATCH."""
    ERROR = "error"
    NONE = "no answer"
    """Never answered: the proxy hung, or the connection ended first."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One command and what came of it.

    `at` is when the command arrived, in seconds of time.monotonic(). `command` holds the first words, cut
    short; `sizes` their full lengths in bytes and `words` how many there were. `number` is a reply that is
    a whole number, or how many values MGET and HMGET found. `reply_size` counts the payload in bytes.
    """

    at: float
    connection: int
    db: int
    command: tuple[bytes, ...]
    sizes: tuple[int, ...]
    words: int
    reply_kind: ReplyKind
    reply_size: int = 0
    number: int | None = None
    error: str = ""

    @property
    def name(self) -> str:
        """The command in capitals, such as GET."""
        return name_of(self.command)

    @property
    def setup(self) -> bool:
        """Whether this only sets a connection up, and a screen may leave it out."""
        return self.name in SETUP


def name_of(command: Sequence[bytes]) -> str:
    """The first word of a command, in capitals."""
    return command[0].decode("ascii", "replace").upper()


def exchange(at: float, connection: int, db: int, command: tuple[bytes, ...], reply: Reply) -> Exchange:
    """The record of an answered command."""
    kind, number = _kind(command, reply)
    error = reply.text[:BYTES_KEPT] if isinstance(reply, ReplyError) else ""
    return Exchange(at, connection, db, *_kept(command), kind, _size(reply), number, error)


def unanswered(at: float, connection: int, db: int, command: tuple[bytes, ...]) -> Exchange:
    """The record of a command that got no reply."""
    return Exchange(at, connection, db, *_kept(command), ReplyKind.NONE)


def _kept(command: tuple[bytes, ...]) -> tuple[tuple[bytes, ...], tuple[int, ...], int]:
    kept = command[:WORDS_KEPT]
    return tuple(word[:BYTES_KEPT] for word in kept), tuple(map(len, kept)), len(command)


def _kind(command: tuple[bytes, ...], reply: Reply) -> tuple[ReplyKind, int | None]:
    number = reply if isinstance(reply, int) else None
    if isinstance(reply, ReplyError):
        return ReplyKind.ERROR, None
    name = name_of(command)
    if name not in READS:
        return (ReplyKind.NIL if reply is None else ReplyKind.OK), number
    if name in ("MGET", "HMGET") and isinstance(reply, list):
        number = sum(item is not None for item in reply)
    # An empty list is no hit: HGETALL and SMEMBERS answer so for a key that is not there.
    found = reply not in (None, []) and number != 0
    return (ReplyKind.HIT if found else ReplyKind.MISS), number


def _size(reply: Reply) -> int:
    if isinstance(reply, bytes):
        return len(reply)
    return sum(map(_size, reply)) if isinstance(reply, list) else 0


def round_trips(exchanges: Sequence[Exchange], apart: float = 0.0) -> int:
    """How often a client waited for the server, at least as seen from here.

    What arrives together was sent together, as in a pipeline. While every reply comes `apart` seconds late
    (`Proxy.slow`), whatever arrives within that time was sent without waiting for one.
    """
    began: dict[int, float] = {}
    count = 0
    for one in sorted(exchanges, key=lambda exchange: exchange.at):
        start = began.get(one.connection)
        if not one.setup and (start is None or (one.at > start and one.at - start >= apart)):
            began[one.connection] = one.at
            count += 1
    return count


class Traffic:
    """The log. Written by the proxy's thread, read by the judge's."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: deque[Exchange] = deque(maxlen=KEPT)
        self._total = 0

    def add(self, exchange: Exchange) -> None:
        """Append one exchange."""
        with self._lock:
            self._kept.append(exchange)
            self._total += 1

    def mark(self) -> int:
        """A place in the log, for `since`."""
        with self._lock:
            return self._total

    def since(self, mark: int = 0) -> list[Exchange]:
        """Everything after the mark that is still kept."""
        with self._lock:
            gone = self._total - len(self._kept)
            return list(self._kept)[max(mark - gone, 0) :]

    def clear(self) -> None:
        """Forget everything; marks from before mean nothing any more."""
        with self._lock:
            self._kept.clear()
            self._total = 0
