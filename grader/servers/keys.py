"""What is in a server: its keys, listed without holding it up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from grader.servers.client import Client
from grader.servers.connect import client_errors_explained, open_client
from grader.servers.exchange_text import printable
from grader.servers.resp import Reply, Word
from grader.servers.url import parse

KEYS_SHOWN = 200


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """One key. `ttl` in seconds, None if it never expires; `size` in bytes of memory, None if not told."""

    db: int
    key: str
    type: str
    ttl: float | None
    size: int | None


@dataclass(frozen=True, slots=True)
class KeyList:
    """The keys of all databases, of which at most `KEYS_SHOWN` are listed; `total` counts all."""

    url: str
    entries: tuple[KeyEntry, ...]
    total: int


def keys(url: str) -> KeyList:
    """List the keys by SCAN, database by database. Raises UsageError for a bad URL, and MachineError."""
    entries: list[KeyEntry] = []
    total = 0
    with client_errors_explained(), open_client(url) as client:
        for db, count in _databases(client.call("INFO", "keyspace")):
            total += count
            if room := KEYS_SHOWN - len(entries):
                client.call("SELECT", db)
                entries += _described(client, db, sorted(_scanned(client, room)))
    return KeyList(str(parse(url)), tuple(entries), max(total, len(entries)))


def _databases(info: Reply) -> list[tuple[int, int]]:
    """The databases with keys, and how many each has."""
    found = re.findall(rb"^db(\d+):keys=(\d+)", info if isinstance(info, bytes) else b"", re.MULTILINE)
    return [(int(db), int(count)) for db, count in found]


def _scanned(client: Client, room: int) -> list[bytes]:
    names: dict[bytes, None] = {}  # SCAN may name a key twice
    cursor: Reply = b"0"
    while len(names) < room:
        reply = client.call("SCAN", cursor if isinstance(cursor, bytes) else b"0", "COUNT", KEYS_SHOWN)
        if not (isinstance(reply, list) and isinstance(found := reply[1], list)):
            break
        names |= {name: None for name in found if isinstance(name, bytes)}
        cursor = reply[0]
        if cursor == b"0":
            break
    return list(names)[:room]


def _described(client: Client, db: int, names: Sequence[bytes]) -> list[KeyEntry]:
    questions: list[Sequence[Word]] = []
    for name in names:
        questions += [("TYPE", name), ("PTTL", name), ("MEMORY", "USAGE", name)]
    answers = client.call_many(questions)
    entries = []
    for index, name in enumerate(names):
        kind, ttl, size = answers[3 * index : 3 * index + 3]
        if kind == b"none" or not (isinstance(kind, bytes) and isinstance(ttl, int)):
            continue  # it expired while we looked
        seconds = ttl / 1000 if ttl >= 0 else None
        bytes_used = size if isinstance(size, int) else None
        entries.append(KeyEntry(db, printable(name, 200), kind.decode(), seconds, bytes_used))
    return entries
