"""RESP, the protocol of Redis: encodes commands, and parses replies and (for the proxy) commands.

The parser reads all of RESP2, and every type of RESP3 that servers send today. Maps and sets become flat
lists, as in RESP2. The parser refuses streamed types of unknown length, since no server sends them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

LIMIT = 64 * 1024 * 1024
"""Default for the most bytes of one message."""
LINE_LIMIT = 64 * 1024
ITEM_LIMIT = 1024 * 1024
DEPTH_LIMIT = 32

Word: TypeAlias = bytes | str | int | float


class ProtocolError(ConnectionError):
    """The received bytes are not RESP, or a message is larger than the limit."""


class ReplyError(Exception):
    """An error reply of the server. `text` is the whole error, `code` its first word (`WRONGTYPE`)."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text

    @property
    def code(self) -> str:
        return self.text.partition(" ")[0]


Reply: TypeAlias = "int | float | bool | bytes | ReplyError | list[Reply] | None"


class Status(bytes):
    """A simple string such as OK or QUEUED; a type of its own, since a value may have the same bytes."""


class Push(list[Reply]):
    """A push message of RESP3: it answers no command."""


class Message(NamedTuple):
    """One reply or command, and its bytes as they were received."""

    value: Reply
    raw: bytes


def encode(words: Sequence[Word]) -> bytes:
    """Encode one command."""
    parts = [b"*%d\r\n" % len(words)]
    for word in words:
        data = word if isinstance(word, bytes) else str(word).encode(errors="surrogateescape")
        parts.append(b"$%d\r\n%b\r\n" % (len(data), data))
    return b"".join(parts)


@dataclass(slots=True)
class _Open:
    """A container that may still lack items."""

    kind: int
    size: int
    items: list[Reply] = field(default_factory=list)


_ATTRIBUTE = ord("|")
_CONTAINERS = {ord("*"): 1, ord("~"): 1, ord(">"): 1, ord("%"): 2, _ATTRIBUTE: 2}
"""How many items one unit of a container's length stands for."""


class Parser:
    """Parses messages from bytes that arrive in pieces.

    `feed` takes the bytes; iteration yields every complete message, and ends when the parser needs more
    bytes. With `commands`, the messages are commands: lists of bytes, inline commands included. Raises
    ProtocolError; the parser cannot be used after that.
    """

    def __init__(self, *, commands: bool = False, limit: int = LIMIT) -> None:
        self._commands = commands
        self._limit = limit
        self._buffer = bytearray()
        self._at = 0
        self._open: list[_Open] = []

    def feed(self, data: bytes) -> None:
        """Take the bytes that arrived."""
        self._buffer += data

    def __iter__(self) -> Iterator[Message]:
        while (message := self._next()) is not None:
            yield message

    def _next(self) -> Message | None:
        while (token := self._token()) is not None:
            if isinstance(token, _Open):
                self._open.append(token)
            elif self._open:
                self._open[-1].items.append(token[0])
            else:
                return self._message(token[0])
            while self._open and len(self._open[-1].items) == self._open[-1].size:
                full = self._open.pop()
                if full.kind == _ATTRIBUTE:  # attributes describe the next reply and are none themselves
                    continue
                value: Reply = Push(full.items) if full.kind == ord(">") else full.items
                if not self._open:
                    return self._message(value)
                self._open[-1].items.append(value)
        if len(self._buffer) > self._limit + LINE_LIMIT:
            raise ProtocolError(f"a message of more than {self._limit} bytes")
        return None

    def _message(self, value: Reply) -> Message:
        raw = bytes(self._buffer[: self._at])
        del self._buffer[: self._at]
        self._at = 0
        return Message(value, raw)

    def _token(self) -> _Open | tuple[Reply] | None:
        """The head of a container, or one value; None if some of its bytes have not arrived yet."""
        buffer, at = self._buffer, self._at
        if self._commands and not self._open and buffer and buffer[0] != ord("*"):
            return self._inline()
        end = buffer.find(b"\r\n", at)
        if end < 0:
            if len(buffer) - at > LINE_LIMIT:
                raise ProtocolError("a line without an end")
            if at < len(buffer) and buffer[at] not in _KINDS:
                raise ProtocolError(f"it begins with {bytes(buffer[at : at + 12])!r}")
            return None
        kind, line = buffer[at], bytes(buffer[at + 1 : end])
        if self._commands and kind != (ord("$") if self._open else ord("*")):
            raise ProtocolError("a command is not a list of strings")
        if kind in _CONTAINERS:
            self._at = end + 2
            return self._container(kind, line)
        if kind in _BULKS:
            size = self._size(line, self._limit)
            stop = end + 2 + max(size, 0) + (2 if size >= 0 else 0)
            if len(buffer) < stop:
                return None
            self._at = stop
            return (self._bulk(kind, bytes(buffer[end + 2 : stop - 2])) if size >= 0 else None,)
        self._at = end + 2
        return (self._scalar(kind, line),)

    def _inline(self) -> _Open | tuple[Reply] | None:
        end = self._buffer.find(b"\n")
        if end < 0:
            if len(self._buffer) > LINE_LIMIT:
                raise ProtocolError("a line without an end")
            return None
        self._at = end + 1
        words: list[Reply] = [*bytes(self._buffer[:end]).split()]
        return (words,)

    def _container(self, kind: int, line: bytes) -> _Open | tuple[Reply]:
        size = self._size(line, ITEM_LIMIT)
        if size < 0:
            return (None,)
        if len(self._open) >= DEPTH_LIMIT:
            raise ProtocolError(f"nested more than {DEPTH_LIMIT} deep")
        return _Open(kind, size * _CONTAINERS[kind])

    @staticmethod
    def _size(line: bytes, limit: int) -> int:
        try:
            size = int(line)
        except ValueError:
            raise ProtocolError(f"{line[:20]!r} is no length") from None
        if not -1 <= size <= limit:
            raise ProtocolError(f"a length of {size}")
        return size

    @staticmethod
    def _bulk(kind: int, data: bytes) -> Reply:
        if kind == ord("!"):
            return ReplyError(data.decode(errors="replace"))
        return data[4:] if kind == ord("=") else data  # "txt:" stands before a verbatim string

    @staticmethod
    def _scalar(kind: int, line: bytes) -> Reply:
        try:
            return _SCALARS[kind](line)
        except (KeyError, ValueError):
            raise ProtocolError(f"it says {(chr(kind).encode() + line)[:20]!r}") from None


_BULKS = frozenset(b"$!=")
_SCALARS: Mapping[int, Callable[[bytes], Reply]] = {
    ord("+"): Status,
    ord("-"): lambda line: ReplyError(line.decode(errors="replace")),
    ord(":"): int,
    ord("("): int,
    ord(","): float,
    ord("#"): lambda line: line == b"t",
    ord("_"): lambda line: None,
}
_KINDS = _BULKS | set(_SCALARS) | set(_CONTAINERS)
