"""What a check sees of the private server: its keys, looked at from outside the project."""

from __future__ import annotations

import bz2
import lzma
import re
import time
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from grader.sandbox import errors
from grader.servers.client import Client
from grader.servers.resp import Reply, ReplyError, Word

MAX_KEYS = 10_000
STOP_SECONDS = 2.0
"""How long a script of the project's may take to end once it was told to."""
MAX_UNPACKED = 32_000_000
"""Bytes of a compressed value that are looked at: a few kilobytes can unpack to gigabytes."""
_UNPACKERS: tuple[Callable[[bytes], bytes], ...] = (
    lambda data: zlib.decompressobj().decompress(data, MAX_UNPACKED),
    lambda data: zlib.decompressobj(31).decompress(data, MAX_UNPACKED),  # gzip
    lambda data: bz2.BZ2Decompressor().decompress(data, MAX_UNPACKED),
    lambda data: lzma.LZMADecompressor().decompress(data, MAX_UNPACKED),
)


@dataclass(frozen=True, slots=True)
class Key:
    """A key on the private server. `ttl_ms` is None for one that never expires."""

    db: int
    name: bytes
    kind: str
    ttl_ms: int | None
    value: bytes

    @property
    def size(self) -> int:
        """Bytes of the value."""
        return len(self.value)

    @property
    def text(self) -> str:
        """The name as a person reads it."""
        return self.name.decode(errors="backslashreplace")[:120]

    def holds(self, texts: Iterable[str]) -> bool:
        """Whether one of `texts` stands in the value, plain or compressed in one of the usual ways."""
        return bool(self.found(texts))

    def found(self, texts: Iterable[str]) -> set[str]:
        """Those of `texts` that `holds` would find."""
        readings = self._readings()
        return {text for text in texts if any(text.encode() in data for data in readings)}

    def _readings(self) -> list[bytes]:
        readings = [self.value]
        for unpack in _UNPACKERS:
            try:
                readings.append(unpack(self.value))
            except (zlib.error, OSError, lzma.LZMAError, EOFError, ValueError):
                continue
        return readings


_READ: dict[str, tuple[bytes, ...]] = {
    "hash": (b"HGETALL",),
    "list": (b"LRANGE", b"0", b"-1"),
    "set": (b"SMEMBERS",),
    "zset": (b"ZRANGE", b"0", b"-1"),
}

_MULTIPLY = """
for number = 1, ARGV[1] do redis.call('SET', KEYS[1] .. number, ARGV[2], 'PX', 600000) end
"""


class Redis:
    """An admin connection to the private server, past the proxy."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def call(self, *words: Word) -> Reply:
        """Any command, in whichever database was looked at last. Raises ReplyError."""
        return self._client.call(*words)

    def keys(self) -> list[Key]:
        """All keys of all databases."""
        found = []
        info = self._call("INFO", "keyspace")
        for db in map(int, re.findall(rb"db(\d+):", info if isinstance(info, bytes) else b"")):
            self._call("SELECT", str(db))
            found += [key for name in self._names() if (key := self._read_key(db, name))]
        return found

    def holding(self, texts: Iterable[str]) -> set[str]:
        """Which of `texts` stand in a value, whatever key it is under."""
        left, found = set(texts), set[str]()
        for key in self.keys():
            found |= key.found(left)
            left -= found
        return found

    def flush(self) -> None:
        """Empty the private server, functions included."""
        self._call("FLUSHALL")
        with suppress(ReplyError):  # a server before version 7 has none
            self._call("FUNCTION", "FLUSH")

    def delete(self, keys: Iterable[Key]) -> None:
        """Delete `keys`."""
        for key in keys:
            self._call("SELECT", str(key.db))
            self._call("DEL", key.name)

    def plant(self, like: Key, name: str) -> None:
        """Store something of somebody else's beside `like`, in the same database."""
        self._call("SELECT", str(like.db))
        self._call("SET", name, "not yours", "PX", "600000")

    def multiply(self, like: Key, count: int) -> None:
        """Store `count` keys of the same kind as `like`: its name with a number behind it, its value."""
        self._client.call("SELECT", str(like.db))
        self._client.call("EVAL", _MULTIPLY, "1", like.name, str(count), like.value)

    def look_up(self, like: Key, names: Iterable[str]) -> None:
        """GET `names` in the database of `like`, as another application on the server would."""
        self._client.call("SELECT", str(like.db))
        for name in names:
            self._client.call("GET", name)

    def calls(self, command: str) -> int:
        """How often the server ran `command` so far, from a script too."""
        info = self._client.call("INFO", "commandstats")
        found = re.search(
            rb"cmdstat_%s:calls=(\d+)" % command.lower().encode(), info if isinstance(info, bytes) else b""
        )
        return int(found[1]) if found else 0

    def age(self, seconds: float) -> None:
        """Let `seconds` pass for every key that expires: time is moved, not waited for."""
        for key in self.keys():
            if key.ttl_ms is not None:
                self._call("SELECT", str(key.db))
                self._call("PEXPIRE", key.name, str(max(0, key.ttl_ms - int(seconds * 1000))))

    def _call(self, *words: Word) -> Reply:
        """One command. A script of the project's that is in the way is stopped. Raises SandboxError."""
        patience = time.monotonic() + STOP_SECONDS
        while True:
            try:
                return self._client.call(*words)
            except ReplyError as error:
                # A script that was told to end may still run when the next command comes.
                if error.code != "BUSY":
                    raise
                if time.monotonic() > patience:
                    raise errors.server_blocked() from error
            try:
                self._client.call("SCRIPT", "KILL")
            except ReplyError as error:
                if error.code == "UNKILLABLE":
                    raise errors.server_blocked() from error
                if error.code not in ("BUSY", "NOTBUSY"):
                    raise

    def _names(self) -> list[bytes]:
        names: list[bytes] = []
        cursor: Reply = b"0"
        while len(names) < MAX_KEYS:
            reply = self._call("SCAN", _flat(cursor), "COUNT", "1000")
            cursor, page = reply if isinstance(reply, list) else (b"0", [])
            names += [name for name in page if isinstance(name, bytes)] if isinstance(page, list) else []
            if cursor == b"0":
                break
        return sorted(set(names))

    def _read_key(self, db: int, name: bytes) -> Key | None:
        kind = _text(self._call("TYPE", name))
        if kind == "none":  # it expired between two questions
            return None
        ttl = self._call("PTTL", name)
        command, *rest = _READ.get(kind, (b"GET",))
        value = self._call(command, name, *rest) if kind in (*_READ, "string") else b""
        return Key(db, name, kind, ttl if isinstance(ttl, int) and ttl >= 0 else None, _flat(value))


def _text(reply: Reply) -> str:
    return reply.decode() if isinstance(reply, bytes) else str(reply)


def _flat(reply: Reply) -> bytes:
    if isinstance(reply, bytes):
        return reply
    return b"\n".join(_flat(part) for part in reply) if isinstance(reply, list) else b""
