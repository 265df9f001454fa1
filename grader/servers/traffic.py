"""The log of the proxy: one Exchange per command, in the order of the replies."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from grader.servers.resp import Reply, ReplyError

KEPT = 20_000
"""Most exchanges in the log; the oldest are dropped first."""
WORDS_KEPT = 20
BYTES_KEPT = 256

SETUP = frozenset({"HELLO", "CLIENT", "SELECT", "AUTH", "PING", "COMMAND", "READONLY", "RESET", "QUIT"})
READS = frozenset(
    {"GET", "GETEX", "GETDEL", "GETRANGE", "MGET", "EXISTS", "HGET", "HMGET", "HGETALL", "HVALS", "HEXISTS"}
    | {"LRANGE", "LINDEX", "SMEMBERS", "SISMEMBER", "ZRANGE", "ZSCORE", "STRLEN", "DUMP"}
)


class ReplyKind(StrEnum):
    """The kind of a reply."""

    HIT = "hit"
    """A reading command found a value."""
    MISS = "miss"
    OK = "ok"
    NIL = "nil"
    """A writing command did nothing: SET NX on a key that is there, EXEC after a WATCH."""
    ERROR = "error"
    NONE = "no answer"
    """No reply: the proxy hung, or the connection ended first."""
    UNKNOWN = "unknown"
    """Which reply was meant for it cannot be known: it is neither a hit nor a miss."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One command and its reply.

    `at` is when the command arrived, in seconds of time.monotonic(). `command` holds the first words, each
    cut to a limit; `sizes` holds their full lengths in bytes, and `words` counts all words. `number` is an
    integer reply, or the number of values that MGET and HMGET found. `reply_size` is the payload in bytes.
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
        """Whether the command only sets up a connection, so that a screen may leave it out."""
        return self.name in SETUP


def name_of(command: Sequence[bytes]) -> str:
    """Return the first word of a command, in capitals."""
    return command[0].decode("ascii", "replace").upper()


def exchange(at: float, connection: int, db: int, command: tuple[bytes, ...], reply: Reply) -> Exchange:
    """Return the record of a command and its reply."""
    kind, number = _kind(command, reply)
    error = reply.text[:BYTES_KEPT] if isinstance(reply, ReplyError) else ""
    return Exchange(at, connection, db, *_shortened(command), kind, _size(reply), number, error)


def unanswered(at: float, connection: int, db: int, command: tuple[bytes, ...]) -> Exchange:
    """Return the record of a command without a reply."""
    return Exchange(at, connection, db, *_shortened(command), ReplyKind.NONE)


def unknown(at: float, connection: int, db: int, command: tuple[bytes, ...]) -> Exchange:
    """Return the record of a command of which it cannot be known what the reply was."""
    return Exchange(at, connection, db, *_shortened(command), ReplyKind.UNKNOWN)


def _shortened(command: tuple[bytes, ...]) -> tuple[tuple[bytes, ...], tuple[int, ...], int]:
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
    # An empty list is a miss: HGETALL and SMEMBERS reply so for a key that does not exist.
    found = reply not in (None, []) and number != 0
    return (ReplyKind.HIT if found else ReplyKind.MISS), number


def _size(reply: Reply) -> int:
    if isinstance(reply, bytes):
        return len(reply)
    return sum(map(_size, reply)) if isinstance(reply, list) else 0


def round_trips(exchanges: Sequence[Exchange], apart: float = 0.0) -> int:
    """Count how often a client waited for a reply before it sent the next command; a lower bound.

    Commands that arrive together were sent together, as in a pipeline. While the proxy delays every reply by
    `apart` seconds (`Proxy.slow`), commands that arrive within that time were sent without waiting.
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
    """The log. The proxy's thread writes it, and the judge's thread reads it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._exchanges: deque[Exchange] = deque(maxlen=KEPT)
        self._total = 0

    def add(self, exchange: Exchange) -> None:
        """Append one exchange."""
        with self._lock:
            self._exchanges.append(exchange)
            self._total += 1

    def mark(self) -> int:
        """Return a position in the log, for `since`."""
        with self._lock:
            return self._total

    def since(self, mark: int = 0) -> list[Exchange]:
        """Return the exchanges after the mark that are still in the log."""
        with self._lock:
            gone = self._total - len(self._exchanges)
            return list(self._exchanges)[max(mark - gone, 0) :]

    def clear(self) -> None:
        """Drop all exchanges; earlier marks become invalid."""
        with self._lock:
            self._exchanges.clear()
            self._total = 0
