"""The keys of the private server, observed from outside the project."""

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
"""Time-out in seconds for a Redis script of the project to end after SCRIPT KILL."""
MAX_UNPACKED = 32_000_000
"""Most bytes of an uncompressed value: a few kilobytes can decompress to gigabytes."""
_UNPACKERS: tuple[Callable[[bytes], bytes], ...] = (
    lambda data: zlib.decompressobj().decompress(data, MAX_UNPACKED),
    lambda data: zlib.decompressobj(31).decompress(data, MAX_UNPACKED),  # gzip
    lambda data: bz2.BZ2Decompressor().decompress(data, MAX_UNPACKED),
    lambda data: lzma.LZMADecompressor().decompress(data, MAX_UNPACKED),
)


@dataclass(frozen=True, slots=True)
class Key:
    """A key on the private server. `ttl_ms` is None for a key that never expires."""

    db: int
    name: bytes
    kind: str
    ttl_ms: int | None
    value: bytes

    @property
    def size(self) -> int:
        """Size of the value in bytes."""
        return len(self.value)

    @property
    def text(self) -> str:
        """The name as printable text, at most 120 characters."""
        return self.name.decode(errors="backslashreplace")[:120]

    def holds(self, texts: Iterable[str]) -> bool:
        """Whether the value contains one of `texts`, plain or in a common compression format."""
        return bool(self.found(texts))

    def found(self, texts: Iterable[str]) -> set[str]:
        """Return those of `texts` that the value contains; see `holds`."""
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


@dataclass(frozen=True, slots=True)
class DumpedKey:
    """A key, and its value as the server itself writes it (DUMP)."""

    key: Key
    data: bytes


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
    """An admin connection to the private server, which the proxy does not log."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def call(self, *words: Word) -> Reply:
        """Send any command, in the database that was selected last. Raises ReplyError."""
        return self._client.call(*words)

    def keys(self) -> list[Key]:
        """Return all keys of all databases. Raises SandboxError."""
        found = []
        info = self._call("INFO", "keyspace")
        for db in map(int, re.findall(rb"db(\d+):", info if isinstance(info, bytes) else b"")):
            self._call("SELECT", str(db))
            found += [key for name in self._names() if (key := self._read_key(db, name))]
        return found

    def holding(self, texts: Iterable[str]) -> set[str]:
        """Return those of `texts` that the value of any key contains."""
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

    def dump(self) -> list[DumpedKey]:
        """Return all keys as the server itself writes them, for `restore`."""
        dumped = []
        for key in self.keys():
            self._call("SELECT", str(key.db))
            data = self._call("DUMP", key.name)
            if isinstance(data, bytes):  # else it expired meanwhile
                dumped.append(DumpedKey(key, data))
        return dumped

    def restore(self, dumped: Iterable[DumpedKey]) -> None:
        """Put the keys back, each with the time it had to live."""
        for each in dumped:
            self._call("SELECT", str(each.key.db))
            self._call("RESTORE", each.key.name, str(each.key.ttl_ms or 0), each.data, "REPLACE")

    def move(self, source: Key, target: Key) -> None:
        """Give `target` the value of `source`, in the same database."""
        self._call("SELECT", str(source.db))
        data = self._call("DUMP", source.name)
        if isinstance(data, bytes):
            self._call("RESTORE", target.name, str(target.ttl_ms or 0), data, "REPLACE")

    def delete(self, keys: Iterable[Key]) -> None:
        """Delete `keys`."""
        for key in keys:
            self._call("SELECT", str(key.db))
            self._call("DEL", key.name)

    def plant(self, like: Key, name: str) -> None:
        """Store the key `name` of another application in the database of `like`."""
        self._call("SELECT", str(like.db))
        self._call("SET", name, "not yours", "PX", "600000")

    def multiply(self, like: Key, count: int) -> None:
        """Store `count` keys with the value of `like`, and its name followed by a number."""
        self._client.call("SELECT", str(like.db))
        self._client.call("EVAL", _MULTIPLY, "1", like.name, str(count), like.value)

    def look_up(self, like: Key, names: Iterable[str]) -> None:
        """GET `names` in the database of `like`, as another application on the same server would."""
        self._client.call("SELECT", str(like.db))
        for name in names:
            self._client.call("GET", name)

    def calls(self, command: str) -> int:
        """Return how often the server ran `command` so far, scripts included."""
        info = self._client.call("INFO", "commandstats")
        found = re.search(
            rb"cmdstat_%s:calls=(\d+)" % command.lower().encode(), info if isinstance(info, bytes) else b""
        )
        return int(found[1]) if found else 0

    def age(self, seconds: float) -> None:
        """Reduce the time to live of every key that expires by `seconds`, without waiting."""
        for key in self.keys():
            if key.ttl_ms is not None:
                self._call("SELECT", str(key.db))
                self._call("PEXPIRE", key.name, str(max(0, key.ttl_ms - int(seconds * 1000))))

    def _call(self, *words: Word) -> Reply:
        """Send one command, and kill a script of the project that blocks the server. Raises SandboxError."""
        patience = time.monotonic() + STOP_SECONDS
        while True:
            try:
                return self._client.call(*words)
            except ReplyError as error:
                # A killed script may still run when the next command arrives.
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
        if kind == "none":  # the key expired between two commands
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
