"""The connection verdict: what is at this URL, and what to do about it. It looks, and changes nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass

from grader.errors import UsageError
from grader.servers.client import Client
from grader.servers.connect import enter, explained
from grader.servers.exchange_text import printable
from grader.servers.findings import ConnectionFinding, FindingKind, no_db, refusal, unhealthy
from grader.servers.reach import reach
from grader.servers.resp import Reply, ReplyError, Word
from grader.servers.url import RedisUrl, parse

NEAR = 0.25
"""Seconds for all of it on this machine. A server that is up or down shows it in a few milliseconds; the
rest is patience with a busy one before it is called hung."""
FAR = 2.0
COMMON_PORTS = (6379, 6380, 6381, 7000, 16379)
"""Where a server might be instead."""


@dataclass(frozen=True, slots=True)
class ConnectionVerdict:
    """One sentence on the server, and one on what to do. `ms` is how long the look took.

    `version` is such as `Valkey 9.1.2`, or empty if it did not say.
    """

    kind: FindingKind
    sentence: str
    remedy: str = ""
    version: str = ""
    db: int = 0
    ms: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether a project can use it."""
        return self.kind is FindingKind.OK


def look(
    url: str,
    *,
    round_trip: bool = False,
    elsewhere: Sequence[int] = COMMON_PORTS,
    timeout: float | None = None,
) -> ConnectionVerdict:
    """What answers at `url`.

    With `round_trip`, one key `workshop:check:...` is also written, read and removed; it expires after
    5 s in any case. When a port of this machine refuses, the ports `elsewhere` are tried. `timeout` in
    seconds for all of it: NEAR on this machine and FAR elsewhere unless given.
    """
    began = time.perf_counter()

    def verdict(kind: FindingKind, sentence: str, remedy: str = "", version: str = "") -> ConnectionVerdict:
        ms = (time.perf_counter() - began) * 1000
        return ConnectionVerdict(kind, sentence, remedy, version, target.db if target else 0, ms)

    target: RedisUrl | None = None
    try:
        target = parse(url)
        version = _visit(target, round_trip, elsewhere, timeout)
    except UsageError as error:
        return verdict(FindingKind.BAD_URL, error.sentence, error.remedy)
    except ConnectionFinding as found:
        return verdict(found.kind, found.sentence, found.remedy)
    return verdict(FindingKind.OK, f"{version or 'A Redis server'} answers at {target}.", version=version)


def _visit(target: RedisUrl, round_trip: bool, elsewhere: Sequence[int], timeout: float | None) -> str:
    near, far = (NEAR, FAR) if timeout is None else (timeout, timeout)
    with explained(target, elsewhere), reach(target, near, far) as client:
        enter(client, target)
        return _inside(client, target, round_trip)


def _inside(client: Client, target: RedisUrl, round_trip: bool) -> str:
    key, nonce = f"workshop:check:{os.urandom(8).hex()}", os.urandom(8).hex()
    commands: list[list[Word]] = [["SELECT", target.db], ["PING"], ["INFO", "server"]]
    select, ping, info = client.call_many(commands)
    if isinstance(select, ReplyError) and not (target.db == 0 and select.code == "NOPERM"):
        raise no_db(target, select)
    if isinstance(ping, ReplyError) and ping.code != "NOPERM":
        raise refusal(target, ping)
    if round_trip:
        replies = client.call_many([["SET", key, nonce, "PX", 5000], ["GET", key], ["DEL", key]])
        for reply in replies:
            if isinstance(reply, ReplyError):
                raise refusal(target, reply)
        if replies[1] != nonce.encode():
            raise unhealthy(target, "what was written did not come back")
    return version_in(info)


def version_in(info: Reply) -> str:
    """Name and version of a server out of its INFO; Valkey's own number before the one for compatibility."""
    if not isinstance(info, bytes):
        return ""
    fields = dict(line.partition(":")[::2] for line in info.decode(errors="replace").splitlines())
    for name in ("valkey", "redis"):
        if number := fields.get(f"{name}_version"):
            return f"{name.capitalize()} {printable(number)}"
    return ""
